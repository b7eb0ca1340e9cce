// @ts-check
// The front channel. It carries; the Rust core decides.
import { connectError, pack, unpack } from "./packed.js";
import { remember } from "./verified.js";

const random = () => crypto.getRandomValues(new Uint8Array(32));

/** A URL or a query as text; a `URL`, a `Location` or a `URLSearchParams` as what it stands for. */
function text(/** @type {any} */ input) {
  if (typeof input === "string") return input;
  return input?.href ?? `?${input}`;
}

/** The values that describe a callback, in their order (src/js/browser.rs); an empty one is absent. */
const CALLBACK = ["outcome", "code", "scope", "verified", "error", "reason", "hint", "untrusted_description", "state", "subject"];

function callback(/** @type {string[]} */ values) {
  /** @type {any} */
  const read = {};
  for (const [at, value] of values.entries()) if (value) read[CALLBACK[at]] = value;
  if (read.outcome === "denied") read.verified = "verified" in read;
  if (read.outcome !== "authorized") delete read.state, delete read.subject;
  return remember(read);
}

/** The flows under way in this tab. */
const KEY = "stripe-connect-oauth";

function storage() {
  try {
    return sessionStorage;
  } catch {
    throw connectError(
      "storage_unavailable",
      "sessionStorage",
      "sessionStorage is not available: call this in a page with site data allowed, or use the edge style, which needs none",
    );
  }
}

const now = () => Math.floor(Date.now() / 1000);

/** Takes the protocol's parameters out of the address bar, and so out of the history and of `Referer`. */
function cleanAddress() {
  const url = new URL(location.href);
  for (const name of ["code", "error", "error_description", "scope", "state", "iss"]) url.searchParams.delete(name);
  history.replaceState(history.state, "", url);
}

/** @param {() => any} core */
export const front = (core) => ({
  /** @type {typeof import("./index.d.ts").authorizeUrl} */
  authorizeUrl: (params, options) => unpack(core().authorizeUrl(pack(params), pack(options))),

  /** @type {typeof import("./index.d.ts").newState} */
  newState: () => unpack(core().newState(random())),

  /** @type {typeof import("./index.d.ts").parseCallback} */
  parseCallback: (input, options) => callback(unpack(core().parseCallback(text(input), pack(options))).split("\0")),

  /** @type {typeof import("./index.d.ts").beginConnect} */
  beginConnect(params, options) {
    const store = storage();
    const answer = core().beginConnect(pack(params), pack(options), random(), store.getItem(KEY) ?? "", now());
    const [state, url, kept] = unpack(answer).split("\0");
    store.setItem(KEY, kept);
    return { url, state };
  },

  /** @type {typeof import("./index.d.ts").finishConnect} */
  finishConnect(input, options) {
    const store = storage();
    const answer = core().finishConnect(text(input ?? location), pack(options), store.getItem(KEY) ?? "", now());
    const [kept, ...parts] = unpack(answer).split("\0");
    store.setItem(KEY, kept);
    const finished = callback(parts);
    if (input === undefined && finished.outcome !== "none") cleanAddress();
    return finished;
  },

  /** @type {typeof import("./index.d.ts").connectButton} */
  connectButton: (options) => unpack(core().connectButton(pack(options))),
});

/** @type {typeof import("./index.d.ts").isConnectError} */
export const isConnectError = (error) => error instanceof Error && error.name === "ConnectError";

// @ts-check
// The front channel. It carries; the Rust core decides.
import { connectError, pack } from "./packed.js";
import { remember } from "./verified.js";

/** 32 random bytes in base64url, as a state is. */
function random() {
  const text = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").slice(0, 43);
}

/** A URL or a query as text; a `URL`, a `Location` or a `URLSearchParams` as what it stands for. */
function text(/** @type {any} */ input) {
  if (typeof input === "string") return input;
  if (typeof input?.href === "string") return input.href;
  if (input instanceof URLSearchParams) return `?${input}`;
  throw connectError("invalid_type", "input", "input must be a URL or its query");
}

/** A callback from its names and values (src/js/browser.rs). */
function callback(/** @type {string[]} */ values) {
  /** @type {any} */
  const read = {};
  while (values.length) read[/** @type {string} */ (values.shift())] = values.shift();
  if (read.outcome === "denied") read.verified = "verified" in read;
  return remember(read);
}

/** The flows under way in this tab. */
const KEY = "stripe-connect-oauth";

/** Does `work` with the storage; one that is blocked, absent or full is refused by name. */
function stored(/** @type {(storage: Storage) => any} */ work) {
  try {
    return work(sessionStorage);
  } catch {
    const what = "sessionStorage is blocked: allow site data or use the edge style";
    throw connectError("storage_unavailable", "sessionStorage", what);
  }
}

const kept = () => stored((storage) => storage.getItem(KEY) ?? "");
const keep = (/** @type {string | undefined} */ flows) => stored((storage) => storage.setItem(KEY, flows ?? ""));

/** Takes the protocol's parameters out of the address bar, and so out of the history and of `Referer`. */
function cleanAddress() {
  const url = new URL(location.href);
  for (const name of ["code", "error", "error_description", "scope", "state", "iss"]) url.searchParams.delete(name);
  history.replaceState(history.state, "", url);
}

/** @param {() => { call(name: string, first?: string, second?: string, given?: string): string }} core */
export const front = (core) => {
  /** What the core can't know: the time, randomness, and the flows kept so far. */
  const given = (/** @type {string} */ flows) => `${Math.floor(Date.now() / 1000)}\0${random()}\0${flows}`;
  /** The values it answers with: each has a NUL before it, while an error begins with its code. */
  const call = (/** @type {string} */ name, first = "", second = "", given = "") => {
    const [code, ...values] = core().call(name, first, second, given).split("\0");
    if (code) throw connectError(code, values[0], values[1]);
    return values;
  };

  return {
    /** @type {typeof import("./index.d.ts").authorizeUrl} */
    authorizeUrl: (params, options) => call("authorizeUrl", pack(params), pack(options))[0],

    /** @type {typeof import("./index.d.ts").newState} */
    newState: () => call("newState", "", "", random())[0],

    /** @type {typeof import("./index.d.ts").parseCallback} */
    parseCallback: (input, options) => callback(call("parseCallback", text(input), pack(options))),

    /** @type {typeof import("./index.d.ts").beginConnect} */
    beginConnect(params, options) {
      const [state, url, flows] = call("beginConnect", pack(params), pack(options), given(kept()));
      keep(flows);
      return { url, state };
    },

    /** @type {typeof import("./index.d.ts").finishConnect} */
    finishConnect(input, options) {
      const values = call("finishConnect", text(input ?? location), pack(options), given(kept()));
      keep(values.pop());
      const finished = callback(values);
      if (input === undefined && finished.outcome !== "none") cleanAddress();
      return finished;
    },

    /** @type {typeof import("./index.d.ts").connectButton} */
    connectButton: (options) => call("connectButton", pack(options))[0],
  };
};

/**
 * @param {unknown} error
 * @returns {error is import("./index.d.ts").ConnectError}
 */
export const isConnectError = (error) => error instanceof Error && error.name === "ConnectError";

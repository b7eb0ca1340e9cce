// @ts-check
// The front channel. It carries; the Rust core decides.
import { connectError, pack, valuesOf } from "../shared/packed.js";
import { remember } from "../shared/verified.js";

/** 32 random bytes in base64url, as a state is. */
function random() {
  const text = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").slice(0, 43);
}

/** A URL or a query as text; a `URL`, a `Location` or a `URLSearchParams`, of any realm, as what it stands for. */
function text(/** @type {any} */ input) {
  if (typeof input === "string") return input;
  if (typeof input?.href === "string") return input.href;
  if (input?.[Symbol.toStringTag] === "URLSearchParams") return `?${input}`;
  throw connectError("invalid_type", "input", "input must be a URL or its query");
}

/** A callback from its names and values (src/js/front.rs). */
function callback(/** @type {string[]} */ values) {
  /** @type {any} */
  const read = {};
  while (values.length) read[/** @type {string} */ (values.shift())] = values.shift();
  if (read.outcome === "denied") read.verified = "verified" in read;
  return remember(read);
}

/** The flows under way in this tab. */
const KEY = "stripe-connect-oauth";

/**
 * Does `work` with the storage; one that is blocked, absent or full is refused by name. So is one without a page: where
 * Node and Deno have a `sessionStorage`, all who are served share it.
 */
function stored(/** @type {(storage: Storage) => any} */ work) {
  try {
    return work(document && sessionStorage);
  } catch {
    const what = "sessionStorage is blocked or this is no page: allow site data, call it in the page or use the edge style";
    throw connectError("storage_unavailable", "sessionStorage", what);
  }
}

const kept = () => stored((storage) => storage.getItem(KEY) ?? "");
const keep = (/** @type {string | undefined} */ flows) => stored((storage) => storage.setItem(KEY, flows ?? ""));

/** The protocol's parameters; there is no answer without one of the first three. */
const ANSWER = ["code", "error", "state", "error_description", "scope", "iss"];

/**
 * Takes the protocol's parameters out of the address bar, and so out of the history and of `Referer`. An address
 * that holds no answer is left alone: a page may have a `scope` of its own.
 */
function cleanAddress() {
  const url = new URL(location.href);
  const { searchParams } = url;
  if (!ANSWER.slice(0, 3).some((name) => searchParams.has(name))) return;
  for (const name of ANSWER) searchParams.delete(name);
  history.replaceState(history.state, "", url);
}

/** What `finishConnect` made of this page's own address, after the options it was called with. @type {any[]} */
let last = [];

/** @param {() => { call(first: string, second: string, name: string): string }} core */
export const front = (core) => {
  /** A call's name with what the core can't know: the time, randomness, and the flows kept so far. */
  const given = (/** @type {string} */ name) => `${name}\0${Math.floor(Date.now() / 1000)}\0${random()}\0${kept()}`;
  const call = (/** @type {string} */ first, /** @type {string} */ second, /** @type {string} */ name) =>
    valuesOf(core().call(first, second, name));

  return {
    /** @type {typeof import("./front.d.ts").authorizeUrl} */
    authorizeUrl: (params, options) => call(pack(params), pack(options), "authorizeUrl")[0],

    /** @type {typeof import("./front.d.ts").newState} */
    newState: () => call("", "", `newState\0${random()}`)[0],

    /** @type {typeof import("./front.d.ts").parseCallback} */
    parseCallback: (input, options) => callback(call(text(input), pack(options), "parseCallback")),

    /** @type {typeof import("./front.d.ts").beginConnect} */
    beginConnect(params, options) {
      const [state, url, flows] = call(pack(params), pack(options), given("beginConnect"));
      keep(flows);
      return { url, state };
    },

    /** @type {typeof import("./front.d.ts").finishConnect} */
    finishConnect(input, options) {
      try {
        const packed = pack(options);
        const name = given("finishConnect");
        const values = call(text(input ?? location), packed, name);
        keep(values.pop());
        const finished = callback(values);
        if (input !== undefined) return finished;
        if (finished.outcome !== "none") last = [packed, finished];
        // The first call took the answer out of the address: for who asks again, it is still what came back.
        return last[0] === packed ? last[1] : finished;
      } finally {
        // Whatever happened: a code in the address is in the history, and in what the page sends.
        if (input === undefined && globalThis.location) cleanAddress();
      }
    },

    /** @type {typeof import("./front.d.ts").connectButton} */
    connectButton: (options) => call(pack(options), "", "connectButton")[0],

    /** @type {(error: any) => error is import("./front.d.ts").ConnectError} */
    isConnectError: (error) =>
      // By its tag: an error of another realm's copy is no `Error` of this one's.
      Object.prototype.toString.call(error) === "[object Error]" && error.name === "ConnectError",
  };
};

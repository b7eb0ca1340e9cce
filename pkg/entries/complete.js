// @ts-check
// The page style's second half as one call: what came back is read, the worker exchanges the code, and how it ended is
// said. The Rust core reads, the worker decides; here is carried, waited, and nothing lost on the way.
import { UNKNOWN } from "../dist/page-style.js";
import { connectError } from "../shared/packed.js";
import { front } from "./front.js";

/** The waits before the worker is asked again, in milliseconds. It has waited ten seconds itself by then. */
const WAITS = [1000, 2000, 4000];

/**
 * The replies after which the same request can still finish. They are the handler's own, and it claims a code before it
 * sends it, so that asking again sends nothing twice. After any other answer, or none, nothing is sent again: Stripe
 * revokes the connection when a code is used twice.
 */
const UNFINISHED = ["still_working", "store_unavailable"];

/** The state of the flow that connected last in this tab: who goes back to Stripe's page afterwards is told so. */
const CONNECTED = "stripe-connect-oauth.connected";

/** What came back, and what becomes of it: it is asked for once, however often the page asks. */
const completions = new WeakMap();

/** @param {any} options */
function check({ exchange, fetch, signal, language }) {
  if (!/^\/(?![/\\])/.test(exchange)) {
    throw connectError("invalid_value", "exchange", "exchange must be a path of this site that begins with one slash, such as /connect/exchange");
  }
  if (typeof fetch !== "function") throw connectError("invalid_type", "fetch", "fetch must be a function");
  for (const [name, value] of Object.entries({ signal, language })) {
    if (typeof value !== "object") throw connectError("invalid_type", name, `${name} has the wrong type`);
  }
}

/** The worker's reply. Whatever else there is, or nothing, leaves it open what the worker has done. */
async function exchanged(/** @type {any} */ { code, state, subject }, /** @type {any} */ { exchange, fetch, signal }) {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify({ code, state, subject }), signal };
  try {
    for (const wait of [...WAITS, 0]) {
      const response = await fetch(exchange, init);
      const reply = await response.json().catch(() => undefined);
      if (typeof reply?.outcome !== "string") throw new Error(`${exchange} answered ${response.status} without an outcome`);
      if (!wait || !UNFINISHED.includes(reply.outcome)) return reply;
      await new Promise((wake) => setTimeout(wake, wait));
    }
  } catch (cause) {
    return { outcome: "unknown", hint: UNKNOWN, cause };
  }
}

/** How it ended, in the page's language. A reload that another page would ask for is no use here: the code is gone. */
function told(/** @type {any} */ ending, /** @type {any} */ language) {
  if (ending.outcome === "connected" || !language) return ending;
  const name = ending.reason ?? ending.outcome;
  const text = (/** @type {string} */ part) => language[`page_style.${name}.${part}`] ?? language[`${name}.${part}`];
  return { ...ending, title: text("title"), hint: text("hint") ?? ending.hint };
}

/** Does it with the tab's storage, if there is one that takes it. */
function stored(/** @type {(storage: Storage) => any} */ work) {
  try {
    return work(sessionStorage);
  } catch {
    return undefined;
  }
}

/** @param {Parameters<typeof front>[0]} core */
export const complete = (core) => {
  const { finishConnect } = front(core);

  async function completed(/** @type {any} */ callback, /** @type {string | null} */ state, /** @type {any} */ options) {
    if (callback.reason === "already_used" && state && state === stored((storage) => storage.getItem(CONNECTED))) {
      return { outcome: "connected" };
    }
    const ending = callback.outcome === "authorized" ? await exchanged(callback, options) : callback;
    if (ending.outcome === "connected") stored((storage) => storage.setItem(CONNECTED, callback.state));
    return told(ending, options.language);
  }

  return {
    /** @type {typeof import("./complete.d.ts").completeConnect} */
    completeConnect(options) {
      try {
        const state = new URL(location.href).searchParams.get("state");
        const { exchange = "/connect/exchange", fetch = globalThis.fetch, signal = null, language = null, ...rest } = { ...options };
        // First, for it leaves a clean address whatever is wrong with the others.
        const callback = finishConnect(undefined, typeof options === "object" && options ? rest : options);
        const given = { exchange, fetch: (/** @type {any[]} */ ...args) => /** @type {any} */ (fetch)(...args), signal, language };
        check({ ...given, fetch });
        if (!completions.has(callback)) completions.set(callback, completed(callback, state, given));
        return completions.get(callback);
      } catch (error) {
        return Promise.reject(error);
      }
    },
  };
};

// @ts-check
import { takeApart } from "../shared/options.js";
import { bodyOf, headOf, responseOf } from "../shared/message.js";
import { connectError, made, pack, rethrow } from "../shared/packed.js";
import { sender } from "../shared/host.js";
import { keepAlive } from "../shared/wait-until.js";
import { eventOf } from "../shared/event.js";

/**
 * @param {() => any} core
 * @param {(work: Promise<unknown>) => void} waitUntil the host's own
 * @returns {typeof import("./edge.d.ts")}
 */
export const edge = (core, waitUntil) => ({ createConnect: (options) => createConnect(core, waitUntil, options) });

/**
 * @param {() => any} core
 * @param {(work: Promise<unknown>) => void} waitUntil
 * @param {import("./edge.d.ts").ConnectOptions} options
 * @returns {import("./edge.d.ts").Connect}
 */
function createConnect(core, waitUntil, options) {
  const [rest, { store, identify, start, prefill, onEvent, report, fetch }] = takeApart(
    options,
    ["identify", "start", "prefill", "onEvent", "report", "fetch"],
    ["store"],
  );
  const handler = made(core().EdgeCore, pack(rest));
  const methods = storeMethods(store);
  if (!identify) {
    throw connectError("missing_parameter", "identify", "identify is missing: give a function that says who is signed in");
  }
  // Called late and on the global, as some hosts want it.
  const send = sender(fetch ?? ((/** @type {any} */ url, /** @type {any} */ init) => globalThis.fetch(url, init)));

  /** What JavaScript does for one request. */
  const carrierOf = (/** @type {Request} */ request) => {
    /** What `start` fills in, if it says so. */
    /** @type {unknown} */
    let filled;
    return {
      store: methods,
      send,
      identify: async () => identify(request),
      start: async (/** @type {string} */ subject) => {
        const given = (await start?.(request, subject)) ?? {};
        if (typeof given !== "object") return pack(given);
        const { stripe_user, ...own } = given;
        filled = stripe_user;
        return pack(own);
      },
      prefill: async (/** @type {string} */ subject) => pack({ stripe_user: filled ?? (await prefill?.(subject, request)) ?? {} }),
      onEvent: async (/** @type {string} */ body, /** @type {string | undefined} */ account) => onEvent?.(eventOf(body, account)),
      sleep: async (/** @type {number} */ milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds)),
      report: (/** @type {string} */ outcome, /** @type {string} */ detail) => void tell(report, { outcome, detail }),
    };
  };

  const answer = async (/** @type {Request} */ request, /** @type {number} */ limit) => {
    const answering = handler.handle(...headOf(request), await bodyOf(request, limit), carrierOf(request));
    return responseOf(await answering.catch(rethrow));
  };

  return {
    async fetch(request, context) {
      const limit = handler.bodyLimit(new URL(request.url).pathname);
      if (limit === undefined) return undefined;
      const answering = answer(request, limit);
      keepAlive(answering, context, waitUntil);
      return answering;
    },
  };
}

const METHODS = ["claim", "claimed", "settle", "connections", "disconnected", "disconnect", "beginEvent", "finishEvent"];

/** The store's methods, each of which answers with a promise, whatever the platform's own does. */
function storeMethods(/** @type {any} */ store) {
  if (store === undefined) {
    const fix = "store is missing: give memoryStore(), d1Store(database), postgresStore(pool) or your own";
    throw connectError("missing_parameter", "store", fix);
  }
  if (!METHODS.every((name) => typeof store?.[name] === "function")) {
    throw connectError("invalid_type", "store", `store must have the methods ${METHODS.join(", ")}`);
  }
  return Object.fromEntries(METHODS.map((name) => [name, async (/** @type {any[]} */ ...given) => store[name](...given)]));
}

/** A report that fails, at once or later, must not keep the person waiting, nor end the process. */
async function tell(/** @type {any} */ report, /** @type {{ outcome: string, detail: string }} */ problem) {
  const line = `stripe-connect-oauth: ${problem.outcome}: ${problem.detail}`;
  try {
    if (report) await report(problem);
    else console.error(line);
  } catch (error) {
    complain(line, error);
  }
}

/** The console looks into what it shows, and that may throw as well. */
function complain(/** @type {string} */ line, /** @type {unknown} */ error) {
  try {
    console.error(line, error);
  } catch {
    console.error(line);
  }
}

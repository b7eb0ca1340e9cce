// @ts-check
// The handler. The Rust core decides; what it asks of JavaScript is in shared/host.js.
import { edgeHost, METHODS, packSubject, transport } from "../shared/host.js";
import { headOf, responseOf } from "../shared/message.js";
import { takeApart } from "../shared/options.js";
import { connectError, construct, pack, valuesOf } from "../shared/packed.js";
import { refusePage } from "../shared/refuse-page.js";
import { keepAlive } from "../shared/wait-until.js";

/**
 * @param {() => any} core
 * @param {(work: Promise<unknown>) => void} waitUntil the host's own
 * @returns {typeof import("./edge.d.ts")}
 */
export const edge = (core, waitUntil) => {
  refusePage();
  return { createConnect: (options) => createConnect(core, waitUntil, options) };
};

/**
 * @param {() => any} core
 * @param {(work: Promise<unknown>) => void} waitUntil
 * @param {import("./edge.d.ts").ConnectOptions} options
 * @returns {import("./edge.d.ts").Connect}
 */
function createConnect(core, waitUntil, options) {
  const [rest, { store, fetch, ...hooks }] = takeApart(
    options,
    ["identify", "start", "prefill", "onEvent", "report", "fetch"],
    ["store"],
  );
  const handler = construct(core().EdgeCore, pack(rest));
  checkStore(store);
  if (!hooks.identify) {
    throw connectError("missing_parameter", "identify", "identify is missing: give a function that says who is signed in");
  }
  const toStripe = transport(fetch);

  return {
    async fetch(request, context) {
      const answering = handler.handle(headOf(request), edgeHost(toStripe, store, /** @type {any} */ (hooks), request));
      if (!answering) return undefined;
      keepAlive(answering, context, waitUntil);
      return responseOf(valuesOf(await answering));
    },
    disconnectAll: (subject) => leave(subject, false),
    erase: (subject) => leave(subject, true),
  };

  /** @returns {Promise<import("./edge.d.ts").Leaving>} */
  async function leave(/** @type {string} */ subject, /** @type {boolean} */ erases) {
    const leaving = handler.leave(packSubject(subject), erases, edgeHost(toStripe, store, /** @type {any} */ (hooks)));
    keepAlive(leaving, undefined, waitUntil);
    const [outcome, ...rest] = /** @type {import("./edge.d.ts").Outcome[]} */ (valuesOf(await leaving));
    const accounts = [];
    for (let at = 0; at < rest.length; at += 2) accounts.push({ account_id: rest[at], outcome: rest[at + 1] });
    return { outcome, accounts };
  }
}

function checkStore(/** @type {any} */ store) {
  if (store === undefined) {
    const fix = "store is missing: give memoryStore(), d1Store(database), postgresStore(pool) or your own";
    throw connectError("missing_parameter", "store", fix);
  }
  // A store of the platform's own need not have a way to look whether it is ready.
  const needed = Object.keys(METHODS).filter((name) => name !== "check");
  const missing = needed.filter((name) => typeof store?.[name] !== "function");
  if (missing.length > 0) {
    throw connectError("invalid_type", "store", `store must have the methods of Store: it lacks ${missing.join(", ")}`);
  }
}

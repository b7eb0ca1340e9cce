// @ts-check
import { takeApart } from "./carried.js";
import { connectError, pack, rethrow, unpack } from "./packed.js";
import { sender } from "./send.js";
import { spend } from "./verified.js";

/** @param {() => any} core */
export const back = (core) => ({
  /** @type {typeof import("./server.d.ts").exchangeCode} */
  async exchangeCode(callback, options) {
    const [rest, { fetch = globalThis.fetch, signal }] = takeApart(options === undefined ? {} : options, ["fetch"], ["signal"]);
    if (signal !== undefined && typeof signal?.addEventListener !== "function") {
      throw connectError("invalid_type", "signal", "signal must be an AbortSignal");
    }
    // A mistake in the options must not cost the code.
    unpack(core().checkExchange(pack(rest)));
    return core()
      .exchangeCode(spend(callback), pack(rest), { send: sender(fetch, signal) })
      .catch(rethrow);
  },
});

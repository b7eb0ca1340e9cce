// @ts-check
import { pack, rethrow } from "./packed.js";
import { sender } from "./send.js";
import { spend } from "./verified.js";

/** @param {() => any} core */
export const back = (core) => ({
  /** @type {typeof import("./server.d.ts").exchangeCode} */
  exchangeCode: async (callback, { fetch = globalThis.fetch, signal, ...options }) =>
    core().exchangeCode(spend(callback), pack(options), { send: sender(fetch, signal) }).catch(rethrow),
});

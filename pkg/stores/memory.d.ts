import type { Store } from "./store.js";

/**
 * A store in this process's memory: for tests, and for one long-lived process.
 *
 * @example
 * ```ts
 * import { memoryStore } from "stripe-connect-oauth/stores/memory";
 *
 * const store = memoryStore(); // for `createConnect`
 * ```
 */
export function memoryStore(): Store;

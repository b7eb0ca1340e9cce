import type { Store } from "./store.js";

/** A store in this process's memory: for tests, and for one long-lived process. */
export function memoryStore(): Store;

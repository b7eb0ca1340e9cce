// @ts-check
// Looked up when it is needed: workerd has `waitUntil` here since August 2025.
// @ts-ignore the module is workerd's own
import * as workers from "cloudflare:workers";

/** `waitUntil` of workerd. */
export const waitUntil = (/** @type {Promise<unknown>} */ work) => workers.waitUntil?.(work);

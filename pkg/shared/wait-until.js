// @ts-check
// A host may end a request whose client has gone away. What is under way at Stripe by then must be kept all the
// same, so the host is asked to wait for it.

/** Where Next and Vercel keep what belongs to the request at hand. */
const CONTEXTS = [Symbol.for("@next/request-context"), Symbol.for("@vercel/request-context")];

/** `waitUntil` of a host that keeps the request at hand where everyone finds it; elsewhere nothing is ended early. */
export function waitUntil(/** @type {Promise<unknown>} */ work) {
  for (const name of CONTEXTS) /** @type {any} */ (globalThis)[name]?.get?.()?.waitUntil?.(work);
}

/**
 * Has the host wait for `work`: through the context that came with the request, if it has a way to, else its own.
 *
 * @param {Promise<unknown>} work
 * @param {any} context
 * @param {(work: Promise<unknown>) => void} ofHost
 */
export function keepAlive(work, context, ofHost) {
  const settled = work.catch(() => {});
  try {
    if (typeof context?.waitUntil === "function") context.waitUntil(settled);
    else ofHost(settled);
  } catch {
    // A context of a request that is over: there is nothing to hold on to, and the answer is on its way all the
    // same.
  }
}

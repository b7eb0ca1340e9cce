// @ts-check

export const REFUSAL =
  "stripe-connect-oauth: /edge and /server work with the platform's secret key and must not be in a browser: import them " +
  "in server code only. Whoever opens this page can read what is in its script: if a key is, roll it at Stripe";

/**
 * Throws where a page loads what works with the secret key: not every bundler takes up the condition `browser`. A test
 * runner may have a document, too, in Node.
 */
export function refusePage() {
  const { document, process } = /** @type {any} */ (globalThis);
  if (document?.defaultView === globalThis && !process?.versions?.node) throw new Error(REFUSAL);
}

// @ts-check
/** How long Stripe may take to answer, in milliseconds. */
const TIMEOUT = 30_000;

/**
 * Carries one request to Stripe, once. Redirects are not followed: the secret key would go along.
 * Resolves to `[status, headers, body]`, or to `undefined` when no answer came in time.
 *
 * @param {typeof globalThis.fetch} fetch
 * @param {AbortSignal} [signal] the caller's own
 * @returns {(method: string, url: string, headers: string[], body: string) => Promise<[number, string[], string] | undefined>}
 */
export const sender = (fetch, signal) => async (method, url, flat, body) => {
  /** @type {[string, string][]} */
  const headers = [];
  for (let i = 0; i < flat.length; i += 2) headers.push([flat[i], flat[i + 1]]);
  const deadline = AbortSignal.timeout(TIMEOUT);
  try {
    const response = await fetch(url, {
      method,
      headers,
      body,
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    return [response.status, [...response.headers].flat(), await response.text()];
  } catch {
    return undefined;
  }
};

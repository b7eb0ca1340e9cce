// @ts-check
/** How long a call to Stripe may take, in milliseconds. */
const TIMEOUT = 30_000;

/**
 * One request to Stripe and its answer, as `[status, headers, body]`. Redirects are not followed: the secret
 * key would go along. When `limit` aborts, the waiting ends, also with a `fetch` that does not look at it.
 *
 * @param {typeof globalThis.fetch} fetch
 * @param {AbortSignal} limit
 * @param {string} method
 * @param {string} url
 * @param {string[]} flat
 * @param {string} body
 * @returns {Promise<[number, string[], string]>}
 */
function exchanged(fetch, limit, method, url, flat, body) {
  /** @type {[string, string][]} */
  const headers = [];
  for (let i = 0; i < flat.length; i += 2) headers.push([flat[i], flat[i + 1]]);
  return new Promise((resolve, reject) => {
    const stop = () => reject(limit.reason);
    if (limit.aborted) return stop();
    limit.addEventListener("abort", stop, { once: true });
    (async () => {
      const response = await fetch(url, { method, headers, body: body || undefined, redirect: "manual", signal: limit });
      resolve([response.status, [...response.headers].flat(), await response.text()]);
    })()
      .catch(reject)
      .finally(() => limit.removeEventListener("abort", stop));
  });
}

/**
 * Carries single requests to Stripe, each within 30 seconds. Resolves to `undefined` when no answer came.
 *
 * @param {typeof globalThis.fetch} fetch
 * @returns {(method: string, url: string, headers: string[], body: string) => Promise<[number, string[], string] | undefined>}
 */
export const sender = (fetch) => async (method, url, headers, body) => {
  try {
    return await exchanged(fetch, AbortSignal.timeout(TIMEOUT), method, url, headers, body);
  } catch {
    return undefined;
  }
};

/**
 * A signal that `fetch` and `AbortSignal.any` of this realm take: the given one, or one that follows it.
 *
 * @param {any} signal
 * @returns {AbortSignal}
 */
function ofThisRealm(signal) {
  if (signal instanceof AbortSignal) return signal;
  const follower = new AbortController();
  const follow = () => follower.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener("abort", follow, { once: true });
  return follower.signal;
}

/**
 * Carries the requests of one call, which the core may send again after a while. The call as a whole ends with
 * its timeout or the caller's signal: `send` and `sleep` then resolve to `timed_out` or `aborted`.
 *
 * @param {typeof globalThis.fetch} fetch
 * @param {AbortSignal} [signal]
 * @param {number} [timeout] in milliseconds
 */
export function carrier(fetch, signal, timeout = TIMEOUT) {
  /** @type {AbortSignal | undefined} */
  let deadline;
  /** @type {AbortSignal | undefined} */
  let own;
  /** Set up at the first use, when the core has looked at the timeout. */
  const limit = () => {
    deadline ??= AbortSignal.timeout(timeout);
    own ??= signal && ofThisRealm(signal);
    return own ? AbortSignal.any([own, deadline]) : deadline;
  };
  const stopped = () => (signal?.aborted ? "aborted" : deadline?.aborted ? "timed_out" : undefined);

  return {
    async send(/** @type {string} */ method, /** @type {string} */ url, /** @type {string[]} */ headers, /** @type {string} */ body) {
      try {
        return await exchanged(fetch, limit(), method, url, headers, body);
      } catch {
        return stopped();
      }
    },
    sleep: (/** @type {number} */ milliseconds) =>
      new Promise((resolve) => {
        const until = limit();
        const wake = () => {
          clearTimeout(timer);
          until.removeEventListener("abort", wake);
          resolve(stopped());
        };
        const timer = setTimeout(wake, milliseconds);
        until.addEventListener("abort", wake, { once: true });
      }),
  };
}

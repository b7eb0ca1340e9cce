// @ts-check
const DEFAULTS = {
  client_id: "ca_sandbox123",
  name: "Acme Platform",
  redirect_uris: ["http://localhost:8787/connect/callback"],
  livemode: false,
  secret_keys: ["sk_test_sandbox123"],
};

/**
 * @param {() => any} core
 * @returns {typeof import("./sandbox.d.ts").createSandbox}
 */
export const standIn = (core) => (options = {}) => {
  const { now = Date.now, random = fill, ...given } = options;
  const platform = Object.freeze({ ...DEFAULTS, ...defined(given) });
  const ledger = new (core().SandboxCore)(platform);

  return {
    platform,
    async fetch(request) {
      const body = await request.text();
      const bytes = new Uint8Array(32);
      random(bytes);
      const seconds = Math.floor(now() / 1000);
      const reply = ledger.handle(request.method, request.url, [...request.headers].flat(), body, seconds, bytes);
      return new Response(reply.body, { status: reply.status, headers: reply.headers });
    },
  };
};

/** @param {Uint8Array} bytes */
function fill(bytes) {
  crypto.getRandomValues(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
}

/** An option that is `undefined` is one left out.
 * @template {object} T
 * @param {T} options
 * @returns {Partial<T>} */
function defined(options) {
  return /** @type {Partial<T>} */ (
    Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  );
}

// @ts-check
import { takeApart } from "./carried.js";
import { partsOf, responseOf } from "./message.js";
import { made, pack } from "./packed.js";

const DEFAULTS = {
  client_id: "ca_sandbox123",
  name: "Acme Platform",
  redirect_uris: ["http://localhost:8787/connect/callback"],
  livemode: false,
  flows: ["standard", "express"],
  secret_keys: ["sk_test_sandbox123"],
};

/**
 * @param {() => any} core
 * @returns {typeof import("./sandbox.d.ts").createSandbox}
 */
export const standIn = (core) => (options = {}) => {
  const [given, { now = Date.now, random = fill }] = takeApart(options, ["now", "random"]);
  const platform = /** @type {any} */ (Object.freeze({ ...DEFAULTS, ...defined(given) }));
  const ledger = made(core().SandboxCore, pack(platform));

  return {
    platform,
    async fetch(request) {
      const bytes = new Uint8Array(32);
      random(bytes);
      return responseOf(ledger.handle(...(await partsOf(request)), Math.floor(now() / 1000), bytes));
    },
  };
};

/** @param {Uint8Array} bytes */
function fill(bytes) {
  crypto.getRandomValues(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
}

/** An option that is `undefined` is one left out. */
const defined = (/** @type {object} */ options) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

// @ts-check
// The back channel. It carries; the Rust core decides.
import { takeApart } from "./carried.js";
import { connectError, pack, rethrow, unpack } from "./packed.js";
import { carrier } from "./send.js";
import { spend } from "./verified.js";

/**
 * The options as text for the core, and what carries the call's requests.
 *
 * @param {any} options
 * @returns {[packed: string, sender: ReturnType<typeof carrier>]}
 */
function taken(options) {
  const [rest, { fetch = globalThis.fetch, signal }] = takeApart(options === undefined ? {} : options, ["fetch"], ["signal"]);
  // By its name: a signal of another realm is no `AbortSignal` of this one's.
  if (signal !== undefined && Object.prototype.toString.call(signal) !== "[object AbortSignal]") {
    throw connectError("invalid_type", "signal", "signal must be an AbortSignal");
  }
  return [pack(rest), carrier(fetch, signal, /** @type {any} */ (rest.timeout))];
}

/** @param {() => any} core */
export const back = (core) => {
  /** A call whose arguments need no more than the core's own checks. */
  const call = async (/** @type {string} */ name, /** @type {object} */ params, /** @type {unknown} */ options) =>
    core()[name](pack(params), ...taken(options)).catch(rethrow);

  /** The same with an object of the caller's, which has a name. */
  const callWith = async (/** @type {string} */ name, /** @type {string} */ param, /** @type {any} */ params, /** @type {unknown} */ options) => {
    if (typeof params !== "object" || params === null) throw connectError("invalid_type", param, `${param} must be an object`);
    return call(name, params, options);
  };

  return {
    /** @type {typeof import("./server.d.ts").exchangeCode} */
    async exchangeCode(/** @type {any} */ callback, /** @type {any} */ options) {
      const [packed, sender] = taken(options);
      // A mistake in the options must not cost the code.
      unpack(core().checkExchange(packed));
      return core().exchangeCode(spend(callback), packed, sender).catch(rethrow);
    },

    /** @type {typeof import("./server.d.ts").refreshToken} */
    refreshToken: (refresh_token, options) => call("refreshToken", { refresh_token }, options),

    /** @type {typeof import("./server.d.ts").deauthorize} */
    deauthorize: (connection, options) => callWith("deauthorize", "connection", connection, options),

    /** @type {typeof import("./server.d.ts").retrieveAccount} */
    retrieveAccount: (account, options) => call("retrieveAccount", { account }, options),

    /** @type {typeof import("./server.d.ts").createAccount} */
    createAccount: (account, options) => callWith("createAccount", "account", account, options),

    /** @type {typeof import("./server.d.ts").createAccountLink} */
    createAccountLink: (link, options) => callWith("createAccountLink", "link", link, options),

    /** @type {typeof import("./server.d.ts").stripeAccountHeaders} */
    stripeAccountHeaders(stripe_account, options) {
      const packed = pack(options);
      const [authorization, account] = unpack(core().stripeAccountHeaders(pack({ stripe_account }), packed)).split("\0");
      return { authorization, "stripe-account": account };
    },
  };
};

// @ts-check
// The back channel. It carries; the Rust core decides.
import { eventOf } from "../shared/event.js";
import { takeApart } from "../shared/options.js";
import { connectError, pack, rethrow, unpack } from "../shared/packed.js";
import { carrier } from "../shared/host.js";
import { spend } from "../shared/verified.js";

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

/** The core refuses what is longer (MAX_WEBHOOK_BYTES in src/server/webhook.rs): it need not see the rest. */
const MAX_BODY = 1_048_576;

/** The body as bytes of its own, which nobody changes between the check and the parsing. */
function bytesOf(/** @type {any} */ body) {
  if (typeof body === "string") return new TextEncoder().encode(body.slice(0, MAX_BODY + 1));
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice(0, MAX_BODY + 1);
  // By its name: a test runner's ArrayBuffer is not this realm's.
  if (Object.prototype.toString.call(body) === "[object ArrayBuffer]") return new Uint8Array(body).slice(0, MAX_BODY + 1);
  const fix =
    "rawBody must be the body as it came, in text or bytes: await request.text(), or express.raw(), and not what a JSON parser made of it";
  throw connectError("invalid_type", "rawBody", fix);
}

/** The header as text; Node's types have a list of them, too. */
function textOf(/** @type {any} */ header) {
  if (header === undefined || header === null) return "";
  if (typeof header === "string") return header;
  if (Array.isArray(header) && header.every((line) => typeof line === "string")) return header.join();
  throw connectError("invalid_type", "signatureHeader", "signatureHeader must be the text of the header Stripe-Signature");
}

/** @param {() => any} core */
export const server = (core) => {
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

    /** @type {typeof import("./server.d.ts").sealRefreshToken} */
    sealRefreshToken: (refresh_token, options) =>
      unpack(core().sealRefreshToken(pack({ refresh_token }), pack(options), crypto.getRandomValues(new Uint8Array(24)))),

    /** @type {typeof import("./server.d.ts").openRefreshToken} */
    openRefreshToken: (sealed, options) => unpack(core().openRefreshToken(pack({ sealed }), pack(options))),

    /** @type {typeof import("./server.d.ts").verifyWebhook} */
    verifyWebhook(rawBody, signatureHeader, secrets, options) {
      const bytes = bytesOf(rawBody);
      const list = pack({ secrets: typeof secrets === "string" ? [secrets] : secrets });
      try {
        const account = core().verifyWebhook(bytes, textOf(signatureHeader), list, pack(options), Date.now() / 1000);
        return eventOf(new TextDecoder().decode(bytes), account);
      } catch (refusal) {
        rethrow(refusal);
      }
    },
  };
};

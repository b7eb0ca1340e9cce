// @ts-check
// The back channel. It carries; the Rust core decides.
import { eventOf } from "../shared/event.js";
import { callLimit, transport } from "../shared/host.js";
import { bytesOf } from "../shared/message.js";
import { takeApart } from "../shared/options.js";
import { connectError, pack, valuesOf } from "../shared/packed.js";
import { refusePage } from "../shared/refuse-page.js";
import { spend } from "../shared/verified.js";

/**
 * The options as text for the core, and what sends the call's requests.
 *
 * @param {any} options
 * @returns {[packed: string, toStripe: ReturnType<typeof transport>]}
 */
function callOf(options) {
  const [rest, { fetch, signal }] = takeApart(options === undefined ? {} : options, ["fetch"], ["signal"]);
  // By its name, too: a signal of another realm is no `AbortSignal` of this one's. Edge-light's have another name.
  if (signal !== undefined && !(signal instanceof AbortSignal) && Object.prototype.toString.call(signal) !== "[object AbortSignal]") {
    throw connectError("invalid_type", "signal", "signal must be an AbortSignal");
  }
  return [pack(rest), transport(fetch, callLimit(/** @type {any} */ (rest.timeout), signal))];
}

/** The core's answer as a text; its failure thrown as a real `Error` (src/js/failure.rs). */
function textOf(/** @type {string} */ answer) {
  if (answer[0] !== "{") return valuesOf(answer)[0];
  const { message, ...failure } = JSON.parse(answer);
  throw Object.assign(new Error(message), failure);
}

/** The core refuses what is longer (MAX_WEBHOOK_BYTES in src/server/webhook.rs): it need not see the rest. */
const MAX_BODY = 1_048_576;

/** The same of the header (MAX_SIGNATURE_BYTES). */
const MAX_HEADER = 4096;

/** The body as bytes of its own, which nobody changes between the check and the parsing. */
function bodyBytes(/** @type {unknown} */ rawBody) {
  const bytes = bytesOf(rawBody, MAX_BODY + 1);
  if (bytes) return bytes;
  const fix =
    "rawBody must be the body as it came, in text or bytes: await request.text(), or express.raw(), and not what a JSON parser made of it";
  throw connectError("invalid_type", "rawBody", fix);
}

/** The header as text; Node's types have a list of them, too, and some hosts its bytes. */
function headerOf(/** @type {any} */ header) {
  if (header === undefined || header === null) return "";
  if (typeof header === "string") return header;
  if (Array.isArray(header) && header.every((line) => typeof line === "string")) return header.join();
  const bytes = bytesOf(header, MAX_HEADER + 1);
  if (bytes) return new TextDecoder().decode(bytes);
  throw connectError("invalid_type", "signatureHeader", "signatureHeader must be the text of the header Stripe-Signature");
}

/** @param {() => any} core */
export const server = (core) => {
  refusePage();

  /** A call whose arguments need no more than the core's own checks. */
  const call = async (/** @type {string} */ name, /** @type {object} */ params, /** @type {unknown} */ options) =>
    JSON.parse(textOf(await core().call(name, pack(params), ...callOf(options))));

  /** The same with an object of the caller's, which has a name. */
  const callWith = async (/** @type {string} */ name, /** @type {string} */ param, /** @type {any} */ params, /** @type {unknown} */ options) => {
    if (typeof params !== "object" || params === null) throw connectError("invalid_type", param, `${param} must be an object`);
    return call(name, params, options);
  };

  /** The body as it was verified, and what the core says of it. */
  const verified = (/** @type {string} */ name, /** @type {any} */ rawBody, /** @type {any} */ header, /** @type {any} */ secrets, /** @type {any} */ options) => {
    const bytes = bodyBytes(rawBody);
    const list = pack({ secrets: typeof secrets === "string" ? [secrets] : secrets });
    const said = textOf(core()[name](bytes, headerOf(header), list, pack(options), Date.now() / 1000));
    return [new TextDecoder().decode(bytes), said];
  };

  return {
    /** @type {typeof import("./server.d.ts").exchangeCode} */
    async exchangeCode(/** @type {any} */ callback, /** @type {any} */ options) {
      const [packed, toStripe] = callOf(options);
      // A mistake in the options must not cost the code.
      valuesOf(core().checkExchange(packed));
      return JSON.parse(textOf(await core().call("exchangeCode", spend(callback), packed, toStripe)));
    },

    /** @type {typeof import("./server.d.ts").refreshToken} */
    refreshToken: (refresh_token, options) => call("refreshToken", { refresh_token }, options),

    /** @type {typeof import("./server.d.ts").deauthorize} */
    deauthorize: (connection, options) => callWith("deauthorize", "connection", connection, options),

    /** @type {typeof import("./server.d.ts").retrieveAccount} */
    retrieveAccount: (account, options) => call("retrieveAccount", { account }, options),

    /** @type {typeof import("./server.d.ts").readAccount} */
    readAccount: (account) => JSON.parse(textOf(core().readAccount(JSON.stringify(account) ?? ""))),

    /** @type {typeof import("./server.d.ts").createAccount} */
    createAccount: (account, options) => callWith("createAccount", "account", account, options),

    /** @type {typeof import("./server.d.ts").createAccountLink} */
    createAccountLink: (link, options) => callWith("createAccountLink", "link", link, options),

    /** @type {typeof import("./server.d.ts").stripeAccountHeaders} */
    stripeAccountHeaders(stripe_account, options) {
      const packed = pack(options);
      const [authorization, account] = valuesOf(core().stripeAccountHeaders(pack({ stripe_account }), packed));
      return { authorization, "stripe-account": account };
    },

    /** @type {typeof import("./server.d.ts").sealRefreshToken} */
    sealRefreshToken: (refresh_token, options) => textOf(core().sealRefreshToken(pack({ refresh_token }), pack(options))),

    /** @type {typeof import("./server.d.ts").openRefreshToken} */
    openRefreshToken: (sealed, options) => textOf(core().openRefreshToken(pack({ sealed }), pack(options))),

    /** @type {typeof import("./server.d.ts").verifyWebhook} */
    verifyWebhook(rawBody, ...given) {
      const [body, account] = verified("verifyWebhook", rawBody, ...given);
      return eventOf(body, account || undefined);
    },

    /** @type {typeof import("./server.d.ts").verifyWebhookSignature} */
    verifyWebhookSignature: (rawBody, ...given) => verified("verifyWebhookSignature", rawBody, ...given)[0],
  };
};

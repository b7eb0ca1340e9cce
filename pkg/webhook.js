// @ts-check
// Webhooks. The core looks at the bytes; only what was found to be signed is parsed.
import { connectError, pack, rethrow } from "./packed.js";

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

/**
 * The event that a body is, with the account that the core found in it: in events of old API versions it stands
 * under another name.
 *
 * @param {string} body
 * @param {string | undefined} account
 */
export function eventOf(body, account) {
  const event = JSON.parse(body);
  if (account !== undefined) event.account = account;
  return event;
}

/** @param {() => any} core */
export const webhook = (core) => ({
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
});

// @ts-check
// HTTP messages across the boundary, each as one text (src/js/message.rs). Its parts are separated by NUL: method
// and URL, or the status; each header's name and value; an empty name; and the body, which may hold anything.
import { clean, connectError } from "./packed.js";

/**
 * A message as one text.
 *
 * @param {unknown[]} start method and URL, or the status
 * @param {Iterable<[string, string]>} headers
 * @param {string} [body]
 */
export const packMessage = (start, headers, body = "") =>
  [...[...start, ...[...headers].flat()].map((part) => clean(`${part}`)), "", body].join("\0");

/** A request but for its body. */
export const headOf = (/** @type {Request} */ { method, url, headers }) => packMessage([method, url], headers);

/**
 * Headers and body of a message, from its parts after the first ones.
 *
 * @param {string[]} parts
 * @returns {[headers: [string, string][], body: string]}
 */
export function headersAndBody(parts) {
  /** @type {[string, string][]} */
  const headers = [];
  let at = 0;
  for (; parts[at]; at += 2) headers.push([parts[at], parts[at + 1]]);
  return [headers, parts.slice(at + 1).join("\0")];
}

/** A response from its parts; `set-cookie` may stand more than once. */
export function responseOf(/** @type {string[]} */ [status, ...parts]) {
  const [headers, body] = headersAndBody(parts);
  return new Response(body || null, { status: Number(status), headers });
}

/** How long the body of a request may take, in milliseconds. */
const BODY_TIMEOUT = 30_000;

/**
 * The body of a request, as it came; nothing when it does not come in time. Of one that is longer than `limit` bytes
 * there is one more: the core refuses it.
 *
 * @param {Request} request
 * @param {number} limit
 * @returns {Promise<Uint8Array | undefined>}
 */
export async function bodyOf(request, limit) {
  if (request.bodyUsed || request.body?.locked) {
    const fix =
      "request has a body that was read before: hand it over before any parser or middleware reads it, or read a clone() of it";
    throw connectError("invalid_value", "request", fix);
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, BODY_TIMEOUT);
    bytesIn(request.body ?? [], limit + 1)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/**
 * The first `most` bytes of a stream, whose chunks may be texts where a host has decoded them.
 *
 * @param {any} stream
 * @param {number} most
 */
async function bytesIn(stream, most) {
  const chunks = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = bytesOf(chunk, most);
    if (!bytes) throw connectError("invalid_type", "request", "request must have a body of bytes or text");
    length += bytes.length;
    chunks.push(bytes);
    if (length >= most) break;
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all.subarray(0, most);
}

/**
 * A copy of what is bytes or text, which nobody changes while it is looked at: of its first `most` bytes or
 * characters. Of anything else, nothing.
 *
 * @param {any} given
 * @param {number} most
 */
export function bytesOf(given, most) {
  if (typeof given === "string") return new TextEncoder().encode(given.slice(0, most));
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength).slice(0, most);
  // By its name: a test runner's ArrayBuffer is not this realm's.
  if (Object.prototype.toString.call(given) === "[object ArrayBuffer]") return new Uint8Array(given).slice(0, most);
  return undefined;
}

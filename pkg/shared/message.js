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

/**
 * The body of a request, as it came. Of one that is longer than `limit` bytes there is one more: the core refuses
 * it.
 *
 * @param {Request} request
 * @param {number} limit
 * @returns {Promise<Uint8Array>}
 */
export async function bodyOf(request, limit) {
  if (request.bodyUsed || request.body?.locked) {
    const fix =
      "request has a body that was read before: hand it over before any parser or middleware reads it, or read a clone() of it";
    throw connectError("invalid_value", "request", fix);
  }
  const chunks = [];
  let length = 0;
  for await (const chunk of /** @type {any} */ (request.body ?? [])) {
    length += chunk.byteLength;
    chunks.push(chunk);
    if (length > limit) break;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes.subarray(0, limit + 1);
}

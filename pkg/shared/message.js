// @ts-check
// HTTP messages across the boundary: headers as a flat list of names and values.

/** The sandbox's limit on a body, in bytes: over this, it is none of the flow's. */
const MAX_BODY = 32_768;

/**
 * Method, URL, headers and body of a request.
 *
 * @param {Request} request
 * @returns {Promise<[string, string, string[], Uint8Array]>}
 */
export async function partsOf(request) {
  return [...headOf(request), await bodyOf(request, MAX_BODY)];
}

/**
 * Method, URL and headers of a request.
 *
 * @param {Request} request
 * @returns {[string, string, string[]]}
 */
export const headOf = (request) => [request.method, request.url, [...request.headers].flat()];

/**
 * The body of a request, as it came. Of one that is longer than `limit` bytes there is one more: the core refuses it.
 *
 * @param {Request} request
 * @param {number} limit
 * @returns {Promise<Uint8Array>}
 */
export async function bodyOf(request, limit) {
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

/**
 * `[status, headers, body]` as a `Response`; `set-cookie` may stand more than once.
 *
 * @param {[number, string[], string]} parts
 */
export function responseOf([status, flat, body]) {
  const headers = new Headers();
  for (let i = 0; i < flat.length; i += 2) headers.append(flat[i], flat[i + 1]);
  return new Response(body || null, { status, headers });
}

// @ts-check
// HTTP messages across the boundary: headers as a flat list of names and values.

/** Over this, a request body is none of the flow's. In characters. */
const MAX_BODY = 32_768;

/**
 * Method, URL, headers and body of a request. A body that is too long is cut, and then refused.
 *
 * @param {Request} request
 * @returns {Promise<[string, string, string[], string]>}
 */
export async function partsOf(request) {
  return [request.method, request.url, [...request.headers].flat(), await bodyOf(request)];
}

async function bodyOf(/** @type {Request} */ request) {
  if (!request.body) return "";
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of /** @type {any} */ (request.body)) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BODY) break;
  }
  return text.slice(0, MAX_BODY);
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

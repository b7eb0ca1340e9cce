// @ts-check
import { sender } from "./send.js";

/** Over this, a request body is none of the flow's. In bytes. */
const MAX_BODY = 16_384;

/**
 * @param {() => any} core
 * @returns {typeof import("./edge.d.ts").createConnect}
 */
export const handler = (core) => ({ store, identify, prefill, report, fetch, ...options }) => {
  const edge = new (core().EdgeCore)(options);
  const send = sender(fetch ?? ((url, init) => globalThis.fetch(url, init)));
  const log = report ?? (({ outcome, detail }) => console.error(`stripe-connect-oauth: ${outcome}: ${detail}`));

  return {
    async fetch(request) {
      if (!edge.serves(new URL(request.url).pathname)) return undefined;
      const answer = await edge.handle(request.method, request.url, [...request.headers].flat(), await bodyOf(request), {
        store,
        send,
        identify: async () => identify(request),
        prefill: async (/** @type {string} */ subject) => prefill?.(subject, request),
        sleep: (/** @type {number} */ milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds)),
        report: (/** @type {string} */ outcome, /** @type {string} */ detail) => log({ outcome, detail }),
      });
      return answer && responseOf(answer);
    },
  };
};

/** The body as text, as far as it may go: a longer one is cut, and then refused for its form. */
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

/** `[status, headers, body]` as a `Response`; `set-cookie` may stand more than once. */
function responseOf(/** @type {[number, string[], string]} */ [status, flat, body]) {
  const headers = new Headers();
  for (let i = 0; i < flat.length; i += 2) headers.append(flat[i], flat[i + 1]);
  return new Response(body || null, { status, headers });
}

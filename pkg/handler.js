// @ts-check
import { partsOf, responseOf } from "./message.js";
import { made, pack, rethrow } from "./packed.js";
import { sender } from "./send.js";

/**
 * @param {() => any} core
 * @returns {typeof import("./edge.d.ts").createConnect}
 */
export const handler = (core) => ({ store, identify, prefill, report, fetch, ...options }) => {
  const edge = made(core().EdgeCore, pack(options));
  const send = sender(fetch ?? ((url, init) => globalThis.fetch(url, init)));
  const log = report ?? (({ outcome, detail }) => console.error(`stripe-connect-oauth: ${outcome}: ${detail}`));

  return {
    async fetch(request) {
      if (!edge.serves(new URL(request.url).pathname)) return undefined;
      const answering = edge.handle(...(await partsOf(request)), {
        store,
        send,
        identify: async () => identify(request),
        prefill: async (/** @type {string} */ subject) => pack({ stripe_user: (await prefill?.(subject, request)) ?? {} }),
        sleep: (/** @type {number} */ milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds)),
        report: (/** @type {string} */ outcome, /** @type {string} */ detail) => log({ outcome, detail }),
      });
      const answer = await answering.catch(rethrow);
      return answer && responseOf(answer);
    },
  };
};

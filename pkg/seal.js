// @ts-check
// Refresh tokens, sealed for whoever keeps them.
import { pack, unpack } from "./packed.js";

/** @param {() => any} core */
export const seal = (core) => ({
  /** @type {typeof import("./server.d.ts").sealRefreshToken} */
  sealRefreshToken: (refresh_token, options) =>
    unpack(core().sealRefreshToken(pack({ refresh_token }), pack(options), crypto.getRandomValues(new Uint8Array(24)))),

  /** @type {typeof import("./server.d.ts").openRefreshToken} */
  openRefreshToken: (sealed, options) => unpack(core().openRefreshToken(pack({ sealed }), pack(options))),
});

// @ts-check
// The front channel: each call goes to the Rust core as it is.
import { remember } from "./verified.js";

/** @param {() => any} core */
export const front = (core) => ({
  /** @type {typeof import("./index.d.ts").authorizeUrl} */
  authorizeUrl: (params, options) => core().authorizeUrl(params, options),
  /** @type {typeof import("./index.d.ts").newState} */
  newState: () => core().newState(),
  /** @type {typeof import("./index.d.ts").parseCallback} */
  parseCallback: (input, options) => remember(core().parseCallback(input, options)),
  /** @type {typeof import("./index.d.ts").beginConnect} */
  beginConnect: (params, options) => core().beginConnect(params, options),
  /** @type {typeof import("./index.d.ts").finishConnect} */
  finishConnect: (input, options) => core().finishConnect(input, options),
  /** @type {typeof import("./index.d.ts").connectButton} */
  connectButton: (options) => core().connectButton(options),
});

/** @type {typeof import("./index.d.ts").isConnectError} */
export const isConnectError = (error) => error instanceof Error && error.name === "ConnectError";

/**
 * The sandbox at an address, over Node's own HTTP server. `npx stripe-connect-oauth sandbox` does this too.
 *
 * @packageDocumentation
 */

import type { Sandbox } from "./sandbox.js";

/** A sandbox that listens. */
export interface ServedSandbox {
  /** Where it is, such as `http://127.0.0.1:12111`: the `connect_base` of this package, the host of Stripe's SDKs. */
  readonly origin: string;
  /** Stops it, and closes every connection. */
  close(): Promise<void>;
}

/**
 * Serves a sandbox. Every origin that leads here will do: `http://127.0.0.1`, `http://localhost`, and with another
 * `host` another machine's name for it. Faults are carried out: a lost connection is reset.
 *
 * @example
 * ```ts
 * import { createSandbox } from "stripe-connect-oauth/sandbox";
 * import { serveSandbox } from "stripe-connect-oauth/sandbox/node";
 *
 * const sandbox = createSandbox({ redirect_uris: ["http://localhost:3000/connect/callback"] });
 * const { origin, close } = await serveSandbox(sandbox, { port: 12111 });
 * ```
 *
 * @param options `port`: 0, the default, is any free one. `host`: what to listen on; default `127.0.0.1`, which
 *   only this machine reaches. A page of another site is refused there, and so is any other `Host`.
 * @throws the system's error, with `code` `EADDRINUSE` for a port that is taken.
 */
export declare function serveSandbox(
  sandbox: Sandbox,
  options?: { port?: number | undefined; host?: string | undefined },
): Promise<ServedSandbox>;

import type { Authorized } from "./index.js";

export interface ExchangeOptions {
  /** The platform's `sk_…` or `rk_…`. */
  secret_key: string;
  /** A stand-in for Stripe, for tests: an origin with https, or http on localhost. */
  connect_base?: string;
  /** How to reach Stripe. Default: the global `fetch`. */
  fetch?: typeof fetch;
  /** Stops waiting; the outcome is then `unknown`. The default limit is 30 seconds. */
  signal?: AbortSignal;
}

export interface Connected {
  /** The connected account's id: what to store. */
  stripe_user_id: string;
  livemode: boolean;
  scope: "read_write" | "read_only" | "express" | "stripe_apps";
}

/**
 * Exchanges the code of a verified callback, once. Only an `authorized` result of `parseCallback` will do.
 *
 * @throws ConnectError when an option is wrong or the callback is not a verified one
 * @throws ExchangeError when Stripe gave no connection
 */
export function exchangeCode(callback: Authorized, options: ExchangeOptions): Promise<Connected>;

export interface ExchangeError extends Error {
  name: "ExchangeError";
  /**
   * `refused`: Stripe said no. `unknown`: nobody knows; never send the code again, let the person connect
   * once more. `mode_mismatch`: test and live configuration are mixed.
   */
  code: "refused" | "unknown" | "mode_mismatch";
  /** What the developer should do. */
  hint: string;
  /** The HTTP status; 0 when no answer came. */
  status?: number;
  /** Stripe's error code, such as `invalid_grant`. */
  error?: string;
  /** Stripe's `Request-Id`. */
  request_id?: string;
}

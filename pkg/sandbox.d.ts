/**
 * A stand-in for Stripe's OAuth endpoints, for tests and demos. Not Stripe: no real account, no real
 * money.
 *
 * @packageDocumentation
 */

/** The platform, as if it were registered at Stripe. */
export interface SandboxPlatform {
  /** The platform's client id. Default `ca_sandbox123`. */
  readonly client_id: string;
  /** The client id of live mode, where `client_id` is the one of test mode. Default: none. */
  readonly live_client_id?: string;
  /** The name the consent page shows. Default `Acme Platform`. */
  readonly name: string;
  /**
   * The registered redirect URIs; the first is the one used when a request names none.
   * Default `["http://localhost:8787/connect/callback"]`.
   */
  readonly redirect_uris: readonly string[];
  /** The mode of `client_id`, and so of the codes it obtains. Default `false`. */
  readonly livemode: boolean;
  /**
   * The flows it may use: of Standard and Express those that are enabled in its settings, or `["app"]`, which
   * makes it a Stripe App. Default `["standard", "express"]`.
   */
  readonly flows: readonly ("standard" | "express" | "app")[];
  /**
   * The platform's secret keys. A key of the other mode is known, but spends no code.
   * Default `["sk_test_sandbox123"]`. Made-up keys only: the sandbox has no use for a real one.
   */
  readonly secret_keys: readonly string[];
}

/** The platform's registration, and what a test wants to hold in its hand. */
export interface SandboxOptions extends Partial<SandboxPlatform> {
  /** The time in milliseconds. Default `Date.now`. A code expires after five minutes of it. */
  now?: () => number;
  /** Fills the array with what codes and ids are made of. Default `crypto.getRandomValues`. */
  random?: (bytes: Uint8Array) => void;
}

/** Stripe's side of the protocol, with its own accounts, codes and connections, in memory. */
export interface Sandbox {
  /** The registration, defaults filled in. */
  readonly platform: SandboxPlatform;
  /**
   * Answers a request. Only its path counts, so the sandbox can stand at any origin.
   *
   * - `GET /oauth/authorize`: the consent page, or Stripe's JSON error
   * - `POST /oauth/token`: a connected account for a code, or Stripe's JSON error
   * - `GET /_sandbox/log`: every request to `/oauth/token`, as {@link TokenRequest}s
   * - `GET /_sandbox/ledger`: every connection, as {@link SandboxConnection}s
   */
  fetch(request: Request): Promise<Response>;
}

/** One entry of `/_sandbox/log`. */
export interface TokenRequest {
  /** Unix seconds. */
  time: number;
  /** The HTTP status of the answer. */
  status: number;
  /** Stripe's error code, or `null`. */
  error: string | null;
  /** The first seven characters of the code and `…`, or `null` when there was none. */
  code: string | null;
}

/** One entry of `/_sandbox/ledger`. */
export interface SandboxConnection {
  /** The platform's client id. */
  client_id: string;
  /** The connected account's id, `acct_…`. */
  stripe_user_id: string;
  /** What was granted. */
  scope: "read_write" | "read_only" | "express" | "stripe_apps";
  /** The mode of the connection. */
  livemode: boolean;
  /** Unix seconds. */
  connected_at: number;
  /** Whether it has ended, which is for good. */
  revoked: boolean;
  /** When, in Unix seconds. */
  revoked_at: number | null;
  /** Who ended it: a second use of its code, the platform, or the account's owner. */
  revoked_by: "code_reuse" | "platform" | "account" | null;
}

/**
 * A new sandbox.
 *
 * @example
 * ```ts
 * import { createSandbox } from "stripe-connect-oauth/sandbox";
 *
 * const stripe = createSandbox({ name: "Acme", redirect_uris: ["http://localhost:8787/connect/callback"] });
 * const page = await stripe.fetch(
 *   new Request("http://localhost:12111/oauth/authorize?response_type=code&client_id=ca_sandbox123"),
 * );
 * ```
 *
 * @throws `ConnectError` when a part of the registration is invalid; its `param` names it.
 */
export declare function createSandbox(options?: SandboxOptions): Sandbox;

import type { Capability, Flow } from "./index.js";
import type { TypedStripeUser } from "./prefill.js";
import type { WebhookEvent } from "./server.js";
import type { Store } from "./stores/store.js";

type Prefill = TypedStripeUser | null | undefined;

export interface ConnectOptions {
  /** The platform's `ca_…`. */
  client_id: string;
  /** The platform's `sk_…` or `rk_…`, from the environment. It decides the mode. */
  secret_key: string;
  /** The registered URL of the handler's callback; its path is `{prefix}/callback`. */
  redirect_uri: string;
  /**
   * Random texts of at least 32 characters. The first seals flow cookies, all open them: to rotate, put the
   * new one in front and take the old one away an hour later.
   */
  cookie_secrets: string[];
  /** Where claims, connections and events are kept. */
  store: Store;
  /** Who is signed in, from the request's own session; `null` for nobody. Use an id that never changes hands. */
  identify(request: Request): string | null | Promise<string | null>;
  /**
   * What to fill in on Stripe's form for this user, as people typed it: it is put right where that is certain, as by
   * `cleanPrefill`, else left out. What was left out, and an error, is reported; the person goes on.
   */
  prefill?(subject: string, request: Request): Prefill | Promise<Prefill>;
  /** Which of Stripe's flows connects accounts. Default `standard`. What is not the flow's is refused. */
  flow?: Flow;
  /** What to ask for. Absent, Stripe asks for `read_only`. In the `standard` flow, as the next two. */
  scope?: "read_write" | "read_only";
  stripe_landing?: "login" | "register";
  always_prompt?: boolean;
  /** In the `express` flow: what the account should be able to do. */
  suggested_capabilities?: Capability[];
  /** In the `express` flow: what the account must be able to do, or its connection fails. */
  assert_capabilities?: ("transfers" | "card_payments")[];
  /** In the `app` flow: the `chnlink_…` by which an app is tested outside its own account. */
  channel_link?: string;
  /** Where the routes begin. Default `/connect`. */
  prefix?: string;
  /** The platform's name on the handler's own pages. */
  platform_name?: string;
  /** Where people go afterwards: a path of this site. Default `/`. A start may give its own `return_to`. */
  return_to?: string;
  /** Paths of stylesheets for the handler's own pages. Default: a plain built-in style. */
  stylesheets?: string[];
  /** How long a flow may take, in seconds: 1 to 3600, the default. */
  flow_lifetime?: number;
  /**
   * Whether signed-in users may have Standard accounts made in the platform's name: `/create` and `/onboard` are
   * served. Default: no.
   */
  deferred_accounts?: boolean;
  /**
   * The signing secrets of the Connect webhook endpoint, `whsec_…`: more than one while a rolled one is still
   * alive. Without them, `{prefix}/webhook` is not served.
   */
  webhook_secrets?: string[];
  /**
   * Hears of each webhook event of the key's mode, after the handler's own clean-up: an account that took its
   * access away is no longer among the store's connections. When it rejects, Stripe is asked to send the event
   * again, for three days. It may hear of an event twice, when it took longer than a minute or the store failed
   * right after it. Events come out of order.
   */
  onEvent?(event: WebhookEvent): void | Promise<void>;
  /**
   * Random texts of at least 32 characters, kept elsewhere than the store, for a platform that needs refresh
   * tokens: a connection's `refresh_token` is then sealed with the first, and `openRefreshToken` of the server
   * entry opens it with all. Default: none is kept; for Connect, the platform's own key does all of it.
   */
  refresh_token_secrets?: string[];
  /** A stand-in for Stripe, for tests: an origin with https, or http on localhost. */
  connect_base?: string;
  /** How to reach Stripe. Default: the global `fetch`. */
  fetch?: typeof fetch;
  /**
   * Hears of problems behind a page a person saw, and with the outcome `started` of what the form was not filled in
   * with; no secret is in them. Default: `console.error`.
   */
  report?(problem: { outcome: string; detail: string }): void;
}

export interface Connect {
  /**
   * Answers `{prefix}/start`, `/callback`, `/exchange`, `/connections`, `/account`, `/disconnect`, `/result/…`,
   * `/webhook` with `webhook_secrets`, and `/create` and `/onboard` with `deferred_accounts`; resolves to
   * `undefined` for any other path, which is yours. Rejects only with an error of your own `identify`.
   */
  fetch(request: Request): Promise<Response | undefined>;
}

/**
 * The handler for the whole life of a connection.
 *
 * @throws ConnectError when an option is wrong
 */
export function createConnect(options: ConnectOptions): Connect;

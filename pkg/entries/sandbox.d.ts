// Longer than 400 lines: the types of an entry are one file, and half of it is what an editor shows of them.

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
   * Default one of test mode, `sk_test_EXAMPLE000…`, 107 characters long as Stripe's are. Made-up keys only: the
   * sandbox has no use for a real one. They are not enumerable, so that they don't print.
   */
  readonly secret_keys: readonly string[];
  /**
   * The version of Stripe's API that its calls are answered in and its events told in, where they name none.
   * Default `2025-03-31.basil`. Before 2019-02-19 an account has `verification` in place of `requirements`, before
   * 2017-05-25 `managed` in place of `type`, before 2017-04-06 `transfers_enabled` in place of `payouts_enabled`.
   */
  readonly api_version: string;
}

/** The platform's registration, and what a test wants to hold in its hand. */
/** A platform's settings: what is left out or `undefined` has its default. */
type PlatformSettings = { [field in keyof SandboxPlatform]?: SandboxPlatform[field] | undefined };

export interface SandboxOptions extends PlatformSettings {
  /** Other platforms at the same Stripe: the codes, accounts and connections of one are none of another's. */
  other_platforms?: readonly (PlatformSettings & Pick<SandboxPlatform, "client_id" | "secret_keys">)[] | undefined;
  /** Accounts besides the eight that are there. */
  accounts?: readonly (AccountChange & { id: string })[] | undefined;
  /** What goes wrong from the start. */
  faults?: readonly FaultRule[] | undefined;
  /** Where events go. More such addresses: `control("webhooks", …)`. */
  webhook?: (WebhookChange & { url: string; secret: string }) | undefined;
  /**
   * Makes ids, codes and the draw of faults the same in every run. Default: they are random. Goes instead of
   * `random`.
   */
  seed?: string | number | undefined;
  /** The time in milliseconds. Default `Date.now`. A code expires after five minutes of it. */
  now?: (() => number) | undefined;
  /** Fills the array with what codes and ids are made of. Default `crypto.getRandomValues`. */
  random?: ((bytes: Uint8Array) => void) | undefined;
  /** What sends webhooks. Default: the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
}

/** Stripe's side of the protocol, with its own accounts, codes and connections, in memory. */
export interface Sandbox {
  /** The registration, defaults filled in. */
  readonly platform: SandboxPlatform;
  /**
   * Answers a request, and sends the webhooks that come of it afterwards. Only the path counts, so the sandbox
   * can stand at any origin, for `connect.stripe.com`, `marketplace.stripe.com` and `api.stripe.com` at once.
   *
   * Under a fault it takes its time, or rejects with a `TypeError` (`code` is `ECONNRESET`), as `fetch` does when
   * a connection is lost.
   */
  fetch(request: Request): Promise<Response>;
  /**
   * Looks at a part of the sandbox, or changes it: what `GET` and `POST /_sandbox/…` do over HTTP.
   *
   * @example
   * ```ts
   * import { createSandbox } from "stripe-connect-oauth/sandbox";
   *
   * const sandbox = createSandbox();
   * sandbox.control("connections", { stripe_user_id: "acct_1SandboxBakery01" });
   * sandbox.control("clock", { advance: 301 }); // every code that was given out has expired
   * sandbox.control("faults", { fault: "reset_after", path: "/oauth/token", times: 1 });
   * sandbox.control("accounts", { id: "acct_1SandboxBakery01", state: "restricted" }); // and account.updated
   * console.log(sandbox.control("ledger")[0]?.revoked);
   * sandbox.control("reset");
   * ```
   *
   * @throws `ConnectError` when a field is wrong; its `param` names it.
   */
  control<Name extends keyof SandboxControls>(
    name: Name,
    change?: SandboxControls[Name]["change"],
  ): SandboxControls[Name]["answer"];
  /**
   * Sends every webhook that waits, due or not, and resolves when they are through: what a test awaits before it
   * looks at what its platform made of them.
   */
  flush(): Promise<DeliveredWebhook[]>;
}

/** What {@link Sandbox.control} takes and gives. */
export interface SandboxControls {
  /** Every connection. */
  ledger: { change: undefined; answer: SandboxConnection[] };
  /** Every code, and what became of it. */
  codes: { change: undefined; answer: SandboxCode[] };
  /** Every request to a token endpoint. */
  log: { change: undefined; answer: TokenRequest[] };
  /** The newest thousand requests of any kind. */
  requests: { change: undefined; answer: LoggedRequest[] };
  /** The newest thousand events, as Stripe would send them. */
  events: { change: undefined; answer: SandboxEvent[] };
  /** The accounts. Changes the one of that `id`, which its platforms hear of, or makes one. */
  accounts: { change: AccountChange; answer: SandboxAccount[] };
  /** The platforms, without their keys. Registers another one, until a reset. */
  platforms: { change: NewSandboxPlatform; answer: RegisteredPlatform[] };
  /** Connects an account without asking anyone, and without an event. */
  connections: {
    change: { stripe_user_id: string; client_id?: string; scope?: SandboxConnection["scope"] };
    answer: SandboxConnection[];
  };
  /** The sandbox's time, in Unix seconds. Moves it forward by seconds, or to a time; from there it goes on. */
  clock: { change: { advance: number } | { now: number }; answer: { now: number } };
  /** Where events go, and what is on its way. */
  webhooks: { change: WebhookChange; answer: SandboxWebhooks };
  /** What goes wrong. Adds a rule, or ends all that there are. */
  faults: { change: FaultRule | { clear: true }; answer: Required<FaultRule>[] };
  /** Forgets everything but what the options gave. The time is the host's again. */
  reset: { change: Record<string, never> | undefined; answer: Record<string, never> };
}

/** Another platform at the same Stripe, whose key does not open the first one's accounts. */
export interface NewSandboxPlatform {
  client_id: string;
  secret_key: string;
  redirect_uri: string;
  name?: string | undefined;
  api_version?: string | undefined;
}

/** A platform as it is registered. */
export interface RegisteredPlatform {
  client_id: string;
  live_client_id: string | null;
  name: string;
  livemode: boolean;
  flows: ("standard" | "express" | "app")[];
  redirect_uris: string[];
  api_version: string;
}

/** How Stripe sees an account. */
export type AccountState =
  | "active"
  | "onboarding"
  | "information_due"
  | "restricted"
  | "in_review"
  | "payouts_paused"
  | "paused"
  | "rejected";

/** What can be said of an account. */
export interface AccountChange {
  /** `acct_…`. Without one an account is made. */
  id?: string | undefined;
  /** The business's name. */
  name?: string | undefined;
  /** Its e-mail address. */
  email?: string | undefined;
  /** Two capital letters. */
  country?: string | undefined;
  /** How Stripe sees it. */
  state?: AccountState | undefined;
}

/** An account of the sandbox. */
export interface SandboxAccount {
  id: string;
  name: string;
  email: string | null;
  country: string | null;
  type: "standard" | "express";
  state: AccountState;
  /** The client ids it is connected to. */
  connected_to: string[];
}

/** Something that goes wrong. */
export interface FaultRule {
  /**
   * - `delay`: the answer comes late
   * - `reset_before`, `reset_after`: the connection is lost before, or after, Stripe did what was asked
   * - `429`, `500`: refused, in JSON
   * - `502`: a gateway's page of HTML
   * - `truncated`: half of the answer
   * - `content_type`: the right answer, called `text/html`
   * - `redirect`: 307 to another address of the sandbox, where the request log tells who followed
   * - `standard_oauth_disabled`: the authorize page says that Standard OAuth is not enabled
   * - `not_signed_up` and the rest: Stripe lets the platform make no accounts, and says why
   */
  fault:
    | "delay"
    | "reset_before"
    | "reset_after"
    | "429"
    | "500"
    | "502"
    | "truncated"
    | "content_type"
    | "redirect"
    | "standard_oauth_disabled"
    | "not_signed_up"
    | "losses_not_acknowledged"
    | "requirements_not_acknowledged"
    | "profile_not_completed"
    | "not_activated"
    | "accounts_v1_closed"
    | "account_token_required"
    | "controller_not_supported"
    | "not_a_platform";
  /**
   * The beginning of the paths it happens at. Default: the endpoints that servers call, which are the token
   * endpoints, `/oauth/deauthorize` and `/v1/`; of what comes of the platform's settings the authorize page, or
   * `POST /v1/accounts`.
   */
  path?: string | null | undefined;
  /** The share of requests it happens to, from 0 to 1. Default 1. */
  share?: number | undefined;
  /** How often it happens, before it is over. Default: always. */
  times?: number | null | undefined;
  /** How long a delay is. Default 1000. */
  milliseconds?: number | undefined;
  /** Whether Stripe does what was asked before a 429, 500, 502 or redirect. Default `false`. */
  effect?: boolean | undefined;
}

/** What can be done about webhooks. */
export interface WebhookChange {
  /** The address that hears of events; with `secret` it is added, with `remove` it goes. */
  url?: string | undefined;
  /** Its signing secret, made up, at least 10 characters. */
  secret?: string | undefined;
  /** The application whose events it hears of. Default: all. */
  client_id?: string | undefined;
  /** `true`, the default, hears of events of both modes, as Stripe's Connect endpoints do; `false` of test ones. */
  livemode?: boolean | undefined;
  /** The version of the API that it is told events in. Default: that of each event's platform. */
  api_version?: string | undefined;
  remove?: boolean | undefined;
  /** A new secret for `url`, or for all. The old one signs beside it (two `v1`) for `keep_old_for` seconds. */
  roll_secret?: string | undefined;
  /** Default 86400, a day. */
  keep_old_for?: number | undefined;
  /** How many more times each event is sent. Default 0, at most 10. */
  duplicates?: number | undefined;
  /** Whether every second event is held back for 10 seconds, so that the next one overtakes it. */
  disorder?: boolean | undefined;
  /** Whether nothing is sent until {@link Sandbox.flush}. */
  paused?: boolean | undefined;
  /**
   * Whether what a request causes is sent before that request is answered, as Stripe may: a platform hears of
   * `account.application.authorized` before it has the token. Default `false`.
   */
  before_answer?: boolean | undefined;
  /** The id of an event to send once more. */
  resend?: string | undefined;
}

/** The answer of `control("webhooks")`. */
export interface SandboxWebhooks {
  endpoints: {
    url: string;
    client_id: string | null;
    livemode: boolean;
    api_version: string | null;
    rolled_secrets: number;
  }[];
  deliveries: {
    id: number;
    event: string;
    type: string;
    url: string;
    attempts: number;
    /** The last answer's, or `null` when none came. */
    status: number | null;
    state: "waiting" | "under_way" | "delivered" | "given_up";
    /** Unix seconds. */
    next_at: number | null;
  }[];
  duplicates: number;
  disorder: boolean;
  paused: boolean;
  before_answer: boolean;
}

/** One webhook that was sent. */
export interface DeliveredWebhook {
  /** The event's id. */
  event: string;
  type: string;
  url: string;
  /** The status of the answer, or `null` when none came. What is not 200 to 299 is sent again later. */
  status: number | null;
}

/** An event in Stripe's envelope, as its platform's version has it. */
export interface SandboxEvent {
  id: string;
  object: "event";
  type: "account.application.authorized" | "account.application.deauthorized" | "account.updated";
  /** The connected account; before 2017-05-25 it is in `user_id`. */
  account: string;
  api_version: string;
  /** Unix seconds. */
  created: number;
  data: { object: Record<string, unknown>; previous_attributes?: Record<string, unknown> };
  livemode: boolean;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
}

/** One entry of `/_sandbox/codes`. */
export interface SandboxCode {
  /** The first seven characters and `…`. */
  code: string;
  client_id: string;
  stripe_user_id: string;
  livemode: boolean;
  /** Unix seconds. */
  issued_at: number;
  /** How often it was sent by its platform with the right key; more than once revokes. */
  sent: number;
  /** Whether it became a connection. */
  spent: boolean;
  /** Whether that connection was revoked. */
  revoked: boolean;
}

/** One entry of `/_sandbox/requests`. Keys, codes, tokens and states are masked. */
export interface LoggedRequest {
  /** Unix seconds. */
  time: number;
  request_id: string;
  method: string;
  path: string;
  /** Names and values of the query and the body. */
  params: [string, string][];
  key: string | null;
  stripe_account: string | null;
  idempotency_key: string | null;
  /** 0 when a fault took the answer. */
  status: number;
  error: string | null;
  fault: string | null;
}

/** One entry of `/_sandbox/log`: a request to a token endpoint. */
export interface TokenRequest {
  /** Unix seconds. */
  time: number;
  /** The HTTP status of the answer; 0 when a fault took it. */
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

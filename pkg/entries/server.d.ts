// Longer than 400 lines: the types of an entry are one file, and half of it is what an editor shows of them.
import type { Authorized } from "./front.js";

export interface CallOptions {
  /** The platform's `sk_…` or `rk_…`, from the environment. */
  secret_key: string;
  /** A stand-in for Stripe, for tests: an origin with https, or http on localhost. The key is sent there. */
  connect_base?: string | undefined;
  /** How to reach Stripe. Default: the global `fetch`. It must not follow redirects or send anything twice. */
  fetch?: typeof fetch | undefined;
  /** Stops the call. */
  signal?: AbortSignal | undefined;
  /** How long the call may take with all its retries, in milliseconds: 1 to 600000. Default 30000. */
  timeout?: number | undefined;
}

export interface ExchangeOptions extends CallOptions {
  /** The flow the code came through. Default `standard`. */
  flow?: "standard" | "express" | "app" | undefined;
  /** Express only: be refused, rather than connect an account that did not get these. */
  assert_capabilities?: ("transfers" | "card_payments")[] | undefined;
  /**
   * Hand out the refresh token, where Stripe gives one. Default `false`: Stripe deprecates tokens for Connect,
   * where the platform's own key does everything. Keep it sealed.
   */
  refresh_token?: boolean | undefined;
  /**
   * Hand out the access token, the refresh token and the publishable key, where Stripe gives them. Default `false`.
   * For a Stripe App, whose access token, of one hour, is what its exchange is for.
   */
  tokens?: boolean | undefined;
}

export interface Connected {
  /** The connected account's id: what to store. */
  stripe_user_id: string;
  livemode: boolean;
  scope: "read_write" | "read_only" | "express" | "stripe_apps";
  /** The capabilities that were asserted and granted. */
  capabilities?: string[];
  /** Only when asked for, and only if Stripe gave one. */
  refresh_token?: string;
}

/** What an exchange with `tokens: true` gives: as much of it as Stripe gave. */
export interface ConnectedWithTokens extends Connected {
  /** A secret. A Stripe App's lives for one hour. */
  access_token?: string;
  /** Public. */
  stripe_publishable_key?: string;
}

/**
 * Exchanges the code of a verified callback, once. Only an `authorized` result of `parseCallback` will do.
 * It is never sent again: Stripe revokes the connection when a code is used twice.
 *
 * @example
 * ```ts
 * import { type Callback } from "stripe-connect-oauth";
 * import { exchangeCode } from "stripe-connect-oauth/server";
 *
 * export async function connected(callback: Callback, secret_key: string): Promise<string | undefined> {
 *   if (callback.outcome !== "authorized") return undefined;
 *   const { stripe_user_id } = await exchangeCode(callback, { secret_key });
 *   return stripe_user_id; // what to store
 * }
 * ```
 *
 * @throws ConnectError when an option is wrong or the callback is not a verified one
 * @throws ExchangeError when Stripe gave no connection: `refused`, `mode_mismatch`, or `unknown`, also when
 * `signal` or `timeout` ended the call
 */
export function exchangeCode(
  callback: Authorized,
  options: ExchangeOptions & { tokens: true },
): Promise<ConnectedWithTokens>;
export function exchangeCode(callback: Authorized, options: ExchangeOptions): Promise<Connected>;

export interface RefreshOptions extends CallOptions {
  /** The flow the account came through. Default `standard`. */
  flow?: "standard" | "express" | "app" | undefined;
  /** Standard only: the same scope as was granted, or a narrower one. Default: the same. */
  scope?: "read_write" | "read_only" | undefined;
  /** Hand out the access token and the publishable key. Default `true`; the refresh token comes in any case. */
  tokens?: boolean | undefined;
}

export interface Refreshed {
  stripe_user_id: string;
  /** The mode of the key: a key of either mode may be used, and the token is of the same. */
  livemode: boolean;
  scope: "read_write" | "read_only" | "express" | "stripe_apps";
  /** A secret. A Stripe App's lives for one hour. */
  access_token?: string;
  /** A secret. A Stripe App's replaces the one that was given, which is dead: keep this one. */
  refresh_token?: string;
  /** Public. */
  stripe_publishable_key?: string;
}

/** What a Stripe App's refresh gives: the new refresh token, and of the rest what could be read. */
export interface AppRefreshed extends Partial<Refreshed> {
  refresh_token: string;
}

/**
 * Makes a new access token. On Connect it is sent again when no answer came; in the `app` flow never, since
 * each refresh replaces the refresh token: keep the new one before anything else.
 *
 * @example
 * ```ts
 * import { refreshToken } from "stripe-connect-oauth/server";
 *
 * export async function renew(kept: string, secret_key: string, keep: (token: string) => Promise<void>) {
 *   const { access_token, refresh_token } = await refreshToken(kept, { secret_key, flow: "app" });
 *   await keep(refresh_token); // the old one is dead
 *   return access_token;
 * }
 * ```
 *
 * @throws ConnectError when an argument is wrong
 * @throws ExchangeError when Stripe gave no token
 */
export function refreshToken(refresh_token: string, options: RefreshOptions & { flow: "app" }): Promise<AppRefreshed>;
export function refreshToken(
  refresh_token: string,
  options: RefreshOptions & { flow?: "standard" | "express" },
): Promise<Refreshed>;
export function refreshToken(refresh_token: string, options: RefreshOptions): Promise<Refreshed | AppRefreshed>;

/** Why an exchange or a refresh gave nothing. */
export interface ExchangeError extends Error {
  name: "ExchangeError";
  /**
   * - `refused`: Stripe said no; `problem` says why.
   * - `unknown`: nobody knows what Stripe did. Never send the code, or a Stripe App's refresh token, again; let
   *   the person connect once more.
   * - `mode_mismatch`: test and live configuration are mixed.
   * - `unavailable`, `timed_out`, `aborted`: a refresh on Connect had no answer, none in time, or was stopped by
   *   its signal. Nothing is lost: call again.
   */
  code: "refused" | "unknown" | "mode_mismatch" | "unavailable" | "timed_out" | "aborted";
  /** What was wrong, when Stripe `refused`. */
  problem?:
    | "code_unknown"
    | "code_used"
    | "code_expired"
    | "code_not_yours"
    | "mode_mismatch"
    | "refresh_token_unknown"
    | "no_grant_type"
    | "capability_not_granted"
    | "unsupported_grant_type"
    | "unsupported_response_type"
    | "invalid_scope"
    | "no_authentication"
    | "unknown_key"
    | "invalid_key"
    | "publishable_key"
    | "rate_limited"
    | "other";
  /** What the developer should do. */
  hint: string;
  /** The HTTP status; 0 when no answer came. */
  status?: number;
  /** Stripe's error code, such as `invalid_grant`. */
  error?: string;
  /** Stripe's `Request-Id`. */
  request_id?: string;
}

/** Why one of the calls below gave nothing. */
export interface StripeError extends Error {
  name: "StripeError";
  /**
   * - `refused`: Stripe said no; see `message` and `hint`.
   * - `unavailable`, `timed_out`, `aborted`: there was no usable answer, none in time, or the signal stopped the
   *   call. Stripe may have done it all the same. Call again; to create something, with the same `idempotency_key`.
   * - `revoked`: the key has no access to the account. With `client_id` given, it is proven that the key is the
   *   right one, and so the account's owner disconnected it. Without, the key may be another platform's: end nothing.
   * - `unreachable`, with `client_id` given: the key has no access to the account, and it is another platform's than
   *   `client_id`, or could not be proven to be its own. Nothing is known of the account: end nothing.
   * - `platform_not_ready`: Stripe makes no accounts or links for the platform, until its operator has done what
   *   `hint` says; `problem` names it. Nothing is wrong with the account's owner, so don't show them the message.
   * - `missing_permission`: the key may not do this. The account may be connected all the same.
   * - `not_yours`, `controlled_account`, `mode_mismatch`, from `deauthorize`: the client id is another platform's;
   *   the platform controls the account, and can only reject it; key and client id are of different modes.
   */
  code:
    | "refused"
    | "unavailable"
    | "timed_out"
    | "aborted"
    | "revoked"
    | "unreachable"
    | "platform_not_ready"
    | "missing_permission"
    | "not_yours"
    | "controlled_account"
    | "mode_mismatch";
  /** What there is to do, when the platform is not ready. */
  problem?:
    | "not_signed_up"
    | "responsibilities_not_acknowledged"
    | "profile_not_completed"
    | "not_activated"
    | "accounts_v1_closed"
    | "account_token_required"
    | "controller_not_supported"
    | "not_a_platform";
  /** What the developer should do. */
  hint: string;
  /** The HTTP status; 0 when no answer came. */
  status: number;
  /** Stripe's error code, else its type, such as `account_invalid`. */
  error?: string;
  /** Stripe's `Request-Id`. */
  request_id?: string;
}

export interface Deauthorized {
  stripe_user_id: string;
  /** The account was not connected before this call, or does not exist: Stripe does not tell which. */
  already_disconnected: boolean;
}

/**
 * Gives up the platform's access to an account. Being disconnected already is no error. Sent again when no
 * answer came.
 *
 * @example
 * ```ts
 * import { deauthorize } from "stripe-connect-oauth/server";
 *
 * export async function disconnect(stripe_user_id: string, secret_key: string): Promise<void> {
 *   const ended = await deauthorize({ client_id: "ca_123", stripe_user_id }, { secret_key, timeout: 5000 });
 *   if (ended.already_disconnected) console.log(`${stripe_user_id} had left before`);
 * }
 * ```
 *
 * @throws ConnectError when an argument is wrong
 * @throws StripeError when the account was not disconnected
 */
export function deauthorize(
  connection: { client_id: string; stripe_user_id: string },
  options: CallOptions,
): Promise<Deauthorized>;

/**
 * How an account is, in one word. `active`: nothing to do. `information_due`: it works, and Stripe asks for something.
 * `finish_onboarding`: its owner has not finished Stripe's form. `information_overdue`: limited until Stripe gets
 * what it asks for. `capabilities_needed`: limited until the platform asks for capabilities. `in_review`: Stripe
 * checks it. `payouts_paused`, `charges_paused`, `restricted`: one of the two does not work, or neither, and Stripe gives
 * no reason. `paused`: by the platform. `rejected`: for good. `disabled`: for a reason not known here.
 */
export type AccountStatus =
  | "active"
  | "information_due"
  | "finish_onboarding"
  | "information_overdue"
  | "capabilities_needed"
  | "in_review"
  | "restricted"
  | "payouts_paused"
  | "charges_paused"
  | "paused"
  | "rejected"
  | "disabled";

/**
 * Who does what next. `give_information`: the owner, through `createAccountLink` for an account that the platform
 * made, else in Stripe's dashboard. `look_at_dashboard`: the owner, for more may stand there
 * than Stripe says here.
 */
export type NextStep =
  | "nothing"
  | "give_information"
  | "wait"
  | "platform_acts"
  | "look_at_dashboard"
  | "ask_stripe";

/** What Stripe asks of an account, by the names of its fields. */
export interface Requirements {
  currently_due: string[];
  past_due: string[];
  eventually_due: string[];
  pending_verification: string[];
  /** What was given and would not do: Stripe's code, its reason in English for the account's owner, and the field. */
  errors: { code: string; reason: string; requirement: string }[];
  /** Unix seconds. */
  current_deadline: number | null;
  /** Such as `requirements.past_due` or `rejected.fraud`. */
  disabled_reason: string | null;
}

/**
 * An account, as the API describes it, and what to make of it. It is asked for in the version of the API that stripe-node
 * 23.1 pins (`2026-10-28.endive`), as whatever this library sends is, so that the platform's default, which may be as old
 * as the platform, does not matter; an answer in any version since 2014 is read as well.
 */
export interface Account {
  id: string;
  /** `standard`, `express`, `custom` or `none`. */
  type: string;
  /** The name people know it by: the one in its dashboard, else its business's. */
  display_name: string | null;
  /** Two letters, ISO 3166-1. */
  country: string | null;
  /** Three small letters, ISO 4217. */
  default_currency: string | null;
  email: string | null;
  charges_enabled: boolean;
  payouts_enabled: boolean;
  /** Whether its owner has finished Stripe's form. */
  details_submitted: boolean;
  /**
   * What it was asked to be able to do, such as `card_payments` and `transfers`: `active`, `inactive` or `pending`, or a
   * new word of Stripe's.
   */
  capabilities: Record<string, string>;
  requirements: Requirements;
  /** What Stripe will ask for besides, from its `current_deadline` on. */
  future_requirements: Requirements;
  /** All of that in one word. */
  status: AccountStatus;
  /** Who does what next. */
  next_step: NextStep;
  /** What it means, for the account's owner. */
  hint: string;
}

/** To know for sure what it means that Stripe shows no account. */
export interface ProvingOptions {
  /**
   * The platform's `ca_…`. Then `revoked` is only said once it is proven that the key is this application's: Stripe
   * gives the same answer to the key of any other platform. One more request, when there is no access.
   */
  client_id?: string | undefined;
}

/**
 * How a connected account is, asked as the platform. Sent again when no answer came.
 *
 * @example
 * ```ts
 * import { type StripeError, retrieveAccount } from "stripe-connect-oauth/server";
 *
 * export async function status(account: string, secret_key: string): Promise<string> {
 *   try {
 *     return (await retrieveAccount(account, { secret_key, client_id: "ca_123" })).status;
 *   } catch (error) {
 *     if ((error as StripeError).code === "revoked") return "disconnected"; // proven, since client_id was given
 *     throw error;
 *   }
 * }
 * ```
 *
 * @param account `acct_…`
 * @throws ConnectError when an argument is wrong
 * @throws StripeError when there is no account to show: with `client_id`, `revoked` when its owner disconnected it
 */
export function retrieveAccount(account: string, options: CallOptions & ProvingOptions): Promise<Account>;

/**
 * The same of an account that Stripe gave elsewhere, in whatever version of its API: an event is in its endpoint's, which
 * may be as old as the platform. Synchronous.
 *
 * @example
 * ```ts
 * import { type WebhookEvent, readAccount } from "stripe-connect-oauth/server";
 *
 * export async function onEvent(event: WebhookEvent) {
 *   if (event.type === "account.updated") console.log(event.account, readAccount(event.data.object).status);
 * }
 * ```
 *
 * @param account such as `data.object` of the event `account.updated`
 * @throws ConnectError when it is no account
 */
export function readAccount(account: object): Account;

export interface CreateOptions extends CallOptions {
  /**
   * At most 255 visible ASCII characters. For 24 hours Stripe makes only one thing for a key: with a user's id in
   * it, a user gets one account. It repeats a refusal as long, so give a new key after `refused`,
   * `missing_permission` and `platform_not_ready`. Default: random for each call, which makes its retries safe.
   */
  idempotency_key?: string | undefined;
}

/**
 * Makes a Standard account (deferred activation). Its owner finishes it through `createAccountLink`.
 *
 * @example
 * ```ts
 * import { createAccount } from "stripe-connect-oauth/server";
 *
 * export async function open(user: { id: string; email: string }, secret_key: string): Promise<string> {
 *   const options = { secret_key, idempotency_key: `account-of-${user.id}` };
 *   const account = await createAccount({ country: "FR", email: user.email }, options);
 *   return account.id;
 * }
 * ```
 *
 * @param account `country`: two capital letters, ISO 3166-1, which can't change later
 * @throws ConnectError when an argument is wrong
 * @throws StripeError when no account was made
 */
export function createAccount(account: { country: string; email: string }, options: CreateOptions): Promise<Account>;

export interface AccountLink {
  /** For one person, once, for a few minutes. Redirect to it; whoever has it acts as the account's owner. */
  url: string;
  /** Unix seconds. */
  expires_at: number;
}

/**
 * Makes the link through which the owner of an account that the platform made finishes it.
 *
 * @example
 * ```ts
 * import { createAccountLink } from "stripe-connect-oauth/server";
 *
 * export async function onboard(account: string, secret_key: string): Promise<Response> {
 *   const [refresh_url, return_url] = ["https://shop.example/onboard", "https://shop.example/payouts"];
 *   const { url } = await createAccountLink({ account, refresh_url, return_url }, { secret_key });
 *   return Response.redirect(url, 303);
 * }
 * ```
 *
 * @param link `refresh_url`: where Stripe sends a person whose link has expired; make another one there.
 * `return_url`: where it sends those who leave or finish; it does not say which, so retrieve the account.
 * Both have https, or in test mode http on localhost.
 * @throws ConnectError when an argument is wrong
 * @throws StripeError when no link was made
 */
export function createAccountLink(
  link: { account: string; refresh_url: string; return_url: string },
  options: CreateOptions & ProvingOptions,
): Promise<AccountLink>;

/**
 * The headers that make any call to Stripe's API one on behalf of a connected account. The key is in them:
 * don't log them. Your own calls stay in your own version of the API: no `Stripe-Version` is in them.
 *
 * @example
 * ```ts
 * import { stripeAccountHeaders } from "stripe-connect-oauth/server";
 *
 * export async function balance(account: string, secret_key: string): Promise<unknown> {
 *   const headers = stripeAccountHeaders(account, { secret_key });
 *   return (await fetch("https://api.stripe.com/v1/balance", { headers })).json();
 * }
 * ```
 *
 * @throws ConnectError when an argument is wrong
 */
export function stripeAccountHeaders(
  stripe_account: string,
  options: { secret_key: string },
): { authorization: string; "stripe-account": string };

/** What every event of Stripe's has. Other fields, such as `api_version` and `request`, are passed through. */
interface EventEnvelope {
  /** Stripe sends an event more than once: handle each id once. */
  id: string;
  object: "event";
  /** When it happened, in Unix seconds. Events come out of order. */
  created: number;
  /** The mode it happened in. Test events come to live Connect endpoints too. */
  livemode: boolean;
  /**
   * The connected account it happened to; absent when that is the platform itself. It is here whatever the endpoint's
   * API version: before 2017-05-25 Stripe writes `user_id`.
   */
  account?: string | null;
  [field: string]: unknown;
}

interface ApplicationData {
  /** The platform: compare `id` with your `client_id`. The connected account is not in here, but `account` at the top. */
  object: { id: string; [field: string]: unknown };
}

/** `account` took its access away from the platform. */
export interface DeauthorizedEvent extends EventEnvelope {
  type: "account.application.deauthorized";
  data: ApplicationData;
}

/** `account` gave the platform access. */
export interface AuthorizedEvent extends EventEnvelope {
  type: "account.application.authorized";
  data: ApplicationData;
}

/** `account` is now as `data.object` says, in the words of the endpoint's API version. */
export interface AccountUpdatedEvent extends EventEnvelope {
  type: "account.updated";
  data: {
    object: {
      id: string;
      charges_enabled?: boolean;
      payouts_enabled?: boolean;
      details_submitted?: boolean;
      [field: string]: unknown;
    };
    /** The old values of what has changed. */
    previous_attributes?: Record<string, unknown>;
  };
}

type Letter =
  | ("a" | "b" | "c" | "d" | "e" | "f" | "g" | "h" | "i" | "j" | "k" | "l" | "m")
  | ("n" | "o" | "p" | "q" | "r" | "s" | "t" | "u" | "v" | "w" | "x" | "y" | "z");

/** Any name but the three above. TypeScript has no word for that, so that the first letters must tell. */
type OtherName =
  | `${Exclude<Letter, "a">}${string}`
  | `a${Exclude<Letter, "c">}${string}`
  | `account.external_account.${string}`;

/** Any other type, by Stripe's name for it. */
export interface OtherEvent extends EventEnvelope {
  type: OtherName;
  data: { object: any; [field: string]: unknown };
}

export type WebhookEvent = DeauthorizedEvent | AuthorizedEvent | AccountUpdatedEvent | OtherEvent;

export interface WebhookOptions {
  /** Unix time in seconds. Default: this machine's clock. */
  now?: number | undefined;
  /** How far the signature's time may be from `now`, before or after: 1 to 86400 seconds. Default 300. */
  tolerance?: number | undefined;
}

/**
 * Reads an event that Stripe signed. Synchronous on every host.
 *
 * @example
 * ```ts
 * import { verifyWebhook } from "stripe-connect-oauth/server";
 *
 * export async function webhook(request: Request, secret: string, ended: (account: string) => Promise<void>) {
 *   const event = verifyWebhook(await request.text(), request.headers.get("stripe-signature"), secret);
 *   if (event.type === "account.application.deauthorized" && event.account) await ended(event.account);
 *   return new Response();
 * }
 * ```
 *
 * @param rawBody the request's body as it came, at most 1048576 bytes; not what a JSON parser made of it
 * @param signatureHeader the header `Stripe-Signature`, at most 4096 bytes
 * @param secrets the endpoint's signing secret, `whsec_…`: one, or all that are alive while one is rolled. Each
 * endpoint, each mode and the CLI has its own
 * @returns the event, parsed from the bytes that were found to be signed
 * @throws WebhookError when the request is not to be believed: answer it with 400
 * @throws ConnectError when one of the other arguments is wrong: that is a mistake in the program
 */
export function verifyWebhook(
  rawBody: string | ArrayBuffer | ArrayBufferView,
  signatureHeader: SignatureHeader,
  secrets: string | string[],
  options?: WebhookOptions,
): WebhookEvent;

/** The header as hosts have it: a text, a list of them, or its bytes; nothing where there is none. */
export type SignatureHeader = string | string[] | ArrayBuffer | ArrayBufferView | null | undefined;

/**
 * Whether Stripe signed a body, whatever it says: the first half of `verifyWebhook`, of the same arguments. For bodies
 * that are no event, such as the `{"id":…,"object":…}` that the suites of Stripe's libraries sign, and those that are
 * read elsewhere.
 *
 * @example
 * ```ts
 * import { verifyWebhookSignature } from "stripe-connect-oauth/server";
 *
 * export async function proxy(request: Request, secret: string, forward: (body: string) => Promise<Response>) {
 *   return forward(verifyWebhookSignature(await request.text(), request.headers.get("stripe-signature"), secret));
 * }
 * ```
 *
 * @returns the body, as the text that was found to be signed
 * @throws WebhookError when the request is not to be believed: answer it with 400
 * @throws ConnectError when one of the other arguments is wrong: that is a mistake in the program
 */
export function verifyWebhookSignature(
  rawBody: string | ArrayBuffer | ArrayBufferView,
  signatureHeader: SignatureHeader,
  secrets: string | string[],
  options?: WebhookOptions,
): string;

/** Why a webhook was not believed, or not understood. */
export interface WebhookError extends Error {
  name: "WebhookError";
  /**
   * - `not_signed`, `malformed_signature`, `repeated_timestamp`, `no_usable_signature`: the header is missing, is not
   *   `t=…,v1=…`, has more than one `t`, or no `v1`.
   * - `signature_mismatch`: no `v1` is of this body and one of the secrets.
   * - `too_old`, `in_the_future`: signed, but not now.
   * - `body_too_long`: longer than 1048576 bytes.
   * - `not_an_event`, `thin_event`: signed, but no event (`message` names the field that is missing or odd), or one of
   *   the kind `v2.core.event`, which has no data.
   */
  code:
    | "not_signed"
    | "malformed_signature"
    | "repeated_timestamp"
    | "no_usable_signature"
    | "signature_mismatch"
    | "too_old"
    | "in_the_future"
    | "body_too_long"
    | "not_an_event"
    | "thin_event";
  /** What the developer should do. */
  hint: string;
}

export interface SealOptions {
  /** `acct_…`: whose token it is. */
  account: string;
  /** The mode it is for. */
  livemode: boolean;
  /** Random texts of 32 characters or more, kept elsewhere than the tokens. The first seals, every one opens. */
  secrets: string[];
}

/**
 * A refresh token as printable text, for a platform that keeps one (XChaCha20-Poly1305). It opens for the same
 * account and mode only.
 *
 * @example
 * ```ts
 * import { sealRefreshToken } from "stripe-connect-oauth/server";
 *
 * export const toKeep = (refresh_token: string, account: string, secret: string): string =>
 *   sealRefreshToken(refresh_token, { account, livemode: true, secrets: [secret] });
 * ```
 *
 * @param refresh_token `rt_…`
 * @throws ConnectError when an argument is wrong
 */
export function sealRefreshToken(refresh_token: string, options: SealOptions): string;

/**
 * The refresh token that was sealed.
 *
 * @example
 * ```ts
 * import { openRefreshToken } from "stripe-connect-oauth/server";
 *
 * export const kept = (sealed: string, account: string, [newest, old]: [string, string]): string =>
 *   openRefreshToken(sealed, { account, livemode: true, secrets: [newest, old] });
 * ```
 *
 * @throws ConnectError when an argument is wrong, or `sealed` does not open: it was changed, or is of another
 * account, mode or secret
 */
export function openRefreshToken(sealed: string, options: SealOptions): string;

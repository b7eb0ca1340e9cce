import type { Capability, Flow, Rejection } from "./front.js";
import type { TypedStripeUser } from "./prefill.js";
import type { Account, AccountStatus, WebhookEvent } from "./server.js";
import type { Store } from "../stores/store.js";

type Prefill = TypedStripeUser | null | undefined;

export type ConnectOptions = ConnectSettings & (OneRedirectUri | SeveralRedirectUris);

export interface OneRedirectUri {
  /** The registered URL of the handler's callback; its path is `{prefix}/callback`. */
  redirect_uri: string;
  redirect_uris?: undefined;
}

export interface SeveralRedirectUris {
  redirect_uri?: undefined;
  /**
   * Several registered URLs of the handler's callback, each with a path that is the handler's alone. The first is the
   * default, `start` chooses another, and the callback is served on the path of each. Where they are of several
   * sites, a start comes back to its own.
   */
  redirect_uris: string[];
}

export interface ConnectSettings {
  /** The platform's `ca_…`. */
  client_id: string;
  /** The platform's `sk_…` or `rk_…`, from the environment. It decides the mode. */
  secret_key: string;
  /**
   * Random texts of at least 32 characters. The first seals flow cookies and confirmations, all open them. To rotate,
   * put the new one last; once every machine has it, first; and an hour after every machine has that, take the old one
   * away. One that is put first at once seals what the machines that wait for it can't open.
   */
  cookie_secrets: string[];
  /** Where claims, connections and events are kept. */
  store: Store;
  /** Who is signed in, from the request's own session; `null` for nobody. Use an id that never changes hands. */
  identify(request: Request): string | null | Promise<string | null>;
  /** What this start has of its own, beside the options. Asked once the request is known to be the user's own. */
  start?: ((request: Request, subject: string) => ConnectStart | undefined | Promise<ConnectStart | undefined>) | undefined;
  /**
   * What to fill in on Stripe's form for this user, as people typed it, unless `start` says it: it is put right where
   * that is certain, as by `cleanPrefill`, else left out. What was left out, and an error, is reported; the person goes
   * on.
   */
  prefill?: ((subject: string, request: Request) => Prefill | Promise<Prefill>) | undefined;
  /** Which of Stripe's flows connects accounts. Default `standard`. What is not the flow's is refused. */
  flow?: Flow | undefined;
  /** What to ask for. Absent, Stripe asks for `read_only`. In the `standard` flow, as the next two. */
  scope?: "read_write" | "read_only" | undefined;
  stripe_landing?: "login" | "register" | undefined;
  always_prompt?: boolean | undefined;
  /** In the `express` flow: what the account should be able to do. */
  suggested_capabilities?: Capability[] | undefined;
  /** In the `express` flow: what the account must be able to do, or its connection fails. */
  assert_capabilities?: ("transfers" | "card_payments")[] | undefined;
  /** In the `app` flow: the `chnlink_…` by which an app is tested outside its own account. */
  channel_link?: string | undefined;
  /** Where the routes begin. Default `/connect`. */
  prefix?: string | undefined;
  /** What people read on the handler's own pages and in the hints of its replies. Default: English. */
  language?: Language | undefined;
  /** The platform's name on the handler's own pages. Default: the language's word for it, such as *the site*. */
  platform_name?: string | undefined;
  /** Where people go afterwards: a path of this site. Default `/`. A start may give its own `return_to`. */
  return_to?: string | undefined;
  /**
   * Where people are told that an account was connected or disconnected. Default `page`: on a page of the handler's,
   * with a link to `return_to`. `return`: on yours. People go straight to `return_to` then, with the cookie
   * `__Host-stripe-connect-done` for two minutes: `connected`, `disconnected` or `forgotten`. No other site can set it.
   */
  when_done?: "page" | "return" | undefined;
  /**
   * Where people sign in: a path of this site, or an https URL. The handler's pages link to it, with the path to come
   * back to as `return_to`; after Stripe, that finishes the connection. Default: people are asked, without a link.
   */
  sign_in_url?: string | undefined;
  /** Paths of stylesheets for the handler's own pages. Default: a plain built-in style. */
  stylesheets?: string[] | undefined;
  /** How long a flow may take, in seconds: 1 to 3600, the default. */
  flow_lifetime?: number | undefined;
  /**
   * Whether pages begin and finish flows themselves (`beginConnect`, `completeConnect`): `/exchange` is served, where
   * they post what came back. Default: no, and the path is yours.
   */
  page_style?: boolean | undefined;
  /**
   * Whether signed-in users may have Standard accounts made in the platform's name: `/create` and `/onboard` are
   * served. Default: no.
   */
  deferred_accounts?: boolean | undefined;
  /**
   * The signing secrets of the Connect webhook endpoint, `whsec_…`: more than one while a rolled one is still
   * alive, in any order. Without them, `{prefix}/webhook` is not served.
   */
  webhook_secrets?: string[] | undefined;
  /**
   * Hears of each webhook event of the key's mode, after the handler's own clean-up: an account that took its
   * access away is no longer among the store's connections. When it rejects, Stripe is asked to send the event
   * again, for three days. It may hear of an event twice, when it took longer than a minute or the store failed
   * right after it. Events come out of order.
   */
  onEvent?: ((event: WebhookEvent) => void | Promise<void>) | undefined;
  /**
   * Random texts of at least 32 characters, kept elsewhere than the store, for a platform that needs refresh
   * tokens: a connection's `refresh_token` is then sealed with the first, and `openRefreshToken` of the server
   * entry opens it with all. They are rotated as `cookie_secrets` are, but the old one stays while a token lives that it
   * sealed. Default: none is kept; for Connect, the platform's own key does all of it.
   */
  refresh_token_secrets?: string[] | undefined;
  /** A stand-in for Stripe, for tests: an origin with https, or http on localhost. */
  connect_base?: string | undefined;
  /** How to reach Stripe. Default: the global `fetch`. */
  fetch?: typeof fetch | undefined;
  /**
   * Hears of problems behind a page a person saw, and with the outcome `started` of what the form was not filled in
   * with; no secret is in them. Default: `console.error`.
   */
  report?: ((problem: Problem) => void) | undefined;
}

/**
 * What one start has of its own; what is absent is as the options have it.
 *
 * @example
 * ```ts
 * import type { ConnectStart } from "stripe-connect-oauth/edge";
 *
 * const SELLERS = "https://shop.example/sellers/stripe";
 * const COURIERS = "https://shop.example/couriers/stripe";
 *
 * export const start = async (request: Request, subject: string): Promise<ConnectStart> => ({
 *   redirect_uri: subject.startsWith("courier-") ? COURIERS : SELLERS,
 *   stripe_landing: subject.endsWith("-with-stripe") ? "login" : "register",
 * });
 * ```
 */
export interface ConnectStart {
  /** Where Stripe sends the browser back: one of `redirect_uris`, character for character. */
  redirect_uri?: string | undefined;
  /** What to ask for. In the `standard` flow, as the next two. */
  scope?: "read_write" | "read_only" | undefined;
  /** `login` for someone who is known to have a Stripe account, `register` for who has none. */
  stripe_landing?: "login" | "register" | undefined;
  /** Whether Stripe asks again when the account is already connected. */
  always_prompt?: boolean | undefined;
  /** What to fill in on Stripe's form, as people typed it; `prefill` is not asked then. */
  stripe_user?: TypedStripeUser | undefined;
}

export interface Connect {
  /**
   * Answers at the path of each redirect URI, and `{prefix}/start`, `/connections`, `/account`, `/disconnect`, `/result/…`,
   * `/exchange` with `page_style`, `/webhook` with `webhook_secrets`, and `/create` and `/onboard` with `deferred_accounts`; resolves to
   * `undefined` for any other path, which is yours. Rejects only with an error of your own `identify` or `start`, or
   * with a ConnectError over what `start` gave.
   */
  fetch(request: Request, context?: RequestContext): Promise<Response | undefined>;
  /**
   * Ends all connections of a user, at Stripe and in the store: in the store alone where another user has connected the
   * same account, who keeps it. What fails stays connected, and is reported. Rejects as `fetch` does not: only with a
   * ConnectError over the subject.
   *
   * @example
   * const { outcome } = await connect.disconnectAll("user-1");
   * if (outcome !== "disconnected") console.error("Some are left: ask again later.");
   */
  disconnectAll(subject: string): Promise<Leaving>;
  /**
   * For a user who is deleted: as `disconnectAll`, and then deletes what the store keeps of them. While a connection is
   * left, nothing is deleted.
   *
   * @example
   * const { outcome, accounts } = await connect.erase("user-1");
   * for (const { account_id, outcome } of accounts) console.log(account_id, outcome);
   * if (outcome !== "disconnected") console.error("Something is left: ask again later.");
   */
  erase(subject: string): Promise<Leaving>;
}

/** What became of a user's connections. */
export interface Leaving {
  /** `disconnected` when all of it is done; else what stood in the way first. Asking again goes on from there. */
  outcome: Outcome;
  /**
   * Each account with how it ended: `disconnected` at Stripe, `forgotten` where another user has connected the same
   * one, or why it did not end.
   */
  accounts: { account_id: string; outcome: Outcome }[];
}

/** What a host hands over beside a request, such as Cloudflare's `ctx` or an event of an edge function. */
export interface RequestContext {
  /**
   * Keeps what is under way alive when the client goes away: what Stripe has done is then stored all the same. On
   * Cloudflare, on Vercel and in Next it is found without `context`, and Node, Deno and Bun end nothing early.
   */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** How a request ended. */
export type Outcome =
  | Rejection
  | "started"
  | "connected"
  | "denied"
  | "failed"
  | "config_mismatch"
  | "code_used"
  | "code_expired"
  | "capability_not_granted"
  | "refused"
  | "mode_mismatch"
  | "unknown"
  | "not_saved"
  | "store_unavailable"
  | "still_working"
  | "too_many"
  | "not_signed_in"
  | "cross_site"
  | "wrong_site"
  | "foreign"
  | "unconfirmed"
  | "disconnected"
  | "forgotten"
  | "not_connected"
  | "not_ours"
  | "controlled"
  | "not_disconnected"
  | "disconnect_unknown"
  | "disconnect_not_saved"
  | "revoked"
  | "unreachable"
  | "missing_permission"
  | "stripe_refused"
  | "stripe_unavailable"
  | "platform_not_ready"
  | "invalid_details"
  | "created"
  | "created_not_saved"
  | "received"
  | "webhook_rejected"
  | "event_in_progress"
  | "event_failed";

/** Something that went wrong behind a page a person saw. */
export interface Problem {
  /** What the person was told; `started` when nothing, and the person went on to Stripe. */
  outcome: Outcome;
  /** What a developer should know. No secret is in it. */
  detail: string;
}

/** A connection as its own subject may see it. */
export interface ConnectionView {
  /** The connected account's id, `acct_…`. */
  account_id: string;
  livemode: boolean;
  /** What was granted. */
  scope: "read_write" | "read_only" | "express" | "stripe_apps";
  /** Unix time in seconds. */
  connected_at: number;
  /** When it ended, in Unix time in seconds; absent while it is live. */
  disconnected_at?: number;
}

/** An account as its own subject may see it: as `retrieveAccount` gives it, without the e-mail address. */
export interface AccountView extends Omit<Account, "id" | "email"> {
  account_id: string;
  livemode: boolean;
}

/**
 * A connection in a list that was asked for with `?expand=account`: how its account is, or why that is not known. The ten
 * newest have it.
 */
export type ExpandedConnection = ConnectionView &
  (
    | { account: AccountView; outcome?: undefined }
    | ({ account: null } & Refusal)
    | { account?: undefined; outcome?: undefined }
  );

/** What the handler replies to a script where it did not do what was asked. */
export interface Refusal {
  outcome: Exclude<Outcome, "started" | "connected" | "disconnected" | "forgotten" | "created" | "received">;
  /** What happened and what to do, for the person. */
  hint: string;
  /** With `not_signed_in`, where the option of this name is set: it leads on to where the person came from. */
  sign_in_url?: string;
}

/** What the handler replies to a script, by the route under the prefix. */
export interface ConnectReplies {
  /** The connection is absent where an earlier request with this very callback has made it. */
  exchange: { outcome: "connected"; connection?: ConnectionView } | Refusal;
  connections: { connections: ExpandedConnection[]; disconnected: ConnectionView[]; outcome?: undefined } | Refusal;
  account: { account: AccountView; outcome?: undefined } | Refusal;
  /** As the next: to a request that accepts `application/json`. */
  disconnect:
    | {
        /** `forgotten` after `deauthorize=no`: here only, and for this person. */
        outcome: "disconnected" | "forgotten";
        /** For how many others who had connected the same account it has ended as well; absent for none. */
        others?: number;
      }
    | Refusal;
  /** `onboard` is the path that leads to Stripe's form. */
  create: { outcome: "created"; connection: ConnectionView; onboard: string } | Refusal;
}

/**
 * The JSON of a reply, of one route or of any.
 *
 * @example
 * const reply: ConnectReply<"exchange"> = await response.json();
 * if (reply.outcome !== "connected") output.textContent = reply.hint;
 */
export type ConnectReply<Route extends keyof ConnectReplies = keyof ConnectReplies> = ConnectReplies[Route];

/** A text that belongs to no outcome and to no account's status. */
export type Phrase =
  | "button.label"
  | "page.back"
  | "platform.name"
  | "page.sign_in.label"
  | "page.sign_in.hint"
  | "page.waiting.hint"
  | "confirm.unproven.hint"
  | "confirm.disconnect.title"
  | "confirm.disconnect.hint"
  | "confirm.disconnect.label"
  | "confirm.others.hint"
  | "confirm.forget.hint"
  | "confirm.forget.label"
  | "confirm.create.title"
  | "confirm.create.hint"
  | "confirm.create.label"
  | "page_style.failed.hint"
  | "page_style.none.title"
  | "page_style.none.hint"
  | "page_style.not_signed_in.title"
  | "page_style.not_signed_in.hint"
  | "page_style.store_unavailable.title"
  | "page_style.store_unavailable.hint"
  | "page_style.still_working.hint"
  | "page_style.unknown.hint"
  | "page_style.broken.title"
  | "page_style.broken.hint";

/** The name of a text that a person reads. */
export type Text = `${Outcome}.title` | `${Outcome}.hint` | `account.${AccountStatus}.hint` | Phrase;

/**
 * What people read, in one language: texts by their names. `stripe-connect-oauth/languages/en` and `…/de` are whole
 * ones; what a language of your own leaves out is in English.
 *
 * @example
 * import de from "stripe-connect-oauth/languages/de";
 * const language = { ...de, "denied.hint": "Sie können Ihr Konto jederzeit verbinden." };
 */
export type Language = {
  /** Its tag, such as `de` or `pt-BR`: HTML's `lang`. Default `en`. */
  lang?: string | undefined;
  /** The way it is written: HTML's `dir`. Default `ltr`. */
  dir?: "ltr" | "rtl" | undefined;
} & { [text in Text]?: string | undefined };

/**
 * The handler for the whole life of a connection.
 *
 * @example
 * ```ts
 * import { createConnect } from "stripe-connect-oauth/edge";
 * import { memoryStore } from "stripe-connect-oauth/stores/memory";
 *
 * const connect = createConnect({
 *   client_id: "ca_123",
 *   secret_key: process.env.STRIPE_SECRET_KEY ?? "",
 *   redirect_uri: "https://shop.example/connect/callback",
 *   cookie_secrets: [process.env.COOKIE_SECRET ?? ""],
 *   store: memoryStore(),
 *   identify: async (request) => (await session(request))?.user ?? null,
 * });
 *
 * declare function session(request: Request): Promise<{ user: string } | undefined>; // the platform's own
 *
 * export async function handle(request: Request): Promise<Response> {
 *   return (await connect.fetch(request)) ?? new Response("the platform's own page");
 * }
 * ```
 *
 * @throws ConnectError when an option is wrong
 */
export function createConnect(options: ConnectOptions): Connect;

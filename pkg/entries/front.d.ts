/** Which of Stripe's flows connects the account. Express is closed to new platforms. */
export type Flow = "standard" | "express" | "app";

/** `stripe_user[…]` in the Standard and in the Express flow. */
interface AnyStripeUser {
  email?: string | undefined;
  /** Website or public profile, with `http://` or `https://`. */
  url?: string | undefined;
  /** Two capital letters, ISO 3166-1. */
  country?: string | undefined;
  /** 10 digits and nothing else. Needs `country`. */
  phone_number?: string | undefined;
  /** The legal name. */
  business_name?: string | undefined;
  first_name?: string | undefined;
  last_name?: string | undefined;
  /** 1 to 31. The date of birth stands as a whole or not at all. */
  dob_day?: number | string | undefined;
  /** 1 to 12. */
  dob_month?: number | string | undefined;
  /** 1901 to 9999. */
  dob_year?: number | string | undefined;
  product_description?: string | undefined;
  /** The names in kana and kanji, and `gender`, need the `country` `JP`. */
  first_name_kana?: string | undefined;
  first_name_kanji?: string | undefined;
  last_name_kana?: string | undefined;
  last_name_kanji?: string | undefined;
  gender?: "male" | "female" | undefined;
}

/** `stripe_user[…]` in the Express flow. */
export interface ExpressStripeUser extends AnyStripeUser {
  business_type?: "individual" | "company" | undefined;
}

/**
 * The `stripe_user[…]` fields that fill in Stripe's form for a new account. Stripe ignores bad ones silently;
 * here they are refused.
 */
export interface StripeUser extends AnyStripeUser {
  business_type?: "sole_prop" | "corporation" | "non_profit" | "partnership" | "llc" | undefined;
  street_address?: string | undefined;
  /** Stripe advises to give `country` with it. */
  city?: string | undefined;
  /** Two capital letters, such as `NY` or `AB`. Needs `country`. */
  state?: string | undefined;
  /** The postal code. Stripe advises to give `country` with it. */
  zip?: string | undefined;
  /** Whether the business sells goods. */
  physical_product?: boolean | "true" | "false" | undefined;
  /** Three small letters, ISO 4217. Needs `country`. */
  currency?: string | undefined;
  /** These need the `country` `JP` and a Japanese postal code in `zip`. */
  block_kana?: string | undefined;
  block_kanji?: string | undefined;
  building_kana?: string | undefined;
  building_kanji?: string | undefined;
}

/** What every flow has. */
interface AnyParams {
  /** The platform's `ca_…`. */
  client_id: string;
  /** Where Stripe sends the browser back. Default: the first of `redirect_uris`, else the first registered. */
  redirect_uri?: string | undefined;
}

/** Parameters of the Standard flow, by Stripe's names (docs.stripe.com/connect/oauth-reference). */
export interface StandardParams extends AnyParams {
  /** What to ask for. Absent, Stripe asks for `read_only`. */
  scope?: "read_write" | "read_only" | undefined;
  response_type?: "code" | undefined;
  /** The page Stripe shows first. */
  stripe_landing?: "login" | "register" | undefined;
  /** Ask again when the account is already connected. */
  always_prompt?: boolean | undefined;
  stripe_user?: StripeUser | undefined;
}

export type Capability = "transfers" | "card_payments" | "tax_reporting_us_1099_k" | "tax_reporting_us_1099_misc";

/** Parameters of the Express flow (docs.stripe.com/connect/oauth-express-accounts). It has no scope. */
export interface ExpressParams extends AnyParams {
  response_type?: "code" | undefined;
  /** What the account should be able to do. */
  suggested_capabilities?: Capability[] | undefined;
  stripe_user?: ExpressStripeUser | undefined;
}

/** Parameters of Stripe Apps: no more than these (docs.stripe.com/stripe-apps/api-authentication/oauth). */
export interface AppParams extends AnyParams {}

/** What each flow takes. */
interface Params {
  standard: StandardParams;
  express: ExpressParams;
  app: AppParams;
}

/** Parameters of the authorize URL, by Stripe's names. What is not the flow's is refused. */
export type ConnectParams<F extends Flow = "standard"> = Params[F];

export type AuthorizeParams<F extends Flow = "standard"> = ConnectParams<F> & {
  /** From `newState()`, kept until the browser comes back. */
  state: string;
};

export interface UrlOptions<F extends Flow = Flow> {
  /** Default `standard`. */
  flow?: F | undefined;
  /** Whether real money moves; `true` requires https. The client id does not tell. */
  livemode?: boolean | undefined;
  /** The registered redirect URIs: `redirect_uri` must equal one, character for character. */
  redirect_uris?: string[] | undefined;
  /** In the `app` flow: the `chnlink_…` by which an app is tested outside its own account. */
  channel_link?: F extends "app" ? string | undefined : undefined;
  /** A stand-in for all of Stripe, for tests: an origin with https, or http on localhost. */
  connect_base?: string | undefined;
}

export interface BeginOptions<F extends Flow = Flow> extends UrlOptions<F> {
  /** The platform's signed-in user, for whom the flow is begun. */
  subject: string;
  /** How long the flow may take, in seconds: 1 to 3600, the default. */
  flow_lifetime?: number | undefined;
}

/** The person connected an account; the code can be exchanged, once. */
export interface Authorized {
  outcome: "authorized";
  code: string;
  scope?: "read_write" | "read_only";
}

/** The person said no. Unless `verified`, anyone could have made the link: touch nothing else. */
export interface Denied {
  outcome: "denied";
  verified: boolean;
  /** What to tell the person. */
  hint: string;
  /** `error_description` as the link had it. For logs; never show it. */
  untrusted_description?: string;
}

/** Stripe sent another error. */
export interface Failed {
  outcome: "failed";
  /** Stripe's code, such as `invalid_scope`. */
  error: string;
  hint: string;
  /** `error_description` as the link had it. For logs; never show it. */
  untrusted_description?: string;
}

/** Why a callback was refused. */
export type Rejection =
  | "state_mismatch"
  | "state_missing"
  | "duplicate_parameter"
  | "conflicting_parameters"
  | "malformed"
  | "too_long"
  | "unexpected_issuer"
  | "not_started"
  | "expired"
  | "another_subject"
  | "already_used";

/** The callback does not belong to this flow, or Stripe could not have written it. */
export interface Rejected {
  outcome: "rejected";
  reason: Rejection;
  hint: string;
}

/** No OAuth parameters: someone just opened the page. */
export interface None {
  outcome: "none";
  hint: string;
}

export type Callback = Authorized | Denied | Failed | Rejected | None;

/** What `/connect/exchange` (`page_style: true`) takes. */
export interface AuthorizedFlow extends Authorized {
  state: string;
  /** For whom the flow was begun. */
  subject: string;
}

/** How a flow ended that `beginConnect` began. */
export type Finished = AuthorizedFlow | Exclude<Callback, Authorized>;

/** Where the browser came back to: a URL or its query, a `URL`, a `Location`, a `URLSearchParams`. */
export type Address = string | { readonly href: string } | Query;

/** A `URLSearchParams`, also where no library declares one. */
interface Query {
  getAll(name: string): string[];
  sort(): void;
  toString(): string;
}

/**
 * The authorize URL. Throws `ConnectError` for anything Stripe would refuse or silently ignore.
 *
 * @example
 * ```ts
 * import { authorizeUrl, newState } from "stripe-connect-oauth";
 *
 * const state = newState(); // keep it until the browser comes back
 * const url = authorizeUrl({ client_id: "ca_123", state, scope: "read_write" });
 * const express = authorizeUrl(
 *   { client_id: "ca_123", state, suggested_capabilities: ["transfers"] },
 *   { flow: "express" },
 * );
 * ```
 */
export function authorizeUrl<F extends Flow = "standard">(params: AuthorizeParams<F>, options?: UrlOptions<F>): string;

/**
 * 256 random bits as 43 base64url characters. In a worker, call it inside a request.
 *
 * @example
 * ```ts
 * import { newState } from "stripe-connect-oauth";
 *
 * export const started = () => ({ state: newState(), at: Date.now() });
 * ```
 */
export function newState(): string;

/**
 * Reads the redirect back.
 *
 * @example
 * ```ts
 * import { parseCallback } from "stripe-connect-oauth";
 *
 * export function read(url: URL, state: string): string {
 *   const callback = parseCallback(url, { state });
 *   return callback.outcome === "authorized" ? `exchange ${callback.code}` : callback.hint;
 * }
 * ```
 *
 * @param input the URL, or its query beginning with `?`
 * @param options `state`: the one the flow began with
 */
export function parseCallback(input: Address, options: { state: string }): Callback;

/**
 * Begins a flow in the page: makes a state, keeps it with the subject in `sessionStorage` for
 * `flow_lifetime`, and returns the URL to navigate to.
 *
 * @example
 * ```ts
 * import { beginConnect } from "stripe-connect-oauth";
 *
 * document.querySelector<HTMLButtonElement>("#connect")!.onclick = () => {
 *   const { url } = beginConnect({ client_id: "ca_123", scope: "read_write" }, { subject: "user-42" });
 *   location.href = url;
 * };
 * ```
 */
export function beginConnect<F extends Flow = "standard">(
  params: ConnectParams<F>,
  options: BeginOptions<F>,
): { url: string; state: string };

/**
 * Finishes a flow in the page: reads the redirect (the page's own address by default, which it then
 * cleans), and checks it against what `beginConnect` kept. The same callback again has the same result, unless it was
 * a denial or a failure, which ends the flow. Another answer for a flow that gave a code is `already_used`: who went back
 * to Stripe's page after it had worked, and agreed or cancelled there, undoes nothing.
 *
 * Called again without an input, as React's strict mode does, it gives the very same object as long as the page
 * lives and the address holds no other answer, for the same `subject`.
 *
 * The address is cleaned whatever happened: also when it throws, over a mistake in the options, or because WebAssembly
 * or `sessionStorage` is blocked, where the flow can't be finished here.
 *
 * @example
 * ```ts
 * import { finishConnect } from "stripe-connect-oauth";
 *
 * const callback = finishConnect(undefined, { subject: "user-42" });
 * if (callback.outcome === "authorized") {
 *   const { code, state, subject } = callback;
 *   const headers = { "content-type": "application/json" };
 *   await fetch("/connect/exchange", { method: "POST", headers, body: JSON.stringify({ code, state, subject }) });
 * } else if (callback.outcome !== "none") {
 *   document.querySelector("output")!.textContent = callback.hint;
 * }
 * ```
 *
 * @param options `subject`: who is signed in now; another user can't finish the flow
 */
export function finishConnect(
  input?: Address,
  options?: { subject?: string | undefined },
): Finished;

export type ButtonOptions = {
  /** `blurple` (default), `slate` or `white`. */
  look?: "blurple" | "slate" | "white" | undefined;
  /** `official` (38 px, default) or `large` (48 px). */
  size?: "official" | "large" | undefined;
  /** The text in another language, with the word *Stripe* once, where the mark is drawn. */
  label?: string | undefined;
} & (
  | {
      /** A link to this http(s) URL or path. */
      href: string;
      action?: undefined;
    }
  | {
      /** A form that posts to this URL or path, such as `/connect/start?return_to=/payouts`. */
      action: string;
      href?: undefined;
    }
);

/**
 * The *Connect with Stripe* button as markup. It needs `stripe-connect-oauth/button.css` and no script.
 *
 * @example
 * ```ts
 * import { connectButton } from "stripe-connect-oauth";
 *
 * const form = connectButton({ action: "/connect/start?return_to=/payouts", look: "slate" });
 * const link = connectButton({ href: "/connect/start", label: "Mit Stripe verbinden" });
 * ```
 */
export function connectButton(options: ButtonOptions): string;

/** An input that was refused: which parameter, and what to do about it. */
export interface ConnectError extends Error {
  name: "ConnectError";
  code:
    | "missing_parameter"
    | "unknown_parameter"
    | "invalid_type"
    | "invalid_value"
    | "too_long"
    | "redirect_uri_not_allowed"
    | "wrong_credential"
    | "unverified_callback"
    | "storage_unavailable"
    | "wasm_unavailable";
  /** The parameter at fault, such as `redirect_uri` or `stripe_user[email]`. */
  param: string;
  /** With `wasm_unavailable`: what the host threw. */
  cause?: unknown;
}

/**
 * Whether an error is a `ConnectError`, of whichever realm.
 *
 * @example
 * ```ts
 * import { authorizeUrl, isConnectError, newState } from "stripe-connect-oauth";
 *
 * try {
 *   authorizeUrl({ client_id: "pk_test_123", state: newState() });
 * } catch (error) {
 *   if (!isConnectError(error)) throw error;
 *   console.error(error.code, error.param, error.message); // wrong_credential client_id …
 * }
 * ```
 */
export function isConnectError(error: unknown): error is ConnectError;

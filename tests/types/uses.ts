// Good uses compile; bad ones don't. Each `@ts-expect-error` is a mistake the types must catch: should one
// of them become valid, this file no longer compiles.
import {
  type Authorized,
  type Callback,
  type ConnectError,
  type ExpressStripeUser,
  type Rejected,
  authorizeUrl,
  beginConnect,
  connectButton,
  finishConnect,
  isConnectError,
  newState,
  parseCallback,
} from "stripe-connect-oauth";
import {
  type Connect,
  type ConnectOptions,
  type ConnectReply,
  type Language,
  type Outcome,
  type Problem,
  createConnect,
} from "stripe-connect-oauth/edge";
import de from "stripe-connect-oauth/languages/de";
import { cleanPrefill } from "stripe-connect-oauth/prefill";
import { type Sandbox, createSandbox } from "stripe-connect-oauth/sandbox";
import {
  type Account,
  type AccountLink,
  type Connected,
  type ConnectedWithTokens,
  type Deauthorized,
  type ExchangeError,
  type Refreshed,
  type StripeError,
  createAccount,
  createAccountLink,
  deauthorize,
  exchangeCode,
  refreshToken,
  retrieveAccount,
  stripeAccountHeaders,
} from "stripe-connect-oauth/server";
import { d1Store } from "stripe-connect-oauth/stores/d1";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { postgresStore } from "stripe-connect-oauth/stores/postgres";
import type { Claim, ClaimRecord, Connection, Store } from "stripe-connect-oauth/stores/store";

/** Compiles only when nothing is left over. */
function never(left: never): never {
  throw new Error(`unexpected ${String(left)}`);
}

// authorizeUrl

const state: string = newState();
const params = { client_id: "ca_123", state };
const url: string = authorizeUrl(params);
authorizeUrl(
  {
    ...params,
    redirect_uri: "https://shop.example/cb",
    response_type: "code",
    scope: "read_write",
    stripe_landing: "login",
    always_prompt: true,
    stripe_user: { email: "ada@example.com", url: "https://a.example", country: "GB", business_name: "A", first_name: "A", last_name: "L" },
  },
  { flow: "standard", livemode: false, redirect_uris: ["https://shop.example/cb"], connect_base: "http://localhost:12111" },
);

// @ts-expect-error no state
authorizeUrl({ client_id: "ca_123" });
// @ts-expect-error no client_id
authorizeUrl({ state });
// @ts-expect-error a parameter there is not
authorizeUrl({ ...params, clientId: "ca_123" });
// @ts-expect-error a scope there is not
authorizeUrl({ ...params, scope: "readwrite" });
// @ts-expect-error not a response type Stripe has
authorizeUrl({ ...params, response_type: "token" });
authorizeUrl({
  ...params,
  stripe_user: {
    country: "JP", zip: "150-0001", dob_day: 1, dob_month: "2", dob_year: 1985, physical_product: true, business_type: "llc",
    gender: "female", first_name_kana: "エイダ", block_kanji: "一番", phone_number: "4155552671", currency: "jpy",
  },
});
authorizeUrl({ ...params, stripe_user: { physical_product: "false" } }, { livemode: true });
authorizeUrl({ ...params, suggested_capabilities: ["transfers"], stripe_user: { business_type: "company" } }, { flow: "express" });
authorizeUrl(params, { flow: "app", channel_link: "chnlink_1" });
authorizeUrl({ ...params, redirect_uri: "https://shop.example/cb" }, { flow: "app" });
// @ts-expect-error a prefill field there is not
authorizeUrl({ ...params, stripe_user: { phone: "1" } });
// @ts-expect-error a field Stripe has no more
authorizeUrl({ ...params, stripe_user: { product_category: "software" } });
// @ts-expect-error a business type of the other flow
authorizeUrl({ ...params, stripe_user: { business_type: "company" } });
// @ts-expect-error a flow there is not
authorizeUrl(params, { flow: "custom" });
// @ts-expect-error the Express flow has no scope
authorizeUrl({ ...params, scope: "read_write" }, { flow: "express" });
// @ts-expect-error nor the fields that are for Standard accounts
authorizeUrl({ ...params, stripe_user: { zip: "1" } }, { flow: "express" });
// @ts-expect-error only the Express flow suggests capabilities
authorizeUrl({ ...params, suggested_capabilities: ["transfers"] });
// @ts-expect-error a capability there is not
authorizeUrl({ ...params, suggested_capabilities: ["transfer"] }, { flow: "express" });
// @ts-expect-error capabilities are asserted when the code is exchanged
authorizeUrl({ ...params, assert_capabilities: ["transfers"] }, { flow: "express" });
// @ts-expect-error an app has three parameters
authorizeUrl({ ...params, stripe_user: { email: "ada@example.com" } }, { flow: "app" });
// @ts-expect-error a channel link is an app's
authorizeUrl(params, { channel_link: "chnlink_1" });
// @ts-expect-error a text where a boolean belongs
authorizeUrl({ ...params, always_prompt: "true" });
// @ts-expect-error one text where a list belongs
authorizeUrl(params, { redirect_uris: "https://shop.example/cb" });
// @ts-expect-error a URL is no text
authorizeUrl({ ...params, redirect_uri: new URL("https://shop.example/cb") });
// @ts-expect-error the secret key is not for the front channel
authorizeUrl({ ...params, secret_key: "sk_test_123" });

// parseCallback

const callback: Callback = parseCallback("?code=ac_123", { state });
parseCallback(new URL("https://shop.example/cb"), { state });
parseCallback(new URLSearchParams(), { state });
parseCallback(location, { state });
// @ts-expect-error no state to hold it against
parseCallback("?code=ac_123");
// @ts-expect-error nor here
parseCallback("?code=ac_123", {});
// @ts-expect-error a state that was not kept
parseCallback("?code=ac_123", { state: sessionStorage.getItem("state") });
// @ts-expect-error a Request is no address
parseCallback(new Request("https://shop.example/cb"), { state });
// @ts-expect-error the code is there only once the outcome is known
callback.code;

/** Every outcome, and nothing more. */
function outcomes(callback: Callback): string {
  switch (callback.outcome) {
    case "authorized": {
      const scope: "read_write" | "read_only" | undefined = callback.scope;
      // @ts-expect-error an authorized callback has nothing to tell the person
      callback.hint;
      return callback.code + (scope ?? "");
    }
    case "denied": {
      const verified: boolean = callback.verified;
      // @ts-expect-error Stripe's words go by a name that says not to trust them
      callback.error_description;
      return `${callback.hint}${verified}${callback.untrusted_description ?? ""}`;
    }
    case "failed":
      return callback.error + callback.hint;
    case "rejected":
      return callback.reason + callback.hint;
    case "none":
      return callback.hint;
    default:
      return never(callback);
  }
}

/** A switch that leaves an outcome out is noticed. */
function incomplete(callback: Callback): string {
  switch (callback.outcome) {
    case "authorized":
      return callback.code;
    case "denied":
    case "failed":
    case "rejected":
      return callback.hint;
    default:
      // @ts-expect-error "none" is left
      return never(callback);
  }
}

/** Every reason, and nothing more. */
function reasons({ reason }: Rejected): number {
  switch (reason) {
    case "state_mismatch":
    case "state_missing":
    case "duplicate_parameter":
    case "conflicting_parameters":
    case "malformed":
    case "too_long":
    case "unexpected_issuer":
      return 1;
    case "not_started":
    case "expired":
    case "another_subject":
    case "already_used":
      return 2;
    default:
      return never(reason);
  }
}

// beginConnect, finishConnect

const begun: { url: string; state: string } = beginConnect({ client_id: "ca_123" }, { subject: "user-1", livemode: true });
const finished: Callback = finishConnect();
finishConnect(undefined, { subject: "user-1" });
finishConnect("?code=ac_123", {});
// @ts-expect-error a flow is begun for someone
beginConnect({ client_id: "ca_123" });
// @ts-expect-error the app flow has no scope
beginConnect({ client_id: "ca_123", scope: "read_write" }, { subject: "user-1", flow: "app" });
// @ts-expect-error for someone who is signed in
beginConnect({ client_id: "ca_123" }, { subject: null });
// @ts-expect-error beginConnect makes the state itself
beginConnect({ client_id: "ca_123", state }, { subject: "user-1" });
// @ts-expect-error finishConnect knows the state itself
finishConnect("?code=ac_123", { state });

// connectButton

const markup: string = connectButton({ href: url });
connectButton({ action: "/connect/start", look: "slate", size: "large", label: "Mit Stripe verbinden" });
// @ts-expect-error where to?
connectButton({});
// @ts-expect-error a link or a form
connectButton({ href: "/a", action: "/b" });
// @ts-expect-error a look Stripe does not have
connectButton({ href: "/a", look: "black" });
// @ts-expect-error an option there is not
connectButton({ action: "/a", fields: { return_to: "/" } });
// @ts-expect-error no attribute of one's own
connectButton({ href: "/a", onclick: "x()" });

// cleanPrefill

const profile: { email: string | null; website?: string; phone: bigint } = { email: null, phone: 1n };
const typed = cleanPrefill({ email: profile.email, url: profile.website, phone_number: profile.phone, country: 42 });
const names: string[] = typed.dropped;
authorizeUrl({ ...params, stripe_user: typed.stripe_user });
beginConnect({ client_id: "ca_123", stripe_user: cleanPrefill({}, { flow: "express" }).stripe_user }, { subject: "user-1", flow: "express" });
// @ts-expect-error a field there is not
cleanPrefill({ phone: "1" });
// @ts-expect-error the other flow's
const express: ExpressStripeUser = cleanPrefill({}, { flow: "standard" }).stripe_user;
// @ts-expect-error no flow
cleanPrefill({}, { flow: "custom" });

// ConnectError

function explain(error: unknown): string {
  if (!isConnectError(error)) return "";
  const known: ConnectError = error;
  switch (known.code) {
    case "missing_parameter":
    case "unknown_parameter":
    case "invalid_type":
    case "invalid_value":
    case "too_long":
    case "redirect_uri_not_allowed":
    case "wrong_credential":
    case "unverified_callback":
    case "storage_unavailable":
    case "wasm_unavailable":
      return `${known.name} ${known.param} ${known.message}`;
    default:
      return never(known.code);
  }
}

// exchangeCode

const options = { secret_key: "sk_test_123" };
async function exchange(callback: Callback): Promise<string> {
  if (callback.outcome !== "authorized") {
    // @ts-expect-error only an authorized callback has a code to exchange
    await exchangeCode(callback, options);
    return callback.hint;
  }
  const connected: Connected = await exchangeCode(callback, options);
  // @ts-expect-error no token is handed out
  connected.access_token;
  const { access_token }: ConnectedWithTokens = await exchangeCode(callback, { ...options, flow: "app", tokens: true });
  if (access_token) return access_token;
  return connected.stripe_user_id;
}
exchangeCode({} as Authorized, { ...options, connect_base: "http://localhost:1", fetch, signal: AbortSignal.timeout(1) });
// @ts-expect-error a code is no verified callback
exchangeCode("ac_123", options);
// @ts-expect-error nor is it in an object of one's own
exchangeCode({ code: "ac_123" }, options);
// @ts-expect-error the key is missing
exchangeCode({} as Authorized, {});
// @ts-expect-error no options
exchangeCode({} as Authorized);
// @ts-expect-error the client id is not used here
exchangeCode({} as Authorized, { ...options, client_id: "ca_123" });

exchangeCode({} as Authorized, { ...options, flow: "express", assert_capabilities: ["transfers"], refresh_token: true, timeout: 1000 });
// @ts-expect-error a capability that can't be asserted
exchangeCode({} as Authorized, { ...options, flow: "express", assert_capabilities: ["tax_reporting_us_1099_k"] });
// @ts-expect-error nothing is created
exchangeCode({} as Authorized, { ...options, idempotency_key: "user-1" });

function after({ code, status, problem }: ExchangeError): number {
  const known: number | undefined = status;
  const used: boolean = problem === "code_used";
  switch (code) {
    case "refused":
    case "unknown":
    case "unavailable":
    case "timed_out":
    case "aborted":
    case "mode_mismatch":
      return used ? 0 : (known ?? 0);
    default:
      return never(code);
  }
}

// The other calls of /server

async function more(): Promise<unknown[]> {
  const refreshed: Refreshed = await refreshToken("rt_1", { ...options, scope: "read_only" });
  const rolled: string = (await refreshToken("rt_1", { ...options, flow: "app", tokens: false })).refresh_token;
  // @ts-expect-error an app's answer may lack it
  const account_id: string = (await refreshToken("rt_1", { ...options, flow: "app" })).stripe_user_id;
  const done: Deauthorized = await deauthorize({ client_id: "ca_123", stripe_user_id: "acct_1" }, { ...options, signal: AbortSignal.timeout(1), timeout: 1 });
  const account: Account = await retrieveAccount("acct_1", { ...options, client_id: "ca_123" });
  const made: Account = await createAccount({ country: "FR", email: "ada@example.com" }, { ...options, idempotency_key: "user-1" });
  const link: AccountLink = await createAccountLink({ account: made.id, refresh_url: url, return_url: url }, options);
  const headers: HeadersInit = stripeAccountHeaders("acct_1", options);
  return [rolled, account_id, refreshed.access_token, done.already_disconnected, account.status, link.url, headers];
}
// @ts-expect-error the token is a text
refreshToken(42, options);
// @ts-expect-error the client id is missing
deauthorize({ stripe_user_id: "acct_1" }, options);
// @ts-expect-error nothing is created
retrieveAccount("acct_1", { ...options, idempotency_key: "user-1" });
// @ts-expect-error no account is there yet to be revoked
createAccount({ country: "FR", email: "ada@example.com" }, { ...options, client_id: "ca_123" });
// @ts-expect-error an account needs both
createAccount({ country: "FR" }, options);
// @ts-expect-error the type is standard
createAccount({ country: "FR", email: "ada@example.com", type: "custom" }, options);
// @ts-expect-error nobody waits for headers
stripeAccountHeaders("acct_1", { ...options, timeout: 1 });

function status(of: Account["status"]): boolean {
  switch (of) {
    case "active":
    case "information_due":
      return true;
    case "finish_onboarding":
    case "information_overdue":
    case "capabilities_needed":
    case "in_review":
    case "payouts_paused":
    case "charges_paused":
    case "paused":
    case "rejected":
    case "disabled":
      return false;
    default:
      return never(of);
  }
}

function why({ code, problem }: StripeError): boolean {
  const closed: boolean = problem === "accounts_v1_closed";
  switch (code) {
    case "platform_not_ready":
      return closed;
    case "revoked":
    case "unreachable":
    case "missing_permission":
    case "not_yours":
    case "controlled_account":
    case "mode_mismatch":
    case "refused":
      return false;
    case "unavailable":
    case "timed_out":
    case "aborted":
      return true;
    default:
      return never(code);
  }
}

// createConnect

const connectOptions: ConnectOptions = {
  client_id: "ca_123",
  secret_key: "sk_test_123",
  redirect_uri: "https://shop.example/connect/callback",
  cookie_secrets: ["a cookie secret of 32 characters"],
  store: memoryStore(),
  identify: (request) => request.headers.get("x-user"),
};
const connect: Connect = createConnect(connectOptions);
createConnect({
  ...connectOptions,
  identify: async () => "user-1",
  prefill: async (subject) => ({ email: `${subject}@example.com`, first_name: null }),
  report: ({ outcome, detail }) => void `${outcome}${detail}`,
  fetch: (input, init) => fetch(input, init),
  scope: "read_only",
  stripe_landing: "register",
  always_prompt: false,
  prefix: "/pay",
  platform_name: "Acme",
  return_to: "/",
  stylesheets: ["/style.css"],
  flow_lifetime: 600,
  deferred_accounts: true,
  webhook_secrets: ["whsec_123456789"],
  onEvent: async ({ id, type, account, data }) => void `${id}${type}${account ?? ""}${data.object.id}`,
  refresh_token_secrets: ["a refresh secret of 32 characters"],
});
createConnect({
  ...connectOptions,
  redirect_uri: undefined,
  redirect_uris: ["https://shop.example/sellers/stripe", "https://shop.example/couriers/stripe"],
  start: async (request, subject) => ({
    redirect_uri: request.headers.has("x-courier") ? "https://shop.example/couriers/stripe" : undefined,
    stripe_landing: subject ? "login" : "register",
    scope: "read_only",
    always_prompt: true,
    stripe_user: { email: `${subject}@example.com` },
  }),
});
createConnect({ ...connectOptions, start: () => undefined });
// @ts-expect-error one of redirect_uri and redirect_uris
createConnect({ ...connectOptions, redirect_uris: ["https://shop.example/connect/callback"] });
// @ts-expect-error a start has no client_id of its own
createConnect({ ...connectOptions, start: () => ({ client_id: "ca_123" }) });
connect.fetch(new Request("https://shop.example/"), { waitUntil: (work: Promise<unknown>) => void work.finally() });
// @ts-expect-error one secret where a list belongs
createConnect({ ...connectOptions, webhook_secrets: "whsec_123456789" });
// @ts-expect-error the account that was disconnected is at the top of the event
createConnect({ ...connectOptions, onEvent: (event) => event.type === "account.application.deauthorized" && event.data.account.length });
createConnect({
  ...connectOptions,
  flow: "express",
  suggested_capabilities: ["card_payments"],
  assert_capabilities: ["card_payments"],
  prefill: () => ({ business_type: "company", country: "US" }),
});
createConnect({ ...connectOptions, flow: "app", channel_link: "chnlink_1" });

/** It slips into any router. */
async function router(request: Request): Promise<Response> {
  return (await connect.fetch(request)) ?? new Response("Not found", { status: 404 });
}
// @ts-expect-error `undefined` is an answer too
const always: Promise<Response> = connect.fetch(new Request("https://shop.example/"));

{
  const { identify, ...without } = connectOptions;
  // @ts-expect-error who is signed in?
  createConnect(without);
}
{
  const { store, ...without } = connectOptions;
  // @ts-expect-error where are claims kept?
  createConnect(without);
}
// @ts-expect-error one secret where a list belongs
createConnect({ ...connectOptions, cookie_secrets: "a cookie secret of 32 characters" });
// @ts-expect-error a subject is a text
createConnect({ ...connectOptions, identify: () => 42 });
// @ts-expect-error a prefill field there is not
createConnect({ ...connectOptions, prefill: () => ({ phone: "1" }) });
// @ts-expect-error an option there is not
createConnect({ ...connectOptions, secretKey: "sk_test_123" });

// Stores

const own: Store = {
  claim: async (claim: Claim): Promise<ClaimRecord | null> => ({ ...claim, outcome: null }),
  claimed: async (flow: string) => null,
  settle: async (flow: string, outcome: string, connection: Connection | null) => {},
  connections: async (subject: string) => [],
  disconnected: async (subject: string) => [],
  disconnect: async (account_id: string, livemode: boolean, at: number) => {},
  beginEvent: async (id: string, now: number) => "new",
  finishEvent: async (id: string) => {},
};
createConnect({ ...connectOptions, store: own });
// @ts-expect-error a store has more methods
createConnect({ ...connectOptions, store: { claim: own.claim } });

/** What `wrangler types` declares of a D1 database, as far as it matters. */
declare const DB: {
  prepare(query: string): D1PreparedStatement;
  batch<T = unknown>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]>;
  exec(query: string): Promise<unknown>;
};
declare abstract class D1PreparedStatement {
  bind(...values: unknown[]): D1PreparedStatement;
  first<T = unknown>(colName: string): Promise<T | null>;
  first<T = Record<string, unknown>>(): Promise<T | null>;
  run<T = Record<string, unknown>>(): Promise<D1Result<T>>;
  all<T = Record<string, unknown>>(): Promise<D1Result<T>>;
}
type D1Result<T> = { success: true; results: T[] };
const kept: Store = d1Store(DB);
/** What `@types/pg` declares of a pool, as far as it matters. */
declare const pool: {
  query<R extends Record<string, unknown> = any>(text: string, values?: any[]): Promise<{ rows: R[]; rowCount: number | null }>;
};
const inPostgres: Store = postgresStore(pool);
// @ts-expect-error a connection string is no client
postgresStore("postgres://localhost");
// @ts-expect-error a name is no database
d1Store("DB");

// createSandbox

const sandbox: Sandbox = createSandbox();
createSandbox({ name: "Acme", redirect_uris: ["http://localhost/cb"], livemode: true, secret_keys: ["sk_live_1"], now: () => 0, random: (bytes) => bytes.fill(1) });
const answer: Promise<Response> = sandbox.fetch(new Request("http://localhost/"));
createSandbox({
  live_client_id: "ca_live",
  flows: ["app"],
  seed: "a",
  other_platforms: [{ client_id: "ca_other", secret_keys: ["sk_test_other"] }],
  accounts: [{ id: "acct_1", state: "in_review" }],
  faults: [{ fault: "reset_after", share: 0.1 }],
  webhook: { url: "http://localhost/hook", secret: "whsec_sandbox123", paused: true },
  fetch: globalThis.fetch,
});
const revoked: boolean[] = sandbox.control("ledger").map((connection) => connection.revoked);
const clock: number = sandbox.control("clock", { advance: 60 }).now;
sandbox.control("reset");
// @ts-expect-error a control there is not
sandbox.control("everything");
// @ts-expect-error a field this control has not
sandbox.control("clock", { fault: "500" });
// @ts-expect-error a fault there is not
sandbox.control("faults", { fault: "503" });
const delivered: Promise<{ event: string; status: number | null }[]> = sandbox.flush();
// @ts-expect-error the registration is read only
sandbox.platform.name = "x";
// @ts-expect-error an option there is not
createSandbox({ clientId: "ca_123" });
// @ts-expect-error another platform has an id and a key of its own
createSandbox({ other_platforms: [{ client_id: "ca_other" }] });

// What people read, and what scripts and developers hear

const inGerman: ConnectOptions = { ...connectOptions, language: { ...de, "denied.hint": "Schade." } };
const ownLanguage: Language = { lang: "ar", dir: "rtl", "connected.title": "…", "account.active.hint": "…", "button.label": "Stripe" };
const germanTitle: string = de["denied.title"];
// @ts-expect-error a text that is none
const misspelt: Language = { "deneid.title": "No" };
// @ts-expect-error no way to write
const upwards: Language = { dir: "up" };

async function exchanged(response: Response): Promise<string> {
  const reply: ConnectReply<"exchange"> = await response.json();
  if (reply.outcome === "connected") return reply.connection?.account_id ?? "";
  // @ts-expect-error a refusal has no connection
  reply.connection;
  const outcome: Outcome = reply.outcome;
  return `${outcome}: ${reply.hint}`;
}

async function listedAccounts(response: Response): Promise<string[]> {
  const reply: ConnectReply<"connections"> = await response.json();
  if (reply.outcome) return [reply.hint];
  return reply.connections.map(({ account_id, disconnected_at }) => `${account_id}${disconnected_at ?? ""}`);
}

async function statusOf(response: Response): Promise<string> {
  const reply: ConnectReply<"account"> = await response.json();
  return reply.outcome ? reply.hint : `${reply.account.status} ${reply.account.next_step}`;
}

const report = ({ outcome, detail }: Problem): string => (outcome === "not_saved" ? detail : "");
// @ts-expect-error an outcome that is none
const outcomeOfNone: Outcome = "conected";

export { exchanged, germanTitle, inGerman, listedAccounts, misspelt, outcomeOfNone, ownLanguage, report, statusOf, upwards, after, always, answer, begun, clock, delivered, exchange, explain, finished, incomplete, inPostgres, kept, markup, more, outcomes, reasons, revoked, router, status, why };

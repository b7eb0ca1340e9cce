// The edge entry, its stores and its languages against their types. Each `@ts-expect-error` is a mistake the types
// must catch.
import {
  type Connect,
  type ConnectOptions,
  type ConnectReply,
  type Language,
  type Leaving,
  type Outcome,
  type Problem,
  createConnect,
} from "stripe-connect-oauth/edge";
import de from "stripe-connect-oauth/languages/de";
import { adoptRows as adoptInD1, d1Store } from "stripe-connect-oauth/stores/d1";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { adoptRows as adoptInPostgres, postgresStore } from "stripe-connect-oauth/stores/postgres";
import type { Application, Claim, ClaimRecord, Connection, Store } from "stripe-connect-oauth/stores/store";

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
  page_style: true,
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
createConnect({ ...connectOptions, when_done: "return", sign_in_url: "/login" });
// @ts-expect-error it is said on a page or where people return to
createConnect({ ...connectOptions, when_done: "never" });
connect.disconnectAll("user-1").then(({ outcome, accounts }) => [outcome === "disconnected", accounts[0]?.account_id, accounts[0]?.outcome]);
connect.erase("user-1").then(({ outcome }: Leaving) => outcome satisfies Outcome);
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
  claim: async (application: Application, claim: Claim): Promise<ClaimRecord | null> => ({ ...claim, outcome: null }),
  claimed: async (application: Application, flow: string) => null,
  claimsSince: async (application: Application, subject: string, since: number) => 0,
  settle: async (application: Application, flow: string, outcome: string, connection: Connection | null) => {},
  connections: async ({ client_id, livemode }: Application, subject: string) => [],
  disconnected: async (application: Application, subject: string) => [],
  connectionsOf: async (application: Application, account_id: string) => [],
  disconnect: async (application: Application, account_id: string, at: number) => {},
  forget: async (application: Application, subject: string, account_id: string, at: number) => {},
  erase: async (application: Application, subject: string, before: number) => {},
  beginEvent: async (application: Application, id: string, now: number) => "new",
  finishEvent: async (application: Application, id: string) => {},
  releaseEvent: async (application: Application, id: string) => {},
};
createConnect({ ...connectOptions, store: own });
createConnect({ ...connectOptions, store: { ...own, check: async () => {} } });
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
const adopted: Promise<void>[] = [adoptInD1(DB, { client_id: "ca_123", livemode: true }), adoptInPostgres(pool, { client_id: "ca_123", livemode: true })];
// @ts-expect-error of which mode?
adoptInD1(DB, { client_id: "ca_123" });
// @ts-expect-error a connection string is no client
postgresStore("postgres://localhost");
// @ts-expect-error a name is no database
d1Store("DB");

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

/** Of a list with `?expand=account`. */
async function listedNames(response: Response): Promise<(string | null)[]> {
  const reply: ConnectReply<"connections"> = await response.json();
  if (reply.outcome) return [reply.hint];
  return reply.connections.map((connection) => {
    if (connection.account) return connection.account.display_name;
    return connection.outcome ? connection.hint : connection.account_id;
  });
}

async function statusOf(response: Response): Promise<string> {
  const reply: ConnectReply<"account"> = await response.json();
  return reply.outcome ? reply.hint : `${reply.account.status} ${reply.account.next_step}`;
}

const report = ({ outcome, detail }: Problem): string => (outcome === "not_saved" ? detail : "");
// @ts-expect-error an outcome that is none
const outcomeOfNone: Outcome = "conected";

export { always, exchanged, germanTitle, inGerman, inPostgres, kept, listedAccounts, listedNames, misspelt };
export { outcomeOfNone, ownLanguage, report, router, statusOf, upwards };

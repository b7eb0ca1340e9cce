// A worker that uses all of it, with no document: the README's, and a server of one's own.
import { type Callback, authorizeUrl, connectButton, isConnectError, newState, parseCallback } from "stripe-connect-oauth";
import { type ConnectOptions, type Outcome, createConnect } from "stripe-connect-oauth/edge";
import de from "stripe-connect-oauth/languages/de";
import { cleanPrefill } from "stripe-connect-oauth/prefill";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { type Account, exchangeCode, openRefreshToken, retrieveAccount, verifyWebhook } from "stripe-connect-oauth/server";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import type { Store } from "stripe-connect-oauth/stores/store";
import { provideModules } from "stripe-connect-oauth/wasm";

declare const env: { SECRET_KEY: string; COOKIE_SECRET: string; ORIGIN: string; CONNECT_BASE?: string };

const store: Store = memoryStore();
export const options: ConnectOptions = {
  client_id: "ca_123",
  secret_key: env.SECRET_KEY,
  redirect_uri: `${env.ORIGIN}/connect/callback`,
  cookie_secrets: [env.COOKIE_SECRET],
  connect_base: env.CONNECT_BASE,
  language: { ...de, "denied.hint": "…" },
  store,
  identify: (request) => request.headers.get("x-user"),
  prefill: async (subject, request) => ({ email: `${subject}@example.com`, url: request.url }),
  onEvent: async (event) => void event.account,
  report: ({ outcome, detail }) => void ((outcome satisfies Outcome) + detail),
};
const connect = createConnect(options);
export default {
  fetch: async (request: Request): Promise<Response> => (await connect.fetch(request)) ?? new Response(connectButton({ action: "/connect/start" })),
};

const { stripe_user, dropped } = cleanPrefill({ email: " ada@example.com", country: "gb" });
export const url: string = authorizeUrl({ client_id: "ca_123", state: newState(), scope: "read_write", stripe_user });
export const fields: string[] = dropped;

/** Every way that a callback ends. */
export function hint(callback: Callback): string {
  switch (callback.outcome) {
    case "authorized":
      return callback.code;
    case "denied":
    case "failed":
      return callback.hint;
    case "rejected":
      return `${callback.reason} ${callback.hint}`;
    case "none":
      return callback.hint;
    default:
      return callback satisfies never;
  }
}

export async function own(request: Request, state: string): Promise<Account | undefined> {
  try {
    const callback = parseCallback(new URL(request.url), { state });
    if (callback.outcome !== "authorized") return undefined;
    const { stripe_user_id } = await exchangeCode(callback, { secret_key: env.SECRET_KEY, timeout: 5000 });
    return await retrieveAccount(stripe_user_id, { secret_key: env.SECRET_KEY });
  } catch (error) {
    if (isConnectError(error)) console.log(error.code, error.param);
    throw error;
  }
}

export async function webhook(request: Request): Promise<boolean> {
  const event = verifyWebhook(await request.text(), request.headers.get("stripe-signature"), "whsec_123");
  return event.type === "account.application.deauthorized" && event.data.object.id === "ca_123";
}

export const opened: string = openRefreshToken("", { account: "acct_1", livemode: false, secrets: [env.COOKIE_SECRET] });
export const sandbox = createSandbox({ redirect_uris: ["https://shop.example/connect/callback"] });
export const answered: Promise<Response> = sandbox.fetch(new Request("https://stripe.example/oauth/authorize"));
provideModules({ front: undefined, server: {} });

// What is wrong is found.
// @ts-expect-error there is no such scope
authorizeUrl({ client_id: "ca_123", state: newState(), scope: "everything" });
// @ts-expect-error a store is needed
createConnect({ client_id: "ca_123", secret_key: "", redirect_uri: "", cookie_secrets: [], identify: () => null });

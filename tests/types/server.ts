// The server entry's exchange and its other calls against their types. Each `@ts-expect-error` is a mistake the types
// must catch.
import type { Authorized, Callback } from "stripe-connect-oauth";
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

/** Compiles only when nothing is left over. */
declare function never(left: never): never;
declare const url: string;

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
    case "restricted":
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

export { after, exchange, more, status, why };

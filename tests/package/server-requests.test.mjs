// What the server entry's calls send, and what they resolve to.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { authorizeUrl, newState, parseCallback } from "stripe-connect-oauth";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { exchangeCode, refreshToken, stripeAccountHeaders } from "stripe-connect-oauth/server";
import { CALLS, GONE, KEY, account, answering, listening, token } from "./calls.mjs";
import { CALLBACK, verified } from "./refusals.mjs";
import { consent, fetchOf, rejection } from "./support.mjs";

/** The one request a call sends to Stripe itself, its form decoded. */
async function sent(run, answer, options = {}) {
  const fetch = answering(200, JSON.stringify(answer));
  const result = await run({ secret_key: "sk_test_123", fetch, ...options });
  assert.equal(fetch.calls.length, 1);
  const [{ url, method, headers, body, redirect, signal }] = fetch.calls;
  assert.equal(redirect, "manual");
  assert.ok(signal instanceof AbortSignal);
  const named = Object.fromEntries(headers);
  assert.equal(named.authorization, "Bearer sk_test_123");
  assert.equal(named["stripe-version"], "2026-10-28.endive");
  assert.equal(named["content-type"], method === "POST" ? "application/x-www-form-urlencoded" : undefined);
  return { url, method, headers: named, form: body && Object.fromEntries(new URLSearchParams(body)), result };
}

test("attack 15: each call goes to its own place at Stripe, and nowhere else", async () => {
  for (const [name, { run, path, answer }] of Object.entries(CALLS)) {
    const host = path.startsWith("/v1/") ? "https://api.stripe.com" : "https://connect.stripe.com";
    const { url, method } = await sent(run, answer);
    assert.deepEqual([url, method], [host + path, name === "retrieveAccount" ? "GET" : "POST"], name);
    assert.equal((await sent(run, answer, { connect_base: "http://localhost:1" })).url, `http://localhost:1${path}`, name);
  }
});

test("an exchange may assert capabilities in the Express flow, and be an app's", async () => {
  const express = await sent((options) => exchangeCode(verified(), { ...options, flow: "express", assert_capabilities: ["transfers", "card_payments"] }), {
    ...token,
    scope: "express",
    capabilities: "transfers",
  });
  assert.deepEqual(express.form, {
    grant_type: "authorization_code",
    code: "ac_123",
    "assert_capabilities[0]": "transfers",
    "assert_capabilities[1]": "card_payments",
  });
  assert.deepEqual(express.result, { stripe_user_id: "acct_1", livemode: false, scope: "express", capabilities: ["transfers"] });
  const app = await sent((options) => exchangeCode(verified(), { ...options, flow: "app" }), { ...token, scope: "stripe_apps" });
  assert.equal(app.url, "https://api.stripe.com/v1/oauth/token");
  assert.equal(app.result.scope, "stripe_apps");
});

test("the refresh token crosses only when it is asked for, and no other token does", async () => {
  const answer = { ...token, access_token: "sk_test_canary", refresh_token: "rt_2", stripe_publishable_key: "pk_test_1" };
  for (const refresh_token of [undefined, false]) {
    const { result } = await sent((options) => exchangeCode(verified(), { ...options, refresh_token }), answer);
    assert.deepEqual(result, token);
  }
  const { result } = await sent((options) => exchangeCode(verified(), { ...options, refresh_token: true }), answer);
  assert.deepEqual(result, { ...token, refresh_token: "rt_2" });
  const without = await sent((options) => exchangeCode(verified(), { ...options, refresh_token: true }), token);
  assert.deepEqual(without.result, token);
});

test("an exchange hands out all of its tokens when they are asked for", async () => {
  const tokens = { access_token: "sk_test_canary", refresh_token: "rt_2", stripe_publishable_key: "pk_test_1" };
  const exchange = async (options, answer) => (await sent((given) => exchangeCode(verified(), { ...given, ...options }), answer)).result;
  assert.deepEqual(await exchange({ tokens: true }, { ...token, ...tokens }), { ...token, ...tokens });
  assert.deepEqual(await exchange({ tokens: true, refresh_token: false }, { ...token, ...tokens }), { ...token, ...tokens });
  assert.deepEqual(await exchange({ tokens: false, refresh_token: true }, { ...token, ...tokens }), { ...token, refresh_token: "rt_2" });
  assert.deepEqual(await exchange({ tokens: false }, { ...token, ...tokens }), token);
  assert.deepEqual(await exchange({ tokens: true }, token), token, "what Stripe leaves out is left out");
});

test("an app's one-hour token comes with its exchange, works, and a refresh replaces both", async () => {
  let now = 1_700_000_000_000;
  const sandbox = createSandbox({ redirect_uris: [CALLBACK], flows: ["app"], now: () => now });
  const state = newState();
  const url = authorizeUrl({ client_id: "ca_sandbox123", state }, { flow: "app", connect_base: "https://stripe.example" });
  const callback = parseCallback(await consent(sandbox, url), { state });
  const options = { secret_key: KEY, fetch: fetchOf(sandbox), flow: "app" };
  const connected = await exchangeCode(callback, { ...options, tokens: true });
  assert.equal(connected.scope, "stripe_apps");
  const balance = async ({ access_token }) =>
    (await sandbox.fetch(new Request("https://stripe.example/v1/balance", { headers: { authorization: `Bearer ${access_token}` } }))).status;
  assert.equal(await balance(connected), 200);
  now += 3_601_000;
  assert.equal(await balance(connected), 401);
  const refreshed = await refreshToken(connected.refresh_token, options);
  assert.equal(await balance(refreshed), 200);
  assert.notEqual(refreshed.refresh_token, connected.refresh_token);
});

test("a refresh gives its tokens unless told not to, and the refresh token all the same", async () => {
  const answer = { ...token, access_token: "sk_test_2", refresh_token: "rt_2", stripe_publishable_key: "pk_test_1" };
  for (const flow of ["standard", "app"]) {
    for (const [tokens, expected] of [[undefined, answer], [true, answer], [false, { ...token, refresh_token: "rt_2" }]]) {
      const { result } = await sent((options) => refreshToken("rt_1", { ...options, flow, tokens }), answer);
      assert.deepEqual(result, expected, `${flow} ${tokens}`);
    }
  }
});

test("an app's new refresh token is kept, whatever else of the answer is missing or odd", async () => {
  const app = async (answer) => (await sent((options) => refreshToken("rt_1", { ...options, flow: "app" }), answer)).result;
  const named = { access_token: "sk_x", livemode: false, refresh_token: "rt_new", scope: "stripe_apps", stripe_publishable_key: "pk_x", token_type: "bearer" };
  const { token_type, ...kept } = named;
  assert.deepEqual(await app({ ...named, account_id: "acct_1" }), { ...kept, stripe_user_id: "acct_1" });
  assert.deepEqual(await app({ ...named, livemode: true }), { ...kept, livemode: true });
  assert.deepEqual(await app({ refresh_token: "rt_new", scope: "everything", stripe_user_id: 7 }), { refresh_token: "rt_new" });
  const error = await rejection(sent((options) => refreshToken("rt_1", { ...options, flow: "app" }), { access_token: "sk_test_canary" }));
  assert.equal(error.code, "unknown");
  assert.match(error.message, /^Stripe answered 200 and refresh_token is missing or odd/);
});

test("a refresh gives tokens, of a narrower scope when asked", async () => {
  const answer = { ...token, scope: "read_only", access_token: "sk_test_2", refresh_token: "rt_2", stripe_publishable_key: "pk_test_1", token_type: "bearer" };
  const { form, result } = await sent((options) => refreshToken("rt_1", { ...options, scope: "read_only" }), answer);
  assert.deepEqual(form, { grant_type: "refresh_token", refresh_token: "rt_1", scope: "read_only" });
  const { token_type, ...expected } = answer;
  assert.deepEqual(result, expected);
  const bare = await sent((options) => refreshToken("rt_1", options), token);
  assert.deepEqual([bare.form, bare.result], [{ grant_type: "refresh_token", refresh_token: "rt_1" }, token]);
});

test("a refresh with the other mode's key gives that mode's token, and an answer of another mode is none", async () => {
  const fetch = answering(200, JSON.stringify({ ...token, livemode: true }));
  assert.equal((await refreshToken("rt_1", { secret_key: "sk_live_1", fetch })).livemode, true);
  const error = await rejection(refreshToken("rt_1", { secret_key: "sk_test_1", fetch }));
  assert.deepEqual([error.name, error.code, error.problem], ["ExchangeError", "mode_mismatch", undefined]);
});

test("a deauthorization is done, or was already", async () => {
  const { run, answer } = CALLS.deauthorize;
  const { form, result } = await sent(run, answer);
  assert.deepEqual(form, { client_id: "ca_1", stripe_user_id: "acct_1" });
  assert.deepEqual(result, { stripe_user_id: "acct_1", already_disconnected: false });
  const fetch = answering(401, GONE);
  assert.deepEqual(await run({ secret_key: KEY, fetch }), { stripe_user_id: "acct_1", already_disconnected: true });
});

test("an account has Stripe's fields, a status, the next step and a hint", async () => {
  const requirements = {
    currently_due: ["individual.id_number"],
    past_due: [],
    eventually_due: ["external_account"],
    pending_verification: [],
    errors: [{ code: "invalid_value_other", reason: "It can’t be this.", requirement: "individual.id_number" }],
    current_deadline: 1_700_000_000,
    disabled_reason: "requirements.past_due",
  };
  const told = { country: "FR", email: "ada@example.com", default_currency: "eur", capabilities: { transfers: "active", card_payments: "a_new_word" } };
  const none = { currently_due: [], past_due: [], eventually_due: [], pending_verification: [], errors: [], current_deadline: null, disabled_reason: null };
  const answer = { ...account, ...told, payouts_enabled: false, requirements: { ...requirements, alternatives: [] } };
  const { result } = await sent(CALLS.retrieveAccount.run, { ...answer, settings: { dashboard: { display_name: "Ada’s Apples" } } });
  const { object, ...fields } = answer;
  assert.deepEqual(result, {
    ...fields,
    display_name: "Ada’s Apples",
    requirements,
    future_requirements: none,
    status: "information_overdue",
    next_step: "give_information",
    hint: "Stripe has limited your account until it gets some information. Please give it to Stripe.",
  });
  const bare = await sent(CALLS.retrieveAccount.run, account);
  const { country, email, display_name, default_currency } = bare.result;
  assert.deepEqual([country, email, display_name, default_currency], [null, null, null, null]);
  assert.deepEqual([bare.result.requirements, bare.result.capabilities], [none, {}]);
  assert.deepEqual([bare.result.status, bare.result.next_step], ["active", "nothing"]);
});

test("a Standard account is made from a country and an email, and its link is for onboarding", async () => {
  const made = await sent(CALLS.createAccount.run, { ...account, charges_enabled: false, payouts_enabled: false, details_submitted: false }, { idempotency_key: "user-1" });
  assert.deepEqual(made.form, { type: "standard", country: "FR", email: "ada@example.com" });
  assert.equal(made.headers["idempotency-key"], "user-1");
  assert.deepEqual([made.result.id, made.result.status], ["acct_1", "finish_onboarding"]);

  const link = await sent(CALLS.createAccountLink.run, { object: "account_link", created: 1, ...CALLS.createAccountLink.answer });
  assert.deepEqual(link.form, {
    account: "acct_1",
    refresh_url: "https://shop.example/again",
    return_url: "https://shop.example/back",
    type: "account_onboarding",
  });
  assert.deepEqual(link.result, { url: "https://connect.stripe.com/setup/s/1", expires_at: 1_700_000_300 });
});

test("a call on behalf of an account carries the platform's key and the account", async (t) => {
  const headers = stripeAccountHeaders("acct_1", { secret_key: "sk_test_123" });
  assert.deepEqual(headers, { authorization: "Bearer sk_test_123", "stripe-account": "acct_1" });
  const { seen, origin } = await listening(t, 200);
  await fetch(`${origin}/v1/balance`, { headers });
  assert.equal(seen[0].headers["stripe-account"], "acct_1");
  assert.equal(seen[0].headers.authorization, "Bearer sk_test_123");
});

test("the code of docs/server.md runs as written", async (t) => {
  const readme = readFileSync(new URL("../../docs/server.md", import.meta.url), "utf8");
  const [, code] = /```js\n(\/\/ server\.js\n[^]*?)```/.exec(readme);
  const file = new URL("readme-server.tmp.mjs", import.meta.url);
  writeFileSync(file, code);
  t.after(() => rmSync(file));
  Object.assign(process.env, { CLIENT_ID: "ca_1", SECRET_KEY: KEY });
  const { status, disconnect, balance } = await import(file.href);
  const asked = [];
  const revoked = [403, { error: { code: "account_invalid" } }];
  const doubt = (error_description) => [401, { error: "invalid_client", error_description }];
  const replies = [
    [200, account],
    ...[revoked, doubt("No such application: ca_1")],
    ...[revoked, doubt("This application is not connected to stripe account acct_made_up, or that account does not exist.")],
    ...[[200, { stripe_user_id: "acct_1" }], [200, {}]],
  ];
  t.mock.method(globalThis, "fetch", async (url) => {
    asked.push(new URL(url).pathname);
    const [status, body] = replies.shift();
    return Response.json(body, { status });
  });
  assert.equal(await status("acct_1"), "active");
  assert.equal((await rejection(status("acct_1"))).code, "unreachable");
  assert.equal(await status("acct_1"), "disconnected");
  assert.equal((await disconnect("acct_1")).already_disconnected, false);
  assert.equal((await balance("acct_1")).status, 200);
  assert.deepEqual(asked, ["/v1/accounts/acct_1", ...Array(2).fill(["/v1/accounts/acct_1", "/oauth/deauthorize"]).flat(), "/oauth/deauthorize", "/v1/balance"]);
});

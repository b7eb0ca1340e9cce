// The server entry: a verified callback's code is exchanged, once; the other calls say what Stripe said, and
// are sent again only where that does no harm.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { getEventListeners, once } from "node:events";
import { test } from "node:test";
import { authorizeUrl, newState, parseCallback } from "stripe-connect-oauth";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import {
  createAccount,
  createAccountLink,
  deauthorize,
  exchangeCode,
  refreshToken,
  retrieveAccount,
  stripeAccountHeaders,
} from "stripe-connect-oauth/server";
import { CALLBACK, EXCHANGE_FAILURES, NO_ANSWER, verified } from "./refusals.mjs";
import { consent, fetchOf, rejection } from "./support.mjs";

const KEY = "sk_test_sandbox123";

/** A person who consented at a sandbox of their own: the verified callback, and the way to Stripe. */
async function consented(options = {}) {
  const sandbox = createSandbox({ redirect_uris: [CALLBACK], ...options });
  const state = newState();
  const url = authorizeUrl({ client_id: "ca_sandbox123", state, scope: "read_write" }, { connect_base: "https://stripe.example" });
  const callback = parseCallback(await consent(sandbox, url), { state });
  assert.equal(callback.outcome, "authorized");
  const fetch = fetchOf(sandbox);
  return { sandbox, callback, fetch, options: { secret_key: KEY, fetch } };
}

/** A `fetch` that gives one answer, and counts. */
function answering(status, body, headers = { "request-id": "req_1" }) {
  const fetch = async (url, init) => {
    fetch.calls.push({ url, ...init });
    return new Response(body || null, { status, headers });
  };
  fetch.calls = [];
  return fetch;
}

const fields = (error) =>
  Object.fromEntries(Object.keys(NO_ANSWER).map((name) => [name, error[name]]));

test("a verified callback becomes a connected account: id, mode and scope, and no token", async () => {
  const { sandbox, callback, options } = await consented();
  const connected = await exchangeCode(callback, options);
  assert.deepEqual(Object.keys(connected).sort(), ["livemode", "scope", "stripe_user_id"]);
  assert.match(connected.stripe_user_id, /^acct_\w+$/);
  assert.deepEqual([connected.livemode, connected.scope], [false, "read_write"]);

  const ledger = await (await sandbox.fetch(new Request("https://stripe.example/_sandbox/ledger"))).text();
  assert.ok(ledger.includes(connected.stripe_user_id));
});

test("one request goes out: a POST with the key as bearer, the code in the body, redirects refused", async () => {
  const fetch = answering(200, JSON.stringify({ stripe_user_id: "acct_1", livemode: false, scope: "read_only" }));
  await exchangeCode(verified(), { secret_key: "rk_test_abc", fetch });
  assert.equal(fetch.calls.length, 1);
  const [{ url, method, headers, body, redirect, signal }] = fetch.calls;
  assert.equal(url, "https://connect.stripe.com/oauth/token");
  assert.equal(method, "POST");
  assert.equal(redirect, "manual");
  assert.ok(signal instanceof AbortSignal);
  assert.equal(body, "grant_type=authorization_code&code=ac_123");
  assert.deepEqual(Object.fromEntries(headers), {
    authorization: "Bearer rk_test_abc",
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
  });
});

test("a callback is exchanged once, also when two calls race", async () => {
  const { callback, fetch, options } = await consented();
  const settled = await Promise.allSettled([exchangeCode(callback, options), exchangeCode(callback, options)]);
  assert.deepEqual(settled.map(({ status }) => status), ["fulfilled", "rejected"]);
  assert.equal(settled[1].reason.code, "unverified_callback");
  assert.equal((await rejection(exchangeCode(callback, options))).code, "unverified_callback");
  assert.equal(fetch.calls.length, 1);
});

test("a code is not sent again after a failure either", async () => {
  const fetch = answering(500, "");
  const callback = verified();
  assert.equal((await rejection(exchangeCode(callback, { secret_key: KEY, fetch }))).name, "ExchangeError");
  assert.equal((await rejection(exchangeCode(callback, { secret_key: KEY, fetch }))).code, "unverified_callback");
  assert.equal(fetch.calls.length, 1);
});

test("a frozen callback is as good as any", async () => {
  const { callback, options } = await consented();
  assert.ok(await exchangeCode(Object.freeze(callback), options));
});

test("a code written into a verified callback afterwards is not sent", async () => {
  const fetch = answering(400, "{}");
  const callback = Object.assign(verified(), { code: "ac_injected" });
  await rejection(exchangeCode(callback, { secret_key: KEY, fetch }));
  assert.ok(!fetch.calls.some(({ body }) => body.includes("ac_injected")));
});

test("a mistake in the options does not spend the code", async () => {
  const { callback, options } = await consented();
  assert.equal((await rejection(exchangeCode(callback, { ...options, secret_key: "pk_test_oops" }))).code, "wrong_credential");
  assert.ok(await exchangeCode(callback, options));
});

test("every failure is an ExchangeError that says what to do", async () => {
  for (const { label, answer, error: expected } of EXCHANGE_FAILURES) {
    const fetch = answering(...answer);
    const error = await rejection(exchangeCode(verified(), { secret_key: "sk_test_canary", fetch }));
    assert.deepStrictEqual(fields(error), expected, label);
    assert.ok(error instanceof Error, label);
    assert.equal(fetch.calls.length, 1, label);
    assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes("canary"), label);
  }
});

test("a code the sandbox revoked, let expire or never gave is refused", async () => {
  const used = await consented();
  const before = used.callback.code;
  await exchangeCode(used.callback, used.options);
  const state = newState();
  const again = parseCallback(`?code=${before}&state=${state}`, { state });
  assert.match((await rejection(exchangeCode(again, used.options))).message, /already been used/);

  let now = 1_700_000_000_000;
  const late = await consented({ now: () => now });
  now += 301_000;
  assert.match((await rejection(exchangeCode(late.callback, late.options))).hint, /five minutes/);

  const unknown = await consented();
  assert.match((await rejection(exchangeCode(verified(), unknown.options))).hint, /not known to Stripe/);
});

test("a key of the other mode is told from a bad one", async () => {
  const live = await consented({ secret_keys: [KEY, "sk_live_other"] });
  const error = await rejection(exchangeCode(live.callback, { ...live.options, secret_key: "sk_live_other" }));
  assert.deepEqual([error.code, error.error], ["refused", "invalid_grant"]);
  assert.match(error.hint, /same mode/);
});

/** A server on this machine that gives every request the same answer, and what it saw. */
async function listening(t, status, headers = {}, body = "") {
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return { seen, origin: `http://127.0.0.1:${server.address().port}` };
}

/** Every call, with what a right one needs, and its path and answer at Stripe. */
const token = { stripe_user_id: "acct_1", livemode: false, scope: "read_write" };
const account = { id: "acct_1", object: "account", type: "standard", charges_enabled: true, payouts_enabled: true, details_submitted: true };
const CALLS = {
  exchangeCode: { run: (options) => exchangeCode(verified(), options), path: "/oauth/token", answer: token },
  refreshToken: { run: (options) => refreshToken("rt_1", options), path: "/oauth/token", answer: token },
  "refreshToken of an app": { run: (options) => refreshToken("rt_1", { ...options, flow: "app" }), path: "/v1/oauth/token", answer: { ...token, refresh_token: "rt_2" } },
  deauthorize: { run: (options) => deauthorize({ client_id: "ca_1", stripe_user_id: "acct_1" }, options), path: "/oauth/deauthorize", answer: { stripe_user_id: "acct_1" } },
  retrieveAccount: { run: (options) => retrieveAccount("acct_1", options), path: "/v1/accounts/acct_1", answer: account },
  createAccount: { run: (options) => createAccount({ country: "FR", email: "ada@example.com" }, options), path: "/v1/accounts", answer: account },
  createAccountLink: {
    run: (options) => createAccountLink({ account: "acct_1", refresh_url: "https://shop.example/again", return_url: "https://shop.example/back" }, options),
    path: "/v1/account_links",
    answer: { url: "https://connect.stripe.com/setup/s/1", expires_at: 1_700_000_300 },
  },
};
/** What must not be sent twice, and so has an outcome that nobody knows. */
const ONCE = ["exchangeCode", "refreshToken of an app"];

test("attack 15: a redirect is not followed: one request reaches one server, and it is an error", async (t) => {
  for (const [name, { run, path }] of Object.entries(CALLS)) {
    for (const status of [301, 302, 303, 307, 308]) {
      const { seen, origin } = await listening(t, status, { location: "/elsewhere", "request-id": "req_1", "stripe-should-retry": "true" });
      const error = await rejection(run({ secret_key: KEY, connect_base: origin }));
      assert.deepEqual([error.code, error.status], [ONCE.includes(name) ? "unknown" : "unavailable", status], name);
      assert.deepEqual(seen.map(({ url }) => url), [path], name);
    }
  }
});

test("no answer leaves the outcome unknown", async (t) => {
  const failing = {
    "a lost connection": async () => { throw new TypeError("fetch failed"); },
    "a synchronous throw": () => { throw new Error("down"); },
    "a body that breaks off": async () => new Response(new ReadableStream({ pull: (c) => c.error(new Error("cut")) })),
  };
  for (const [label, fetch] of Object.entries(failing)) {
    await t.test(label, async () => {
      assert.deepStrictEqual(fields(await rejection(exchangeCode(verified(), { secret_key: KEY, fetch }))), NO_ANSWER);
    });
  }
});

/** A `fetch` that never answers, until its signal says to stop. */
const hanging = (url, { signal }) =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
  });

test("the caller's signal stops the waiting", async () => {
  const stop = new AbortController();
  const exchanging = rejection(exchangeCode(verified(), { secret_key: KEY, fetch: hanging, signal: stop.signal }));
  stop.abort(new Error("canary"));
  assert.deepStrictEqual(fields(await exchanging), NO_ANSWER);
  assert.deepStrictEqual(fields(await rejection(exchangeCode(verified(), { secret_key: KEY, fetch: hanging, signal: AbortSignal.abort() }))), NO_ANSWER);
});

test("Stripe has 30 seconds, then the outcome is unknown, with or without a signal of the caller's", async (t) => {
  for (const signal of [undefined, new AbortController().signal]) {
    const deadline = new AbortController();
    const timeout = t.mock.method(AbortSignal, "timeout", () => deadline.signal);
    const exchanging = rejection(exchangeCode(verified(), { secret_key: KEY, fetch: hanging, signal }));
    await new Promise(setImmediate);
    assert.deepEqual(timeout.mock.calls.map((call) => call.arguments), [[30_000]]);
    deadline.abort();
    assert.deepStrictEqual(fields(await exchanging), NO_ANSWER);
    timeout.mock.restore();
  }
});

test("without a fetch of the caller's, the global one is looked up at the time of the call", async (t) => {
  const fetch = answering(200, JSON.stringify({ stripe_user_id: "acct_1", livemode: false, scope: "express" }));
  t.mock.method(globalThis, "fetch", fetch);
  assert.deepEqual(await exchangeCode(verified(), { secret_key: KEY }), { stripe_user_id: "acct_1", livemode: false, scope: "express" });
  assert.equal(fetch.calls.length, 1);
});

// The requests, and what the calls resolve to.

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

const GONE = JSON.stringify({
  error: "invalid_client",
  error_description: "This application is not connected to stripe account acct_1, or that account does not exist.",
});

test("an account has Stripe's fields, a status, the next step and a hint", async () => {
  const requirements = {
    currently_due: ["individual.id_number"],
    past_due: [],
    eventually_due: ["external_account"],
    pending_verification: [],
    current_deadline: 1_700_000_000,
    disabled_reason: "requirements.past_due",
  };
  const answer = { ...account, payouts_enabled: false, country: "FR", email: "ada@example.com", requirements: { ...requirements, errors: [] } };
  const { result } = await sent(CALLS.retrieveAccount.run, answer);
  const { object, ...fields } = answer;
  assert.deepEqual(result, {
    ...fields,
    requirements,
    status: "information_overdue",
    next_step: "give_information",
    hint: "Stripe has limited your account until it gets some information. Please give it to Stripe.",
  });
  const bare = await sent(CALLS.retrieveAccount.run, account);
  const none = { currently_due: [], past_due: [], eventually_due: [], pending_verification: [], current_deadline: null, disabled_reason: null };
  assert.deepEqual([bare.result.country, bare.result.email, bare.result.requirements], [null, null, none]);
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

test("the README's server code runs as written", async (t) => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
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

const DENIED = "The provided key 'sk_test_***' does not have access to account 'acct_1' (or that account does not exist). Application access may have been revoked.";
const NO_LINK = "You requested an account link for an account that is not connected to your platform or does not exist.";

test("with client_id, revoked is said once the key is proven to be the client id's, and else unreachable", async (t) => {
  fastTime(t);
  const doubts = [
    [[401, GONE], "revoked"],
    [[401, oauth("invalid_client", "No such user: acct_made_up")], "revoked"],
    [[401, oauth("invalid_client", "No such application: ca_1")], "unreachable"],
    [[401, api(undefined, "Invalid API Key provided")], "unreachable"],
    [[200, JSON.stringify({ stripe_user_id: "acct_made_up" })], "unreachable"],
    [[500, "<html>"], "unreachable"],
    [LOST, "unreachable"],
  ];
  for (const [name, denied] of [["retrieveAccount", [403, api(undefined, DENIED)]], ["createAccountLink", [400, api(undefined, NO_LINK)]]]) {
    const { run } = CALLS[name];
    for (const [doubt, code] of doubts) {
      const fetch = script(denied, doubt);
      const error = await rejection(run({ secret_key: "sk_test_canary", client_id: "ca_1", fetch }));
      assert.deepEqual([error.name, error.code, error.status], ["StripeError", code, denied[0]], `${name} ${doubt}`);
      assert.ok(error.message.endsWith(error.hint) && !error.message.includes("canary"), error.message);
      const [, probe] = fetch.calls;
      assert.deepEqual([new URL(probe.url).pathname, probe.body], ["/oauth/deauthorize", "client_id=ca_1&stripe_user_id=acct_made_up"]);
    }
    const without = script(denied);
    const error = await rejection(run({ secret_key: KEY, fetch: without }));
    assert.deepEqual([error.code, without.calls.length], ["revoked", 1]);
    assert.match(error.hint, /may be another platform's, so end nothing/);
    const refused = script([401, api(undefined, "Invalid API Key provided")]);
    assert.equal((await rejection(run({ secret_key: KEY, client_id: "ca_1", fetch: refused }))).code, "refused");
    assert.equal(refused.calls.length, 1, "any other error needs no proof");
  }
});

test("a call that is stopped while it proves the key is stopped", async (t) => {
  awake(t);
  const fetch = async (url) => (url.includes("/v1/") ? new Response(api("account_invalid"), { status: 403 }) : new Promise(() => {}));
  const error = await rejection(retrieveAccount("acct_1", { secret_key: KEY, client_id: "ca_1", fetch, timeout: 20 }));
  assert.deepEqual([error.code, error.status], ["timed_out", 0]);
});

/** The words of a Rust enum that are given beside its variants. */
function wordsOf(name, path) {
  const rust = readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");
  const [, variants] = new RegExp(`enum ${name} \\{(.*?)\\n    \\}`, "s").exec(rust);
  return [...variants.matchAll(/^ *\w+ = "(\w+)",$/gm)].map(([, word]) => word);
}

test("what the platform's operator must mend has a code, a problem and the page to do it", async () => {
  const problems = wordsOf("PlatformProblem", "server/platform_problem.rs");
  const texts = {
    not_signed_up: "You can only create new accounts if you've signed up for Connect, which you can learn how to do at https://stripe.com/docs/connect.",
    responsibilities_not_acknowledged: "Please review the responsibilities of managing losses for connected accounts at https://dashboard.stripe.com/settings/connect/platform-profile.",
    profile_not_completed: "You must complete your platform profile to use Connect and create live connected accounts.",
    not_activated: "Your account must be activated in order to create accounts.",
    accounts_v1_closed: "Stripe no longer recommends Accounts v1 for new Connect integrations.",
    account_token_required: "Connect platforms based in FR must create Custom accounts via account tokens.",
    controller_not_supported: "When stripe_dashboard[type]=express, your platform must collect fees and be liable for negative balances.",
    not_a_platform: "Only Stripe Connect platforms can work with other accounts.",
  };
  assert.deepEqual(Object.keys(texts), problems);
  for (const [problem, text] of Object.entries(texts)) {
    const error = await rejection(CALLS.createAccount.run({ secret_key: KEY, fetch: answering(400, api(undefined, text)) }));
    assert.deepEqual([error.name, error.code, error.problem, error.status], ["StripeError", "platform_not_ready", problem, 400]);
    assert.match(error.hint, /https:\/\/(dashboard|docs)\.stripe\.com\//);
  }
});

// The errors.

const oauth = (error, error_description) => JSON.stringify({ error, error_description });
const api = (code, message) => JSON.stringify({ error: { type: "invalid_request_error", code, message } });
const again = "send it again: an account that is disconnected already is no mistake";
const later = "try again in a moment, with the same idempotency_key where there is one";
const see = "see Stripe's description, and the request id in the dashboard's logs";
const check = "check secret_key: Stripe does not accept it";

const REVOKED =
  "the account's owner disconnected it: let the person connect again; but if no client_id was given, secret_key may be another platform's, so end nothing before you are sure";

/** Calls, what Stripe answers, and what is thrown: code, problem, error, hint. */
const FAILURES = [
  [["refreshToken"], 400, oauth("invalid_grant", "Refresh token does not exist: rt_1"), "refused", "refresh_token_unknown", "invalid_grant", "the refresh token is revoked, replaced by a newer one, or another platform's: let the person connect again"],
  [["refreshToken"], 400, oauth("invalid_scope", "Invalid scope provided: x."), "refused", "invalid_scope", "invalid_scope", "ask for read_write or read_only, and for no more than the connection was granted"],
  [["refreshToken"], 429, api("rate_limit"), "unavailable", undefined, "rate_limit", "nothing is lost: try again in a moment"],
  [["refreshToken of an app"], 500, "", "unknown", undefined, undefined, "Stripe may have replaced the refresh token without telling: let the person connect again"],
  [["deauthorize"], 401, oauth("invalid_client", "No such application: ca_1"), "not_yours", undefined, "invalid_client", "client_id is not an application of the platform that secret_key is of"],
  [["deauthorize"], 401, oauth("no_deauth_on_controlled_account"), "controlled_account", undefined, "no_deauth_on_controlled_account", "the platform controls this account, and can only reject it: POST /v1/accounts/:id/reject"],
  [["deauthorize"], 401, oauth("invalid_client", "This is a test mode application."), "mode_mismatch", undefined, "invalid_client", "use a client_id and a secret_key of the same mode, both test or both live"],
  [["deauthorize"], 401, api(undefined, "Invalid API Key provided: sk_test_****"), "refused", undefined, "invalid_request_error", "check secret_key and client_id: Stripe does not accept them"],
  [["deauthorize"], 429, api("rate_limit"), "unavailable", undefined, "rate_limit", again],
  [["retrieveAccount", "createAccountLink"], 403, api("account_invalid", "Application access may have been revoked."), "revoked", undefined, "account_invalid", REVOKED],
  [["retrieveAccount"], 403, api(undefined, "Application access may have been revoked."), "revoked", undefined, "invalid_request_error", REVOKED],
  [["createAccountLink"], 400, api(undefined, "You requested an account link for an account that is not connected to your platform or does not exist."), "revoked", undefined, "invalid_request_error", REVOKED],
  [["retrieveAccount"], 403, api("more_permissions_required_for_application"), "missing_permission", undefined, "more_permissions_required_for_application", "the key or the app lacks a permission: add it in the dashboard or in the app's manifest"],
  [["retrieveAccount", "createAccount"], 403, api("platform_account_required"), "platform_not_ready", "not_a_platform", "platform_account_required", "secret_key is not a Connect platform's: give the platform's key, or sign up for Connect at https://dashboard.stripe.com/connect"],
  [["retrieveAccount", "createAccount", "createAccountLink"], 401, api(undefined, "Invalid API Key provided"), "refused", undefined, "invalid_request_error", check],
  [["createAccount", "createAccountLink"], 400, JSON.stringify({ error: { type: "idempotency_error" } }), "refused", undefined, "idempotency_error", "the idempotency_key was used for a request with other parameters: give another one"],
  [["createAccount"], 403, api("account_invalid"), "refused", undefined, "account_invalid", see],
  [["createAccount"], 400, api("email_invalid", "Invalid email"), "refused", undefined, "email_invalid", see],
  [["retrieveAccount", "createAccount", "createAccountLink"], 429, api("rate_limit"), "unavailable", undefined, "rate_limit", later],
  [["retrieveAccount", "createAccount", "createAccountLink"], 200, "<html>canary</html>", "unavailable", undefined, undefined, later],
];

test("every failure of the other calls says what to do", async () => {
  for (const [names, status, body, code, problem, error, hint] of FAILURES) {
    for (const name of names) {
      const fetch = answering(status, body);
      const thrown = await rejection(CALLS[name].run({ secret_key: "sk_test_canary", fetch }));
      const of = name.startsWith("refresh") ? "ExchangeError" : "StripeError";
      assert.ok(thrown instanceof Error);
      assert.deepEqual([thrown.name, thrown.code, thrown.problem, thrown.status, thrown.error, thrown.request_id, thrown.hint], [of, code, problem, status, error, "req_1", hint], `${name} ${code}`);
      assert.ok(thrown.message.startsWith(`Stripe answered ${status}`) && thrown.message.endsWith(`; ${hint}`), thrown.message);
      assert.equal(fetch.calls.length, 1, `${name} ${code}`);
    }
  }
});

test("every code and problem that is declared occurs, and no other", async () => {
  const types = readFileSync(new URL("../../pkg/entries/server.d.ts", import.meta.url), "utf8");
  const declared = (name, field) => {
    const of = types.slice(types.indexOf(`export interface ${name} `));
    const at = new RegExp(`\\n  ${field}\\??:([^;]*);`).exec(of);
    // A union may have a name of its own.
    const words = /^ (\w+)$/.test(at[1]) ? new RegExp(`\nexport type${at[1]} =([^;]*);`).exec(types)[1] : at[1];
    return [...words.matchAll(/"(\w+)"/g)].map(([, word]) => word).sort();
  };
  const thrown = (of) => FAILURES.filter(([[name]]) => name.startsWith("refresh") === (of === "ExchangeError")).map((row) => row[3]);
  const exchange = EXCHANGE_FAILURES.map(({ error }) => error.code);
  assert.deepEqual(declared("ExchangeError", "code"), [...new Set([...exchange, ...thrown("ExchangeError"), "timed_out", "aborted"])].sort());
  assert.deepEqual(declared("StripeError", "code"), [...new Set([...thrown("StripeError"), "unreachable", "timed_out", "aborted"])].sort());
  assert.deepEqual(declared("ExchangeError", "problem"), wordsOf("TokenProblem", "server/token_problem.rs").sort());
  assert.deepEqual(declared("StripeError", "problem"), wordsOf("PlatformProblem", "server/platform_problem.rs").sort());
  for (const [name, field] of [["AccountStatus", "status"], ["NextStep", "next_step"]]) {
    assert.deepEqual(declared("Account", field), wordsOf(name, "vocabulary/account_status.rs").sort());
  }
});

// Retries.

/** Time passes at once: what the calls wait, and how random it is. */
function fastTime(t, random = 0) {
  const waits = [];
  t.mock.method(globalThis, "setTimeout", (wake, milliseconds) => {
    waits.push(milliseconds);
    queueMicrotask(wake);
  });
  t.mock.method(Math, "random", () => random);
  return waits;
}

/** A `fetch` that gives one answer after the other, the last one for good; an error is thrown. */
function script(...answers) {
  const fetch = async (url, init) => {
    fetch.calls.push({ url, ...init });
    const answer = answers[Math.min(fetch.calls.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    const [status, body = "", headers = {}] = answer;
    return new Response(body || null, { status, headers });
  };
  fetch.calls = [];
  return fetch;
}

const LOST = new TypeError("fetch failed");
const RETRIED = Object.keys(CALLS).filter((name) => !ONCE.includes(name));

test("what may be sent again is, twice, with growing waits; a code and an app's refresh token never", async (t) => {
  const told = { "stripe-should-retry": "true" };
  for (const answer of [LOST, [500], [503, "<html>"], [409], [429, api("lock_timeout")], [400, api("x"), told]]) {
    for (const name of Object.keys(CALLS)) {
      const waits = fastTime(t, 0.5);
      const fetch = script(answer);
      await rejection(CALLS[name].run({ secret_key: KEY, fetch }));
      const times = ONCE.includes(name) ? 0 : 2;
      assert.deepEqual(waits, [500, 749].slice(0, times), `${name} ${answer}`);
      assert.equal(fetch.calls.length, 1 + times, `${name} ${answer}`);
      assert.equal(new Set(fetch.calls.map(({ url }) => url)).size, 1);
      t.mock.restoreAll();
    }
  }
});

test("what would not get better is not sent again", async (t) => {
  const waits = fastTime(t);
  const told = { "stripe-should-retry": "false" };
  for (const answer of [[400, api("x")], [401, api("x")], [403, api("x")], [404, api("x")], [429, api("rate_limit")], [500, "", told], [409, "", told]]) {
    for (const name of Object.keys(CALLS)) {
      const fetch = script(answer);
      await rejection(CALLS[name].run({ secret_key: KEY, fetch }));
      assert.equal(fetch.calls.length, 1, `${name} ${answer}`);
    }
  }
  assert.deepEqual(waits, []);
});

test("a retry that goes well is a call that went well", async (t) => {
  for (const name of RETRIED) {
    fastTime(t);
    const fetch = script(LOST, [503], [200, JSON.stringify(CALLS[name].answer)]);
    assert.ok(await CALLS[name].run({ secret_key: KEY, fetch }), name);
    assert.equal(fetch.calls.length, 3);
    t.mock.restoreAll();
  }
});

test("an account that is not connected any more after a retry was disconnected by the first try", async (t) => {
  fastTime(t);
  const { run } = CALLS.deauthorize;
  assert.equal((await run({ secret_key: KEY, fetch: script(LOST, [401, GONE]) })).already_disconnected, false);
  assert.equal((await run({ secret_key: KEY, fetch: script([401, GONE]) })).already_disconnected, true);
});

test("only what creates something has an idempotency key, the same for each retry, another for each call", async (t) => {
  fastTime(t);
  const keys = async (name, options) => {
    const fetch = script([500]);
    await rejection(CALLS[name].run({ secret_key: KEY, fetch, ...options }));
    return fetch.calls.map(({ headers }) => Object.fromEntries(headers)["idempotency-key"]);
  };
  for (const name of ["createAccount", "createAccountLink"]) {
    const [first, second] = [await keys(name), await keys(name)];
    assert.match(first[0], /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual([first, second], [Array(3).fill(first[0]), Array(3).fill(second[0])]);
    assert.notEqual(first[0], second[0]);
    assert.deepEqual(await keys(name, { idempotency_key: "user-1" }), Array(3).fill("user-1"));
  }
  for (const name of ["exchangeCode", "refreshToken", "refreshToken of an app", "deauthorize", "retrieveAccount"]) {
    assert.ok((await keys(name)).every((key) => key === undefined), name);
  }
});

// Time-outs and signals.

/** A `fetch` that looks at no signal and never answers. */
const deaf = () => new Promise(() => {});

/** The error's code, where a call was stopped with `reason`. */
const stopped = (name, reason) => (ONCE.includes(name) ? "unknown" : reason);

test("a signal stops every call, also with a fetch that looks at none", async () => {
  for (const name of Object.keys(CALLS)) {
    for (const fetch of [hanging, deaf]) {
      const stop = new AbortController();
      const calling = rejection(CALLS[name].run({ secret_key: KEY, fetch, signal: stop.signal }));
      await new Promise(setImmediate);
      stop.abort(new Error("canary"));
      const error = await calling;
      assert.deepEqual([error.code, error.status], [stopped(name, "aborted"), 0], name);
      assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes("canary"), name);
    }
  }
});

test("after its signal nothing is sent", async () => {
  for (const name of Object.keys(CALLS)) {
    const fetch = answering(200, JSON.stringify(CALLS[name].answer));
    const error = await rejection(CALLS[name].run({ secret_key: KEY, fetch, signal: AbortSignal.abort() }));
    assert.equal(error.code, stopped(name, "aborted"), name);
    assert.equal(fetch.calls.length, 0, name);
  }
});

test("a signal ends the wait before a retry", async () => {
  for (const name of RETRIED) {
    const stop = new AbortController();
    const fetch = script([500]);
    const calling = rejection(CALLS[name].run({ secret_key: KEY, fetch, signal: stop.signal }));
    while (fetch.calls.length === 0) await new Promise(setImmediate);
    const began = performance.now();
    stop.abort();
    const error = await calling;
    assert.deepEqual([error.code, fetch.calls.length], ["aborted", 1], name);
    assert.ok(performance.now() - began < 400, "it did not wait out the half second");
    assert.match(error.message, /^the call was stopped by its signal; /);
  }
});

test("a call has its timeout, for all its tries together; 30 seconds by default", async (t) => {
  for (const [timeout, expected] of [[undefined, 30_000], [5, 5], [600_000, 600_000]]) {
    for (const name of Object.keys(CALLS)) {
      const deadline = new AbortController();
      const made = t.mock.method(AbortSignal, "timeout", () => deadline.signal);
      const waits = fastTime(t);
      const fetch = script(LOST, LOST, [400]);
      await rejection(CALLS[name].run({ secret_key: KEY, fetch, timeout }));
      assert.equal(waits.length, ONCE.includes(name) ? 0 : 2);
      assert.deepEqual(made.mock.calls.map((call) => call.arguments), [[expected]], name);

      const calling = rejection(CALLS[name].run({ secret_key: KEY, fetch: deaf, timeout, signal: new AbortController().signal }));
      await new Promise(setImmediate);
      deadline.abort();
      const error = await calling;
      assert.deepEqual([error.code, error.status], [stopped(name, "timed_out"), 0], name);
      if (!ONCE.includes(name)) assert.match(error.message, /^Stripe did not answer before the timeout; /);
      t.mock.restoreAll();
    }
  }
});

/** Node ends while only a timeout waits; a real connection would keep it up. */
function awake(t) {
  const beat = setInterval(() => {}, 1000);
  t.after(() => clearInterval(beat));
}

test("a timeout is kept by the clock", async (t) => {
  awake(t);
  for (const name of Object.keys(CALLS)) {
    const error = await rejection(CALLS[name].run({ secret_key: KEY, fetch: deaf, timeout: 20 }));
    assert.equal(error.code, stopped(name, "timed_out"), name);
  }
});

test("a body that never ends is no answer", async (t) => {
  awake(t);
  const fetch = async () => new Response(new ReadableStream({}));
  for (const name of Object.keys(CALLS)) {
    const error = await rejection(CALLS[name].run({ secret_key: KEY, fetch, timeout: 20 }));
    assert.equal(error.code, stopped(name, "timed_out"), name);
  }
});

test("a call that is over leaves no listener behind", async (t) => {
  for (const { run, answer } of Object.values(CALLS)) {
    const [{ signal }, deadline] = [new AbortController(), new AbortController()];
    t.mock.method(AbortSignal, "timeout", () => deadline.signal);
    fastTime(t);
    await run({ secret_key: KEY, fetch: answering(200, JSON.stringify(answer)), signal });
    await rejection(run({ secret_key: KEY, fetch: script(LOST) }));
    assert.deepEqual([signal, deadline.signal].map((of) => getEventListeners(of, "abort").length), [0, 0]);
    t.mock.restoreAll();
  }
});

// Secrets don't print: not in what the package gives back, throws, logs or shows a person.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "node:test";
import { newState, parseCallback } from "stripe-connect-oauth";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import * as server from "stripe-connect-oauth/server";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { consent, consoleText, platform, rejection } from "./support.mjs";

const SECRET_KEY = "sk_test_canaryKey7h3s3cr3t";
const COOKIE_SECRET = "canaryCookie-7h3s3cr3t-of-32-characters";

/** Everything `value` shows to someone who looks hard. */
const shown = (value) =>
  [inspect(value, { depth: Infinity, showHidden: true, getters: true }), String(value), value?.stack, safely(() => JSON.stringify(value))].join("\n");

function safely(say) {
  try {
    return say();
  } catch {
    return "";
  }
}

function assertSilent(text, secrets, where) {
  for (const [name, secret] of Object.entries(secrets)) assert.ok(!text.includes(secret), `${where} shows the ${name}`);
}

const WEBHOOK_SECRET = "whsec_canaryHook7h3s3cr3t";
const REFRESH_SECRET = "canaryRefresh-7h3s3cr3t-of-32-characters";
const STATIC = {
  ...{ "secret key": SECRET_KEY, "cookie secret": COOKIE_SECRET },
  ...{ "webhook secret": WEBHOOK_SECRET, "refresh token secret": REFRESH_SECRET },
};

const shop = (options = {}, store = memoryStore()) =>
  platform({
    createConnect,
    createSandbox,
    store,
    options: {
      ...{ secret_key: SECRET_KEY, cookie_secrets: [COOKIE_SECRET] },
      ...{ webhook_secrets: [WEBHOOK_SECRET], refresh_token_secrets: [REFRESH_SECRET] },
      ...options,
    },
    sandbox: { secret_keys: [SECRET_KEY] },
  });

test("a handler shows neither its key nor its cookie secret, before and after use", async () => {
  const { connect, request, toStripeAndBack } = shop();
  assertSilent(shown(connect), STATIC, "createConnect()");
  const callback = await toStripeAndBack();
  await request(callback);
  const { code, state } = Object.fromEntries(new URL(callback).searchParams);
  assertSilent(shown(connect), { ...STATIC, code, state }, "createConnect()");
});

test("nothing a person receives holds the key, the cookie secret or, after the callback, the code", async () => {
  const { request, start, jar, exchange, sandbox, toStripeAndBack } = shop();
  const started = await start();
  // The state must be in the URL to Stripe, and nowhere in the cookie.
  const state = new URL(started.headers.get("location")).searchParams.get("state");
  assertSilent([...jar].flat().join(), { ...STATIC, state }, "the flow cookie");

  const callback = await consent(sandbox, started.headers.get("location"));
  const code = new URL(callback).searchParams.get("code");
  const answers = [
    await request(callback),
    await request(callback),
    await request(`${callback}&code=ac_x`),
    await request("/connect/connections"),
    await request("/connect/result/code_used"),
    await exchange({ code, state, subject: "user-2" }),
    await exchange({ code, state: newState(), subject: "user-1" }),
    await request("/connect/webhook", { method: "POST", body: "{}", headers: { "stripe-signature": "t=1,v1=1" } }),
    await request(await toStripeAndBack("cancel")),
  ];
  for (const answer of answers) {
    assertSilent([...answer.headers].flat().join("\n") + (await answer.text()), { ...STATIC, code, state }, answer.status);
  }
});

test("reports, errors and the console stay silent through every failure of the exchange", async (t) => {
  const written = consoleText(t);
  const secrets = { ...STATIC };
  const bodies = [
    [400, { error: "invalid_grant", error_description: `Authorization code does not exist: CODE` }],
    [401, { error: "invalid_client", error_description: `No such API key: ${SECRET_KEY}` }],
    [401, { error: { type: "invalid_request_error", message: `Invalid API Key provided: ${SECRET_KEY}, or (${SECRET_KEY})` } }],
    [500, { echo: SECRET_KEY }],
    [200, { stripe_user_id: "acct_1", livemode: true, scope: "read_write", access_token: "sk_live_canary7h3s3cr3t" }],
    [200, { stripe_user_id: SECRET_KEY, livemode: false, scope: "read_write" }],
  ];
  for (const [status, body] of bodies) {
    for (const report of ["collected", undefined]) {
      let code;
      const fetch = async () => Response.json(JSON.parse(JSON.stringify(body).replace("CODE", code)), { status });
      const { request, reports, toStripeAndBack } = shop({ fetch, ...(report ? {} : { report: undefined }) });
      const callback = await toStripeAndBack();
      code = new URL(callback).searchParams.get("code");
      Object.assign(secrets, { code, state: new URL(callback).searchParams.get("state") });
      await request(callback);
      assertSilent(shown(reports), secrets, `report on ${status}`);
      assertSilent(written(), secrets, `console on ${status}`);
    }
    const state = newState();
    const error = await rejection(
      server.exchangeCode(parseCallback(`?code=ac_canary7h3s3cr3t&state=${state}`, { state }), {
        secret_key: SECRET_KEY,
        fetch: async () => Response.json(JSON.parse(JSON.stringify(body).replace("CODE", "ac_canary7h3s3cr3t")), { status }),
      }),
    );
    assertSilent(shown(error), { ...STATIC, code: "ac_canary7h3s3cr3t", state, token: "sk_live_canary7h3s3cr3t" }, `ExchangeError on ${status}`);
  }
});

test("a refused configuration does not repeat what was pasted in", () => {
  for (const wrong of [
    { client_id: SECRET_KEY },
    { client_id: { secret_key: SECRET_KEY } },
    { secret_key: `${SECRET_KEY}\n` },
    { secret_key: [SECRET_KEY] },
    { secret_key: `Bearer ${SECRET_KEY}` },
    { redirect_uri: `https://${SECRET_KEY}@shop.example/connect/callback` },
    { connect_base: `http://${SECRET_KEY}.example` },
    { cookie_secrets: [COOKIE_SECRET, "short canary"] },
    { cookie_secrets: COOKIE_SECRET },
    { webhook_secrets: [`${WEBHOOK_SECRET} `] },
    { refresh_token_secrets: [REFRESH_SECRET, "short canary"] },
    { scope: SECRET_KEY },
    { platform_name: [SECRET_KEY] },
  ]) {
    assert.throws(
      () => shop(wrong),
      (error) => {
        assert.equal(error.name, "ConnectError");
        assertSilent(shown(error), { ...STATIC, short: "short canary" }, JSON.stringify(Object.keys(wrong)));
        return true;
      },
    );
  }
});

test("a rejected callback shows neither the code nor the state it came with", () => {
  const state = newState();
  for (const query of [`?code=ac_canary&state=canary${state}`, `?code=ac_canary&code=ac_canary&state=${state}`, `?code=ac_canary`, `?code=ac_canary&error=access_denied&state=${state}`]) {
    const read = parseCallback(query, { state });
    assert.equal(read.outcome, "rejected");
    assertSilent(shown(read), { code: "ac_canary", state }, query);
  }
});

test("the sandbox's log shows the beginning of a code only, and no key", async () => {
  const { sandbox, request, toStripeAndBack } = shop();
  const callback = await toStripeAndBack();
  await request(callback);
  const code = new URL(callback).searchParams.get("code");
  for (const path of ["/_sandbox/log", "/_sandbox/ledger", "/"]) {
    const text = await (await sandbox.fetch(new Request(`https://stripe.example${path}`))).text();
    assertSilent(text, { ...STATIC, code }, path);
  }
});

/** The calls of /server that hold nothing but the key and what Stripe answered. */
const SERVER_CALLS = {
  refreshToken: (options) => server.refreshToken("rt_canary7h3s3cr3t", options),
  "refreshToken of an app": (options) => server.refreshToken("rt_canary7h3s3cr3t", { ...options, flow: "app" }),
  deauthorize: (options) => server.deauthorize({ client_id: "ca_1", stripe_user_id: "acct_1" }, options),
  retrieveAccount: (options) => server.retrieveAccount("acct_1", options),
  createAccount: (options) => server.createAccount({ country: "FR", email: "ada@example.com" }, options),
  createAccountLink: (options) => server.createAccountLink({ account: "acct_1", refresh_url: "https://shop.example/a", return_url: "https://shop.example/b" }, options),
};

test("attack 13: no error of the server entry shows the key or a token, whatever Stripe repeats", async (t) => {
  const written = consoleText(t);
  const token = "rt_canary7h3s3cr3t";
  const said = `The provided key '${SECRET_KEY}' (${token}) has no access; sk_live_canary7h3s3cr3t.`;
  const bodies = [
    [403, { error: { code: "account_invalid", message: said, type: "invalid_request_error" } }],
    [403, { error: { code: SECRET_KEY, message: said } }],
    [401, { error: "invalid_client", error_description: said }],
    [400, { error: "invalid_grant", error_description: `Refresh token does not exist: ${token}` }],
    [400, { error: token }],
    [401, { error: { type: "invalid_request_error", message: `Invalid API Key provided: ${SECRET_KEY}` } }],
    [200, { stripe_user_id: SECRET_KEY, livemode: false, scope: token, access_token: "sk_live_canary7h3s3cr3t" }],
    [200, { stripe_user_id: "acct_1", livemode: true, scope: "read_only", access_token: "sk_live_canary7h3s3cr3t", refresh_token: token }],
    [200, { url: `http://evil.example/${SECRET_KEY}`, expires_at: 1 }],
    [302, { echo: [SECRET_KEY, token] }],
  ];
  for (const [status, body] of bodies) {
    for (const [name, run] of Object.entries(SERVER_CALLS)) {
      const fetch = async () => Response.json(body, { status, headers: { "request-id": SECRET_KEY, "stripe-should-retry": "false" } });
      const outcome = await run({ secret_key: SECRET_KEY, fetch }).catch((error) => error);
      if (!(outcome instanceof Error)) assert.ok(["deauthorize", "refreshToken of an app"].includes(name), name);
      // An app's new refresh token is what was asked for, whatever else of the answer is odd.
      if (outcome.refresh_token) continue;
      const everything = shown(outcome) + JSON.stringify({ ...outcome }) + inspect(structuredClone(outcome), { depth: Infinity, showHidden: true });
      assertSilent(everything, { ...STATIC, token, "access token": "sk_live_canary7h3s3cr3t", prefix: "canary7" }, `${name} on ${status}`);
    }
  }
  assert.equal(written(), "", "nothing is logged");
});

test("attack 13: a result shows no key, and a token only to who asked for one", async () => {
  const account = { id: "acct_1", charges_enabled: true, payouts_enabled: true, details_submitted: true };
  const answers = { deauthorize: { stripe_user_id: "acct_1" }, retrieveAccount: account, createAccount: account, createAccountLink: { url: "https://connect.stripe.com/x", expires_at: 1 } };
  for (const [name, answer] of Object.entries(answers)) {
    const echo = { ...answer, access_token: "sk_live_canary7h3s3cr3t", refresh_token: "rt_canary7h3s3cr3t", key: SECRET_KEY };
    const result = await SERVER_CALLS[name]({ secret_key: SECRET_KEY, fetch: async () => Response.json(echo) });
    assertSilent(shown(result), { ...STATIC, token: "canary" }, name);
  }
  assertSilent(shown(await rejection(SERVER_CALLS.refreshToken({ secret_key: SECRET_KEY, fetch: () => Promise.reject(new Error(SECRET_KEY)), timeout: 600 }))), STATIC, "a fetch that repeats the key");
});

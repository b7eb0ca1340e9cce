// What the core is done with is wiped: a finished call leaves no secret in its memory, a handler its keys, once.
// JavaScript's own texts are the engine's, and nobody can wipe those.
import assert from "node:assert/strict";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { newState, parseCallback } from "stripe-connect-oauth";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { answering } from "./calls.mjs";
import { platform } from "./support.mjs";

/** The memory of the module that `/server` and `/edge` share; the stand-in has one of its own. */
let memory;
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...given) {
    super(...given);
    if ("edgecore_handle" in this.exports) ({ memory } = this.exports);
  }
};
const server = await import("stripe-connect-oauth/server");
const { createConnect } = await import("stripe-connect-oauth/edge");

/** A secret whose last 40 characters nothing else looks like. */
const secret = (prefix) => prefix + randomBytes(24).toString("hex");

/** How often each secret stands in the memory, be it only a part of it: the most that any eight characters do. */
function found(secrets) {
  const bytes = Buffer.from(memory.buffer).toString("latin1");
  const parts = (text) => Array.from({ length: Math.min(text.length, 40) - 7 }, (_, at) => text.slice(-40).slice(at, at + 8));
  const most = (text) => Math.max(...parts(text).map((part) => bytes.split(part).length - 1));
  return Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, most(text)]));
}

const none = (secrets) => Object.fromEntries(Object.keys(secrets).map((name) => [name, 0]));

/** What hashes and ciphers make of a secret, which is as good as the secret. */
const sealingKey = (purpose, text) => createHash("sha256").update(`stripe-connect-oauth ${purpose}\0${text}`).digest("latin1");
const padded = (text, pad) => Buffer.from(text).map((byte) => byte ^ pad).toString("latin1");

/** The secrets of one call. */
function fresh() {
  const [webhook_secret, refresh_token_secret] = [secret("whsec_"), secret("a secret that seals: ")];
  return {
    ...{ secret_key: secret("sk_test_"), code: secret("ac_"), link: secret("https://connect.stripe.com/setup/s/acct_1/") },
    ...{ refresh_token: secret("rt_"), new_refresh_token: secret("rt_"), access_token: secret("sk_test_") },
    ...{ webhook_secret, webhook_inner: padded(webhook_secret, 0x36), webhook_outer: padded(webhook_secret, 0x5c) },
    ...{ refresh_token_secret, refresh_token_key: sealingKey("refresh token 1", refresh_token_secret) },
  };
}

const verified = (code) => {
  const state = newState();
  return parseCallback(`?code=${code}&state=${state}`, { state });
};
const ACCOUNT = { id: "acct_1", type: "standard", country: "DE", charges_enabled: true, payouts_enabled: true, details_submitted: true, requirements: {} };
const TOKEN = { stripe_user_id: "acct_1", livemode: false, scope: "read_write", token_type: "bearer" };

/** Each call of `/server` with these secrets, and what Stripe answers it. */
const CALLS = {
  exchangeCode: (s) => [(options) => server.exchangeCode(verified(s.code), { ...options, tokens: true }), { ...TOKEN, access_token: s.access_token, refresh_token: s.refresh_token }],
  refreshToken: (s) => [(options) => server.refreshToken(s.refresh_token, options), { ...TOKEN, access_token: s.access_token, refresh_token: s.new_refresh_token }],
  deauthorize: () => [(options) => server.deauthorize({ client_id: "ca_1", stripe_user_id: "acct_1" }, options), { stripe_user_id: "acct_1" }],
  retrieveAccount: () => [(options) => server.retrieveAccount("acct_1", { ...options, client_id: "ca_1" }), ACCOUNT],
  createAccount: () => [(options) => server.createAccount({ country: "DE", email: "ada@example.com" }, options), ACCOUNT],
  createAccountLink: (s) => [(options) => server.createAccountLink({ account: "acct_1", refresh_url: "https://shop.example/again", return_url: "https://shop.example/" }, options), { object: "account_link", url: s.link, expires_at: 2_000_000_000 }],
  stripeAccountHeaders: (s) => [async () => server.stripeAccountHeaders("acct_1", { secret_key: s.secret_key })],
  sealRefreshToken: (s) => {
    const place = { account: "acct_1", livemode: false, secrets: [s.refresh_token_secret] };
    return [async () => server.openRefreshToken(server.sealRefreshToken(s.refresh_token, place), place)];
  },
  verifyWebhook: (s) => {
    const [now, body] = [1_700_000_000, JSON.stringify({ id: "evt_1", object: "event", type: "account.updated", created: 1_700_000_000, livemode: false, account: "acct_1", data: { object: ACCOUNT } })];
    const v1 = createHmac("sha256", s.webhook_secret).update(`${now}.${body}`).digest("hex");
    return [async () => server.verifyWebhook(body, `t=${now},v1=${v1}`, s.webhook_secret, { now })];
  },
};

for (const [name, make] of Object.entries(CALLS)) {
  test(`${name} leaves no secret in the memory`, async () => {
    const secrets = fresh();
    const [run, answer] = make(secrets);
    for (let i = 0; i < 3; i++) await run({ secret_key: secrets.secret_key, fetch: answering(200, JSON.stringify(answer ?? {})) });
    assert.deepEqual(found(secrets), none(secrets));
  });

  test(`${name} leaves none when it fails either`, async () => {
    const secrets = fresh();
    const error = { error: "invalid_grant", error_description: `This is no code: ${secrets.code}` };
    const fetch = answering(400, JSON.stringify(error));
    const [refused] = make(secrets);
    await refused({ secret_key: secrets.secret_key, fetch }).catch(() => {});
    // With a space in it, each is refused here.
    const spoilt = Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, text + " cut off"]));
    const [invalid] = make({ ...spoilt, code: secrets.code });
    await assert.rejects(invalid({ secret_key: spoilt.secret_key, fetch }));
    assert.deepEqual(found(secrets), none(secrets));
  });
}

test("a handler keeps its keys, once, and of all else that it is given nothing", async () => {
  const { secret_key, refresh_token_key, link, ...rest } = fresh();
  const cookie_secret = secret("a cookie secret: ");
  const kept = { secret_key, refresh_token_key, cookie_key: sealingKey("flow cookie 2", cookie_secret) };
  const world = platform({
    createConnect,
    createSandbox,
    store: memoryStore(),
    options: {
      ...{ secret_key, cookie_secrets: [cookie_secret] },
      ...{ refresh_token_secrets: [rest.refresh_token_secret], webhook_secrets: [rest.webhook_secret] },
      fetch: answering(200, JSON.stringify({ ...TOKEN, access_token: rest.access_token, refresh_token: rest.refresh_token })),
    },
  });
  const once = { secret_key: 1, refresh_token_key: 1, cookie_key: 1 };
  assert.deepEqual(found({ ...kept, ...rest, cookie_secret }), { ...once, ...none({ ...rest, cookie_secret }) });

  const state = new URL((await world.start()).headers.get("location")).searchParams.get("state");
  const cookie = [...world.jar.values()].at(-1);
  const session = secret("a platform's own cookie: ");
  const answer = await world.request(`/connect/callback?code=${rest.code}&state=${state}`, { headers: { "x-session": session } });
  assert.equal(answer.headers.get("location"), "/");
  const passed = { ...rest, cookie_secret, state, cookie, session };
  assert.deepEqual(found({ ...kept, ...passed }), { ...once, ...none(passed) });
});

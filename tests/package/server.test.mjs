// The server entry: a verified callback's code is exchanged, once.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { authorizeUrl, newState, parseCallback } from "stripe-connect-oauth";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { exchangeCode, readAccount } from "stripe-connect-oauth/server";
import { CALLS, KEY, ONCE, answering, hanging, listening } from "./calls.mjs";
import { CALLBACK, EXCHANGE_FAILURES, NO_ANSWER, verified } from "./refusals.mjs";
import { consent, fetchOf, rejection } from "./support.mjs";

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
    "stripe-version": "2026-10-28.endive",
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

test("an account of an event is read as retrieveAccount reads it, in any version of the API", () => {
  const folder = new URL("../cases/accounts/", import.meta.url);
  const files = readdirSync(folder);
  assert.ok(files.length > 3);
  for (const file of files) {
    const { note, account, status, next_step } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    const read = readAccount(account);
    assert.deepEqual([read.id, read.status, read.next_step], [account.id, status, next_step], note);
  }
});

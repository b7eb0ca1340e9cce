// The sandbox from JavaScript: controls, faults, webhooks, and that a seed makes every run the same.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { verifyWebhook } from "stripe-connect-oauth/server";
import { consent } from "./support.mjs";

const KEY = "sk_test_EXAMPLE".padEnd(107, "0");
const ORIGIN = "https://stripe.example";
const ACCOUNT = "acct_1SandboxBakery01";
const SECRET = "whsec_sandbox123";
const HOOK = "http://shop.example/connect/webhook";
const authorize = `${ORIGIN}/oauth/authorize?response_type=code&client_id=ca_sandbox123&scope=read_write`;

const post = (sandbox, path, body, headers = {}) =>
  sandbox.fetch(
    new Request(ORIGIN + path, {
      method: "POST",
      headers: {
        authorization: `Bearer ${KEY}`,
        "content-type": "application/x-www-form-urlencoded",
        ...headers,
      },
      body: new URLSearchParams(body),
    }),
  );

/** Connects a new account; resolves to the token endpoint's answer. */
async function connect(sandbox) {
  const code = new URL(await consent(sandbox, authorize)).searchParams.get("code");
  const answer = await post(sandbox, "/oauth/token", { grant_type: "authorization_code", code });
  return answer.json();
}

/** A platform's webhook endpoint: what it got, and how it answers. */
function endpoint(answer = () => new Response(null, { status: 200 })) {
  const got = [];
  const fetch = async (url, { method, headers, body }) => {
    got.push({ url, method, body, signature: new Headers(headers).get("stripe-signature") });
    return answer(got.length);
  };
  return { got, fetch };
}

const thrown = (call) => {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("it did not throw");
};

test("every control can be looked at", async () => {
  const sandbox = createSandbox();
  await connect(sandbox);
  for (const name of ["ledger", "codes", "log", "requests", "events", "accounts"]) {
    assert.ok(sandbox.control(name).length > 0, name);
  }
  assert.equal(sandbox.control("ledger")[0].revoked, false);
  assert.deepEqual(sandbox.control("faults"), []);
  assert.deepEqual(sandbox.control("webhooks").endpoints, []);
  assert.deepEqual(sandbox.control("reset"), {});
  assert.deepEqual(sandbox.control("ledger"), []);
});

test("the default key is as long as a real one, and is an example", () => {
  const [key] = createSandbox().platform.secret_keys;
  assert.match(key, /^sk_test_EXAMPLE0+$/);
  assert.equal(key.length, 107);
});

test("an account that was authorized is told before the exchange is answered, when that is asked for", async () => {
  for (const before_answer of [true, false]) {
    const order = [];
    const fetch = async (_url, { body }) => {
      await new Promise((wake) => setTimeout(wake, 20));
      order.push(JSON.parse(body).type);
      return new Response();
    };
    const sandbox = createSandbox({ webhook: { url: HOOK, secret: SECRET, before_answer }, fetch });
    assert.equal(sandbox.control("webhooks").before_answer, before_answer);
    await connect(sandbox);
    order.push("the answer");
    await sandbox.flush();
    const told = ["account.application.authorized", "the answer"];
    assert.deepEqual(order, before_answer ? told : told.reverse());
  }
});

test("the platform's version and the endpoint's are options", async () => {
  const { got, fetch } = endpoint();
  const webhook = { url: HOOK, secret: SECRET, api_version: "2017-02-14", paused: true };
  const sandbox = createSandbox({ api_version: "2018-11-08", webhook, fetch });
  await connect(sandbox);
  const own = await sandbox.fetch(new Request(`${ORIGIN}/v1/account`, { headers: { authorization: `Bearer ${KEY}` } }));
  assert.equal(own.headers.get("stripe-version"), "2018-11-08");
  assert.ok("verification" in (await own.json()));
  await sandbox.flush();
  assert.ok("user_id" in JSON.parse(got[0].body));
  for (const options of [{ api_version: "latest" }, { webhook: { ...webhook, api_version: "latest" } }]) {
    assert.equal(thrown(() => createSandbox(options)).param, "api_version");
  }
});

test("what Stripe refuses a platform is a fault, from the start or later", async () => {
  const sandbox = createSandbox({ faults: [{ fault: "accounts_v1_closed", times: 1 }] });
  const create = () => post(sandbox, "/v1/accounts", { country: "FR" });
  assert.match((await (await create()).json()).error.message, /^Stripe no longer recommends Accounts v1/);
  assert.equal((await create()).status, 200);
  sandbox.control("faults", { fault: "standard_oauth_disabled" });
  assert.match((await (await sandbox.fetch(new Request(authorize))).json()).error.message, /^Standard OAuth is disabled/);
});

test("another platform can be registered while it runs", async () => {
  const sandbox = createSandbox();
  const { stripe_user_id } = await connect(sandbox);
  const other = { client_id: "ca_other", secret_key: "sk_test_other", redirect_uri: "https://other.example/callback" };
  assert.deepEqual(sandbox.control("platforms", other).map(({ client_id }) => client_id), ["ca_sandbox123", "ca_other"]);
  const headers = { authorization: "Bearer sk_test_other" };
  const refused = await sandbox.fetch(new Request(`${ORIGIN}/v1/accounts/${stripe_user_id}`, { headers }));
  assert.equal((await refused.json()).error.code, "account_invalid");
});

test("the controls are what is at /_sandbox/ over HTTP", async () => {
  const sandbox = createSandbox();
  await connect(sandbox);
  for (const name of ["ledger", "codes", "events", "accounts", "webhooks"]) {
    const answer = await sandbox.fetch(new Request(`${ORIGIN}/_sandbox/${name}`));
    assert.deepEqual(await answer.json(), sandbox.control(name), name);
  }
});

test("the clock is ahead of the host's by what a test says", () => {
  let now = 1_700_000_000_999;
  const sandbox = createSandbox({ now: () => now });
  assert.deepEqual(sandbox.control("clock"), { now: 1_700_000_000 });
  assert.deepEqual(sandbox.control("clock", { advance: 60 }), { now: 1_700_000_060 });
  now += 1000;
  assert.deepEqual(sandbox.control("clock"), { now: 1_700_000_061 });
});

test("a mistake in a control is a ConnectError that names the field", () => {
  const sandbox = createSandbox();
  const cases = [
    ["clock", { advance: -1 }, "invalid_type", "advance"],
    ["clock", { later: 1 }, "unknown_parameter", "later"],
    ["clock", [], "invalid_type", "body"],
    ["ledger", { revoked: true }, "invalid_value", "name"],
    ["nothing", undefined, "invalid_value", "name"],
    ["accounts", { state: "good" }, "invalid_value", "state"],
  ];
  for (const [name, change, code, param] of cases) {
    const error = thrown(() => sandbox.control(name, change));
    assert.deepEqual([error.name, error.code, error.param], ["ConnectError", code, param], name);
  }
});

test("accounts and faults of the options are there again after a reset", async () => {
  const sandbox = createSandbox({
    accounts: [{ id: "acct_1Corner", name: "Corner", state: "restricted" }],
    faults: [{ fault: "500", times: 1 }],
  });
  for (let run = 0; run < 2; run++) {
    const corner = sandbox.control("accounts").find(({ id }) => id === "acct_1Corner");
    assert.deepEqual([corner.name, corner.state, corner.country], ["Corner", "restricted", "US"]);
    assert.equal((await post(sandbox, "/oauth/token", {})).status, 500);
    assert.equal((await post(sandbox, "/oauth/token", {})).status, 400);
    sandbox.control("reset");
  }
});

test("one seed makes every run the same, another one another", async () => {
  const run = async (seed) => (await connect(createSandbox({ seed }))).access_token;
  assert.equal(await run("a"), await run("a"));
  assert.equal(await run(7), await run("7"));
  assert.notEqual(await run("a"), await run("b"));
  assert.notEqual(await run(undefined), await run(undefined));
  const sandbox = createSandbox({ seed: "a" });
  const first = await connect(sandbox);
  assert.notEqual((await connect(sandbox)).access_token, first.access_token);
  sandbox.control("reset");
  assert.deepEqual(await connect(sandbox), first);
});

test("a lost connection rejects like fetch, before or after the effect", async () => {
  for (const [fault, made] of [["reset_before", 0], ["reset_after", 1]]) {
    const sandbox = createSandbox({ faults: [{ fault, path: "/oauth/token" }] });
    await assert.rejects(connect(sandbox), (error) => error instanceof TypeError && error.code === "ECONNRESET");
    assert.equal(sandbox.control("ledger").length, made, fault);
  }
});

test("a delay takes its time", async () => {
  const sandbox = createSandbox({ faults: [{ fault: "delay", milliseconds: 60, path: "/" }] });
  const before = performance.now();
  await sandbox.fetch(new Request(`${ORIGIN}/v1/account`));
  assert.ok(performance.now() - before >= 55);
});

test("docs/sandbox.md and the command's help name every control, state, fault and webhook setting of the types", () => {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const [types, docs, help] = ["pkg/entries/sandbox.d.ts", "docs/sandbox.md", "pkg/bin/stripe-connect-oauth.js"].map(read);
  const part = (begin, end) => types.slice(types.indexOf(begin), types.indexOf(end, types.indexOf(begin)));
  const names = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);
  const controls = names(part("interface SandboxControls", "\n}"), /^ {2}(\w+): \{/gm);
  const states = names(part("type AccountState", ";"), /"(\w+)"/g);
  const faults = names(part("    | \"delay\"", ";"), /"(\w+)"/g);
  const settings = names(part("interface WebhookChange", "\n}"), /^ {2}(\w+)\?/gm);
  assert.deepEqual([controls, states, faults, settings].map(({ length }) => length), [12, 8, 19, 13]);
  for (const name of [...controls, ...states, ...faults]) assert.ok(docs.includes(`| \`${name}\` |`), name);
  for (const name of settings) assert.match(docs, new RegExp("`" + name + "[`:]"), name);
  for (const name of [...controls, ...faults]) assert.match(help, new RegExp(`\\b${name}\\b`), name);
});

// Webhooks.

test("an event is sent after the request that caused it, signed", async () => {
  const { got, fetch } = endpoint();
  const sandbox = createSandbox({ webhook: { url: HOOK, secret: SECRET }, fetch });
  const { stripe_user_id } = await connect(sandbox);
  assert.deepEqual(got, [], "not before the answer");
  while (!got.length) await new Promise((wake) => setTimeout(wake, 5));
  const event = verifyWebhook(got[0].body, got[0].signature, [SECRET]);
  assert.equal(event.type, "account.application.authorized");
  assert.equal(event.account, stripe_user_id);
  assert.deepEqual([got[0].url, got[0].method], [HOOK, "POST"]);
  const [{ state, status, attempts }] = sandbox.control("webhooks").deliveries;
  assert.deepEqual({ state, status, attempts }, { state: "delivered", status: 200, attempts: 1 });
});

test("flush sends what waits and what is to be tried again", async () => {
  const { got, fetch } = endpoint((count) => {
    if (count === 1) throw new TypeError("no connection");
    return new Response(null, { status: count === 2 ? 503 : 204 });
  });
  const sandbox = createSandbox({ webhook: { url: HOOK, secret: SECRET, paused: true }, fetch });
  await connect(sandbox);
  await new Promise((wake) => setTimeout(wake, 20));
  assert.deepEqual(got, [], "it is paused");
  const [first] = await sandbox.flush();
  assert.deepEqual([first.type, first.url, first.status], ["account.application.authorized", HOOK, null]);
  assert.deepEqual((await sandbox.flush()).map(({ status, event }) => [status, event]), [[503, first.event]]);
  assert.deepEqual((await sandbox.flush()).map(({ status }) => status), [204]);
  assert.deepEqual(await sandbox.flush(), []);
  assert.equal(got.length, 3);
});

test("flush waits for what is under way", async () => {
  let answer;
  const { got, fetch } = endpoint(() => new Promise((resolve) => (answer = resolve)));
  const sandbox = createSandbox({ webhook: { url: HOOK, secret: SECRET }, fetch });
  await connect(sandbox);
  while (!got.length) await new Promise((wake) => setTimeout(wake, 5));
  const flushed = sandbox.flush();
  answer(new Response(null, { status: 200 }));
  assert.deepEqual((await flushed).map(({ status }) => status), [200]);
});

test("a failed webhook is tried again by a timer", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_700_000_000_000 });
  const { got, fetch } = endpoint((count) => new Response(null, { status: count === 1 ? 500 : 200 }));
  const sandbox = createSandbox({ webhook: { url: HOOK, secret: SECRET }, fetch });
  await connect(sandbox);
  const settle = () => new Promise((wake) => setImmediate(wake));
  t.mock.timers.tick(0);
  await settle();
  assert.equal(got.length, 1);
  t.mock.timers.tick(9_999);
  await settle();
  assert.equal(got.length, 1, "ten seconds are not over");
  t.mock.timers.tick(1);
  await settle();
  assert.equal(got.length, 2);
  assert.notEqual(got[1].signature, got[0].signature, "signed afresh");
  assert.equal(sandbox.control("webhooks").deliveries[0].state, "delivered");
});

test("duplicates, disorder and a rolled secret are had by asking", async () => {
  const { got, fetch } = endpoint();
  const sandbox = createSandbox({ webhook: { url: HOOK, secret: SECRET, paused: true, duplicates: 1, disorder: true }, fetch });
  sandbox.control("webhooks", { roll_secret: "whsec_sandbox456" });
  const { stripe_user_id: id } = await connect(sandbox);
  sandbox.control("accounts", { id, state: "restricted" });
  const sent = await sandbox.flush();
  const [updated, authorized] = ["account.updated", "account.application.authorized"];
  assert.deepEqual(sent.map(({ type }) => type), [updated, updated, authorized, authorized]);
  for (const secret of [SECRET, "whsec_sandbox456"]) {
    for (const { body, signature } of got) assert.ok(verifyWebhook(body, signature, [secret]));
  }
  assert.equal(new Set(sent.map(({ event }) => event)).size, 2);
});

test("a platform that deauthorizes hears of it, and of an owner who disconnects", async () => {
  const { got, fetch } = endpoint();
  const sandbox = createSandbox({ webhook: { url: HOOK, secret: SECRET }, fetch });
  for (const end of [
    () => post(sandbox, "/oauth/deauthorize", { client_id: "ca_sandbox123", stripe_user_id: ACCOUNT }),
    () => post(sandbox, `/dashboard/${ACCOUNT}`, { action: "disconnect", client_id: "ca_sandbox123" }),
  ]) {
    sandbox.control("connections", { stripe_user_id: ACCOUNT });
    await end();
    await sandbox.flush();
    const event = JSON.parse(got.at(-1).body);
    assert.deepEqual([event.type, event.account], ["account.application.deauthorized", ACCOUNT]);
  }
  assert.equal(got.length, 2);
});

test("another platform at the same Stripe can't use a code of the first, nor end its connections", async () => {
  const sandbox = createSandbox({ other_platforms: [{ client_id: "ca_other", secret_keys: ["sk_test_other"] }] });
  const code = new URL(await consent(sandbox, authorize)).searchParams.get("code");
  const others = { authorization: "Bearer sk_test_other" };
  const refused = await post(sandbox, "/oauth/token", { grant_type: "authorization_code", code }, others);
  assert.deepEqual(await refused.json(), {
    error: "invalid_grant",
    error_description: "Authorization code provided does not belong to you",
  });
  const { stripe_user_id } = await connect(sandbox);
  const kept = await post(sandbox, "/oauth/deauthorize", { client_id: "ca_sandbox123", stripe_user_id }, others);
  assert.equal(kept.status, 401);
  assert.equal(sandbox.control("ledger")[0].revoked, false);
});

test("a mistake in another platform is named", () => {
  const refused = (other_platforms) => thrown(() => createSandbox({ other_platforms }));
  const complete = { client_id: "ca_other", secret_keys: ["sk_test_other"] };
  assert.equal(refused([{ ...complete, client_id: "pk_test_1" }]).param, "client_id");
  assert.equal(refused([{ ...complete, livemod: true }]).param, "livemod");
  assert.equal(refused([null]).param, "options");
  assert.equal(refused(complete).param, "other_platforms");
});

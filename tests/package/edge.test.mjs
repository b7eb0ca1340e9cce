// The edge entry: the handler with JavaScript's part in it, which is to carry and not to decide.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { isConnectError, newState } from "stripe-connect-oauth";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { openRefreshToken } from "stripe-connect-oauth/server";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { clock, consent, consoleText, platform, rejection, withGlobals } from "./support.mjs";

const shop = (options, store = memoryStore(), sandbox = {}) => platform({ createConnect, createSandbox, store, options, sandbox });

test("from the pressed button to the kept account", async () => {
  const store = memoryStore();
  const { start, request, jar, stripe, toStripeAndBack } = shop({ return_to: "/payouts", scope: "read_write" }, store);

  const started = await start();
  assert.equal(started.status, 303);
  assert.equal(new URL(started.headers.get("location")).origin, "https://stripe.example");
  assert.equal(jar.size, 1);

  const finished = await request(await toStripeAndBack());
  assert.equal(finished.status, 303);
  assert.equal(finished.headers.get("location"), "/payouts");
  assert.equal(jar.size, 1, "the flow that was not finished is still there");
  assert.equal(stripe.calls.length, 1);

  const { connections } = await (await request("/connect/connections")).json();
  assert.equal(connections.length, 1);
  assert.deepEqual(Object.keys(connections[0]).sort(), ["account_id", "connected_at", "livemode", "scope"]);
  assert.equal((await store.connections("user-1"))[0].account_id, connections[0].account_id);
});

test("the same callback again shows the first result, and Stripe hears of it once", async () => {
  const { request, stripe, toStripeAndBack } = shop();
  const callback = await toStripeAndBack();
  for (let i = 0; i < 3; i++) assert.equal((await request(callback)).headers.get("location"), "/");
  assert.equal(stripe.calls.length, 1);
});

test("two requests for one callback at once: one token request, one result", async () => {
  const { request, stripe, toStripeAndBack } = shop();
  const callback = await toStripeAndBack();
  const answers = await Promise.all([request(callback), request(callback), request(callback)]);
  assert.deepEqual(answers.map((answer) => answer.headers.get("location")), ["/", "/", "/"]);
  assert.equal(stripe.calls.length, 1);
});

test("a denial ends on a clean address, and nothing was sent", async () => {
  const { request, stripe, toStripeAndBack } = shop();
  const answer = await request(await toStripeAndBack("cancel"));
  assert.equal(answer.headers.get("location"), "/connect/result/denied");
  assert.equal(stripe.calls.length, 0);
});

test("another user in the same browser is refused before anything is sent", async () => {
  const { request, stripe, world, toStripeAndBack } = shop();
  const callback = await toStripeAndBack();
  world.user = "user-2";
  assert.equal((await request(callback)).headers.get("location"), "/connect/result/another_subject");
  world.user = "user-1";
  assert.notEqual((await request(callback)).headers.get("location"), "/");
  assert.equal(stripe.calls.length, 0);
});

test("a browser that started nothing is refused before anything is sent", async () => {
  const { request, stripe, jar, toStripeAndBack } = shop();
  const callback = await toStripeAndBack();
  jar.clear();
  assert.equal((await request(callback)).headers.get("location"), "/connect/result/not_started");
  assert.equal(stripe.calls.length, 0);
});

test("the page style's exchange connects, and answers with the connection", async () => {
  const { exchange, stripe, sandbox, toStripeAndBack } = shop();
  const code = new URL(await toStripeAndBack()).searchParams.get("code");
  const state = newState();
  const answer = await exchange({ code, state, subject: "user-1" });
  const body = await answer.json();
  assert.equal(answer.status, 200);
  assert.equal(body.outcome, "connected");
  assert.match(body.connection.account_id, /^acct_/);
  assert.equal((await (await exchange({ code, state, subject: "user-1" })).json()).outcome, "connected");
  assert.equal(stripe.calls.length, 1);
  assert.ok(sandbox);
});

test("the exchange takes same-origin JSON about the signed-in user, and nothing else", async () => {
  const { exchange, stripe } = shop();
  const body = { code: "ac_1", state: newState(), subject: "user-1" };
  for (const [label, status, outcome, answer] of [
    ["cross-site", 403, "cross_site", exchange(body, { "sec-fetch-site": "cross-site" })],
    ["a form", 400, "malformed", exchange(body, { "content-type": "text/plain" })],
    ["another subject", 403, "another_subject", exchange({ ...body, subject: "user-2" })],
    ["no JSON", 400, "malformed", exchange("{")],
    ["a bad state", 400, "malformed", exchange({ ...body, state: "x" })],
    ["a bad code", 400, "malformed", exchange({ ...body, code: "pk_1" })],
    ["a number", 400, "malformed", exchange({ ...body, code: 1 })],
  ]) {
    const answered = await answer;
    assert.deepEqual([answered.status, (await answered.json()).outcome], [status, outcome], label);
  }
  assert.equal(stripe.calls.length, 0);
});

test("a request that says nothing of where it is from is asked about, and one press starts", async () => {
  const { request, jar, sandbox } = shop();
  const post = (body) => request("/connect/start", { method: "POST", headers: { origin: "null" }, body: new URLSearchParams(body) });
  const asked = await post({ return_to: "/payouts" });
  const page = await asked.text();
  assert.deepEqual([asked.status, [...jar.keys()]], [403, ["__Host-stripe-connect-confirm"]]);
  const fields = [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name, value]) => [name, value]);
  assert.deepEqual(fields.map(([name]) => name), ["return_to", "confirmation"]);

  const started = await post(fields);
  assert.equal(started.status, 303);
  assert.equal(jar.has("__Host-stripe-connect-confirm"), false, "it was for one press");
  const finished = await request(await consent(sandbox, started.headers.get("location")));
  assert.equal(finished.headers.get("location"), "/payouts");
  assert.equal((await post(fields)).status, 403);
});

test("a path that is not ours is undefined, and nobody is asked who is there", async () => {
  const identify = () => assert.fail("identify was called");
  const { request } = shop({ identify });
  for (const path of ["/", "/connect", "/connect/", "/connect/starter", "/connect/start/", "/Connect/start", "/x/connect/start", "/connect/result/", "/connect/result/nonsense", "/connect/result/connected"]) {
    assert.equal(await request(path), undefined, path);
  }
});

test("another prefix moves every route", async () => {
  const { request } = shop({ prefix: "/pay/stripe", redirect_uri: "https://shop.example/pay/stripe/callback" });
  assert.equal(await request("/connect/connections"), undefined);
  assert.equal((await request("/pay/stripe/connections")).status, 200);
});

test("each Set-Cookie is one: a start takes the stale flows away beside setting its own", async () => {
  const { connect, origin } = shop();
  const cookie = ["a", "b", "c"].map((name) => `__Host-stripe-connect.${name}=stale`).join("; ");
  const answer = await connect.fetch(new Request(`${origin}/connect/start`, { method: "POST", headers: { cookie, "sec-fetch-site": "same-origin" } }));
  const cookies = answer.headers.getSetCookie();
  assert.equal(cookies.length, 4);
  assert.match(cookies[0], /^__Host-stripe-connect\.[0-9a-f]{16}=[\w-]+; Path=\/; Max-Age=7200; Secure; HttpOnly; SameSite=Lax$/);
  for (const name of ["a", "b", "c"]) {
    assert.ok(cookies.includes(`__Host-stripe-connect.${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`));
  }
});

test("every answer is private", async () => {
  const { request, start, exchange } = shop();
  const answers = [await start(), await exchange({}), ...(await Promise.all(
    ["/connect/callback?code=ac_1&state=x", "/connect/connections", "/connect/result/denied", "/connect/start"].map((path) => request(path)),
  ))];
  for (const answer of answers) {
    const html = await answer.clone().text();
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.equal(answer.headers.get("referrer-policy"), html.includes("<form") ? "strict-origin" : "no-referrer");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    if (answer.headers.get("content-type")?.startsWith("text/html")) {
      assert.match(answer.headers.get("content-security-policy"), /^default-src 'none';.* frame-ancestors 'none'$/);
    }
  }
});

test("a method that is not the route's is refused with those that are", async () => {
  const { request } = shop();
  for (const [path, method, allow] of [
    ["/connect/callback?code=ac_1", "HEAD", "GET"],
    ["/connect/callback", "POST", "GET"],
    ["/connect/exchange", "GET", "POST"],
    ["/connect/start", "DELETE", "GET, POST"],
    ["/connect/connections", "POST", "GET, HEAD"],
  ]) {
    const answer = await request(path, { method });
    assert.deepEqual([answer.status, answer.headers.get("allow")], [405, allow], `${method} ${path}`);
  }
});

// identify and prefill are the platform's own.

test("an error of identify's is passed on, the very same", async () => {
  const error = new Error("session store down");
  const routes = ["/connect/connections", "/connect/callback?code=ac_1&state=x"];
  for (const identify of [() => { throw error; }, () => Promise.reject(error)]) {
    const { request, start, exchange } = shop({ identify });
    for (const asking of [() => start(), () => exchange({}), ...routes.map((path) => () => request(path))]) {
      assert.equal(await rejection(asking()), error);
    }
  }
  const odd = { not: "an Error" };
  assert.equal(await rejection(shop({ identify: () => Promise.reject(odd) }).start()), odd);
});

test("identify is given the platform's own Request", async () => {
  let seen;
  const { connect, origin } = shop({ identify: (request) => ((seen = request), null) });
  const request = new Request(`${origin}/connect/connections`, { headers: { cookie: "session=1" } });
  await connect.fetch(request);
  assert.equal(seen, request);
});

test("nobody signed in is 401, and no flow begins", async () => {
  for (const nobody of [null, undefined, Promise.resolve(null)]) {
    const { start, exchange, request, jar } = shop({ identify: () => nobody });
    for (const answer of [await start(), await exchange({}), await request("/connect/connections")]) assert.equal(answer.status, 401);
    assert.equal(jar.size, 0);
  }
});

test("a subject that is no text is the platform's mistake, and said so", async () => {
  for (const subject of [42, "", {}, true, "a\nb", "x".repeat(256)]) {
    const error = await rejection(shop({ identify: () => subject }).start());
    assert.ok(isConnectError(error), String(subject));
    assert.equal(error.param, "subject");
  }
});

test("prefill goes into Stripe's form; a wrong one is reported, and costs nobody their way", async () => {
  const asked = [];
  const { start } = shop({
    prefill: async (subject, request) => (asked.push([subject, request instanceof Request]), { email: "ada@example.com", country: undefined }),
  });
  const url = new URL((await start()).headers.get("location"));
  assert.equal(url.searchParams.get("stripe_user[email]"), "ada@example.com");
  assert.deepEqual(asked, [["user-1", true]]);

  assert.equal((await shop({ prefill: () => undefined }).start()).status, 303);
  for (const [prefill, detail] of [
    [() => ({ phone: "1" }), "stripe_user[phone] was left out: is not a parameter here: check its spelling"],
    [() => "x", "the form was not filled in: stripe_user has the wrong type"],
    [() => { throw new Error("profiles are down"); }, "the form was not filled in: profiles are down"],
    [() => Promise.reject(new Error("profiles are down")), "the form was not filled in: profiles are down"],
  ]) {
    const { start, reports } = shop({ prefill });
    const { status, headers } = await start();
    assert.deepEqual([status, headers.get("location").includes("stripe_user")], [303, false]);
    assert.deepEqual(reports, [{ outcome: "started", detail }]);
  }
});

// The store.

const broken = (methods) => ({
  ...memoryStore(),
  ...Object.fromEntries(methods.map((name) => [name, async () => { throw new Error(`${name} is down`); }])),
});

test("a store that rejects the claim: nothing is sent, and the person may reload", async () => {
  const { request, stripe, reports, jar, toStripeAndBack } = shop({}, broken(["claim"]));
  const answer = await request(await toStripeAndBack());
  assert.equal(answer.status, 503);
  assert.equal(jar.size, 1, "the cookie stays for the reload");
  assert.equal(stripe.calls.length, 0);
  assert.deepEqual(reports, [{ outcome: "store_unavailable", detail: "the store failed: claim is down" }]);
});

test("a store that loses the connection: the person learns how to finish", async () => {
  const { request, sandbox, stripe, reports, toStripeAndBack } = shop({}, broken(["settle"]));
  const answer = await request(await toStripeAndBack());
  assert.equal(answer.headers.get("location"), "/connect/result/not_saved");
  assert.equal(stripe.calls.length, 1);
  assert.deepEqual(reports.map(({ outcome }) => outcome), ["not_saved"]);
  const [{ stripe_user_id }] = sandbox.control("ledger");
  for (const part of [stripe_user_id, "subject user-1", "livemode false", "request req_", "settle is down"]) {
    assert.ok(reports[0].detail.includes(part), `${part}: ${reports[0].detail}`);
  }
});

test("a store that answers nonsense is a store that failed", async () => {
  for (const answer of [42, "x", {}, { flow: 1 }, []]) {
    const { request, stripe, reports, toStripeAndBack } = shop({}, { ...memoryStore(), claim: async () => answer });
    assert.equal((await request(await toStripeAndBack())).status, 503, JSON.stringify(answer));
    assert.equal(stripe.calls.length, 0);
    assert.equal(reports[0].outcome, "store_unavailable");
  }
});

test("a store that rejects with no Error is reported all the same", async () => {
  const { request, reports } = shop({}, { ...memoryStore(), connections: () => Promise.reject("down") });
  assert.equal((await request("/connect/connections")).status, 503);
  assert.equal(reports.length, 1);
});

test("the store's methods are called on the store", async () => {
  class Store {
    #inner = memoryStore();
    claim(...args) { return this.#inner.claim(...args); }
    claimed(...args) { return this.#inner.claimed(...args); }
    settle(...args) { return this.#inner.settle(...args); }
    connections(...args) { return this.#inner.connections(...args); }
    disconnected(...args) { return this.#inner.disconnected(...args); }
    disconnect(...args) { return this.#inner.disconnect(...args); }
    beginEvent(...args) { return this.#inner.beginEvent(...args); }
    finishEvent(...args) { return this.#inner.finishEvent(...args); }
  }
  const { request, toStripeAndBack } = shop({}, new Store());
  assert.equal((await request(await toStripeAndBack())).headers.get("location"), "/");
});

test("the store sees digests, no state and no code", async () => {
  const seen = [];
  const inner = memoryStore();
  const store = Object.fromEntries(Object.entries(inner).map(([name, method]) => [name, (...args) => (seen.push(args), method(...args))]));
  const { request, toStripeAndBack } = shop({}, store);
  const callback = await toStripeAndBack();
  await request(callback);
  const kept = JSON.stringify(seen);
  for (const name of ["code", "state"]) assert.ok(!kept.includes(new URL(callback).searchParams.get(name)));
  assert.match(seen[0][0].flow, /^[0-9a-f]{64}$/);
  assert.match(seen[0][0].code, /^[0-9a-f]{64}$/);
});

// Requests and reports.

test("a body over the limit is cut while it is read, and refused", async () => {
  const { exchange, stripe } = shop();
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent++;
      controller.enqueue(new TextEncoder().encode(" ".repeat(8192)));
    },
  });
  const answer = await exchange(endless);
  assert.deepEqual([answer.status, (await answer.json()).outcome], [400, "malformed"]);
  assert.ok(sent < 20, `${sent} chunks were taken`);

  const long = { code: "ac_1", state: newState(), subject: "user-1", padding: "x".repeat(5000) };
  assert.equal((await (await exchange(long)).json()).outcome, "malformed");
  assert.equal(stripe.calls.length, 0);
});

test("a letter cut in two by the network is one letter", async () => {
  const { exchange } = shop({ identify: () => "Zoë" });
  const bytes = new TextEncoder().encode(JSON.stringify({ code: "ac_1", state: newState(), subject: "Zoë" }));
  const stream = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  assert.notEqual((await (await exchange(stream)).json()).outcome, "malformed");
});

test("a return_to that leads away starts nothing", async () => {
  const { start, jar } = shop();
  for (const return_to of ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil", ""]) {
    assert.equal((await start({ return_to })).status, 400, return_to);
  }
  assert.equal(jar.size, 0);
});

test("a flow past its lifetime is refused", async (t) => {
  const advance = clock(t);
  const { request, stripe, toStripeAndBack } = shop({ flow_lifetime: 60 });
  const callback = await toStripeAndBack();
  advance(60);
  assert.equal((await request(callback)).headers.get("location"), "/connect/result/expired");
  assert.equal(stripe.calls.length, 0);
});

test("a refusal of Stripe's is reported with its request id, and without the key", async () => {
  const { request, reports, toStripeAndBack } = shop({
    fetch: async () => Response.json({ error: "invalid_client", error_description: "No such API key: sk_test_sandbox123" }, { status: 401, headers: { "request-id": "req_9" } }),
  });
  assert.equal((await request(await toStripeAndBack())).headers.get("location"), "/connect/result/refused");
  assert.equal(reports.length, 1);
  assert.deepEqual(Object.keys(reports[0]).sort(), ["detail", "outcome"]);
  assert.match(reports[0].detail, /req_9/);
  assert.ok(!reports[0].detail.includes("sandbox123"));
});

test("without report, problems go to console.error", async (t) => {
  const written = consoleText(t);
  const { request } = shop({ report: undefined }, broken(["connections"]));
  await request("/connect/connections");
  assert.equal(written(), "stripe-connect-oauth: store_unavailable: the store failed: connections is down");
});

test("without fetch, the global one is looked up at the time of the request", async (t) => {
  const { request, stripe, toStripeAndBack } = shop({ fetch: undefined });
  const callback = await toStripeAndBack();
  withGlobals(t, { fetch: stripe });
  assert.equal((await request(callback)).headers.get("location"), "/");
  assert.equal(stripe.calls[0].redirect, "manual");
});

test("a redirect at the token endpoint is not followed", async () => {
  let calls = 0;
  const { request, toStripeAndBack } = shop({ fetch: async () => (calls++, new Response(null, { status: 302, headers: { location: "https://evil.example" } })) });
  assert.equal((await request(await toStripeAndBack())).headers.get("location"), "/connect/result/unknown");
  assert.equal(calls, 1);
});

test("two handlers in one process don't share anything", async () => {
  const [one, other] = [shop(), shop({ cookie_secrets: ["another cookie secret, 32 letters"] })];
  const callback = await one.toStripeAndBack();
  for (const [name, value] of one.jar) other.jar.set(name, value);
  assert.equal((await other.request(callback)).headers.get("location"), "/connect/result/not_started");
  assert.equal((await one.request(callback)).headers.get("location"), "/");
});

test("a cookie secret is rotated by putting the new one in front", async () => {
  const [before, after] = ["the old cookie secret, 32 letters", "the new cookie secret, 32 letters"];
  const old = shop({ cookie_secrets: [before] });
  const started = await old.start();
  const rotated = shop({ cookie_secrets: [after, before], fetch: old.stripe });
  for (const [name, value] of old.jar) rotated.jar.set(name, value);
  const callback = await consent(old.sandbox, started.headers.get("location"));
  assert.equal((await rotated.request(callback)).headers.get("location"), "/");
});

// After the connection: Stripe answers what a test says, by path.

const ACCOUNT = "acct_1SandboxBakery01";
const WEBHOOK_SECRET = "whsec_sandbox123";

const connection = (more) => ({
  ...{ subject: "user-1", account_id: ACCOUNT, livemode: false, scope: "read_write" },
  ...{ connected_at: 1_700_000_000, disconnected_at: null, refresh_token: null },
  ...more,
});

/** A shop whose user has connected an account, before a Stripe that answers as `answers` says. */
async function connectedShop(answers = {}, options = {}) {
  const store = memoryStore();
  await store.settle("kept", "connected", connection());
  const calls = [];
  const fetch = async (url, init) => {
    // As the real one: it refuses, say, a GET with a body.
    const request = new Request(url, init);
    const { pathname } = new URL(request.url);
    calls.push({ method: request.method, pathname, headers: request.headers, body: await request.text() });
    const answer = answers[pathname];
    if (!answer) throw new TypeError(`fetch failed: ${pathname}`);
    return typeof answer === "function" ? answer() : Response.json(answer);
  };
  const world = shop({ fetch, webhook_secrets: [WEBHOOK_SECRET], ...options }, store);
  const post = (path, body, headers = {}) =>
    world.request(path, {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded", ...headers },
      body: String(new URLSearchParams(body)),
    });
  return { ...world, store, calls, post, script: (path, body) => post(path, body, { accept: "application/json" }) };
}

test("a person disconnects their account: Stripe first, then the store", async () => {
  const { post, store, calls, request } = await connectedShop({ "/oauth/deauthorize": { stripe_user_id: ACCOUNT } });
  const answer = await post("/connect/disconnect", { account: ACCOUNT, return_to: "/payouts" });
  assert.deepEqual([answer.status, answer.headers.get("location")], [303, "/payouts"]);
  assert.deepEqual([calls[0].method, calls[0].body], ["POST", `client_id=ca_sandbox123&stripe_user_id=${ACCOUNT}`]);
  assert.deepEqual(await store.connections("user-1"), []);
  const listed = await (await request("/connect/connections")).json();
  assert.deepEqual(listed.connections, []);
  const [ended] = listed.disconnected;
  assert.deepEqual(Object.keys(ended).sort(), ["account_id", "connected_at", "disconnected_at", "livemode", "scope"]);
  assert.ok(Math.abs(ended.disconnected_at - Date.now() / 1000) < 60);
});

test("a script is answered in JSON, and no other subject's account is touched", async () => {
  const { script, world, store, calls } = await connectedShop({ "/oauth/deauthorize": { stripe_user_id: ACCOUNT } });
  world.user = "user-2";
  const refused = await script("/connect/disconnect", { account: ACCOUNT });
  assert.deepEqual([refused.status, (await refused.json()).outcome], [404, "not_connected"]);
  assert.equal(calls.length, 0);
  world.user = "user-1";
  const answer = await script("/connect/disconnect", { account: ACCOUNT });
  assert.deepEqual([answer.status, await answer.json()], [200, { outcome: "disconnected" }]);
  assert.deepEqual(await store.connections("user-1"), []);
});

test("a disconnection is sent again when no answer comes, after a wait", async () => {
  let tries = 0;
  const again = () => (++tries < 2 ? Promise.reject(new Error("reset")) : Response.json({ stripe_user_id: ACCOUNT }));
  const { script } = await connectedShop({ "/oauth/deauthorize": again });
  const before = performance.now();
  assert.equal((await (await script("/connect/disconnect", { account: ACCOUNT })).json()).outcome, "disconnected");
  assert.ok(performance.now() - before > 450);
  assert.equal(tries, 2);
});

test("a person sees how their account is, and revoked access is stored, with the right key", async () => {
  const account = { id: ACCOUNT, object: "account", type: "standard", charges_enabled: true, payouts_enabled: true, details_submitted: true, country: "FR" };
  let revoked = false;
  const answers = {
    [`/v1/accounts/${ACCOUNT}`]: () =>
      revoked
        ? Response.json({ error: { code: "account_invalid", type: "invalid_request_error", message: "revoked" } }, { status: 403 })
        : Response.json(account),
    "/oauth/deauthorize": () => Response.json({ error: "invalid_client", error_description: `${doubt}: ca_sandbox123` }, { status: 401 }),
  };
  let doubt = "No such application";
  const { request, store, calls } = await connectedShop(answers);
  const seen = await (await request(`/connect/account?account=${ACCOUNT}`)).json();
  assert.deepEqual([seen.account.status, seen.account.next_step, seen.account.country], ["active", "nothing", "FR"]);
  assert.deepEqual([calls[0].method, calls[0].body], ["GET", ""]);
  revoked = true;
  const wrong = await request(`/connect/account?account=${ACCOUNT}`);
  assert.deepEqual([wrong.status, (await wrong.json()).outcome], [502, "unreachable"]);
  assert.equal((await store.connections("user-1")).length, 1, "with another platform's key nothing is ended");
  doubt = "This application is not connected to stripe account acct_made_up";
  const gone = await request(`/connect/account?account=${ACCOUNT}`);
  assert.deepEqual([gone.status, (await gone.json()).outcome], [410, "revoked"]);
  assert.deepEqual(await store.connections("user-1"), []);
});

test("an account is made for someone who has none, and its owner led to finish it", async () => {
  const made = "acct_1Made";
  const { post, store, calls, world } = await connectedShop({
    "/v1/accounts": { id: made, object: "account", type: "standard", charges_enabled: false, payouts_enabled: false, details_submitted: false },
    "/v1/account_links": { object: "account_link", expires_at: 1_800_000_000, url: "https://stripe.example/setup/1" },
  });
  world.user = "user-3";
  const led = await post("/connect/create", { country: "FR", email: "ada@example.com" });
  assert.deepEqual([led.status, led.headers.get("location")], [303, "https://stripe.example/setup/1"]);
  assert.equal((await store.connections("user-3"))[0].account_id, made);
  assert.match(calls[0].headers.get("idempotency-key"), /^[0-9a-f]{64}$/);
  const sent = new URLSearchParams(calls[1].body);
  assert.equal(sent.get("refresh_url"), `https://shop.example/connect/onboard?account=${made}&return_to=%2F`);
});

test("a refresh token is kept only when it is asked for, and sealed", async () => {
  const token = () => Response.json({ stripe_user_id: ACCOUNT, livemode: false, scope: "read_write", refresh_token: "rt_123" });
  const secrets = ["a refresh secret of 32 characters"];
  for (const options of [{}, { refresh_token_secrets: secrets }]) {
    const store = memoryStore();
    const { request, toStripeAndBack } = shop({ fetch: token, ...options }, store);
    assert.equal((await request(await toStripeAndBack())).headers.get("location"), "/");
    const [{ refresh_token }] = await store.connections("user-1");
    if (options.refresh_token_secrets) {
      assert.equal(openRefreshToken(refresh_token, { account: ACCOUNT, livemode: false, secrets }), "rt_123");
      assert.ok(!(await (await request("/connect/connections")).text()).includes("refresh_token"));
    } else {
      assert.equal(refresh_token, null);
    }
  }
});

// Webhooks.

const event = (id, more) => ({
  ...{ id, object: "event", type: "account.application.deauthorized", account: ACCOUNT, created: 1_700_000_500, livemode: false },
  data: { object: { id: "ca_sandbox123", object: "application" } },
  ...more,
});

/** A webhook as Stripe sends it; `body` is an event, a text or bytes. */
function webhook(body, { secret = WEBHOOK_SECRET, headers } = {}) {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const t = Math.floor(Date.now() / 1000);
  const v1 = createHmac("sha256", secret).update(`${t}.`).update(bytes).digest("hex");
  return { method: "POST", headers: { "stripe-signature": `t=${t},v1=${v1}`, ...headers }, body: bytes };
}

const outcomeOf = async (answer) => [answer.status, (await answer.json()).outcome];

test("a signed event cleans up, then the hook hears of it, once", async () => {
  const heard = [];
  let listed;
  const onEvent = async (event) => {
    listed = await store.connections("user-1");
    heard.push(event);
  };
  const { request, store } = await connectedShop({}, { onEvent });
  const sent = event("evt_1", { data: { object: { id: "ca_sandbox123", name: "Zoë 💳" } } });
  assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(sent))), [200, "received"]);
  assert.deepEqual(heard, [sent], "as Stripe wrote it");
  assert.deepEqual(listed, [], "the store was cleaned up before");
  assert.equal((await store.disconnected("user-1"))[0].disconnected_at, 1_700_000_500);
  assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(sent))), [200, "received"]);
  assert.equal(heard.length, 1);
});

test("the hook hears of the account of an old event by the name that every other has", async () => {
  const heard = [];
  const { request, store } = await connectedShop({}, { onEvent: (event) => void heard.push(event.account) });
  const old = event("evt_1", { api_version: "2016-03-07", account: undefined, user_id: ACCOUNT });
  assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(old))), [200, "received"]);
  assert.deepEqual([heard, await store.connections("user-1")], [[ACCOUNT], []]);
});

test("the signature is of the very bytes that came", async () => {
  const { request, store } = await connectedShop();
  const text = JSON.stringify(event("evt_1", { note: "é" }));
  const bytes = Buffer.from(text);
  const altered = [
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
    Buffer.concat([bytes, Buffer.from("\n")]),
    Buffer.from(text.replace("é", "e\u0301")),
    Buffer.from(text, "latin1"),
    bytes.subarray(0, bytes.length - 1),
  ];
  for (const body of altered) {
    const { headers } = webhook(bytes);
    assert.deepEqual(await outcomeOf(await request("/connect/webhook", { method: "POST", headers, body })), [400, "webhook_rejected"]);
  }
  assert.deepEqual(
    await outcomeOf(await request("/connect/webhook", webhook(Buffer.concat([bytes.subarray(0, 4), Buffer.from([0xff]), bytes.subarray(4)])))),
    [400, "webhook_rejected"],
    "no UTF-8, even when it is signed",
  );
  assert.equal((await store.connections("user-1")).length, 1);
  assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(bytes))), [200, "received"]);
});

test("bytes that come one by one are the same body", async () => {
  const { request, store } = await connectedShop();
  const { headers, body } = webhook(event("evt_1", { note: "Zoë 💳" }));
  const stream = new ReadableStream({
    start(controller) {
      for (const byte of body) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const answer = await request("/connect/webhook", { method: "POST", headers, body: stream, duplex: "half" });
  assert.deepEqual(await outcomeOf(answer), [200, "received"]);
  assert.deepEqual(await store.connections("user-1"), []);
});

test("a forged event changes nothing, and nobody is asked who is there", async () => {
  const { request, store, reports } = await connectedShop({}, {
    identify: () => assert.fail("identify was called"),
    onEvent: () => assert.fail("onEvent was called"),
  });
  for (const forged of [webhook(event("evt_1"), { secret: "whsec_guessed001" }), { method: "POST", body: "{}" }]) {
    assert.deepEqual(await outcomeOf(await request("/connect/webhook", forged)), [400, "webhook_rejected"]);
  }
  assert.equal((await store.connections("user-1")).length, 1);
  assert.deepEqual(reports, []);
});

test("an event of tens of kilobytes is taken, and an endless one is cut while it is read", async () => {
  const { request, store } = await connectedShop();
  const large = event("evt_1", { padding: "x".repeat(200_000) });
  assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(large))), [200, "received"]);
  assert.deepEqual(await store.connections("user-1"), []);
  let sent = 0;
  const endless = new ReadableStream({ pull: (controller) => (sent++, controller.enqueue(new Uint8Array(8192).fill(32))) });
  const answer = await request("/connect/webhook", { ...webhook("{}"), body: endless, duplex: "half" });
  assert.deepEqual(await outcomeOf(answer), [400, "webhook_rejected"]);
  assert.ok(sent < 40, `${sent} chunks were taken`);
});

test("a hook that throws or rejects is reported, and Stripe asked to send the event again", async () => {
  const failures = [
    [() => { throw new Error("the mailer is down"); }, "the hook failed: the mailer is down"],
    [() => Promise.reject(new Error("the queue is full")), "the hook failed: the queue is full"],
    [() => Promise.reject("down"), "the hook failed: it rejected without an Error"],
  ];
  for (const [onEvent, detail] of failures) {
    const { request, reports, store } = await connectedShop({}, { onEvent });
    assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(event("evt_1")))), [500, "event_failed"]);
    assert.deepEqual(reports, [{ outcome: "event_failed", detail }]);
    assert.deepEqual(await store.connections("user-1"), []);
    assert.equal(await store.beginEvent("evt_1", Date.now() / 1000 + 60), "new", "it was not marked as done");
  }
});

test("a store that fails an event, or answers nonsense, is reported, and the event asked for again", async () => {
  for (const [name, answer] of [
    ["beginEvent", () => Promise.reject(new Error("down"))],
    ["beginEvent", () => "perhaps"],
    ["beginEvent", () => undefined],
    ["disconnect", () => Promise.reject(new Error("down"))],
    ["finishEvent", () => Promise.reject(new Error("down"))],
  ]) {
    const reports = [];
    const { request } = shop({ webhook_secrets: [WEBHOOK_SECRET], report: (problem) => reports.push(problem.outcome) }, { ...memoryStore(), [name]: answer });
    assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(event("evt_1")))), [503, "store_unavailable"]);
    assert.deepEqual(reports, ["store_unavailable"], name);
  }
});

test("an event of the other mode is acknowledged, and nobody hears of it", async () => {
  const { request, store } = await connectedShop({}, { onEvent: () => assert.fail("onEvent was called") });
  assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(event("evt_1", { livemode: true })))), [200, "received"]);
  assert.equal((await store.connections("user-1")).length, 1);
});

test("without webhook_secrets, the path is the platform's own", async () => {
  const { request } = shop();
  assert.equal(await request("/connect/webhook", webhook(event("evt_1"))), undefined);
});

// The edge entry: the handler with JavaScript's part in it, which is to carry and not to decide.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isConnectError, newState } from "stripe-connect-oauth";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { APPLICATION, broken, shop } from "./shop.mjs";
import { clock, consent, consoleText, rejection, withGlobals } from "./support.mjs";

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
  assert.deepEqual(
    [...jar.keys()].map((name) => name.replace(/\.\w+$/, ".…")),
    ["__Host-stripe-connect.…", "__Host-stripe-connect-done"],
    "the flow that was not finished is still there, and it is said that the other one is",
  );
  assert.equal(stripe.calls.length, 1);

  const { connections } = await (await request("/connect/connections")).json();
  assert.equal(connections.length, 1);
  assert.deepEqual(Object.keys(connections[0]).sort(), ["account_id", "connected_at", "livemode", "scope"]);
  assert.equal((await store.connections(APPLICATION, "user-1"))[0].account_id, connections[0].account_id);
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
  assert.deepEqual([asked.status, jar.size], [403, 1]);
  const [confirmation] = jar.keys();
  assert.match(confirmation, /^__Host-stripe-connect-confirm\.[0-9a-f]{8}$/);
  const fields = [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name, value]) => [name, value]);
  assert.deepEqual(fields.map(([name]) => name), ["return_to", "confirmation"]);

  const started = await post(fields);
  assert.equal(started.status, 303);
  assert.equal(jar.has(confirmation), false, "it was for one press");
  const finished = await request(await consent(sandbox, started.headers.get("location")));
  assert.equal(finished.headers.get("location"), "/payouts");
  assert.equal((await post(fields)).status, 403);
});

test("a path that is not ours is undefined, and nobody is asked who is there", async () => {
  const identify = () => assert.fail("identify was called");
  const { request } = shop({ identify });
  for (const path of ["/", "/connect", "/connect/", "/connect/starter", "/connect/start/", "/Connect/start", "/x/connect/start", "/connect/result/", "/connect/result/nonsense", "/connect/result/created"]) {
    assert.equal(await request(path), undefined, path);
  }
});

test("another prefix moves every route", async () => {
  const { request } = shop({ prefix: "/pay/stripe", redirect_uri: "https://shop.example/pay/stripe/callback" });
  assert.equal(await request("/connect/connections"), undefined);
  assert.equal((await request("/pay/stripe/connections")).status, 200);
});

test("each Set-Cookie is one: a start takes the stale flows away beside setting its own", async () => {
  const { start, jar } = shop();
  await start();
  const [name] = jar.keys();
  jar.clear();
  const stale = [..."0123456789abcdef"].map((place) => name.slice(0, -1) + place);
  for (const one of stale) jar.set(one, "stale");
  const cookies = (await start()).headers.getSetCookie();
  assert.equal(cookies.length, 16);
  assert.match(cookies[0], /^__Host-stripe-connect\.[0-9a-f]{8}\.[0-9a-f]=[\w-]+; Path=\/; Max-Age=7200; Secure; HttpOnly; SameSite=Lax$/);
  for (const one of stale.filter((one) => !cookies[0].startsWith(one))) {
    assert.ok(cookies.includes(`${one}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`));
  }
});

test("without page_style, the exchange is a path that is not ours", async () => {
  const { exchange, stripe } = shop({ page_style: undefined });
  assert.equal(await exchange({ code: "ac_1", state: "s", subject: "user-1" }), undefined);
  assert.equal(stripe.calls.length, 0);
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
    assert.equal(error.param, "identify");
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

test("a cookie secret is rotated in three steps: last, first, alone", async () => {
  const [old, young] = ["the old cookie secret, 32 letters", "the new cookie secret, 32 letters"];
  const steps = [[old], [old, young], [young, old], [young]];
  const endsAcross = async (starts, finishes) => {
    const one = shop({ cookie_secrets: starts });
    const other = shop({ cookie_secrets: finishes, fetch: one.stripe });
    const callback = await one.toStripeAndBack();
    for (const [name, value] of one.jar) other.jar.set(name, value);
    return (await other.request(callback)).headers.get("location");
  };
  for (const [at, step] of steps.slice(1).entries()) {
    // While a step is deployed, some machines have it and some don't.
    assert.equal(await endsAcross(steps[at], step), "/");
    assert.equal(await endsAcross(step, steps[at]), "/");
  }
  assert.equal(await endsAcross([young, old], [old]), "/connect/result/not_started", "put first at once");
});

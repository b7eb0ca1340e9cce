// The page style's second half as one call, over the handler and the stand-in, and over answers that are none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beginConnect, finishConnect } from "stripe-connect-oauth";
import { completeConnect } from "stripe-connect-oauth/complete";
import { createConnect } from "stripe-connect-oauth/edge";
import de from "stripe-connect-oauth/languages/de";
import en from "stripe-connect-oauth/languages/en";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { HINTS } from "./refusals.mjs";
import { consent, page, platform, rejection, withGlobals } from "./support.mjs";

const HERE = "https://shop.example/return";
const ADA = { subject: "user-1" };
const begin = () => beginConnect({ client_id: "ca_sandbox123" }, { ...ADA, connect_base: "https://stripe.example" });
const answer = (query) => `${HERE}?${query}&keep=1`;

/** A page whose person has come back with `query`; and a `fetch` that gives these answers in turn, and counts. */
function cameBack(t, query, ...answers) {
  const { location } = page(t, HERE);
  const { state } = begin();
  location.href = answer(query.replace("{S}", state));
  const sent = [];
  const fetch = async (...request) => {
    sent.push(request);
    const next = answers.length > 1 ? answers.shift() : answers[0];
    return typeof next === "function" ? next(...request) : Response.json(...(Array.isArray(next) ? next : [next]));
  };
  return { location, state, sent, fetch };
}

const CODE = "scope=read_write&code=ac_1&state={S}";

/** Time passes at once; resolves to how much. */
function hurried(t) {
  const waits = [];
  withGlobals(t, { setTimeout: (wake, wait) => (waits.push(wait), queueMicrotask(wake)) });
  return waits;
}

/** A shop with its handler and stand-in, and a page of it whose `fetch` reaches the handler. */
function shop(t, options) {
  const made = platform({ createConnect, createSandbox, store: memoryStore(), options });
  const { location } = page(t, HERE);
  const sent = [];
  const fetch = (path, init) => (sent.push([path, init]), made.request(path, { ...init, headers: { ...init.headers, "sec-fetch-site": "same-origin" } }));
  withGlobals(t, { fetch });
  /** Decides at Stripe, and is back in the page. */
  const decide = async (url, decision) => {
    const callback = new URL(await consent(made.sandbox, url, decision));
    location.href = HERE + callback.search;
  };
  return { ...made, location, sent, decide };
}

test("one call finishes and exchanges: the account is connected, by one request, and the address is clean", async (t) => {
  const { location, sent, decide, stripe } = shop(t);
  const { state, url } = begin();
  await decide(url);
  const code = new URL(location.href).searchParams.get("code");
  const ending = await completeConnect(ADA);
  assert.deepEqual(Object.keys(ending).sort(), ["connection", "outcome"]);
  assert.deepEqual([ending.outcome, ending.connection.scope], ["connected", "read_only"]);
  assert.match(ending.connection.account_id, /^acct_/);
  assert.equal(location.href, HERE);
  assert.deepEqual(sent.map(([path, { method, body }]) => [path, method, JSON.parse(body)]), [
    ["/connect/exchange", "POST", { code, state, subject: "user-1" }],
  ]);
  assert.equal(stripe.calls.filter(({ url }) => url.endsWith("/oauth/token")).length, 1);
});

test("called again in the page, as in React's strict mode, it gives the very same promise, and sends nothing again", async (t) => {
  const { sent, decide } = shop(t);
  const { url } = begin();
  await decide(url);
  const first = completeConnect(ADA);
  assert.equal(completeConnect(ADA), first);
  await first;
  assert.equal(completeConnect({ ...ADA, language: de }), first);
  assert.equal(sent.length, 1);
});

test("what needs no exchange is as finishConnect gives it, and nothing is sent", async (t) => {
  for (const [query, outcome, hint, reason] of [
    ["error=access_denied&state={S}", "denied", HINTS.denied],
    ["error=access_denied", "denied", HINTS.denied],
    ["error=invalid_scope&state={S}", "failed", HINTS.failed],
    ["code=ac_1&state=guess", "rejected", HINTS.foreign, "not_started"],
    ["code=%zz&state={S}", "rejected", HINTS.damaged, "malformed"],
  ]) {
    const { sent, fetch, location } = cameBack(t, query, { outcome: "connected" });
    const ending = await completeConnect({ ...ADA, fetch });
    assert.deepEqual([ending.outcome, ending.hint, ending.reason], [outcome, hint, reason], query);
    assert.equal(location.href, `${HERE}?keep=1`);
    assert.deepEqual(sent, []);
  }
  const { sent, fetch, location } = cameBack(t, "page=2");
  assert.deepEqual(await completeConnect({ subject: "a-visitor", fetch }), { outcome: "none", hint: HINTS.none });
  assert.deepEqual([location.href, sent], [answer("page=2"), []]);
});

test("another user's flow is not finished", async (t) => {
  const { sent, fetch } = cameBack(t, CODE, { outcome: "connected" });
  assert.equal((await completeConnect({ subject: "user-2", fetch })).reason, "another_subject");
  assert.deepEqual(sent, []);
});

test("a refusal of the worker's is the result, with its hint in the page style's words", async (t) => {
  const signedOut = shop(t);
  await signedOut.decide(begin().url);
  signedOut.world.user = null;
  assert.deepEqual(await completeConnect(ADA), { outcome: "not_signed_in", hint: en["page_style.not_signed_in.hint"] });

  const german = shop(t, { language: de });
  await german.decide(begin().url);
  german.world.user = null;
  assert.deepEqual(await completeConnect(ADA), { outcome: "not_signed_in", hint: de["page_style.not_signed_in.hint"] });
});

test("with a language, each ending has its title and hint, the page style's where it has its own", async (t) => {
  for (const [query, reply, name] of [
    ["error=access_denied&state={S}", undefined, "denied"],
    ["code=ac_1&state=guess", undefined, "not_started"],
    ["error=invalid_scope&state={S}", undefined, "failed"],
    [CODE, { outcome: "code_expired", hint: "English" }, "code_expired"],
    [CODE, { outcome: "not_signed_in", hint: "English" }, "not_signed_in"],
    [CODE, () => Promise.reject(new TypeError("Failed to fetch")), "unknown"],
  ]) {
    const { fetch } = cameBack(t, query, reply);
    const { title, hint } = await completeConnect({ ...ADA, fetch, language: de });
    const text = (part) => de[`page_style.${name}.${part}`] ?? de[`${name}.${part}`];
    assert.deepEqual([title, hint], [text("title"), text("hint")], name);
  }
  const { fetch } = cameBack(t, CODE, { outcome: "code_expired", hint: "English" });
  assert.equal((await completeConnect({ ...ADA, fetch, language: { lang: "fr" } })).hint, "English", "what it lacks");
});

test("where the worker's reply does not arrive, nobody knows: it is said so, and nothing is sent again", async (t) => {
  hurried(t);
  const failure = new TypeError("Failed to fetch");
  for (const [what, reply] of [
    ["the network breaks", () => Promise.reject(failure)],
    ["fetch throws", () => { throw failure; }],
    ["a page", () => new Response("<!doctype html>", { status: 502 })],
    ["nothing", () => new Response(null, { status: 404 })],
    ["null", [null]],
    ["a text", ["connected"]],
    ["another JSON", { error: "not found" }],
    ["an outcome that is no text", { outcome: { toString: () => "connected" } }],
  ]) {
    const { sent, fetch, location } = cameBack(t, CODE, reply);
    const ending = await completeConnect({ ...ADA, fetch });
    assert.deepEqual([ending.outcome, ending.hint], ["unknown", en["page_style.unknown.hint"]], what);
    assert.ok(ending.cause instanceof Error && !/ac_1/.test(ending.cause.message), what);
    assert.deepEqual([sent.length, location.href], [1, `${HERE}?keep=1`], what);
  }
});

test("a signal ends the wait, and what the worker has done is unknown", async (t) => {
  const { sent, fetch } = cameBack(t, CODE, (path, { signal }) => new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason))));
  const abort = new AbortController();
  const ending = completeConnect({ ...ADA, fetch, signal: abort.signal });
  abort.abort(new Error("enough"));
  assert.deepEqual([(await ending).outcome, (await ending).cause.message, sent.length], ["unknown", "enough", 1]);
});

test("a worker that is still at work, or whose store did not answer, is asked again, and not for ever", async (t) => {
  const waits = hurried(t);
  const working = [{ outcome: "still_working", hint: "wait" }, { status: 202 }];
  const down = [{ outcome: "store_unavailable", hint: "soon" }, { status: 503 }];
  const healed = cameBack(t, CODE, working, down, { outcome: "connected" });
  assert.deepEqual(await completeConnect({ ...ADA, fetch: healed.fetch }), { outcome: "connected" });
  assert.equal(healed.sent.length, 3);
  assert.equal(new Set(healed.sent.map(([, { body }]) => body)).size, 1, "the very same request");
  assert.deepEqual(waits, [1000, 2000]);
  for (const reply of [working, down]) {
    const { sent, fetch } = cameBack(t, CODE, reply);
    assert.deepEqual(await completeConnect({ ...ADA, fetch }), reply[0]);
    assert.equal(sent.length, 4);
  }
});

test("who goes back to Stripe after success, and agrees or cancels there, is told that it is connected", async (t) => {
  const { sent, decide, location, stripe } = shop(t);
  const { url } = begin();
  await decide(url);
  assert.equal((await completeConnect(ADA)).outcome, "connected");
  for (const decision of ["connect", "cancel"]) {
    await decide(url, decision);
    assert.deepEqual(await completeConnect(ADA), { outcome: "connected" });
    assert.equal(location.href, HERE);
  }
  assert.deepEqual([sent.length, stripe.calls.length], [1, 1], "the new code is never sent");
});

test("after a flow that did not connect, and for who is not sure of its state, it is said as it is", async (t) => {
  const { fetch, state, location } = cameBack(t, CODE, { outcome: "code_expired", hint: "late" });
  await completeConnect({ ...ADA, fetch });
  location.href = answer(`code=ac_2&state=${state}`);
  assert.equal((await completeConnect({ ...ADA, fetch })).reason, "already_used");

  // The page has read the answer itself: what its state was is gone.
  location.href = answer(`code=ac_2&state=${state}`);
  finishConnect(undefined, ADA);
  assert.equal((await completeConnect({ ...ADA, fetch })).reason, "already_used");
});

test("a mistake in the options is refused by name, and the address is cleaned all the same", async (t) => {
  for (const [options, code, param] of [
    [{ user: "ada" }, "unknown_parameter", "user"],
    [{ subject: 42 }, "invalid_type", "subject"],
    [null, "invalid_type", "options"],
    ["ada", "invalid_type", "options"],
    [{ exchange: "https://evil.example/exchange" }, "invalid_value", "exchange"],
    [{ exchange: "//evil.example" }, "invalid_value", "exchange"],
    [{ exchange: "/\\evil.example" }, "invalid_value", "exchange"],
    [{ exchange: 42 }, "invalid_value", "exchange"],
    [{ fetch: "fetch" }, "invalid_type", "fetch"],
    [{ signal: true }, "invalid_type", "signal"],
    [{ language: "de" }, "invalid_type", "language"],
  ]) {
    const { location, sent } = cameBack(t, CODE, { outcome: "connected" });
    const error = await rejection(completeConnect(options));
    assert.deepEqual([error.name, error.code, error.param], ["ConnectError", code, param], param);
    assert.deepEqual([location.href, sent], [`${HERE}?keep=1`, []], param);
  }
});

test("where storage is blocked it rejects as finishConnect throws, and nothing is sent", async (t) => {
  const { location, sent, fetch } = cameBack(t, CODE, { outcome: "connected" });
  withGlobals(t, { sessionStorage: null });
  assert.equal((await rejection(completeConnect({ ...ADA, fetch }))).code, "storage_unavailable");
  assert.deepEqual([location.href, sent], [`${HERE}?keep=1`, []]);
});

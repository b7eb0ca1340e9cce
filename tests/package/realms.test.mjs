// What a host makes in another realm is what it is: objects, errors, URLs and signals have another `Object`, `Error` and
// so on behind them in a test runner, in an edge runtime's sandbox, and in a frame.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { authorizeUrl, beginConnect, connectButton, isConnectError, newState, parseCallback } from "stripe-connect-oauth";
import { createConnect } from "stripe-connect-oauth/edge";
import { cleanPrefill } from "stripe-connect-oauth/prefill";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { retrieveAccount, verifyWebhook } from "stripe-connect-oauth/server";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { page, platform, rejection, withGlobals } from "./support.mjs";

const realm = createContext({ URL, URLSearchParams });
/** A value as another realm makes it. */
const foreign = (value) => runInContext(`(${JSON.stringify(value)})`, realm);

test("option objects of another realm are options, also where nothing is in them", (t) => {
  assert.notEqual(foreign({}).constructor, Object);
  page(t, "https://shop.example/");
  const state = newState();
  const url = authorizeUrl(foreign({ client_id: "ca_123", state, stripe_user: { email: "ada@example.com" } }), foreign({ redirect_uris: ["https://shop.example/cb"] }));
  assert.equal(new URL(url).searchParams.get("stripe_user[email]"), "ada@example.com");
  assert.equal(new URL(url).searchParams.get("redirect_uri"), "https://shop.example/cb");
  for (const nothing of [foreign({}), Object.create(null)]) {
    assert.ok(authorizeUrl({ client_id: "ca_123", state, stripe_user: nothing }, nothing));
    assert.ok(beginConnect({ client_id: "ca_123", stripe_user: nothing }, { subject: "user-1" }).url);
  }
  assert.ok(connectButton(foreign({ href: "/connect" })));
  assert.equal(parseCallback(`?code=ac_1&state=${state}`, foreign({ state })).outcome, "authorized");
  assert.deepEqual(cleanPrefill(foreign({ email: " a@b.example " }), foreign({})), { stripe_user: { email: "a@b.example" }, dropped: [] });
});

test("where the host has put its own in Object's place, an object is still one", (t) => {
  // As edge-runtime does, so that `instanceof` holds for objects of both of its realms.
  withGlobals(t, { Object: new Proxy(Object, {}) });
  assert.notEqual({}.constructor, globalThis.Object);
  assert.ok(authorizeUrl({ client_id: "ca_123", state: newState(), stripe_user: {} }, {}));
  assert.deepEqual(cleanPrefill({}), { stripe_user: {}, dropped: [] });
});

test("what hides its fields is still no object", () => {
  const hidden = [new Map([["email", "a@b.example"]]), new Set(), new (class Empty {})(), new Date(), runInContext("new Map()", realm)];
  for (const stripe_user of hidden) {
    assert.throws(() => authorizeUrl({ client_id: "ca_123", state: newState(), stripe_user }), { code: "invalid_type", param: "stripe_user" });
  }
});

test("a query of another realm's URLSearchParams is read", () => {
  const state = newState();
  class URLSearchParamsOfAnotherRealm {
    get [Symbol.toStringTag]() { return "URLSearchParams"; }
    toString() { return `code=ac_1&state=${state}`; }
  }
  assert.equal(parseCallback(new URLSearchParamsOfAnotherRealm(), { state }).code, "ac_1");
});

test("an error of another realm's copy is a ConnectError", () => {
  assert.ok(isConnectError(runInContext("Object.assign(new Error('x'), { name: 'ConnectError' })", realm)));
  assert.ok(!isConnectError(runInContext("new Error('x')", realm)));
  assert.ok(!isConnectError(foreign({ name: "ConnectError" })));
});

test("a handler whose every option and answer is of another realm starts, and finishes", async () => {
  const options = { ...foreign({ scope: "read_write" }), prefill: () => foreign({}), identify: async () => "user-1" };
  const { toStripeAndBack, request, reports, start } = platform({ createConnect, createSandbox, store: memoryStore(), options });
  assert.equal((await request(await toStripeAndBack())).headers.get("location"), "/");
  assert.equal((await start()).status, 303);
  assert.deepEqual(reports, []);
  assert.ok(createSandbox(foreign({ name: "Shop" })));
});

test("a signal of another realm stops a call, before and while it waits", async () => {
  /** As jsdom's: an EventTarget that is no AbortSignal of ours. */
  class Foreign extends EventTarget {
    aborted = false;
    reason;
    get [Symbol.toStringTag]() { return "AbortSignal"; }
    abort() {
      [this.aborted, this.reason] = [true, new Error("enough")];
      this.dispatchEvent(new Event("abort"));
    }
  }
  const call = (signal) => rejection(retrieveAccount("acct_1", { secret_key: "sk_test_1", signal, fetch: () => new Promise(() => {}) }));
  const before = new Foreign();
  before.abort();
  assert.equal((await call(before)).code, "aborted");
  const during = new Foreign();
  setTimeout(() => during.abort(), 5);
  assert.equal((await call(during)).code, "aborted");
  for (const none of [{}, { aborted: false }, "x", null]) assert.equal((await call(none)).code, "invalid_type");
});

test("a signal as edge-light has it, with another name and nothing that joins two, stops a call, as its timeout does", async (t) => {
  const { timeout } = AbortSignal;
  class Plain extends EventTarget {
    aborted = false;
    static timeout(milliseconds) {
      const controller = new Controller();
      timeout.call(AbortSignal, milliseconds).addEventListener("abort", () => controller.abort());
      return controller.signal;
    }
  }
  class Controller {
    signal = new Plain();
    abort(reason) {
      Object.assign(this.signal, { aborted: true, reason });
      this.signal.dispatchEvent(new Event("abort"));
    }
  }
  withGlobals(t, { AbortSignal: Plain, AbortController: Controller });
  const call = (options) => rejection(retrieveAccount("acct_1", { secret_key: "sk_test_1", fetch: () => new Promise(() => {}), ...options }));
  for (const wait of [0, 5]) {
    const stop = new Controller();
    if (wait) setTimeout(() => stop.abort(), wait);
    else stop.abort();
    assert.equal((await call({ signal: stop.signal })).code, "aborted");
  }
  assert.equal((await call({ signal: new Controller().signal, timeout: 10 })).code, "timed_out");
});

test("a webhook's secrets and options may be of another realm", () => {
  assert.throws(() => verifyWebhook("{}", "t=1,v1=00", foreign(["whsec_0123456789abcdef"]), foreign({ now: 1 })), { name: "WebhookError" });
});

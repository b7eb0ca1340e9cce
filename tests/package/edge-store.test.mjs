// The handler and the platform's store: what it keeps, and what becomes of a store that fails.
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { APPLICATION, broken, shop } from "./shop.mjs";

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
    claimsSince(...args) { return this.#inner.claimsSince(...args); }
    settle(...args) { return this.#inner.settle(...args); }
    connections(...args) { return this.#inner.connections(...args); }
    disconnected(...args) { return this.#inner.disconnected(...args); }
    connectionsOf(...args) { return this.#inner.connectionsOf(...args); }
    disconnect(...args) { return this.#inner.disconnect(...args); }
    forget(...args) { return this.#inner.forget(...args); }
    erase(...args) { return this.#inner.erase(...args); }
    beginEvent(...args) { return this.#inner.beginEvent(...args); }
    finishEvent(...args) { return this.#inner.finishEvent(...args); }
    releaseEvent(...args) { return this.#inner.releaseEvent(...args); }
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
  const [application, claim] = seen.find(([, given]) => given?.flow);
  assert.deepEqual(application, APPLICATION);
  assert.match(claim.flow, /^[0-9a-f]{64}$/);
  assert.match(claim.code, /^[0-9a-f]{64}$/);
});

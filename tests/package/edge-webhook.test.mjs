// The edge entry's webhook: the very bytes that came, a clean-up and the platform's hook.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { ACCOUNT, APPLICATION, WEBHOOK_SECRET, connectedShop, shop } from "./shop.mjs";

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
    listed = await store.connections(APPLICATION, "user-1");
    heard.push(event);
  };
  const { request, store } = await connectedShop({}, { onEvent });
  const sent = event("evt_1", { data: { object: { id: "ca_sandbox123", name: "Zoë 💳" } } });
  assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(sent))), [200, "received"]);
  assert.deepEqual(heard, [sent], "as Stripe wrote it");
  assert.deepEqual(listed, [], "the store was cleaned up before");
  assert.equal((await store.disconnected(APPLICATION, "user-1"))[0].disconnected_at, 1_700_000_500);
  assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(sent))), [200, "received"]);
  assert.equal(heard.length, 1);
});

test("the hook hears of the account of an old event by the name that every other has", async () => {
  const heard = [];
  const { request, store } = await connectedShop({}, { onEvent: (event) => void heard.push(event.account) });
  const old = event("evt_1", { api_version: "2016-03-07", account: undefined, user_id: ACCOUNT });
  assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(old))), [200, "received"]);
  assert.deepEqual([heard, await store.connections(APPLICATION, "user-1")], [[ACCOUNT], []]);
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
  assert.equal((await store.connections(APPLICATION, "user-1")).length, 1);
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
  assert.deepEqual(await store.connections(APPLICATION, "user-1"), []);
});

test("a forged event changes nothing, nobody is asked who is there, and developers hear of it once a minute", async () => {
  const { request, store, reports } = await connectedShop({}, {
    identify: () => assert.fail("identify was called"),
    onEvent: () => assert.fail("onEvent was called"),
  });
  for (const forged of [webhook(event("evt_1"), { secret: "whsec_guessed001" }), { method: "POST", body: "{}" }]) {
    assert.deepEqual(await outcomeOf(await request("/connect/webhook", forged)), [400, "webhook_rejected"]);
  }
  assert.equal((await store.connections(APPLICATION, "user-1")).length, 1);
  assert.deepEqual(reports.map(({ outcome }) => outcome), ["webhook_rejected"]);
});

test("an event of tens of kilobytes is taken, and an endless one is cut while it is read", async () => {
  const { request, store } = await connectedShop();
  const large = event("evt_1", { padding: "x".repeat(200_000) });
  assert.deepEqual(await outcomeOf(await request("/connect/webhook", webhook(large))), [200, "received"]);
  assert.deepEqual(await store.connections(APPLICATION, "user-1"), []);
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
    assert.deepEqual(await store.connections(APPLICATION, "user-1"), []);
    assert.equal(await store.beginEvent(APPLICATION, "evt_1", Date.now() / 1000 + 60), "new", "it was not marked as done");
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
  assert.equal((await store.connections(APPLICATION, "user-1")).length, 1);
});

test("without webhook_secrets, the path is the platform's own", async () => {
  const { request } = shop();
  assert.equal(await request("/connect/webhook", webhook(event("evt_1"))), undefined);
});

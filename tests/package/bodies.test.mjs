// The bodies of requests: whatever a host's stream gives, or does not, the handler reads as much as its route takes.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { platform, rejection, soon, strayErrors } from "./support.mjs";

const WEBHOOK_SECRET = "whsec_sandbox123";

const shop = () => platform({ createConnect, createSandbox, store: memoryStore(), options: { webhook_secrets: [WEBHOOK_SECRET] } });

/** A webhook, whose signature tells whether every byte of its body is read. */
function event() {
  const t = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({ id: "evt_1", object: "event", type: "payout.paid", created: t, livemode: false, data: { object: { note: "Zoë 💳" } } });
  const v1 = createHmac("sha256", WEBHOOK_SECRET).update(`${t}.${body}`).digest("hex");
  return ["/connect/webhook", { method: "POST", headers: { "stripe-signature": `t=${t},v1=${v1}` }, body }];
}

/** A request with a body of these chunks, which ends after them unless it is said to stay open. */
function streamed([path, { body, ...init }], chunks, { staysOpen = false } = {}) {
  const stream = new ReadableStream({
    start(controller) {
      for (const chunk of chunks(new TextEncoder().encode(body), body)) controller.enqueue(chunk);
      if (!staysOpen) controller.close();
    },
  });
  return [path, { ...init, body: stream, duplex: "half" }];
}
const padded = (bytes) => Uint8Array.of(0, ...bytes, 0).buffer;

test("a body comes in bytes of any kind, or in texts, and is the same", async () => {
  const kinds = {
    texts: (_, text) => [...text],
    "an ArrayBuffer": (bytes) => [bytes.buffer],
    "a DataView of a part": (bytes) => [new DataView(padded(bytes), 1, bytes.length)],
    "bytes of another realm": (bytes) => [runInNewContext(`new Uint8Array([${bytes}])`)],
    "numbers of two bytes": (bytes) => [bytes.slice(0, 1), new Uint16Array(bytes.slice(1, 101).buffer), bytes.slice(101)],
    "a byte at a time": (bytes) => [...bytes].map((byte) => Uint8Array.of(byte)),
  };
  for (const [what, chunks] of Object.entries(kinds)) {
    const { request } = shop();
    const answer = await soon(request(...streamed(event(), chunks)));
    assert.deepEqual([what, answer.status], [what, 200]);
  }
});

test("chunks that are texts count against the limit, and a body that is none is the host's mistake", async (t) => {
  const stray = strayErrors(t);
  let pulled = 0;
  const endless = (chunk) => new ReadableStream({ pull: (controller) => void (pulled++, controller.enqueue(chunk)) });
  const sent = (body) => soon(shop().request("/connect/webhook", { method: "POST", body, duplex: "half" }), 5_000);
  for (const chunk of ["x".repeat(100_000), "💳".repeat(50_000)]) {
    pulled = 0;
    assert.equal((await (await sent(endless(chunk))).json()).reason, "body_too_long");
    assert.ok(pulled < 10, `${pulled} chunks were read`);
  }
  for (const chunk of [1, {}, [1, 2], true, new Date(0), null]) {
    const error = await rejection(sent(endless(chunk)));
    assert.deepEqual([error.name, error.code, error.param], ["ConnectError", "invalid_type", "request"], String(chunk));
  }
  assert.deepEqual(stray, []);
});

test("a body that does not come is waited for thirty seconds, and no timer outlives one that came", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const cleared = t.mock.method(globalThis, "clearTimeout");
  const { request, reports } = shop();
  for (const chunks of [() => [], (bytes) => [bytes.slice(0, 10)]]) {
    const waiting = request(...streamed(event(), chunks, { staysOpen: true }));
    let answer;
    waiting.then((given) => (answer = given));
    for (const milliseconds of [29_999, 1]) {
      assert.equal(answer, undefined);
      await new Promise(setImmediate);
      t.mock.timers.tick(milliseconds);
    }
    assert.equal((await waiting).status, 408);
    assert.equal(await answer.text(), "The body did not come in time\n");
    assert.equal(answer.headers.get("cache-control"), "no-store");
  }
  const before = cleared.mock.callCount();
  assert.equal((await request(...event())).status, 200);
  assert.equal(cleared.mock.callCount(), before + 1);
  assert.deepEqual(reports, []);
});

// Webhooks: whatever form the body comes in, Stripe's signature decides, and what it signed is what is read.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { isConnectError } from "stripe-connect-oauth";

/** The memories of the modules that are instantiated from here on. */
const memories = [];
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...given) {
    super(...given);
    memories.push(this.exports.memory);
  }
};
const { verifyWebhook, verifyWebhookSignature } = await import("stripe-connect-oauth/server");

const SECRET = "whsec_canary7h3s3cr3t";
const NOW = 1_700_000_000;
const EVENT = {
  id: "evt_1",
  object: "event",
  api_version: "2025-03-31.basil",
  created: NOW - 10,
  data: { object: { id: "ca_1", object: "application", name: "Café 🍣" } },
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  account: "acct_1",
  type: "account.application.deauthorized",
};
const BODY = JSON.stringify(EVENT, null, 2);

const v1 = (body, t = NOW, secret = SECRET) => createHmac("sha256", secret).update(`${t}.`).update(body).digest("hex");
const signed = (body, t = NOW, secret = SECRET) => `t=${t},v1=${v1(body, t, secret)}`;
const verify = (body, header = signed(body), options = {}) => verifyWebhook(body, header, SECRET, { now: NOW, ...options });

/** What `call` throws. */
function refusal(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("it was accepted");
}

const code = (call) => refusal(call).code;

test("an event comes back whole, as it was signed, at once", () => {
  const event = verify(BODY);
  assert.deepEqual(event, EVENT);
  assert.equal(event.account, "acct_1");
});

test("the static vector of stripe-dotnet", () => {
  const body = `{
  "id": "evt_123",
  "object": "event",
  "account": "acct_123",
  "api_version": "2017-05-25",
  "created": 1533204620,
  "data": {
    "object": {
      "id": "cus_123",
      "object": "customer",
      "created": 123456789,
      "email": "test@stripe.com",
      "livemode": false,
      "metadata": {}
    }
  },
  "livemode": false,
  "pending_webhooks": 1,
  "request": {
    "id": "req_123",
    "idempotency_key": "idempotency-key-123"
  },
  "type": "customer.created"
}
`;
  const header =
    "t=1533204620,v1=2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7" +
    ",v0=63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef";
  assert.equal(verifyWebhook(body, header, "webhook_secret", { now: 1533204720 }).request.id, "req_123");
  assert.equal(code(() => verifyWebhook(body, header, "webhook_secret", { now: 1533205020 })), "too_old");
});

test("the body comes as text or bytes of any kind, of any realm", () => {
  const bytes = Buffer.from(BODY);
  const inside = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")]);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const elsewhere = runInNewContext("new Uint8Array(bytes).buffer", { bytes: [...bytes] });
  const bodies = {
    text: BODY,
    Buffer: bytes,
    "part of a Buffer": inside.subarray(6, 6 + bytes.length),
    Uint8Array: new Uint8Array(bytes),
    ArrayBuffer: new Uint8Array(bytes).buffer,
    DataView: new DataView(inside.buffer, inside.byteOffset + 6, bytes.length),
    "shared memory": shared,
    "another realm's ArrayBuffer": elsewhere,
    "another realm's Uint8Array": runInNewContext("new Uint8Array(bytes)", { bytes: [...bytes] }),
  };
  assert.ok(!(elsewhere instanceof ArrayBuffer));
  for (const [label, body] of Object.entries(bodies)) {
    assert.deepEqual(verify(body, signed(BODY)), EVENT, label);
    assert.equal(code(() => verify(body, signed(`${BODY} `))), "signature_mismatch", label);
  }
});

test("what is parsed is what was signed, not what was given", () => {
  // A lone surrogate is no text: as bytes it is U+FFFD, and that is what the signature is of.
  const given = BODY.replace("Café", "\ud800");
  assert.equal(verify(given, signed(given)).data.object.name, "\ufffd 🍣");
  // The text of a String object can change from one look to the next.
  let looks = 0;
  const changing = Object.assign(new String(BODY), { toString: () => (looks++ ? "{}" : BODY) });
  assert.equal(code(() => verify(changing, signed(BODY))), "invalid_type");
});

test("a field called __proto__ is a field like any other", () => {
  const body = BODY.replace('"name"', '"__proto__": { "polluted": true }, "name"');
  const { object } = verify(body).data;
  assert.deepEqual(Object.keys(object), ["id", "object", "__proto__", "name"]);
  assert.equal({}.polluted, undefined);
});

test("the header comes as hosts have it", () => {
  for (const none of [undefined, null, "", []]) assert.equal(code(() => verifyWebhook(BODY, none, SECRET, { now: NOW })), "not_signed");
  assert.ok(verify(BODY, [signed(BODY)]));
  assert.ok(verify(BODY, new Headers({ "Stripe-Signature": signed(BODY) }).get("stripe-signature")));
  assert.equal(code(() => verify(BODY, [signed(BODY), signed(BODY)])), "repeated_timestamp");
});

test("a header that comes as bytes is read", () => {
  const bytes = Buffer.from(signed(BODY));
  for (const header of [bytes, new Uint8Array(bytes), new Uint8Array(bytes).buffer, new DataView(new Uint8Array(bytes).buffer)]) {
    assert.deepEqual(verify(BODY, header), EVENT);
    assert.equal(code(() => verify(`${BODY} `, header)), "signature_mismatch");
  }
  assert.equal(code(() => verify(BODY, new Uint8Array())), "not_signed");
  assert.equal(code(() => verify(BODY, Buffer.alloc(1 << 22, "v1=a,"))), "malformed_signature");
});

test("a signature is verified whatever the body says, and gives the body that was signed", () => {
  // As the suites of Stripe's libraries sign it.
  const bare = '{"id":"evt_test_webhook","object":"event"}';
  assert.equal(code(() => verify(bare)), "not_an_event");
  const check = (body, header = signed(body)) => verifyWebhookSignature(body, header, [SECRET], { now: NOW });
  for (const body of [bare, "{}", "no JSON", BODY]) {
    assert.equal(check(body), body);
    assert.equal(check(Buffer.from(body), Buffer.from(signed(body))), body);
    for (const [header, expected] of [["", "not_signed"], [signed(`${body} `), "signature_mismatch"], [signed(body, NOW - 301), "too_old"]]) {
      const error = refusal(() => check(body, header));
      assert.deepEqual([error.name, error.code], ["WebhookError", expected]);
    }
  }
  assert.equal(refusal(() => verifyWebhookSignature(bare, signed(bare), undefined)).param, "secrets");
});

test("one secret, or several while one is rolled", () => {
  const other = "whsec_of_another_endpoint";
  const tried = (secrets) => verifyWebhook(BODY, signed(BODY), secrets, { now: NOW });
  for (const secrets of [SECRET, [SECRET], [SECRET, other], [other, SECRET]]) assert.ok(tried(secrets));
  for (const secrets of [other, [other], [other, `${SECRET}1`]]) assert.equal(code(() => tried(secrets)), "signature_mismatch");
  const both = `${signed(BODY, NOW, other)},v1=${v1(BODY)}`;
  for (const secret of [SECRET, other]) assert.ok(verifyWebhook(BODY, both, secret, { now: NOW }));
});

test("a signature lives for the tolerance, before and after now, and now is this machine's clock", (t) => {
  for (const [tolerance, seconds] of [[undefined, 300], [1, 1], [86_400, 86_400]]) {
    const at = (now) => verify(BODY, signed(BODY), { now, tolerance });
    for (const now of [NOW - seconds, NOW, NOW + seconds]) assert.ok(at(now));
    assert.equal(code(() => at(NOW + seconds + 1)), "too_old");
    assert.equal(code(() => at(NOW - seconds - 1)), "in_the_future");
  }
  const clock = Date.now;
  t.after(() => (Date.now = clock));
  Date.now = () => (NOW + 300) * 1000 + 999;
  assert.ok(verifyWebhook(BODY, signed(BODY), SECRET));
  Date.now = () => (NOW + 301) * 1000;
  assert.equal(code(() => verifyWebhook(BODY, signed(BODY), SECRET)), "too_old");
});

const LONG = 1_048_577;

/** A request for each way not to be believed. */
const REFUSED = {
  not_signed: [BODY, ""],
  malformed_signature: [BODY, `t=${NOW}, v1=${v1(BODY)}`],
  repeated_timestamp: [BODY, `${signed(BODY)},t=${NOW}`],
  no_usable_signature: [BODY, `t=${NOW},v0=${v1(BODY)}`],
  signature_mismatch: [`${BODY} `, signed(BODY)],
  too_old: [BODY, signed(BODY, NOW - 301)],
  in_the_future: [BODY, signed(BODY, NOW + 301)],
  body_too_long: [BODY.padEnd(LONG), signed(BODY.padEnd(LONG))],
  not_an_event: ["{}", signed("{}")],
  thin_event: ['{"object":"v2.core.event","created":"2022-02-15T00:27:45.330Z"}', signed('{"object":"v2.core.event","created":"2022-02-15T00:27:45.330Z"}')],
};

test("every refusal is a WebhookError that says what to do, and repeats neither secret nor body", () => {
  for (const [expected, [body, header]] of Object.entries(REFUSED)) {
    for (const given of [body, Buffer.from(body)]) {
      const error = refusal(() => verify(given, header));
      assert.ok(error instanceof Error, expected);
      assert.deepEqual([error.name, error.code], ["WebhookError", expected]);
      assert.ok(error.hint.length > 20 && error.message.endsWith(`; ${error.hint}`), error.message);
      assert.deepEqual(Object.keys(error).sort(), ["code", "hint", "name"]);
      const shown = inspect(error, { depth: Infinity, showHidden: true });
      for (const secret of ["canary", "acct_1", v1(BODY)]) assert.ok(!shown.includes(secret), `${expected}: ${shown}`);
      assert.ok(!isConnectError(error));
    }
  }
});

test("an event of an old API version has its account where every other has it", () => {
  for (const name of ["user_id", "stripe_user_id"]) {
    const old = JSON.stringify({ ...JSON.parse(BODY), api_version: "2016-03-07", account: undefined, [name]: "acct_old" });
    assert.deepEqual(verify(old), { ...JSON.parse(old), account: "acct_old" });
  }
  const platforms = JSON.stringify({ ...JSON.parse(BODY), account: undefined });
  assert.ok(!("account" in verify(platforms)), "an event of the platform itself has none");
});

test("a fixture's event is refused with the name of the field it lacks, and not for its application", () => {
  const bare = '{"type":"account.application.deauthorized","account":"acct_tenant1"}';
  assert.match(refusal(() => verify(bare)).message, /^the body is signed but is not an event: object is missing or odd; /);
  const fixture = { id: "evt_deauth", object: "event", created: 1, type: "account.application.deauthorized", account: "acct_1", livemode: false, data: { object: { id: "ca_test_platform" } } };
  assert.deepEqual(verify(JSON.stringify(fixture)), fixture);
});

test("the longest body is of 1048576 bytes, in text of any alphabet", () => {
  const padded = (letter, bytes) => {
    const room = bytes - Buffer.byteLength(BODY.replace("Café", ""));
    return BODY.replace("Café", letter.repeat(Math.floor(room / Buffer.byteLength(letter)))) + " ".repeat(room % Buffer.byteLength(letter));
  };
  for (const letter of ["a", "é", "漢", "🍣"]) {
    assert.ok(verify(padded(letter, LONG - 1)), letter);
    assert.equal(code(() => verify(padded(letter, LONG))), "body_too_long", letter);
    assert.equal(code(() => verify(Buffer.from(padded(letter, LONG)))), "body_too_long", letter);
  }
});

test("bytes that are no UTF-8 are no event", () => {
  const latin1 = Buffer.from(BODY, "latin1");
  assert.equal(code(() => verify(latin1, signed(latin1))), "not_an_event");
  const marked = Buffer.from(`\ufeff${BODY}`);
  assert.equal(code(() => verify(marked, signed(marked))), "not_an_event");
});

test("what was verified is what is read, though the body is changed in between", (t) => {
  const forged = BODY.replace("evt_1", "evt_2");
  const decode = TextDecoder.prototype.decode;
  for (const view of [(bytes) => bytes, (bytes) => new DataView(bytes.buffer), (bytes) => bytes.buffer]) {
    const bytes = new TextEncoder().encode(BODY);
    // The first text that is decoded is the core's answer.
    const between = t.mock.method(TextDecoder.prototype, "decode", function (...given) {
      bytes.set(new TextEncoder().encode(forged));
      return decode.apply(this, given);
    });
    assert.equal(verify(view(bytes), signed(BODY)).id, "evt_1");
    assert.ok(between.mock.callCount() > 0 && Buffer.from(bytes).equals(Buffer.from(forged)));
    between.mock.restore();
  }
});

test("any event's data is what JSON.parse makes of it, however it is written", () => {
  const written = ['"\\u0061cct"', "1e400", "-0", "123456789012345678901234567890", '"\\ud800"', `${"[".repeat(300)}${"]".repeat(300)}`, '{"a":1,"a":2}'];
  for (const value of written) {
    const body = BODY.replace('"name"', `"more": ${value}, "name"`);
    assert.deepEqual(verify(body), JSON.parse(body), value.slice(0, 40));
  }
});

test("the code in docs/webhooks.md runs as written", async () => {
  const docs = readFileSync(new URL("../../docs/webhooks.md", import.meta.url), "utf8");
  const [, code] = /```js\n([^]*?)```/.exec(docs);
  const [imported, ...rest] = code.split("\n");
  assert.equal(imported, 'import { verifyWebhook } from "stripe-connect-oauth/server";');
  const ended = [];
  const make = new Function("verifyWebhook", "disconnected", `${rest.join("\n").replace("export ", "")}; return webhook`);
  const webhook = make(verifyWebhook, async (...given) => void ended.push(given));

  const now = Math.floor(Date.now() / 1000);
  const received = (header) => new Request("https://shop.example/webhook", { method: "POST", body: BODY, headers: { "stripe-signature": header } });
  const env = { STRIPE_WEBHOOK_SECRET: SECRET };
  assert.equal((await webhook(received(signed(BODY, now)), env)).status, 200);
  assert.deepEqual(ended, [["acct_1", false]]);
  const refused = await webhook(received(signed(BODY, now - 1000)), env);
  assert.deepEqual([refused.status, await refused.text()], [400, "too_old"]);
  await assert.rejects(webhook(received(signed(BODY, now)), {}), { name: "ConnectError", param: "secrets" });
  assert.equal(ended.length, 1);
});

test("ten thousand calls don't grow the memory", () => {
  const long = BODY.padEnd(LONG - 100);
  const calls = [
    () => verify(BODY),
    ...Object.values(REFUSED).map(([body, header]) => () => refusal(() => verify(body, header))),
    () => refusal(() => verify("x".repeat(1 << 24), signed(BODY))),
    () => verify(long, signed(long)),
  ];
  for (const call of calls) call();
  const [memory] = memories;
  const before = memory.buffer.byteLength;
  for (let i = 0; i < 10_000; i++) calls[i % 500 ? i % 8 : i % calls.length]();
  assert.equal(memory.buffer.byteLength, before);
  assert.ok(before <= 8 * 1024 * 1024, `it is ${before} bytes`);
});

// Webhooks, held against Stripe's own packages: where the two agree, we agree with them, but for what
// docs/webhooks.md lists. There we are stricter, never laxer.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import Stripe from "stripe";
import { verifyWebhook } from "stripe-connect-oauth/server";
import { python } from "./python.mjs";
import { seeded } from "./random.mjs";

const { between, maybe, pick, text } = seeded(20250302);
const HEX = "0123456789abcdef";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const WORDS = `${LETTERS}ABC0123456789 _-.:/&=%+éßñ太郎ビル😀\u2028`;
const NOW = 1_700_000_000;

// Bodies.

const OBJECTS = {
  "account.application.deauthorized": () => ({ id: `ca_${text(LETTERS, 8)}`, object: "application", name: text(WORDS, between(0, 12)) }),
  "account.application.authorized": () => ({ id: `ca_${text(LETTERS, 8)}`, object: "application", name: null }),
  "account.updated": () => ({
    id: `acct_${text(LETTERS, 8)}`,
    object: "account",
    charges_enabled: maybe(),
    payouts_enabled: maybe(),
    details_submitted: maybe(),
    requirements: { currently_due: maybe() ? ["external_account"] : [], disabled_reason: null },
  }),
  "customer.created": () => ({ id: "cus_1", object: "customer", metadata: { [text(WORDS, 5)]: text(WORDS, 20) }, balance: -0.5 }),
  "charge.succeeded": () => ({ id: "ch_1", object: "charge", amount: between(1, 1e9), nested: [[{ deep: [] }]] }),
};

function event() {
  const type = pick(Object.keys(OBJECTS));
  return {
    id: `evt_${text(`${LETTERS}0123456789`, between(1, 24))}`,
    object: "event",
    api_version: "2025-03-31.basil",
    created: NOW - between(0, 1000),
    data: { object: OBJECTS[type]() },
    livemode: maybe(),
    pending_webhooks: 1,
    request: maybe() ? { id: "req_1", idempotency_key: text(LETTERS, 10) } : null,
    ...(maybe(0.8) && { account: `acct_${text(LETTERS, 10)}` }),
    type,
  };
}

const escaped = (json) => json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const writings = [(event) => JSON.stringify(event), (event) => JSON.stringify(event, null, 2), (event) => escaped(JSON.stringify(event)), (event) => `\n${JSON.stringify(event)}\n`];

/** An event without, or with another, `field`. */
const but = (field, value) => () => JSON.stringify({ ...event(), [field]: value });

/** Signed bodies that are no event of ours. */
const OTHER_BODIES = [
  () => "", () => "null", () => "1", () => '"text"', () => "[]", () => "{}", () => "not json", () => "[".repeat(50) + "]".repeat(50),
  () => `${JSON.stringify(event())}x`, () => JSON.stringify(event()).slice(0, -1), () => `\ufeff${JSON.stringify(event())}`,
  () => JSON.stringify({ id: "evt_1", object: "v2.core.event", type: "v1.billing.meter.error_report_triggered", created: "2022-02-15T00:27:45.330Z", livemode: true }),
  but("object", undefined), but("object", "customer"), but("id", undefined), but("id", 1), but("id", "cus_1"), but("created", "yesterday"), but("created", undefined),
  but("livemode", undefined), but("livemode", "false"), but("type", undefined), but("data", undefined), but("data", {}), but("account", "cus_1"), but("account", 1),
  () => JSON.stringify({ ...event(), type: "account.application.deauthorized", data: { object: { id: "cus_1" } } }),
];
const twice = () => JSON.stringify({ ...event(), account: "acct_1" }).replace('"livemode"', '"account":"acct_2","livemode"');
const account_nobody_reads = () => JSON.stringify({ ...event(), type: "account.updated", data: { object: { id: "acct_1" } } });

// Headers: lists of items, and what may happen to them.

const secret = () => `whsec_${text(LETTERS, between(4, 40))}`;
const hmac = (signed, secret) => createHmac("sha256", secret).update(signed).digest("hex");
/** What Stripe's packages sign: the number that they read, printed anew. */
const v1 = (c, t = c.t, secret = c.secrets[0]) => hmac(Buffer.concat([Buffer.from(`${t}.`), c.bytes]), secret);
const anywhere = (list, item) => list.splice(between(0, list.length), 0, item);
const wrong = () => text(HEX, 64);

/** Ways to write the number `t` that one of Stripe's packages reads as it. */
const ODD_TIMES = [
  (t) => `0${t}`, (t) => `000${t}`, (t) => `+${t}`, (t) => ` ${t}`, (t) => `${t} `, (t) => `${t}.0`, (t) => `${t}.9`, (t) => `${t}e0`, (t) => `${t}abc`,
  (t) => `1_${`${t}`.slice(1)}`, (t) => `0x${t.toString(16)}`, (t) => `-${t}`, () => "", () => "-1", () => "NaN", () => "Infinity", (t) => `\t${t}`,
  (t) => `${t}`.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + +digit)), (t) => `"${t}"`, (t) => `${t}=`, (t) => `${t}=1`,
];

const CHANGES = {
  // What is fine.
  "signatures of other secrets": (c) => { for (let i = between(1, 8); i--; ) anywhere(c.items, `v1=${wrong()}`); },
  "a rolled secret": (c) => { c.secrets.push(secret()); c.items[1] = `v1=${v1(c, c.t, pick(c.secrets))}`; },
  "a rolled secret, signed with both": (c) => { c.secrets.unshift(secret()); c.items.push(`v1=${v1(c)}`); },
  "a v0": (c) => anywhere(c.items, `v0=${wrong()}`),
  "another scheme": (c) => anywhere(c.items, `${pick(["v2", "header", "tt", "T", "v11", "V1"])}=${pick(["1", wrong(), "aGk="])}`),
  "another order": (c) => c.items.reverse(),
  "a signature that is none": (c) => anywhere(c.items, `v1=${pick(["bad_signature", "0", wrong().slice(1), `${wrong()}0`, "undefined"])}`),
  "the clock": (c) => { c.now = c.sent + pick([0, 1, 299, 300, 301, 302, 600, 86_400, 86_401]) * pick([1, 1, -1]); },
  "a tolerance": (c) => { c.tolerance = pick([1, 2, 60, 299, 301, 3600, 86_400]); c.now = c.sent + c.tolerance + pick([-1, 0, 1]); },
  "whole bytes": (c) => { c.text = undefined; },
  "an account of another version": (c) => body(c, account_nobody_reads()),
  // What is not.
  "a byte of the body": (c) => { c.bytes = Buffer.from(c.bytes); if (c.bytes.length) c.bytes[between(0, c.bytes.length - 1)] ^= 1 << between(0, 6); c.text = undefined; },
  "a space after the body": (c) => { c.bytes = Buffer.concat([c.bytes, Buffer.from(pick([" ", "\n"]))]); c.text = undefined; },
  "a digit of the signature": (c) => { c.items[1] = `v1=${v1(c)}`.replace(/.$/, (digit) => pick(HEX.replace(digit, ""))); },
  "upper case": (c) => { c.items[1] = pick([`v1=${v1(c).toUpperCase()}`, `V1=${v1(c)}`]); },
  "a longer or shorter signature": (c) => { c.items[1] = `v1=${pick([v1(c).slice(1), v1(c).slice(0, -1), `${v1(c)}0`, `0${v1(c)}`, ""])}`; },
  "another secret": (c) => { c.secrets = [secret()]; },
  "only a v0": (c) => { c.items[1] = `v0=${v1(c)}`; },
  "no v1": (c) => c.items.splice(1, 1),
  "no t": (c) => c.items.splice(0, 1),
  "no header": (c) => { c.items = [""]; },
  "not a header": (c) => { c.items = [pick(["t", "t,v1=,v0=", "t,v1=,v0", "t,v1=,", "t,,", ",,", "v1,t=1", "t=", "=", "v1", `t=${c.t}`, text(`tv1=,${HEX}`, between(1, 90))])]; },
  "a time that was not signed": (c) => { c.items[0] = `t=${c.t + between(1, 100)}`; },
  "a body that is no event": (c) => signed(body(c, pick(OTHER_BODIES)())),
  "a field twice": (c) => signed(body(c, twice())),
  "no UTF-8": (c) => { c.bytes = Buffer.concat([c.bytes.subarray(0, -1), Buffer.from([pick([0x80, 0xc3, 0xff]), 0x7d])]); c.text = undefined; signed(c); },
  "two times": (c) => { const t = pick([c.t, 1, c.t - 1000]); anywhere(c.items, `t=${t}`); if (maybe()) c.items = c.items.map((item) => (item.startsWith("v1=") ? `v1=${v1(c, t)}` : item)); },
  "an odd time": (c) => { c.items[0] = `t=${pick(ODD_TIMES)(c.t)}`; if (maybe(0.2)) c.items[1] = `v1=${v1(c, c.items[0].slice(2))}`; },
  "a time beyond reach": (c) => { c.t = pick([10 ** 15, 10 ** 16, 2 ** 53, 999_999_999_999_999]); signed(c); },
  "an item without name or value": (c) => anywhere(c.items, pick(["", "v0", "v0=", "=", "=1", "x"])),
  "spaces": (c) => { c.items = pick([(items) => items.map((item, at) => (at ? ` ${item}` : item)), (items) => [` ${items[0]}`, ...items.slice(1)], (items) => [...items, " v0=1"], (items) => [...items, "v0=1 "], (items) => [...items.slice(0, -1), `${items.at(-1)} `], (items) => [...items, "v0=\t"]])(c.items); },
  "letters beyond ASCII": (c) => anywhere(c.items, pick(["v0=é", "ü=1", "v0=\u00a0", "v0=太郎"])),
  "text after the digits": (c) => { c.items[1] = `v1=${v1(c)}${pick(["=", "=1", `=${wrong()}`])}`; },
  "a secret that is none": (c) => { c.secrets = [pick(["undefined", "null", "whsec_", "x", " ", "", `${secret()}\n`, ` ${secret()}`, `${secret()}é`, secret().repeat(30)])]; signed(c); },
  "no tolerance": (c) => { c.tolerance = pick([0, 86_401, 10 ** 9]); if (maybe()) c.now = c.sent + 1000; },
};

/** Signs once more, what has changed meanwhile. */
const signed = (c) => Object.assign(c, { items: [`t=${c.t}`, `v1=${v1(c)}`] });
const body = (c, text) => Object.assign(c, { text, bytes: Buffer.from(text) });

function made(changes) {
  const sent = NOW + between(-1000, 1000);
  const c = body({ sent, t: sent, secrets: [secret()], tolerance: 300 }, pick(writings)(event()));
  c.now = sent + between(-20, 20);
  signed(c);
  for (const change of changes) CHANGES[change](c);
  return { ...c, header: c.items.join() };
}

const names = Object.keys(CHANGES);
const CASES = [
  ...Array.from({ length: 500 }, () => made([])),
  ...names.flatMap((name) => Array.from({ length: 60 }, () => made([name]))),
  ...Array.from({ length: 3000 }, () => made([pick(names), pick(names)])),
  // The long ones, in small number.
  ...[4095, 4096, 4097, 5000].map((length) => lengthened(made([]), length)),
  ...[-1, 0, 1, 1000].map((more) => {
    const c = made([]);
    return { ...signed(body(c, c.text.padEnd(1_048_576 + more - (c.bytes.length - c.text.length)))), header: c.items.join() };
  }),
];

function lengthened(c, length) {
  const header = `${c.header},v0=`;
  return { ...c, header: header.padEnd(length, "0") };
}

// Verdicts.

const stripe = new Stripe("sk_test_123");

/** What Stripe's package for Node says to one secret. */
function nodes(c, secret) {
  try {
    return { event: stripe.webhooks.constructEvent(c.text ?? c.bytes, c.header, secret, c.tolerance, undefined, c.now * 1000) };
  } catch (error) {
    return { error: error.type ?? error.name };
  }
}

function ours(c) {
  try {
    return { event: verifyWebhook(c.text ?? c.bytes, c.header, c.secrets, { now: c.now, tolerance: c.tolerance }) };
  } catch (error) {
    if (error.name !== "WebhookError" && error.name !== "ConnectError") throw error;
    return { error };
  }
}

/** With several secrets people try one after the other. */
const first = (verdicts) => verdicts.find(({ event }) => event !== undefined) ?? verdicts[0];

function pythons() {
  const asked = CASES.flatMap((c) =>
    c.secrets.map((secret) => ({
      bytes: c.text === undefined,
      body: c.text ?? c.bytes.toString("base64"),
      header: c.header,
      secret,
      now: c.now,
      tolerance: c.tolerance,
    })),
  );
  const answers = python("webhook.py", asked);
  assert.equal(answers.length, asked.length);
  return CASES.map((c) => first(answers.splice(0, c.secrets.length)));
}

// Where we are stricter.

const items = (c) => c.header.split(",");
const has = (c, pattern) => items(c).some((item) => pattern.test(item));
const times = (c) => items(c).filter((item) => item.startsWith("t="));

/** Whether the body has what we ask of an event. */
function isEvent({ bytes }) {
  const { id, object, created, livemode, type, data, ...event } = JSON.parse(bytes) ?? {};
  const account = event.account ?? event.user_id ?? event.stripe_user_id;
  const application = /^account\.application\.(de)?authorized$/.test(type) ? typeof data?.object?.id === "string" : true;
  return (
    /^evt_\w+$/.test(id) && object === "event" && Number.isInteger(created) && typeof livemode === "boolean" && typeof type === "string" &&
    (account === undefined || /^acct_\w+$/.test(account)) && data?.object !== undefined && application
  );
}

/** Each class, by its name in docs/webhooks.md: whether a refusal of ours is of it. */
const STRICTER = {
  "a time to come": ({ code }, c) => code === "in_the_future" && Number(times(c)[0].slice(2)) - c.now > c.tolerance,
  "more than one `t`": ({ code }, c) => code === "repeated_timestamp" && times(c).length > 1,
  "an odd `t`": ({ code }, c) => code === "malformed_signature" && times(c).length === 1 && !/^t=(0|[1-9]\d{0,14})$/.test(times(c)[0]),
  "an item without name or value": ({ code }, c) => code === "malformed_signature" && has(c, /^[^=]*$|^=|^[^=]*=$/),
  "spaces, or letters beyond ASCII": ({ code }, c) => code === "malformed_signature" && /[^!-~]/.test(c.header),
  "text after the digits": ({ code }, c) => code === "signature_mismatch" && has(c, /^v1=[0-9a-f]{64}=/),
  "a long header": ({ code }, c) => code === "malformed_signature" && c.header.length > 4096,
  "a long body": ({ code }, c) => code === "body_too_long" && c.bytes.length > 1_048_576,
  "no event": ({ code }, c) => code === "not_an_event" && !isEvent(c),
  "a field twice": ({ code }, c) => code === "not_an_event" && /"account":"acct_1".*"account":"acct_2"|"account":"acct_2".*"account":"acct_1"/.test(c.bytes),
  "a secret that is none": ({ param }, c) => param === "secrets" && c.secrets.some((secret) => !/^[!-~]{10,255}$/.test(secret)),
  "no tolerance, or a long one": ({ param }, c) => param === "tolerance" && (c.tolerance === 0 || c.tolerance > 86_400),
};

/** What a refusal of Stripe's packages is called; anything else is a fault of this test. */
const REFUSALS = {
  node: ["StripeSignatureVerificationError", "SyntaxError", "Error"],
  python: ["SignatureVerificationError", "JSONDecodeError", "UnicodeDecodeError", "ValueError", "AttributeError"],
};

const label = (c) => JSON.stringify({ ...c, bytes: undefined, text: undefined, body: `${c.bytes}`.slice(0, 500) });

test("where stripe-node and stripe-python agree, we agree, but for what is listed", (t) => {
  const figures = { cases: CASES.length, accepted: 0, refused: 0, "they differ": 0 };
  const hits = Object.fromEntries(Object.keys(STRICTER).map((name) => [name, 0]));
  const theirs = pythons();
  for (const [at, c] of CASES.entries()) {
    const their = { node: first(c.secrets.map((secret) => nodes(c, secret))), python: theirs[at] };
    const our = ours(c);
    for (const [name, { event, error }] of Object.entries(their)) {
      if (event === undefined) assert.ok(REFUSALS[name].includes(error), `${name} threw ${error}: ${label(c)}`);
    }
    if ((their.node.event === undefined) !== (their.python.event === undefined)) {
      figures["they differ"]++;
      continue;
    }
    if (their.node.event === undefined) {
      figures.refused++;
      assert.equal(our.event, undefined, `both refuse, we don't: ${label(c)}`);
    } else if (our.event !== undefined) {
      figures.accepted++;
      assert.deepEqual(our.event, their.node.event, label(c));
      assert.deepEqual(our.event, their.python.event, label(c));
    } else {
      const classes = Object.keys(STRICTER).filter((name) => STRICTER[name](our.error, c));
      assert.ok(classes.length > 0, `both accept, we say ${our.error.code}: ${label(c)}`);
      for (const name of classes) hits[name]++;
    }
  }
  t.diagnostic(JSON.stringify({ ...figures, stricter: hits }));
  assert.ok(figures.cases >= 2000 && figures.accepted >= 1000 && figures.refused >= 1000, JSON.stringify(figures));
  assert.deepEqual(Object.keys(hits).filter((name) => hits[name] === 0), [], "each class occurs");
});

test("docs/webhooks.md lists each class where we are stricter, and no other", () => {
  const docs = readFileSync(new URL("../../docs/webhooks.md", import.meta.url), "utf8");
  const table = docs.slice(docs.indexOf("| what we refuse |")).split("\n\n")[0];
  const listed = table.trim().split("\n").slice(2).map((row) => row.split(" | ")[0].slice(2));
  assert.deepEqual(listed, Object.keys(STRICTER));
});

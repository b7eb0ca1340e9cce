// Whatever a platform's store or hook gives, the process lives, the person is answered, and so are those beside them.
// In a file of its own, since a core that was left in the middle of a request takes the next one down with it.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { newState } from "stripe-connect-oauth";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { consoleText, platform, soon, strayErrors } from "./support.mjs";

const WEBHOOK_SECRET = "whsec_sandbox123";

const shop = (options, store = memoryStore()) =>
  platform({ createConnect, createSandbox, store, options: { webhook_secrets: [WEBHOOK_SECRET], ...options } });

const boom = () => {
  throw new Error("boom");
};
const throwing = (name) => Object.defineProperty({}, name, { get: boom, enumerable: true });
const trap = (target) => new Proxy(target, { get: boom, has: boom, ownKeys: boom, getPrototypeOf: boom, getOwnPropertyDescriptor: boom });
const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const hostileError = (name) => Object.defineProperty(new Error("x"), name, { get: boom });

/** What is thrown, or rejected with. */
const THROWN = {
  "an Error": () => new Error("down"),
  "an Error whose message throws": () => hostileError("message"),
  "an Error whose stack and name throw": () => Object.defineProperty(hostileError("stack"), "name", { get: boom }),
  "an Error that can't be looked at": () => Object.assign(new Error("down"), { [inspect.custom]: boom }),
  "an Error of another realm": () => runInNewContext("new TypeError('down')"),
  "a proxy": () => trap({}),
  "a proxy of an Error": () => trap(new Error("down")),
  "a revoked proxy": () => revoked({}),
  "an object whose message is a proxy": () => ({ message: trap({}) }),
  "null": () => null,
  "undefined": () => undefined,
  "a Symbol": () => Symbol("down"),
  "a text that looks like the core's": () => "!a\0b\0c",
  "a number": () => NaN,
  "a function": () => boom,
};

/** What is given. */
const GIVEN = {
  ...Object.fromEntries(Object.entries(THROWN).map(([name, make]) => [name, make])),
  "an object": () => ({}),
  "an object of another realm": () => runInNewContext("({})"),
  "an object without a prototype": () => Object.create(null),
  "a list of null": () => [null],
  "a list with holes": () => new Array(3),
  "a list without end": () => ({ length: Infinity }),
  "a list that throws": () => Object.defineProperty([], 0, { get: boom }),
  "a list whose length throws": () => throwing("length"),
  "a list of proxies": () => [trap({})],
  "a revoked list": () => revoked([]),
  "a row that throws": () => throwing("flow"),
  "a list of rows that throw": () => [throwing("account_id")],
  "an iterable that throws": () => ({ [Symbol.iterator]: boom }),
  "a BigInt": () => 1n,
  "a Date": () => new Date(0),
  "a Date of no time": () => new Date(NaN),
  "a lone surrogate": () => "\ud800",
  "an instance of a class": () => new (class { #x = 1; get x() { return this.#x; } save() {} })(),
  "a Map": () => new Map([["flow", "x"]]),
  "an object that names itself": () => { const own = {}; return Object.assign(own, { flow: own, email: own }); },
  "an object whose toJSON throws": () => ({ toJSON: boom }),
  "a row of lone surrogates": () => ({ flow: "\ud800", code: "\udfff", subject: "\ud800", claimed_at: 1, outcome: null, email: "\ud800" }),
  "a list of rows of lone surrogates": () => [{ account_id: "\ud800" }],
  "a list of BigInts": () => [1n],
  "a row of wrong types": () => ({ flow: Symbol("x"), code: {}, subject: 1n, claimed_at: "soon", outcome: [] }),
};

/** How it comes: each makes a function of what makes the value. */
const WAYS = {
  "gives": (make) => () => make(),
  "resolves to": (make) => async () => make(),
  "throws": (make) => () => { throw make(); },
  "rejects with": (make) => () => Promise.reject(make()),
  "gives a thenable that resolves to": (make) => () => ({ then: (resolve) => resolve(make()) }),
  "gives a thenable that rejects with": (make) => () => ({ then: (_, reject) => reject(make()) }),
  "gives a thenable that throws": (make) => () => ({ then: () => { throw make(); } }),
  "gives a thenable that does both": (make) => () => ({ then: (resolve, reject) => (reject(make()), resolve(make()), boom()) }),
  "gives a then that throws": (make) => () => Object.defineProperty({}, "then", { get() { throw make(); } }),
};

const answers = [
  ...Object.entries(WAYS).flatMap(([way, wrap]) => Object.entries(THROWN).map(([what, make]) => [`${way} ${what}`, wrap(make)])),
  ...["gives", "resolves to"].flatMap((way) => Object.entries(GIVEN).map(([what, make]) => [`${way} ${what}`, WAYS[way](make)])),
];

function event(more = {}) {
  const t = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({ id: "evt_1", object: "event", type: "account.application.deauthorized", account: "acct_1", created: t, livemode: false, data: { object: { id: "ca_sandbox123" } }, ...more });
  const v1 = createHmac("sha256", WEBHOOK_SECRET).update(`${t}.${body}`).digest("hex");
  return ["/connect/webhook", { method: "POST", headers: { "stripe-signature": `t=${t},v1=${v1}` }, body }];
}

const disconnect = ["/connect/disconnect", { method: "POST", headers: { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded", accept: "application/json" }, body: "account=acct_1" }];

/** Each method of a store: a request that calls it. */
const CALLS = {
  claim: async ({ exchange }) => exchange({ code: "ac_1", state: newState(), subject: "user-1" }),
  claimed: async ({ request }) => request(`/connect/callback?code=ac_1&state=${newState()}`),
  settle: async ({ exchange }) => exchange({ code: "ac_1", state: newState(), subject: "user-1" }),
  connections: async ({ request }) => request("/connect/connections"),
  disconnected: async ({ request }) => request("/connect/connections"),
  disconnect: async ({ request }) => request(...event()),
  beginEvent: async ({ request }) => request(...event()),
  finishEvent: async ({ request }) => request(...event()),
  releaseEvent: async ({ request }) => request(...event()),
};
/** An event is given back when its hook fails. */
const onEvent = { releaseEvent: () => Promise.reject(new Error("the mailer is down")) };

/** A request that has nothing to do with the hostile one, at the same handler. */
const innocent = ({ request }) => request("/connect/result/denied");

for (const [name, call] of Object.entries(CALLS)) {
  test(`whatever the store's ${name} does, the person is answered, it is reported, and the process lives`, async (t) => {
    const stray = strayErrors(t);
    const failed = [];
    // All at once, for a store that fails to write is asked again after a while.
    const asked = answers.map(async ([what, method]) => {
      const world = shop({ onEvent: onEvent[name] }, { ...memoryStore(), [name]: method });
      const [answer, beside] = await Promise.all([soon(call(world), 10_000), soon(innocent(world), 10_000)]);
      const after = await soon(innocent(world));
      if (!(answer?.status < 600) || beside.status !== 200 || after.status !== 200) failed.push(`${what}: ${answer?.status ?? answer}, ${beside?.status ?? beside}`);
      if (answer?.status === 503 && world.reports.length === 0) failed.push(`${what}: nothing was reported`);
      if (world.reports.some(({ detail }) => typeof detail !== "string")) failed.push(`${what}: the report is no text`);
    });
    await Promise.all(asked);
    assert.deepEqual(failed, []);
    assert.deepEqual(stray, []);
  });
}

test("a list that is none is a store that failed, and says so", async (t) => {
  const stray = strayErrors(t);
  for (const name of ["connections", "disconnected"]) {
    for (const none of [null, undefined, {}, 42, "acct_1", () => {}]) {
      const { request, reports } = shop({}, { ...memoryStore(), [name]: async () => none });
      const answer = await soon(request("/connect/connections"));
      assert.equal(answer.status, 503, String(none));
      assert.deepEqual(reports, [{ outcome: "store_unavailable", detail: "the store failed: it gave back no list of connections" }]);
    }
  }
  assert.deepEqual(stray, []);
});

test("an error of another realm says what it says here, and one without a message its code", async () => {
  const details = [];
  for (const error of [runInNewContext("new RangeError('the disk is full')"), Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }), { message: "" }]) {
    const { request, reports } = shop({}, { ...memoryStore(), connections: () => Promise.reject(error) });
    assert.equal((await request("/connect/connections")).status, 503);
    details.push(reports[0].detail);
  }
  assert.deepEqual(details, ["the store failed: the disk is full", "the store failed: ECONNREFUSED", "the store failed: it rejected without an Error"]);
});

const ROW = { subject: "user-1", client_id: "ca_sandbox123", account_id: "acct_1", livemode: false, scope: "read_write", connected_at: 1, disconnected_at: null, refresh_token: null };
const RECORD = { flow: "0f", code: "0c", subject: "user-1", claimed_at: 1, outcome: "denied" };
const BIGINT = /^the store failed: .*BigInt/;
const NO_UNICODE = "the store failed: it gave back a text that is no Unicode";

/** What a field may hold that is not of its type, and how a store that gives it back has failed. */
function wrongs(what, field, values) {
  const named = `the store failed: it gave back a ${what} whose ${field} is missing or not of its type`;
  return [...values, {}, [], new Map()].map((value) => [{ [field]: value }, named]).concat([[{ [field]: 1n }, BIGINT], [{ [field]: "\ud800" }, NO_UNICODE]]);
}
const WRONG_ROWS = [
  ...wrongs("connection", "account_id", [undefined, null, Symbol("x"), () => {}, "", "ca_1", 1, true]),
  ...wrongs("connection", "subject", [undefined, null, "", 1, true]),
  ...wrongs("connection", "client_id", [undefined, null, "", "acct_1", 1, true]),
  ...wrongs("connection", "livemode", [undefined, null, "", "true"]),
  ...wrongs("connection", "scope", [undefined, null, "", "all", 1]),
  ...wrongs("connection", "connected_at", [undefined, null, "1", true, NaN, Infinity, new Date(0)]),
  ...wrongs("connection", "disconnected_at", ["1", true, new Date(0)]),
  ...wrongs("connection", "refresh_token", [1, true]),
];
const WRONG_RECORDS = [
  ...wrongs("claim", "flow", [undefined, null, Symbol("x"), () => {}, 1, true]),
  ...wrongs("claim", "code", [undefined, null, 1, true]),
  ...wrongs("claim", "subject", [undefined, null, "", 1, true]),
  ...wrongs("claim", "claimed_at", [undefined, null, "1", true, NaN, new Date(0)]),
  // A word that nobody knows is not one at work.
  ...wrongs("claim", "outcome", ["", "done", "Connected", 1, true]),
];

test("a row with a field that is not what its type says is a store that failed, and names the field", async (t) => {
  const stray = strayErrors(t);
  const cases = [
    ...["connections", "disconnected"].flatMap((name) => WRONG_ROWS.map(([wrong, detail]) => [name, [{ ...ROW, ...wrong }], detail])),
    ...["claim", "claimed"].flatMap((name) => WRONG_RECORDS.map(([wrong, detail]) => [name, { ...RECORD, ...wrong }, detail])),
    ...["", "NEW", "begun", 1, null, undefined, {}, [], ["new"], Symbol("new"), () => "new"].map((word) => ["beginEvent", word, "the store failed: beginEvent must give new, in_progress or done"]),
    ["beginEvent", 1n, BIGINT],
    ["beginEvent", "\ud800", NO_UNICODE],
  ];
  for (const [name, given, detail] of cases) {
    const world = shop({}, { ...memoryStore(), [name]: async () => given });
    const answer = await soon(CALLS[name](world));
    const what = `${name}: ${inspect(given)}`;
    assert.ok([302, 303, 500, 503].includes(answer.status), `${what}: ${answer.status ?? answer}`);
    assert.equal(world.reports.length, 1, what);
    if (typeof detail === "string") assert.equal(world.reports[0].detail, detail, what);
    else assert.match(world.reports[0].detail, detail, what);
  }
  assert.deepEqual(stray, []);
});

test("only nothing is a claim that was made: with whatever else the store gives, no code is sent", async () => {
  for (const [what, make] of Object.entries(GIVEN)) {
    const world = shop({}, { ...memoryStore(), claim: async () => make() });
    await soon(CALLS.claim(world));
    const isNothing = ["null", "undefined"].includes(what);
    assert.equal(world.stripe.calls.length > 0, isNothing, what);
  }
});

test("rows may be instances of a class, and tell their fields by getters, or as JSON", async () => {
  class Row {
    #row = ROW;
    get subject() { return this.#row.subject; }
    get client_id() { return this.#row.client_id; }
    get account_id() { return this.#row.account_id; }
    get livemode() { return 0; }
    get scope() { return this.#row.scope; }
    get connected_at() { return 1.5; }
    save() {}
  }
  class Model {
    toJSON() { return { ...ROW, account_id: "acct_2", more: "fields" }; }
  }
  const { request, reports } = shop({}, { ...memoryStore(), connections: async () => [new Row(), new Model(), new Proxy(ROW, {})] });
  const { connections } = await (await request("/connect/connections")).json();
  assert.deepEqual(connections.map(({ account_id }) => account_id), ["acct_1", "acct_2", "acct_1"]);
  assert.deepEqual(reports, []);
});

test("what a store gives back of a write is nobody's concern", async () => {
  const results = { cyclic: () => { const client = {}; return Object.assign(client, { client }); }, BigInt: () => ({ lastInsertRowid: 1n }), proxy: () => [trap({})] };
  for (const [what, make] of Object.entries(results)) {
    const store = memoryStore();
    const after = (name) => async (...given) => (await store[name](...given), make());
    const world = shop({}, { ...store, settle: after("settle"), disconnect: after("disconnect"), finishEvent: after("finishEvent") });
    assert.equal((await world.request(await world.toStripeAndBack())).headers.get("location"), "/", what);
    assert.equal((await world.request(...event())).status, 200, what);
    assert.deepEqual(world.reports, [], what);
  }
});

test("who is signed in is a text, or nobody", async () => {
  const status = (identify) => shop({ identify }).request("/connect/connections").then(({ status }) => status, ({ name, code, param }) => [name, code, param]);
  for (const nobody of [null, undefined]) assert.equal(await status(async () => nobody), 401);
  for (const wrong of [1, true, 1n, {}, [], new Date(0), new String("user-1"), Symbol("x"), () => "user-1", { toJSON: () => "user-1" }]) {
    assert.deepEqual(await status(async () => wrong), ["ConnectError", "invalid_type", "identify"], String(wrong));
  }
  // As UTF-8 they would all be U+FFFD, and two people one.
  for (const lone of ["user-\ud800", "\udc00", "a\ud800\ud800\udc00"]) assert.deepEqual(await status(() => lone), ["ConnectError", "invalid_value", "identify"], lone);
  assert.equal(await status(() => "user-\ud83d\ude00"), 200);
});

test("rows of another realm are rows", async () => {
  const rows = runInNewContext(`[${JSON.stringify(ROW)}]`);
  const { request } = shop({}, { ...memoryStore(), connections: () => rows });
  assert.equal((await (await request("/connect/connections")).json()).connections[0].account_id, "acct_1");
});

test("whatever identify does, the process lives and those beside are answered", async (t) => {
  const stray = strayErrors(t);
  const failed = [];
  for (const [what, identify] of answers) {
    const world = shop({ identify });
    // Its errors are passed on, the very same.
    const asked = world.request("/connect/connections").then(({ status }) => status, () => "rejected");
    const [answer, beside] = await Promise.all([soon(asked), soon(innocent(world))]);
    if (!["rejected", 401, 200].includes(answer) || beside.status !== 200 || (await soon(innocent(world))).status !== 200) failed.push(`${what}: ${String(answer)}`);
  }
  assert.deepEqual(failed, []);
  assert.deepEqual(stray, []);
});

test("whatever start does, the process lives and those beside are answered", async (t) => {
  const stray = strayErrors(t);
  const failed = [];
  for (const [what, start] of answers) {
    const world = shop({ start });
    // Its errors are passed on, the very same.
    const asked = world.start().then(({ status }) => status, () => "rejected");
    const [answer, beside] = await Promise.all([soon(asked), soon(innocent(world))]);
    if (!["rejected", 303, 500].includes(answer) || beside.status !== 200 || (await soon(innocent(world))).status !== 200) failed.push(`${what}: ${String(answer)}`);
  }
  assert.deepEqual(failed, []);
  assert.deepEqual(stray, []);
});

test("whatever prefill does, the person is on the way to Stripe", async (t) => {
  const stray = strayErrors(t);
  const failed = [];
  const hostile = { "an object whose email throws": () => throwing("email"), "an email that is a proxy": () => ({ email: trap({}) }), "an email that is a revoked list": () => ({ email: revoked([]) }) };
  const all = [...answers, ...Object.entries(hostile).map(([what, make]) => [`gives ${what}`, make])];
  for (const [what, prefill] of all) {
    const world = shop({ prefill });
    const [answer, beside] = await Promise.all([soon(world.start()), soon(innocent(world))]);
    if (answer.status !== 303 || beside.status !== 200) failed.push(`${what}: ${answer.status ?? answer}`);
    if (world.reports.some(({ outcome }) => outcome !== "started") || world.reports.length > 1) failed.push(`${what}: ${JSON.stringify(world.reports)}`);
    if (/throws|rejects/.test(what) && !what.includes("iterable") && world.reports.length !== 1) failed.push(`${what}: nothing was reported`);
  }
  assert.deepEqual(failed, []);
  assert.deepEqual(stray, []);
});

test("whatever onEvent does, Stripe is answered", async (t) => {
  const stray = strayErrors(t);
  const failed = [];
  for (const [what, onEvent] of answers) {
    const world = shop({ onEvent });
    const [answer, beside] = await Promise.all([soon(world.request(...event())), soon(innocent(world))]);
    if (![200, 500].includes(answer.status) || beside.status !== 200) failed.push(`${what}: ${answer.status ?? answer}`);
    if (answer.status === 500 && world.reports.length !== 1) failed.push(`${what}: nothing was reported`);
  }
  assert.deepEqual(failed, []);
  assert.deepEqual(stray, []);
});

test("whatever fetch does, the person learns how it went", async (t) => {
  const stray = strayErrors(t);
  const failed = [];
  const odd = { "a Response whose status throws": () => throwing("status"), "a Response of odd parts": () => ({ status: {}, headers: [[Symbol("x"), null], 1n], text: () => ({}) }), "headers that throw": () => ({ status: 200, get headers() { return boom(); } }), "a text that rejects": () => ({ status: 200, headers: [], text: () => Promise.reject(null) }) };
  for (const [what, fetch] of [...answers, ...Object.entries(odd).map(([what, make]) => [`gives ${what}`, make])]) {
    const world = shop({ fetch });
    const [answer, beside] = await Promise.all([soon(CALLS.claim(world)), soon(innocent(world))]);
    if (answer.status !== 502 || beside.status !== 200) failed.push(`${what}: ${answer.status ?? answer}`);
  }
  assert.deepEqual(failed, []);
  assert.deepEqual(stray, []);
});

test("whatever report does, at once or later, the person is not kept waiting, and the problem is on the console", async (t) => {
  const written = consoleText(t);
  const stray = strayErrors(t);
  const failed = [];
  for (const [what, report] of answers) {
    const world = shop({ report }, { ...memoryStore(), connections: boom });
    const [answer, beside] = await Promise.all([soon(world.request("/connect/connections")), soon(innocent(world))]);
    if (answer.status !== 503 || beside.status !== 200) failed.push(`${what}: ${answer.status ?? answer}`);
  }
  await new Promise((wake) => setTimeout(wake, 20));
  assert.deepEqual(failed, []);
  assert.deepEqual(stray, []);
  assert.match(written(), /store_unavailable: the store failed: boom/);
});

test("the console may throw over what it is shown", async (t) => {
  const lines = [];
  const real = console.error;
  t.after(() => (console.error = real));
  console.error = (line, ...rest) => (rest.length ? boom() : lines.push(line));
  const stray = strayErrors(t);
  const { request } = shop({ report: boom }, { ...memoryStore(), connections: boom });
  assert.equal((await soon(request("/connect/connections"))).status, 503);
  await new Promise((wake) => setTimeout(wake, 5));
  assert.deepEqual(lines, ["stripe-connect-oauth: store_unavailable: the store failed: boom"]);
  assert.deepEqual(stray, []);
});

test("a disconnection beside a hostile store is answered too", async (t) => {
  const stray = strayErrors(t);
  for (const [what, connections] of answers.slice(0, 30)) {
    const { request } = shop({}, { ...memoryStore(), connections });
    const answer = await soon(request(...disconnect));
    assert.ok([404, 503].includes(answer.status), `${what}: ${answer.status ?? answer}`);
  }
  assert.deepEqual(stray, []);
});

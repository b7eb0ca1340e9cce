// The page style: beginConnect and finishConnect over this tab's storage and address bar.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beginConnect, finishConnect, newState } from "stripe-connect-oauth";
import { HINTS } from "./refusals.mjs";
import { ABSENT, clock, memoryStorage, page, withGlobals } from "./support.mjs";

const HERE = "https://shop.example/connect/callback";
const KEY = "stripe-connect-oauth";
const begin = (subject = "user-1") => beginConnect({ client_id: "ca_123" }, { subject });
const back = (state, code = "ac_123") => `${HERE}?scope=read_write&code=${code}&state=${state}`;
const authorized = (state, code = "ac_123", subject = "user-1") => ({ outcome: "authorized", code, scope: "read_write", state, subject });

test("begin gives the URL to go to and its state, and keeps the state and the subject", (t) => {
  const { storage } = page(t, HERE);
  const begun = begin();
  assert.deepEqual(Object.keys(begun).sort(), ["state", "url"]);
  assert.equal(new URL(begun.url).searchParams.get("state"), begun.state);
  assert.match(begun.state, /^[A-Za-z0-9_-]{43}$/);
  assert.deepEqual([...storage.items.keys()], [KEY]);
  assert.ok(storage.getItem(KEY).includes(begun.state));
});

test("finish gives the code with all that /connect/exchange wants, and exactly that", (t) => {
  page(t, HERE);
  const { state } = begin();
  assert.deepStrictEqual(finishConnect(back(state)), authorized(state));
  assert.deepStrictEqual(finishConnect(back(state), { subject: "user-1" }), authorized(state));
});

test("a subject keeps its spaces and letters", (t) => {
  page(t, HERE);
  for (const subject of ["a b  c", " x ", "Ünï/cødé:1", "💳"]) {
    const { state } = begin(subject);
    assert.equal(finishConnect(back(state), { subject }).subject, subject);
  }
});

test("the same callback again has the same result, as after a reload", (t) => {
  page(t, HERE);
  const { state } = begin();
  const first = finishConnect(back(state));
  assert.deepStrictEqual(finishConnect(back(state)), first);
  assert.deepStrictEqual(finishConnect(back(state)), first);
});

test("another code for the same flow is refused, and the first stays good", (t) => {
  page(t, HERE);
  const { state } = begin();
  const first = finishConnect(back(state));
  const second = finishConnect(back(state, "ac_456"));
  assert.deepStrictEqual(second, {
    outcome: "rejected",
    reason: "already_used",
    hint: HINTS.already_used,
  });
  assert.deepStrictEqual(finishConnect(back(state)), first);
});

test("who goes back to Stripe after the flow ended well, and agrees or cancels there, undoes nothing", (t) => {
  const { storage } = page(t, HERE);
  const { state } = begin();
  const first = finishConnect(back(state));
  const kept = storage.getItem(KEY);
  for (const query of ["code=ac_456", "error=access_denied", "error=server_error"]) {
    assert.equal(finishConnect(`?${query}&state=${state}`).reason, "already_used");
    assert.equal(storage.getItem(KEY), kept);
  }
  assert.deepStrictEqual(finishConnect(back(state)), first);
});

test("a flow lives for 60 minutes, to the second", (t) => {
  page(t, HERE);
  const advance = clock(t);
  const inTime = begin();
  advance(3599);
  assert.equal(finishConnect(back(inTime.state)).outcome, "authorized");

  const late = begin();
  advance(3600);
  assert.deepStrictEqual(finishConnect(back(late.state)), {
    outcome: "rejected",
    reason: "expired",
    hint: HINTS.expired,
  });
  // It is gone, and setting the clock back does not bring it back.
  advance(-3600);
  assert.equal(finishConnect(back(late.state)).reason, "not_started");
});

test("a flow lives as long as flow_lifetime says, to the second", (t) => {
  page(t, HERE);
  const advance = clock(t);
  const { state } = beginConnect({ client_id: "ca_123" }, { subject: "user-1", flow_lifetime: 60 });
  advance(59);
  assert.equal(finishConnect(back(state)).outcome, "authorized");
  advance(1);
  assert.equal(finishConnect(back(state)).reason, "expired");
});

test("a result is not repeated after the flow has expired", (t) => {
  page(t, HERE);
  const advance = clock(t);
  const { state } = begin();
  finishConnect(back(state));
  advance(3600);
  assert.equal(finishConnect(back(state)).reason, "expired");
});

test("another user can't finish the flow, and nobody can afterwards", (t) => {
  page(t, HERE);
  const { state } = begin("user-1");
  assert.deepStrictEqual(finishConnect(back(state), { subject: "user-2" }), {
    outcome: "rejected",
    reason: "another_subject",
    hint: HINTS.another_subject,
  });
  assert.equal(finishConnect(back(state), { subject: "user-1" }).reason, "not_started");
});

test("a callback this browser did not start gives nothing", (t) => {
  page(t, HERE);
  begin();
  const foreign = finishConnect(back(newState()));
  assert.equal(foreign.reason, "not_started");
  assert.deepEqual(Object.keys(foreign).sort(), ["hint", "outcome", "reason"]);
});

test("a forged or damaged link ends no flow", (t) => {
  const { storage } = page(t, HERE);
  const { state } = begin();
  const kept = storage.getItem(KEY);
  for (const query of [
    "?error=access_denied",
    `?code=ac_1&state=${newState()}`,
    `?error=access_denied&state=${newState()}`,
    `?code=ac_1&code=ac_2&state=${state}`,
    `?code=ac_1&error=access_denied&state=${state}`,
    `?code=%zz&state=${state}`,
    `?code=ac_1&state=${state}&iss=evil`,
    "?utm=1",
    "",
  ]) {
    assert.notEqual(finishConnect(query).outcome, "authorized", query);
    assert.equal(storage.getItem(KEY), kept, query);
  }
  assert.equal(finishConnect(back(state)).outcome, "authorized");
});

test("a verified denial ends its flow and no other", (t) => {
  page(t, HERE);
  const [mine, other] = [begin(), begin()];
  const denied = finishConnect(`?error=access_denied&error_description=no&state=${mine.state}`);
  assert.equal(denied.outcome, "denied");
  assert.equal(denied.verified, true);
  assert.deepEqual(Object.keys(denied).sort(), ["hint", "outcome", "untrusted_description", "verified"]);
  assert.equal(finishConnect(back(mine.state)).reason, "not_started");
  assert.equal(finishConnect(back(other.state)).outcome, "authorized");
});

test("flows of one tab finish in any order; of six, the oldest made room", (t) => {
  page(t, HERE);
  const flows = Array.from({ length: 6 }, (_, i) => begin(`user-${i}`));
  assert.equal(finishConnect(back(flows[0].state)).reason, "not_started");
  for (const i of [3, 1, 5, 2, 4]) {
    assert.deepStrictEqual(finishConnect(back(flows[i].state)), authorized(flows[i].state, "ac_123", `user-${i}`));
  }
});

test("without input the page's address is read, and cleaned of the protocol's parameters only", (t) => {
  const { location, history } = page(t, HERE);
  const { state } = begin();
  location.href = `${HERE}?keep=1&code=ac_123&scope=read_write&state=${state}&also=a%2Bb#part`;
  assert.equal(finishConnect().outcome, "authorized");
  assert.deepEqual(history.replaced, [{ state: { scroll: 7 }, title: "", url: `${HERE}?keep=1&also=a%2Bb#part` }]);
});

test("a denial and a rejection are cleaned away too; a plain visit is left alone", (t) => {
  const { location, history } = page(t, HERE);
  for (const query of ["?error=access_denied&error_description=x", `?code=ac_1&state=${newState()}`, "?code=1&iss=https%3A%2F%2Fevil"]) {
    location.href = HERE + query;
    assert.notEqual(finishConnect().outcome, "none");
    assert.equal(location.href, HERE);
  }
  const before = history.replaced.length;
  location.href = `${HERE}?page=2#top`;
  assert.equal(finishConnect(undefined, { subject: "a-visitor" }).outcome, "none");
  assert.equal(history.replaced.length, before);
});

test("an input of one's own leaves the address bar alone", (t) => {
  const { history } = page(t, HERE);
  const { state } = begin();
  finishConnect(back(state));
  finishConnect(new URL(back(state)));
  finishConnect(new URLSearchParams(new URL(back(state)).search));
  finishConnect({ href: back(state) });
  assert.deepEqual(history.replaced, []);
});

test("called twice in a page, as in React's strict mode, it gives the very same result, however the flow ended", (t) => {
  const { location } = page(t, HERE);
  for (const [query, outcome] of [
    [(state) => back(state), "authorized"],
    [(state) => `${HERE}?error=access_denied&state=${state}`, "denied"],
    [(state) => `${HERE}?error=invalid_scope&state=${state}`, "failed"],
    [() => back(newState()), "rejected"],
  ]) {
    for (const options of [undefined, { subject: "user-1" }]) {
      location.href = query(begin().state);
      const first = finishConnect(undefined, options);
      assert.equal(first.outcome, outcome);
      for (let i = 0; i < 3; i++) assert.equal(finishConnect(undefined, options), first);
      location.href = `${HERE}?page=2`;
      assert.equal(finishConnect(undefined, options), first, "as long as the page lives");
    }
  }
});

test("what one subject finished another never gets, and an answer of one's own input is nobody's", (t) => {
  const { location } = page(t, HERE);
  const { state } = begin();
  location.href = back(state);
  const first = finishConnect(undefined, { subject: "user-1" });
  assert.equal(first.outcome, "authorized");
  for (const options of [undefined, {}, { subject: "user-2" }]) {
    assert.deepEqual(finishConnect(undefined, options), { outcome: "none", hint: HINTS.none });
  }
  assert.equal(finishConnect(back(newState()), { subject: "user-1" }).outcome, "rejected");
  assert.equal(finishConnect("?page=2", { subject: "user-1" }).outcome, "none");
  assert.equal(finishConnect(undefined, { subject: "user-1" }), first);
});

test("the next answer in the address is the page's new result", (t) => {
  const { location } = page(t, HERE);
  location.href = `${HERE}?error=access_denied&state=${begin().state}`;
  assert.equal(finishConnect().outcome, "denied");
  const { state } = begin();
  location.href = back(state);
  const second = finishConnect();
  assert.deepStrictEqual(second, authorized(state));
  assert.equal(finishConnect(), second);
});

test("whatever happens, the address is cleaned: after a mistake, an error of a getter's, a call that traps", (t) => {
  const { location } = page(t, HERE);
  const hostile = { get subject() { throw new RangeError("mine"); } };
  const trap = new WebAssembly.RuntimeError("unreachable");
  for (const [fails, expected] of [
    [() => finishConnect(undefined, { subject: 42 }), { code: "invalid_type" }],
    [() => finishConnect(undefined, { user: "user-1" }), { code: "unknown_parameter" }],
    [() => finishConnect(undefined, hostile), RangeError],
    [() => (t.mock.method(Date, "now", () => { throw trap; }, { times: 1 }), finishConnect()), trap],
  ]) {
    location.href = `${back(begin().state)}&keep=1`;
    assert.throws(fails, expected);
    assert.equal(location.href, `${HERE}?keep=1`);
  }
});

test("a storage that is blocked is said so, and the address is cleaned all the same", (t) => {
  const { location, history } = page(t, HERE);
  const { state } = begin();
  const sessionStorage = globalThis.sessionStorage;
  location.href = back(state);
  withGlobals(t, { sessionStorage: null });
  for (let i = 0; i < 2; i++) assert.throws(() => finishConnect(), { code: "storage_unavailable" });
  assert.equal(location.href, HERE);
  const before = history.replaced.length;
  location.href = `${HERE}?scope=mine`;
  assert.throws(() => finishConnect(), { code: "storage_unavailable" });
  assert.equal(history.replaced.length, before, "a plain visit is left alone");
  withGlobals(t, { sessionStorage });
});

test("where there is no page, as on a server that renders one, nothing is begun or finished in a storage that all share", (t) => {
  const { storage } = page(t, HERE);
  const { state } = begin();
  const kept = storage.getItem(KEY);
  withGlobals(t, { document: ABSENT });
  assert.throws(() => begin(), { code: "storage_unavailable", param: "sessionStorage" });
  assert.throws(() => finishConnect(back(state)), { code: "storage_unavailable", param: "sessionStorage" });
  withGlobals(t, { location: ABSENT, history: ABSENT });
  assert.throws(() => finishConnect(), { code: "storage_unavailable", param: "sessionStorage" });
  assert.equal(storage.getItem(KEY), kept);
});

test("a refused begin keeps nothing and forgets nothing", (t) => {
  const { storage } = page(t, HERE);
  const { state } = begin();
  const kept = storage.getItem(KEY);
  assert.throws(() => beginConnect({ client_id: "sk_live_canary" }, { subject: "user-1" }));
  assert.equal(storage.getItem(KEY), kept);
  assert.equal(finishConnect(back(state)).outcome, "authorized");
});

test("what else is in the storage is none of our business", (t) => {
  const { storage } = page(t, HERE);
  storage.setItem("cart", "3");
  finishConnect(back(begin().state));
  assert.equal(storage.getItem("cart"), "3");
});

const EXACT = { rejected: ["hint", "outcome", "reason"], none: ["hint", "outcome"] };

test("whatever was left in the storage, a callback is one of the documented", (t) => {
  page(t, HERE);
  const state = newState();
  for (const text of ["", "x", "\n\n\n", "1 2 3 4", `99999999999 ${state} `, `99999999999 short  user`, "[]", "🍣".repeat(1000), `-1 ${state}  user`, `1e99 ${state}  user`]) {
    withGlobals(t, { sessionStorage: memoryStorage() });
    sessionStorage.setItem(KEY, text);
    const read = finishConnect(back(state));
    assert.deepEqual(Object.keys(read).sort(), EXACT[read.outcome], JSON.stringify(text));
    assert.equal(beginConnect({ client_id: "ca_123" }, { subject: "user-1" }).state.length, 43);
  }
});

test("a storage with a NUL or a leading ! in it is not read as the core's answer", (t) => {
  page(t, HERE);
  for (const text of ["!a\0b\0c", "!", "x\0authorized\0ac_evil\0\0\0\0\0\0\0s\0victim"]) {
    withGlobals(t, { sessionStorage: memoryStorage() });
    sessionStorage.setItem(KEY, text);
    const read = finishConnect(back(newState()));
    assert.deepEqual([read.outcome, read.reason], ["rejected", "not_started"], JSON.stringify(text));
  }
});

test("a NUL in the callback's state adds nothing to the result", (t) => {
  page(t, HERE);
  for (const state of ["a%00b%00c%00d", "%00authorized%00", "!%00"]) {
    const read = finishConnect(`${HERE}?code=ac_1&state=${state}`);
    assert.deepEqual(Object.keys(read).sort(), EXACT.rejected, state);
  }
});

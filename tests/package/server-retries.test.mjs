// What the server entry sends again, and only where that does no harm; and how long a call may take.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { CALLS, GONE, KEY, LOST, ONCE, answering, api, awake, fastTime, hanging, script } from "./calls.mjs";
import { rejection } from "./support.mjs";

// Retries.

const RETRIED = Object.keys(CALLS).filter((name) => !ONCE.includes(name));

test("what may be sent again is, twice, with growing waits; a code and an app's refresh token never", async (t) => {
  const told = { "stripe-should-retry": "true" };
  for (const answer of [LOST, [500], [503, "<html>"], [409], [429, api("lock_timeout")], [400, api("x"), told]]) {
    for (const name of Object.keys(CALLS)) {
      const waits = fastTime(t, 0.5);
      const fetch = script(answer);
      await rejection(CALLS[name].run({ secret_key: KEY, fetch }));
      const times = ONCE.includes(name) ? 0 : 2;
      assert.deepEqual(waits, [500, 749].slice(0, times), `${name} ${answer}`);
      assert.equal(fetch.calls.length, 1 + times, `${name} ${answer}`);
      assert.equal(new Set(fetch.calls.map(({ url }) => url)).size, 1);
      t.mock.restoreAll();
    }
  }
});

test("what would not get better is not sent again", async (t) => {
  const waits = fastTime(t);
  const told = { "stripe-should-retry": "false" };
  for (const answer of [[400, api("x")], [401, api("x")], [403, api("x")], [404, api("x")], [429, api("rate_limit")], [500, "", told], [409, "", told]]) {
    for (const name of Object.keys(CALLS)) {
      const fetch = script(answer);
      await rejection(CALLS[name].run({ secret_key: KEY, fetch }));
      assert.equal(fetch.calls.length, 1, `${name} ${answer}`);
    }
  }
  assert.deepEqual(waits, []);
});

test("a retry that goes well is a call that went well", async (t) => {
  for (const name of RETRIED) {
    fastTime(t);
    const fetch = script(LOST, [503], [200, JSON.stringify(CALLS[name].answer)]);
    assert.ok(await CALLS[name].run({ secret_key: KEY, fetch }), name);
    assert.equal(fetch.calls.length, 3);
    t.mock.restoreAll();
  }
});

test("an account that is not connected any more after a retry was disconnected by the first try", async (t) => {
  fastTime(t);
  const { run } = CALLS.deauthorize;
  assert.equal((await run({ secret_key: KEY, fetch: script(LOST, [401, GONE]) })).already_disconnected, false);
  assert.equal((await run({ secret_key: KEY, fetch: script([401, GONE]) })).already_disconnected, true);
});

test("only what creates something has an idempotency key, the same for each retry, another for each call", async (t) => {
  fastTime(t);
  const keys = async (name, options) => {
    const fetch = script([500]);
    await rejection(CALLS[name].run({ secret_key: KEY, fetch, ...options }));
    return fetch.calls.map(({ headers }) => Object.fromEntries(headers)["idempotency-key"]);
  };
  for (const name of ["createAccount", "createAccountLink"]) {
    const [first, second] = [await keys(name), await keys(name)];
    assert.match(first[0], /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual([first, second], [Array(3).fill(first[0]), Array(3).fill(second[0])]);
    assert.notEqual(first[0], second[0]);
    assert.deepEqual(await keys(name, { idempotency_key: "user-1" }), Array(3).fill("user-1"));
  }
  for (const name of ["exchangeCode", "refreshToken", "refreshToken of an app", "deauthorize", "retrieveAccount"]) {
    assert.ok((await keys(name)).every((key) => key === undefined), name);
  }
});

// Time-outs and signals.

/** A `fetch` that looks at no signal and never answers. */
const deaf = () => new Promise(() => {});

/** The error's code, where a call was stopped with `reason`. */
const stopped = (name, reason) => (ONCE.includes(name) ? "unknown" : reason);

test("a signal stops every call, also with a fetch that looks at none", async () => {
  for (const name of Object.keys(CALLS)) {
    for (const fetch of [hanging, deaf]) {
      const stop = new AbortController();
      const calling = rejection(CALLS[name].run({ secret_key: KEY, fetch, signal: stop.signal }));
      await new Promise(setImmediate);
      stop.abort(new Error("canary"));
      const error = await calling;
      assert.deepEqual([error.code, error.status], [stopped(name, "aborted"), 0], name);
      assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes("canary"), name);
    }
  }
});

test("after its signal nothing is sent", async () => {
  for (const name of Object.keys(CALLS)) {
    const fetch = answering(200, JSON.stringify(CALLS[name].answer));
    const error = await rejection(CALLS[name].run({ secret_key: KEY, fetch, signal: AbortSignal.abort() }));
    assert.equal(error.code, stopped(name, "aborted"), name);
    assert.equal(fetch.calls.length, 0, name);
  }
});

test("a signal that ends the last try is told as one", async (t) => {
  fastTime(t);
  for (const name of RETRIED) {
    const stop = new AbortController();
    const fetch = script([500], [500]);
    const last = (url, init) => (fetch.calls.length < 2 ? fetch(url, init) : (queueMicrotask(() => stop.abort()), deaf()));
    const error = await rejection(CALLS[name].run({ secret_key: KEY, fetch: last, signal: stop.signal }));
    assert.equal(error.code, "aborted", name);
  }
});

test("a signal ends the wait before a retry, and its timer", async (t) => {
  const cleared = t.mock.method(globalThis, "clearTimeout");
  for (const name of RETRIED) {
    const stop = new AbortController();
    const fetch = script([500]);
    const calling = rejection(CALLS[name].run({ secret_key: KEY, fetch, signal: stop.signal }));
    while (fetch.calls.length === 0) await new Promise(setImmediate);
    const began = performance.now();
    stop.abort();
    const error = await calling;
    assert.deepEqual([error.code, fetch.calls.length], ["aborted", 1], name);
    assert.ok(cleared.mock.calls.some(({ arguments: [timer] }) => timer), name);
    cleared.mock.resetCalls();
    assert.ok(performance.now() - began < 400, "it did not wait out the half second");
    assert.match(error.message, /^the call was stopped by its signal; /);
  }
});

test("a call has its timeout, for all its tries together; 30 seconds by default", async (t) => {
  for (const [timeout, expected] of [[undefined, 30_000], [5, 5], [600_000, 600_000]]) {
    for (const name of Object.keys(CALLS)) {
      const deadline = new AbortController();
      const made = t.mock.method(AbortSignal, "timeout", () => deadline.signal);
      const waits = fastTime(t);
      const fetch = script(LOST, LOST, [400]);
      await rejection(CALLS[name].run({ secret_key: KEY, fetch, timeout }));
      assert.equal(waits.length, ONCE.includes(name) ? 0 : 2);
      assert.deepEqual(made.mock.calls.map((call) => call.arguments), [[expected]], name);

      const calling = rejection(CALLS[name].run({ secret_key: KEY, fetch: deaf, timeout, signal: new AbortController().signal }));
      await new Promise(setImmediate);
      deadline.abort();
      const error = await calling;
      assert.deepEqual([error.code, error.status], [stopped(name, "timed_out"), 0], name);
      if (!ONCE.includes(name)) assert.match(error.message, /^Stripe did not answer before the timeout; /);
      t.mock.restoreAll();
    }
  }
});

test("a timeout is kept by the clock", async (t) => {
  awake(t);
  for (const name of Object.keys(CALLS)) {
    const error = await rejection(CALLS[name].run({ secret_key: KEY, fetch: deaf, timeout: 20 }));
    assert.equal(error.code, stopped(name, "timed_out"), name);
  }
});

test("a body that never ends is no answer", async (t) => {
  awake(t);
  const fetch = async () => new Response(new ReadableStream({}));
  for (const name of Object.keys(CALLS)) {
    const error = await rejection(CALLS[name].run({ secret_key: KEY, fetch, timeout: 20 }));
    assert.equal(error.code, stopped(name, "timed_out"), name);
  }
});

test("a call that is over leaves no listener behind", async (t) => {
  for (const { run, answer } of Object.values(CALLS)) {
    const [{ signal }, deadline] = [new AbortController(), new AbortController()];
    t.mock.method(AbortSignal, "timeout", () => deadline.signal);
    fastTime(t);
    await run({ secret_key: KEY, fetch: answering(200, JSON.stringify(answer)), signal });
    await rejection(run({ secret_key: KEY, fetch: script(LOST) }));
    assert.deepEqual([signal, deadline.signal].map((of) => getEventListeners(of, "abort").length), [0, 0]);
    t.mock.restoreAll();
  }
});

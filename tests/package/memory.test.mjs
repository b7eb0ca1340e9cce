// The core gives back what it takes: its memory does not grow, however often and with whatever it is called.

import assert from "node:assert/strict";
import { test } from "node:test";

/** The memories of the modules that are instantiated from here on. */
const memories = [];
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...given) {
    super(...given);
    memories.push(this.exports.memory);
  }
};
const { authorizeUrl, connectButton, isConnectError, newState, parseCallback } = await import("stripe-connect-oauth");

const MILLION = 1_000_000;

test("a million calls don't grow the memory", () => {
  const state = newState();
  const params = { client_id: "ca_123", state, scope: "read_write", stripe_user: { email: "ada@example.com" } };
  const long = `?code=ac_1&state=${state}&more=${"%C3%A9".repeat(1000)}`;
  const calls = [
    () => authorizeUrl(params),
    () => parseCallback(`?code=ac_1&state=${state}`, { state }),
    () => assert.throws(() => authorizeUrl({ ...params, client_id: "pk_test_1" }), isConnectError),
    () => parseCallback(long, { state }),
    () => connectButton({ href: "/connect", label: "Mit Stripe verbinden" }),
  ];
  // The rare and slow ones come first, then the usual one a million times.
  for (let i = 0; i < 2000; i++) for (const call of calls) call();
  const [memory] = memories;
  const before = memory.buffer.byteLength;
  for (let i = 0; i < MILLION; i++) calls[i % 100 ? 0 : (i / 100) % calls.length]();
  assert.equal(memory.buffer.byteLength, before);
  assert.ok(before <= 4 * 1024 * 1024, `it is ${before} bytes`);
});

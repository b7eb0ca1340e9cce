import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { test } from "node:test";
import * as front from "stripe-connect-oauth";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import * as server from "stripe-connect-oauth/server";
import { CONNECT, STATE, refusals, verified } from "./refusals.mjs";
import { ABSENT, memoryStorage, withGetter, withGlobals } from "./support.mjs";

const calls = { ...front, createConnect, createSandbox, ...server };
const SENDS_NOTHING = ["stripeAccountHeaders", "verifyWebhook", "verifyWebhookSignature", "sealRefreshToken", "openRefreshToken"];

/** What a row's call throws, or rejects with. */
async function thrown({ call, args }) {
  const given = typeof args === "function" ? args() : args;
  // Nothing may be sent for a refused input: should one be accepted, it meets this, and not Stripe.
  const sends = call in server && !SENDS_NOTHING.includes(call) && given[1]?.constructor === Object;
  const guarded = sends ? [given[0], { fetch: offline, ...given[1] }] : given;
  try {
    await calls[call](...guarded);
  } catch (error) {
    return error;
  }
  return undefined;
}

const offline = async () => {
  throw new Error("a refused input reached the network");
};

/** How the error differs from the row; empty when it does not. */
function difference(error, { code, param, message }) {
  if (!error) return "it was accepted";
  if (error.code !== code || error.param !== param || error.message !== message) {
    return `got ${error.name} ${error.code} (${error.param}): ${error.message}\n    wanted ConnectError ${code} (${param}): ${message}`;
  }
  if (error.name !== "ConnectError" || !(error instanceof Error) || !front.isConnectError(error)) return "not a ConnectError";
  return inspect(error, { depth: Infinity, showHidden: true }).includes("canary") ? "it repeats a credential" : "";
}

/** The ways a browser keeps storage from a page. */
const STORAGES = {
  absent: (t) => withGlobals(t, { sessionStorage: ABSENT }),
  denied: (t) => withGetter(t, "sessionStorage", () => { throw new DOMException("denied", "SecurityError"); }),
  null: (t) => withGlobals(t, { sessionStorage: null }),
  full: (t) => withGlobals(t, { sessionStorage: { ...memoryStorage(), setItem() { throw new DOMException("full", "QuotaExceededError"); } } }),
  "of no page": (t) => withGlobals(t, { document: ABSENT, sessionStorage: memoryStorage() }),
  usable: (t) => withGlobals(t, { sessionStorage: memoryStorage() }),
};

/** Tries rows and says which of them are not refused as they should be. */
async function tryAll(t, rows) {
  const failed = [];
  for (const row of rows) {
    withGlobals(t, { document: {} });
    STORAGES[row.storage ?? "usable"](t);
    const wrong = difference(await thrown(row), row);
    if (wrong) failed.push(`\n  ${row.call}, ${row.label}: ${wrong}`);
  }
  if (failed.length) throw new Error(`${failed.length} of ${rows.length} are not refused as they should be${failed.join("")}`);
}

for (const call of new Set(refusals.map((row) => row.call))) {
  test(`${call} refuses every invalid input with its own error`, (t) => tryAll(t, refusals.filter((row) => row.call === call)));
}

test("every code of the declared union occurs in the table, and no other", () => {
  const types = readFileSync(new URL("../../pkg/entries/front.d.ts", import.meta.url), "utf8");
  const union = types.slice(types.indexOf("interface ConnectError"), types.indexOf("param: string;"));
  const declared = [...union.matchAll(/\| "(\w+)"/g)].map(([, code]) => code);
  assert.ok(declared.length >= 9, "the union was found");
  // A module that runs can't be taken away again: wasm.test.mjs has a core of its own for that.
  const inTable = [...new Set(refusals.map((row) => row.code)), "wasm_unavailable"];
  assert.deepEqual(inTable.sort(), declared.sort());
});

test("each call of the contract has rows", () => {
  for (const call of ["authorizeUrl", "beginConnect", "finishConnect", "parseCallback", "connectButton", "createConnect", "createSandbox", ...Object.keys(server)]) {
    assert.ok(refusals.some((row) => row.call === call), call);
  }
});

test("the rows differ from an accepted input by one thing only", () => {
  assert.ok(front.authorizeUrl({ client_id: "ca_123", state: STATE }, {}));
  assert.ok(createConnect(CONNECT));
  assert.ok(createSandbox({}));
  assert.equal(verified().outcome, "authorized");
});

test("isConnectError knows its own from anything else", () => {
  const imitation = Object.assign(new Error("x"), { name: "ConnectError" });
  const others = [undefined, null, 1, "ConnectError", {}, { name: "ConnectError" }, new Error("x"), new TypeError("x")];
  assert.ok(front.isConnectError(imitation));
  for (const other of others) assert.ok(!front.isConnectError(other));
});

test("a refused call leaves the core working", () => {
  for (let round = 0; round < 3; round++) {
    assert.throws(() => front.authorizeUrl({ client_id: "sk_live_canary", state: STATE }));
    assert.ok(front.authorizeUrl({ client_id: "ca_123", state: STATE }));
  }
});

// What the platform's own code does wrong while a request is under way: it must cost that request at most,
// and the person gets an answer. In a file of its own, since a core that was left in the middle of a
// request takes the next one down with it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { FIELDS, METHODS } from "../../pkg/shared/host.js";
import { platform, soon, strayErrors } from "./support.mjs";

const shop = (options, store = memoryStore()) => platform({ createConnect, createSandbox, store, options });

test("a store that throws at once is a store that rejects", async (t) => {
  const stray = strayErrors(t);
  for (const name of ["claim", "claimed", "connections"]) {
    const store = { ...memoryStore(), [name]: () => { throw new Error(`${name} is down`); } };
    const { request, reports, jar, toStripeAndBack } = shop({}, store);
    const path = name === "connections" ? "/connect/connections" : await toStripeAndBack();
    if (name === "claimed") jar.clear();
    const answer = await soon(request(path));
    assert.deepEqual(reports, [{ outcome: "store_unavailable", detail: `the store failed: ${name} is down` }]);
    assert.notEqual(answer, "no answer");
  }
  assert.deepEqual(stray, []);
});

test("a store may answer at once, without a promise", async (t) => {
  const stray = strayErrors(t);
  const records = new Map();
  const store = {
    claim: (application, claim) => (records.has(claim.flow) ? records.get(claim.flow) : (records.set(claim.flow, { ...claim, outcome: null }), null)),
    claimed: (application, flow) => records.get(flow) ?? null,
    claimsSince: () => 1,
    settle: (application, flow, outcome) => void (records.get(flow).outcome = outcome),
    connections: () => [],
    disconnected: () => [],
    connectionsOf: () => [],
    disconnect: () => {},
    forget: () => {},
    erase: () => {},
    beginEvent: () => "new",
    finishEvent: () => {},
    releaseEvent: () => {},
  };
  const { request, toStripeAndBack } = shop({}, store);
  const answer = await soon(request(await toStripeAndBack()));
  assert.equal(answer.headers?.get("location"), "/");
  assert.deepEqual(stray, []);
});

test("a report that throws does not keep the person waiting", async (t) => {
  const stray = strayErrors(t);
  const { request } = shop({ report: () => { throw new Error("the logger is down"); } }, { ...memoryStore(), connections: () => Promise.reject(new Error("down")) });
  const answer = await soon(request("/connect/connections"));
  assert.equal(answer.status, 503);
  assert.deepEqual(stray, []);
});

test("the host asks the store for what its types have, and reads each field of its rows", () => {
  const types = readFileSync(new URL("../../pkg/stores/store.d.ts", import.meta.url), "utf8");
  const members = (name, pattern) => [...new RegExp(`interface ${name} (?:extends \\w+ )?{(.*?)\n}`, "s").exec(types)[1].matchAll(pattern)].map(([, member]) => member);
  assert.deepEqual(Object.keys(METHODS), members("Store", /^  (\w+)\??\(/gm));
  const fields = ["Claim", "ClaimRecord", "Connection"].flatMap((name) => members(name, /^  (\w+)\??:/gm));
  assert.deepEqual(new Set(FIELDS), new Set(fields));
});

// The edge entry when a user leaves: all that they have connected ends, and what is kept of them goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { shop } from "./shop.mjs";

const APPLICATION = { client_id: "ca_sandbox123", livemode: false };

/** A shop whose users have connected accounts, by name; Stripe takes each disconnection, until `lost` holds the account. */
async function shopOf(connected, lost = new Set()) {
  const store = memoryStore();
  for (const [subject, account_id] of connected) {
    await store.settle(APPLICATION, `${subject} ${account_id}`, "connected", {
      ...{ subject, client_id: APPLICATION.client_id, account_id, livemode: false, scope: "read_write" },
      ...{ connected_at: 1_700_000_000, disconnected_at: null, refresh_token: null },
    });
  }
  const ended = [];
  const fetch = async (url, { body }) => {
    const account = new URLSearchParams(body).get("stripe_user_id");
    if (lost.has(account)) throw new TypeError("fetch failed");
    ended.push(account);
    return Response.json({ stripe_user_id: account });
  };
  const live = async (subject) => (await store.connections(APPLICATION, subject)).map(({ account_id }) => account_id);
  return { ...shop({ fetch }, store), store, ended, live };
}

test("disconnectAll ends each of a user's connections at Stripe, and leaves an account to who has connected it as well", async () => {
  const { connect, ended, live, reports } = await shopOf([["ada", "acct_1"], ["ada", "acct_2"], ["eve", "acct_2"]]);
  assert.deepEqual(await connect.disconnectAll("ada"), {
    outcome: "disconnected",
    accounts: [{ account_id: "acct_1", outcome: "disconnected" }, { account_id: "acct_2", outcome: "forgotten" }],
  });
  assert.deepEqual([ended, await live("ada"), await live("eve")], [["acct_1"], [], ["acct_2"]]);
  assert.deepEqual(await connect.disconnectAll("ada"), { outcome: "disconnected", accounts: [] });
  assert.deepEqual(reports, []);
});

test("erase deletes nothing while a connection is left, and asking again goes on from there", async () => {
  const lost = new Set(["acct_1"]);
  const { connect, store, live, reports } = await shopOf([["ada", "acct_1"]], lost);
  const unknown = { account_id: "acct_1", outcome: "disconnect_unknown" };
  assert.deepEqual(await connect.erase("ada"), { outcome: "disconnect_unknown", accounts: [unknown] });
  assert.deepEqual([await live("ada"), reports.map(({ outcome }) => outcome)], [["acct_1"], ["disconnect_unknown"]]);
  lost.clear();
  assert.deepEqual(await connect.erase("ada"), { outcome: "disconnected", accounts: [{ account_id: "acct_1", outcome: "disconnected" }] });
  assert.deepEqual([await live("ada"), await store.disconnected(APPLICATION, "ada")], [[], []]);
});

test("a subject that can't be one is refused by name, and nothing is asked of Stripe", async () => {
  const { connect, ended } = await shopOf([["ada", "acct_1"]]);
  for (const [subject, code] of [[undefined, "missing_parameter"], ["", "missing_parameter"], [42, "invalid_type"], ["a".repeat(256), "too_long"], ["a\ud800", "invalid_value"]]) {
    for (const leave of [connect.disconnectAll, connect.erase]) {
      await assert.rejects(leave(subject), { name: "ConnectError", code, param: "subject" }, String(subject));
    }
  }
  assert.deepEqual(ended, []);
});

test("a host that ends requests early is asked to wait until all is done", async () => {
  const waited = [];
  const context = Symbol.for("@vercel/request-context");
  globalThis[context] = { get: () => ({ waitUntil: (work) => waited.push(work) }) };
  try {
    const { connect } = await shopOf([["ada", "acct_1"]]);
    await connect.disconnectAll("ada");
    assert.equal(waited.length, 1);
  } finally {
    delete globalThis[context];
  }
});

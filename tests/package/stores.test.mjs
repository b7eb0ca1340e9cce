// What every store must do. The handler leans on it, so one test runs on all of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { Miniflare } from "miniflare";
import { d1Store } from "stripe-connect-oauth/stores/d1";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { databaseWorker } from "../../www/database.mjs";

const MIGRATION = readFileSync(
  new URL(import.meta.resolve("stripe-connect-oauth/stores/d1/migrations/0001_stripe_connect.sql")),
  "utf8",
);

/** A D1 database in workerd, without tables. */
async function startDatabase() {
  const { worker, open } = databaseWorker("DB");
  const miniflare = new Miniflare({ cf: false, workers: [worker] });
  await miniflare.ready;
  return { miniflare, database: open(miniflare) };
}

let fresh = 0;
/** A digest no other test uses. */
const digest = (name) => `${name}-${fresh++}`.padEnd(64, "0");
const claimOf = (flow, code, subject = "user-1") => ({ flow, code, subject, claimed_at: 1_700_000_000 });
const connectionOf = (subject, more) => ({
  subject,
  account_id: "acct_1",
  livemode: false,
  scope: "read_write",
  connected_at: 1_700_000_000,
  ...more,
});

function conformance(name, makeStore) {
  describe(name, () => {
    test("a claim is made once, and shows its record from then on", async () => {
      const store = makeStore();
      const claim = claimOf(digest("flow"), digest("code"));
      assert.equal(await store.claim(claim), null);
      assert.deepEqual({ ...(await store.claim(claim)) }, { ...claim, outcome: null });
      assert.deepEqual({ ...(await store.claimed(claim.flow)) }, { ...claim, outcome: null });
    });

    test("an unclaimed flow has no record", async () => {
      assert.equal(await makeStore().claimed(digest("flow")), null);
    });

    test("of fifty claims of one flow at once, exactly one is made", async () => {
      const store = makeStore();
      const flow = digest("flow");
      const claims = Array.from({ length: 50 }, (_, i) => claimOf(flow, digest(`code${i}`), `user-${i}`));
      const answers = await Promise.all(claims.map((claim) => store.claim(claim)));
      const made = answers.filter((answer) => answer === null);
      assert.equal(made.length, 1);
      const winner = claims[answers.indexOf(null)];
      for (const answer of answers) if (answer) assert.deepEqual({ ...answer }, { ...winner, outcome: null });
    });

    test("of fifty flows that claim one code at once, exactly one gets it", async () => {
      const store = makeStore();
      const code = digest("code");
      const claims = Array.from({ length: 50 }, (_, i) => claimOf(digest(`flow${i}`), code));
      const answers = await Promise.all(claims.map((claim) => store.claim(claim)));
      assert.equal(answers.filter((answer) => answer === null).length, 1);
      const winner = claims[answers.indexOf(null)];
      for (const answer of answers) if (answer) assert.equal(answer.flow, winner.flow);
      for (const claim of claims) assert.equal((await store.claimed(claim.flow)) !== null, claim === winner);
    });

    test("a code that was claimed is refused to another flow, with the record in its way", async () => {
      const store = makeStore();
      const first = claimOf(digest("flow"), digest("code"));
      await store.claim(first);
      const second = claimOf(digest("flow"), first.code, "user-2");
      assert.deepEqual({ ...(await store.claim(second)) }, { ...first, outcome: null });
      assert.equal(await store.claimed(second.flow), null);
    });

    test("where flow and code are in the way of each other, the flow's record counts", async () => {
      const store = makeStore();
      const [one, other] = [claimOf(digest("flow"), digest("code")), claimOf(digest("flow"), digest("code"))];
      await store.claim(one);
      await store.claim(other);
      assert.equal((await store.claim(claimOf(other.flow, one.code))).flow, other.flow);
      assert.equal((await store.claim(claimOf(one.flow, other.code))).flow, one.flow);
    });

    test("settling ends the claim and keeps the connection", async () => {
      const store = makeStore();
      const claim = claimOf(digest("flow"), digest("code"), "settler");
      await store.claim(claim);
      assert.equal(await store.settle(claim.flow, "connected", connectionOf("settler")), undefined);
      assert.equal((await store.claimed(claim.flow)).outcome, "connected");
      assert.deepEqual(await store.connections("settler"), [connectionOf("settler")]);
      assert.equal((await store.claim(claim)).outcome, "connected");
    });

    test("settling without a connection keeps none", async () => {
      const store = makeStore();
      const claim = claimOf(digest("flow"), digest("code"), "denier");
      await store.claim(claim);
      await store.settle(claim.flow, "refused", null);
      assert.equal((await store.claimed(claim.flow)).outcome, "refused");
      assert.deepEqual(await store.connections("denier"), []);
    });

    test("the newest connection comes first, and only the subject's own come", async () => {
      const store = makeStore();
      for (const [account_id, connected_at] of [["acct_2", 200], ["acct_3", 300], ["acct_1", 100]]) {
        await store.settle(digest("flow"), "connected", connectionOf("collector", { account_id, connected_at }));
      }
      await store.settle(digest("flow"), "connected", connectionOf("Collector", { account_id: "acct_4" }));
      assert.deepEqual((await store.connections("collector")).map(({ account_id }) => account_id), ["acct_3", "acct_2", "acct_1"]);
      assert.deepEqual(await store.connections("collecto%"), []);
    });

    test("connections of the same second come in the same order from every store", async () => {
      const store = makeStore();
      for (const account_id of ["acct_b", "acct_c", "acct_a"]) {
        await store.settle(digest("flow"), "connected", connectionOf("tied", { account_id }));
      }
      assert.deepEqual((await store.connections("tied")).map(({ account_id }) => account_id), ["acct_a", "acct_b", "acct_c"]);
    });

    test("an account connected again is one connection, as it is now", async () => {
      const store = makeStore();
      await store.settle(digest("flow"), "connected", connectionOf("again", { scope: "read_only", connected_at: 1 }));
      await store.settle(digest("flow"), "connected", connectionOf("again", { scope: "read_write", connected_at: 2 }));
      assert.deepEqual(await store.connections("again"), [connectionOf("again", { connected_at: 2 })]);
    });

    test("test and live mode of one account are two connections, told apart by a boolean", async () => {
      const store = makeStore();
      for (const livemode of [true, false]) {
        await store.settle(digest("flow"), "connected", connectionOf("modes", { livemode, connected_at: livemode ? 2 : 1 }));
      }
      assert.deepEqual((await store.connections("modes")).map(({ livemode }) => livemode), [true, false]);
    });

    test("one account may belong to two subjects", async () => {
      const store = makeStore();
      for (const subject of ["sharer-1", "sharer-2"]) await store.settle(digest("flow"), "connected", connectionOf(subject));
      assert.equal((await store.connections("sharer-1")).length, 1);
      assert.equal((await store.connections("sharer-2")).length, 1);
    });

    test("any text is a subject", async () => {
      const store = makeStore();
      for (const subject of ["'; DROP TABLE stripe_connect_claims; --", "Zoë 💳", '","x', "a b", "__proto__", "?1"]) {
        const claim = claimOf(digest("flow"), digest("code"), subject);
        assert.equal(await store.claim(claim), null);
        await store.settle(claim.flow, "connected", connectionOf(subject));
        assert.equal((await store.claimed(claim.flow)).subject, subject);
        assert.deepEqual(await store.connections(subject), [connectionOf(subject)]);
      }
    });

    test("what is given back is a copy", async () => {
      const store = makeStore();
      const claim = claimOf(digest("flow"), digest("code"), "copier");
      await store.claim(claim);
      (await store.claimed(claim.flow)).outcome = "tampered";
      assert.equal((await store.claimed(claim.flow)).outcome, null);
      await store.settle(claim.flow, "connected", connectionOf("copier"));
      (await store.connections("copier"))[0].account_id = "acct_tampered";
      assert.deepEqual(await store.connections("copier"), [connectionOf("copier")]);
    });
  });
}

conformance("memory", memoryStore);

describe("D1", () => {
  let miniflare;
  let database;

  before(async () => {
    ({ miniflare, database } = await startDatabase());
    const statements = MIGRATION.replace(/--.*$/gm, "").split(";").map((text) => text.trim()).filter(Boolean);
    await database.batch(statements.map((text) => database.prepare(text)));
  });
  after(() => miniflare.dispose());

  conformance("d1", () => d1Store(database));

  test("settling keeps the connection and ends the claim, or neither", async () => {
    const store = d1Store(database);
    for (const wrong of [{ scope: null }, { connected_at: "soon" }, { account_id: null }]) {
      const claim = claimOf(digest("flow"), digest("code"), "neither");
      await store.claim(claim);
      await assert.rejects(store.settle(claim.flow, "connected", connectionOf("neither", wrong)));
      assert.equal((await store.claimed(claim.flow)).outcome, null);
      assert.deepEqual(await store.connections("neither"), []);
    }
  });

  test("a database without the tables rejects every call", async () => {
    const other = await startDatabase();
    try {
      const store = d1Store(other.database);
      await assert.rejects(store.claim(claimOf(digest("flow"), digest("code"))));
      await assert.rejects(store.claimed(digest("flow")));
      await assert.rejects(store.settle(digest("flow"), "refused", null));
      await assert.rejects(store.connections("user-1"));
    } finally {
      await other.miniflare.dispose();
    }
  });
});

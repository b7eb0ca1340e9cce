// What every store must do. The handler leans on it, so one list of tests runs on all of them (stores.test.mjs).
import assert from "node:assert/strict";
import { describe, test } from "node:test";

export const NOW = 1_700_000_000;
export const DAY = 24 * 60 * 60;

let fresh = 0;
/** A digest no other test uses. */
const digest = (name) => `${name}-${fresh++}`.padEnd(64, "0");
export const claimOf = (flow, code, subject = "user-1") => ({ flow, code, subject, claimed_at: NOW });
export const connectionOf = (subject, more) => ({
  subject,
  account_id: "acct_1",
  livemode: false,
  scope: "read_write",
  connected_at: NOW,
  disconnected_at: null,
  refresh_token: null,
  ...more,
});

/** The stores that this runs on, by their names. */
export const CONFORMING = new Set();

/** What every store must do; `name` is its file's in pkg/stores/. */
export function conformance(name, makeStore) {
  CONFORMING.add(name);
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
      for (const account_id of ["acct_b", "acct_C", "acct_a"]) {
        await store.settle(digest("flow"), "connected", connectionOf("tied", { account_id }));
      }
      assert.deepEqual((await store.connections("tied")).map(({ account_id }) => account_id), ["acct_C", "acct_a", "acct_b"]);
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

    // Endings.

    const connected = async (store, subject, more) => {
      const connection = connectionOf(subject, more);
      await store.settle(digest("flow"), "connected", connection);
      return connection;
    };
    const account = () => `acct_${fresh++}`;

    test("a disconnected account is gone from the live ones at once, and among the ended ones", async () => {
      const store = makeStore();
      const connection = await connected(store, "leaver", { account_id: account(), refresh_token: "sealed" });
      const stays = await connected(store, "leaver", { account_id: account() });
      assert.deepEqual(await store.disconnected("leaver"), []);
      assert.equal(await store.disconnect(connection.account_id, false, NOW + 5), undefined);
      assert.deepEqual(await store.connections("leaver"), [stays]);
      const ended = { ...connection, disconnected_at: NOW + 5, refresh_token: null };
      assert.deepEqual(await store.disconnected("leaver"), [ended], "its refresh token is let go");
      assert.deepEqual(await store.disconnected("another"), []);
    });

    test("an account that ends is ended for every subject, in its own mode only", async () => {
      const store = makeStore();
      const account_id = account();
      for (const subject of ["sharing-1", "sharing-2"]) await connected(store, subject, { account_id });
      const live = await connected(store, "sharing-1", { account_id, livemode: true });
      await store.disconnect(account_id, false, NOW);
      assert.deepEqual(await store.connections("sharing-1"), [live]);
      assert.deepEqual(await store.connections("sharing-2"), []);
    });

    test("an ending from before the connection was made ends nothing", async () => {
      const store = makeStore();
      for (const [connected_at, at, ends] of [[100, 99, false], [100, 100, true], [100, 101, true]]) {
        const subject = `order-${fresh++}`;
        const { account_id } = await connected(store, subject, { account_id: account(), connected_at });
        await store.disconnect(account_id, false, at);
        assert.equal((await store.connections(subject)).length, ends ? 0 : 1, `${connected_at} ${at}`);
      }
    });

    test("what has ended keeps the time it ended", async () => {
      const store = makeStore();
      const { account_id } = await connected(store, "ended-twice", { account_id: account() });
      for (const later of [1, 2, 3]) await store.disconnect(account_id, false, NOW + later);
      assert.deepEqual((await store.disconnected("ended-twice")).map(({ disconnected_at }) => disconnected_at), [NOW + 1]);
    });

    test("an account that is not there ends without a word", async () => {
      await makeStore().disconnect(account(), true, NOW);
    });

    test("connecting again makes it live, with what it has now, and an ending from before stays without effect", async () => {
      const store = makeStore();
      const account_id = account();
      await connected(store, "returner", { account_id, refresh_token: "first" });
      await store.disconnect(account_id, false, NOW + 10);
      const again = await connected(store, "returner", { account_id, connected_at: NOW + 20, refresh_token: "second" });
      assert.deepEqual(await store.connections("returner"), [again]);
      assert.deepEqual(await store.disconnected("returner"), []);
      await store.disconnect(account_id, false, NOW + 10);
      assert.deepEqual(await store.connections("returner"), [again]);
      const without = connectionOf("returner", { account_id, connected_at: NOW + 30 });
      await store.settle(digest("flow"), "connected", { ...without, disconnected_at: NOW + 10 });
      assert.deepEqual(await store.connections("returner"), [without], "no refresh token of an older connection is left");
    });

    test("the last to end comes first", async () => {
      const store = makeStore();
      const ended = [];
      for (const [connected_at, at] of [[1, 300], [3, 200], [2, 400]]) {
        const { account_id } = await connected(store, "ender", { account_id: account(), connected_at });
        await store.disconnect(account_id, false, at);
        ended.push([at, account_id]);
      }
      ended.sort(([a], [b]) => b - a);
      assert.deepEqual((await store.disconnected("ender")).map(({ account_id }) => account_id), ended.map(([, id]) => id));
    });

    // Events.

    test("an event is new once, in progress until it is finished, and done from then on", async () => {
      const store = makeStore();
      const id = digest("evt");
      assert.equal(await store.beginEvent(id, NOW), "new");
      assert.equal(await store.beginEvent(id, NOW + 1), "in_progress");
      assert.equal(await store.finishEvent(id), undefined);
      assert.equal(await store.beginEvent(id, NOW + 2), "done");
      assert.equal(await store.beginEvent(id, NOW + 3 * DAY), "done", "as long as Stripe sends it again");
      assert.equal(await store.beginEvent(digest("evt"), NOW), "new");
    });

    test("an event that nobody finished may be begun again after sixty seconds, by one", async () => {
      const store = makeStore();
      const id = digest("evt");
      await store.beginEvent(id, NOW);
      assert.equal(await store.beginEvent(id, NOW + 59), "in_progress");
      assert.equal(await store.beginEvent(id, NOW + 60), "new");
      assert.equal(await store.beginEvent(id, NOW + 119), "in_progress", "the second has sixty seconds of its own");
      await store.finishEvent(id);
      assert.equal(await store.beginEvent(id, NOW + 300), "done");
    });

    test("of fifty requests with one event at once, exactly one is told that it is new", async () => {
      const store = makeStore();
      const id = digest("evt");
      for (const now of [NOW, NOW + 60]) {
        const answers = await Promise.all(Array.from({ length: 50 }, () => store.beginEvent(id, now)));
        assert.equal(answers.filter((answer) => answer === "new").length, 1);
        assert.equal(answers.filter((answer) => answer === "in_progress").length, 49);
      }
    });

    test("what is old is let go: claims after a day, events after a week", async () => {
      const store = makeStore();
      const at = NOW + 1000 * DAY;
      const [claim, id] = [claimOf(digest("flow"), digest("code")), digest("evt")];
      await store.claim({ ...claim, claimed_at: at });
      await store.beginEvent(id, at);
      await store.finishEvent(id);
      await store.claim({ ...claimOf(digest("flow"), digest("code")), claimed_at: at + DAY });
      await store.beginEvent(digest("evt"), at + 7 * DAY);
      assert.notEqual(await store.claimed(claim.flow), null);
      assert.equal(await store.beginEvent(id, at), "done");

      await store.claim({ ...claimOf(digest("flow"), digest("code")), claimed_at: at + DAY + 1 });
      await store.beginEvent(digest("evt"), at + 7 * DAY + 1);
      assert.equal(await store.claimed(claim.flow), null);
      assert.equal(await store.beginEvent(id, at), "new");
      const again = { ...claim, claimed_at: at + 2 * DAY + 2 };
      assert.equal(await store.claim(again), null, "a digest that was let go may be claimed");
      const later = { ...again, claimed_at: at + 3 * DAY + 3 };
      assert.equal(await store.claim(later), null, "and so when it is itself what is let go");
      assert.deepEqual({ ...(await store.claimed(claim.flow)) }, { ...later, outcome: null });
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

/** What must hold of a database besides: `startEmpty` gives a store without tables. */
export function database(makeStore, startEmpty) {
  test("settling keeps the connection and ends the claim, or neither", async () => {
    const store = makeStore();
    for (const wrong of [{ scope: null }, { connected_at: "soon" }, { account_id: null }]) {
      const claim = claimOf(digest("flow"), digest("code"), "neither");
      await store.claim(claim);
      await assert.rejects(store.settle(claim.flow, "connected", connectionOf("neither", wrong)));
      assert.equal((await store.claimed(claim.flow)).outcome, null);
      assert.deepEqual(await store.connections("neither"), []);
    }
  });

  test("a database without the tables rejects every call", async () => {
    const { store, stop } = await startEmpty();
    try {
      await assert.rejects(store.claim(claimOf(digest("flow"), digest("code"))));
      await assert.rejects(store.claimed(digest("flow")));
      await assert.rejects(store.settle(digest("flow"), "refused", null));
      await assert.rejects(store.connections("user-1"));
      await assert.rejects(store.disconnected("user-1"));
      await assert.rejects(store.disconnect("acct_1", false, NOW));
      await assert.rejects(store.beginEvent(digest("evt"), NOW));
      await assert.rejects(store.finishEvent(digest("evt")));
    } finally {
      await stop();
    }
  });
}

// What every store must do. The handler leans on it, so one list of tests runs on all of them (stores.test.mjs).
// Longer than 400 lines: one list, so that no store is held to a part of it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";

export const NOW = 1_700_000_000;
export const DAY = 24 * 60 * 60;
/** Whose rows most tests are about. */
export const SHOP = { client_id: "ca_shop", livemode: false };

let fresh = 0;
/** A digest no other test uses. */
const digest = (name) => `${name}-${fresh++}`.padEnd(64, "0");
export const claimOf = (flow, code, subject = "user-1") => ({ flow, code, subject, claimed_at: NOW });
export const connectionOf = (subject, more) => ({
  subject,
  client_id: SHOP.client_id,
  account_id: "acct_1",
  livemode: false,
  scope: "read_write",
  connected_at: NOW,
  disconnected_at: null,
  refresh_token: null,
  ...more,
});

/** An application that no other test uses. */
const own = () => ({ client_id: `ca_${fresh++}`, livemode: false });

/** The stores that this runs on, by their names. */
export const CONFORMING = new Set();

/** What every store must do; `name` is its file's in pkg/stores/. */
export function conformance(name, makeStore) {
  CONFORMING.add(name);
  describe(name, () => {
    test("a claim is made once, and shows its record from then on", async () => {
      const store = makeStore();
      const claim = claimOf(digest("flow"), digest("code"));
      assert.equal(await store.claim(SHOP, claim), null);
      assert.deepEqual({ ...(await store.claim(SHOP, claim)) }, { ...claim, outcome: null });
      assert.deepEqual({ ...(await store.claimed(SHOP, claim.flow)) }, { ...claim, outcome: null });
    });

    test("an unclaimed flow has no record", async () => {
      assert.equal(await makeStore().claimed(SHOP, digest("flow")), null);
    });

    test("of fifty claims of one flow at once, exactly one is made", async () => {
      const store = makeStore();
      const flow = digest("flow");
      const claims = Array.from({ length: 50 }, (_, i) => claimOf(flow, digest(`code${i}`), `user-${i}`));
      const answers = await Promise.all(claims.map((claim) => store.claim(SHOP, claim)));
      const made = answers.filter((answer) => answer === null);
      assert.equal(made.length, 1);
      const winner = claims[answers.indexOf(null)];
      for (const answer of answers) if (answer) assert.deepEqual({ ...answer }, { ...winner, outcome: null });
    });

    test("of fifty flows that claim one code at once, exactly one gets it", async () => {
      const store = makeStore();
      const code = digest("code");
      const claims = Array.from({ length: 50 }, (_, i) => claimOf(digest(`flow${i}`), code));
      const answers = await Promise.all(claims.map((claim) => store.claim(SHOP, claim)));
      assert.equal(answers.filter((answer) => answer === null).length, 1);
      const winner = claims[answers.indexOf(null)];
      for (const answer of answers) if (answer) assert.equal(answer.flow, winner.flow);
      for (const claim of claims) assert.equal((await store.claimed(SHOP, claim.flow)) !== null, claim === winner);
    });

    test("a code that was claimed is refused to another flow, with the record in its way", async () => {
      const store = makeStore();
      const first = claimOf(digest("flow"), digest("code"));
      await store.claim(SHOP, first);
      const second = claimOf(digest("flow"), first.code, "user-2");
      assert.deepEqual({ ...(await store.claim(SHOP, second)) }, { ...first, outcome: null });
      assert.equal(await store.claimed(SHOP, second.flow), null);
    });

    test("where flow and code are in the way of each other, the flow's record counts", async () => {
      const store = makeStore();
      const [one, other] = [claimOf(digest("flow"), digest("code")), claimOf(digest("flow"), digest("code"))];
      await store.claim(SHOP, one);
      await store.claim(SHOP, other);
      assert.equal((await store.claim(SHOP, claimOf(other.flow, one.code))).flow, other.flow);
      assert.equal((await store.claim(SHOP, claimOf(one.flow, other.code))).flow, one.flow);
    });

    test("settling ends the claim and keeps the connection", async () => {
      const store = makeStore();
      const claim = claimOf(digest("flow"), digest("code"), "settler");
      await store.claim(SHOP, claim);
      assert.equal(await store.settle(SHOP, claim.flow, "connected", connectionOf("settler")), undefined);
      assert.equal((await store.claimed(SHOP, claim.flow)).outcome, "connected");
      assert.deepEqual(await store.connections(SHOP, "settler"), [connectionOf("settler")]);
      assert.equal((await store.claim(SHOP, claim)).outcome, "connected");
    });

    test("settling without a connection keeps none", async () => {
      const store = makeStore();
      const claim = claimOf(digest("flow"), digest("code"), "denier");
      await store.claim(SHOP, claim);
      await store.settle(SHOP, claim.flow, "refused", null);
      assert.equal((await store.claimed(SHOP, claim.flow)).outcome, "refused");
      assert.deepEqual(await store.connections(SHOP, "denier"), []);
    });

    test("the newest connection comes first, and only the subject's own come", async () => {
      const store = makeStore();
      for (const [account_id, connected_at] of [["acct_2", 200], ["acct_3", 300], ["acct_1", 100]]) {
        await store.settle(SHOP, digest("flow"), "connected", connectionOf("collector", { account_id, connected_at }));
      }
      await store.settle(SHOP, digest("flow"), "connected", connectionOf("Collector", { account_id: "acct_4" }));
      assert.deepEqual((await store.connections(SHOP, "collector")).map(({ account_id }) => account_id), ["acct_3", "acct_2", "acct_1"]);
      assert.deepEqual(await store.connections(SHOP, "collecto%"), []);
    });

    test("connections of the same second come in the same order from every store", async () => {
      const store = makeStore();
      for (const account_id of ["acct_b", "acct_C", "acct_a"]) {
        await store.settle(SHOP, digest("flow"), "connected", connectionOf("tied", { account_id }));
      }
      assert.deepEqual((await store.connections(SHOP, "tied")).map(({ account_id }) => account_id), ["acct_C", "acct_a", "acct_b"]);
    });

    test("an account connected again is one connection, as it is now", async () => {
      const store = makeStore();
      await store.settle(SHOP, digest("flow"), "connected", connectionOf("again", { scope: "read_only", connected_at: 1 }));
      await store.settle(SHOP, digest("flow"), "connected", connectionOf("again", { scope: "read_write", connected_at: 2 }));
      assert.deepEqual(await store.connections(SHOP, "again"), [connectionOf("again", { connected_at: 2 })]);
    });

    test("one account may belong to two subjects", async () => {
      const store = makeStore();
      for (const subject of ["sharer-1", "sharer-2"]) await store.settle(SHOP, digest("flow"), "connected", connectionOf(subject));
      assert.equal((await store.connections(SHOP, "sharer-1")).length, 1);
      assert.equal((await store.connections(SHOP, "sharer-2")).length, 1);
    });

    // Endings.

    const connected = async (store, subject, more) => {
      const connection = connectionOf(subject, more);
      await store.settle(SHOP, digest("flow"), "connected", connection);
      return connection;
    };
    const account = () => `acct_${fresh++}`;

    test("a disconnected account is gone from the live ones at once, and among the ended ones", async () => {
      const store = makeStore();
      const connection = await connected(store, "leaver", { account_id: account(), refresh_token: "sealed" });
      const stays = await connected(store, "leaver", { account_id: account() });
      assert.deepEqual(await store.disconnected(SHOP, "leaver"), []);
      assert.equal(await store.disconnect(SHOP, connection.account_id, NOW + 5), undefined);
      assert.deepEqual(await store.connections(SHOP, "leaver"), [stays]);
      const ended = { ...connection, disconnected_at: NOW + 5, refresh_token: null };
      assert.deepEqual(await store.disconnected(SHOP, "leaver"), [ended], "its refresh token is let go");
      assert.deepEqual(await store.disconnected(SHOP, "another"), []);
    });

    test("an account that ends is ended for every subject", async () => {
      const store = makeStore();
      const account_id = account();
      for (const subject of ["sharing-1", "sharing-2"]) await connected(store, subject, { account_id });
      const stays = await connected(store, "sharing-1", { account_id: account() });
      await store.disconnect(SHOP, account_id, NOW);
      assert.deepEqual(await store.connections(SHOP, "sharing-1"), [stays]);
      assert.deepEqual(await store.connections(SHOP, "sharing-2"), []);
    });

    test("an ending from before the connection was made ends nothing", async () => {
      const store = makeStore();
      for (const [connected_at, at, ends] of [[100, 99, false], [100, 100, true], [100, 101, true]]) {
        const subject = `order-${fresh++}`;
        const { account_id } = await connected(store, subject, { account_id: account(), connected_at });
        await store.disconnect(SHOP, account_id, at);
        assert.equal((await store.connections(SHOP, subject)).length, ends ? 0 : 1, `${connected_at} ${at}`);
      }
    });

    test("what has ended keeps the time it ended", async () => {
      const store = makeStore();
      const { account_id } = await connected(store, "ended-twice", { account_id: account() });
      for (const later of [1, 2, 3]) await store.disconnect(SHOP, account_id, NOW + later);
      assert.deepEqual((await store.disconnected(SHOP, "ended-twice")).map(({ disconnected_at }) => disconnected_at), [NOW + 1]);
    });

    test("an account that is not there ends without a word", async () => {
      await makeStore().disconnect(SHOP, account(), NOW);
    });

    test("connecting again makes it live, with what it has now, and an ending from before stays without effect", async () => {
      const store = makeStore();
      const account_id = account();
      await connected(store, "returner", { account_id, refresh_token: "first" });
      await store.disconnect(SHOP, account_id, NOW + 10);
      const again = await connected(store, "returner", { account_id, connected_at: NOW + 20, refresh_token: "second" });
      assert.deepEqual(await store.connections(SHOP, "returner"), [again]);
      assert.deepEqual(await store.disconnected(SHOP, "returner"), []);
      await store.disconnect(SHOP, account_id, NOW + 10);
      assert.deepEqual(await store.connections(SHOP, "returner"), [again]);
      const without = connectionOf("returner", { account_id, connected_at: NOW + 30 });
      await store.settle(SHOP, digest("flow"), "connected", { ...without, disconnected_at: NOW + 10 });
      assert.deepEqual(await store.connections(SHOP, "returner"), [without], "no refresh token of an older connection is left");
    });

    test("the last to end comes first", async () => {
      const store = makeStore();
      const ended = [];
      for (const [connected_at, at] of [[1, 300], [3, 200], [2, 400]]) {
        const { account_id } = await connected(store, "ender", { account_id: account(), connected_at });
        await store.disconnect(SHOP, account_id, at);
        ended.push([at, account_id]);
      }
      ended.sort(([a], [b]) => b - a);
      assert.deepEqual((await store.disconnected(SHOP, "ender")).map(({ account_id }) => account_id), ended.map(([, id]) => id));
    });

    // Events.

    test("an event is new once, in progress until it is finished, and done from then on", async () => {
      const store = makeStore();
      const id = digest("evt");
      assert.equal(await store.beginEvent(SHOP, id, NOW), "new");
      assert.equal(await store.beginEvent(SHOP, id, NOW + 1), "in_progress");
      assert.equal(await store.finishEvent(SHOP, id), undefined);
      assert.equal(await store.beginEvent(SHOP, id, NOW + 2), "done");
      assert.equal(await store.beginEvent(SHOP, id, NOW + 3 * DAY), "done", "as long as Stripe sends it again");
      assert.equal(await store.beginEvent(SHOP, digest("evt"), NOW), "new");
    });

    test("an event that nobody finished may be begun again after sixty seconds, by one", async () => {
      const store = makeStore();
      const id = digest("evt");
      await store.beginEvent(SHOP, id, NOW);
      assert.equal(await store.beginEvent(SHOP, id, NOW + 59), "in_progress");
      assert.equal(await store.beginEvent(SHOP, id, NOW + 60), "new");
      assert.equal(await store.beginEvent(SHOP, id, NOW + 119), "in_progress", "the second has sixty seconds of its own");
      await store.finishEvent(SHOP, id);
      assert.equal(await store.beginEvent(SHOP, id, NOW + 300), "done");
    });

    test("of fifty requests with one event at once, exactly one is told that it is new", async () => {
      const store = makeStore();
      const id = digest("evt");
      for (const now of [NOW, NOW + 60]) {
        const answers = await Promise.all(Array.from({ length: 50 }, () => store.beginEvent(SHOP, id, now)));
        assert.equal(answers.filter((answer) => answer === "new").length, 1);
        assert.equal(answers.filter((answer) => answer === "in_progress").length, 49);
      }
    });

    /** What each of many newcomers to `store` finds when it looks, until it finds what it wants. */
    const soon = async (come, look) => {
      for (let times = 0; times < 1000; times++) {
        await come(times);
        if (await look()) return;
      }
      assert.fail("after a thousand newcomers it is still there");
    };

    test("what is old is let go as others come: claims after a day, events after a week", async () => {
      const store = makeStore();
      const shop = own();
      const [claim, id] = [claimOf(digest("flow"), digest("code")), digest("evt")];
      await store.claim(shop, claim);
      await store.beginEvent(shop, id, NOW);
      await store.finishEvent(shop, id);
      for (let times = 0; times < 50; times++) {
        await store.claim(shop, { ...claimOf(digest("flow"), digest("code")), claimed_at: NOW + DAY });
        await store.beginEvent(shop, digest("evt"), NOW + 7 * DAY);
      }
      assert.notEqual(await store.claimed(shop, claim.flow), null);
      assert.equal(await store.beginEvent(shop, id, NOW), "done");

      await soon(
        () => store.claim(shop, { ...claimOf(digest("flow"), digest("code")), claimed_at: NOW + DAY + 1 }),
        async () => (await store.claimed(shop, claim.flow)) === null,
      );
      await soon(
        () => store.beginEvent(shop, digest("evt"), NOW + 7 * DAY + 1),
        async () => (await store.beginEvent(shop, id, NOW)) === "new",
      );
      assert.equal(await store.claim(shop, { ...claim, claimed_at: NOW + DAY + 1 }), null, "a digest that was let go may be claimed");
    });

    test("what is old and itself in the way is let go at once: claims by their flow and code, and an event", async () => {
      const store = makeStore();
      for (const inTheWay of ["flow", "code", "one's flow and another's code"]) {
        const shop = own();
        const [one, other, later] = ["old-1", "old-2", "later"].map((subject) => claimOf(digest("flow"), digest("code"), subject));
        for (const claim of [one, other]) await store.claim(shop, claim);
        if (inTheWay !== "code") later.flow = one.flow;
        if (inTheWay !== "flow") later.code = other.code;
        later.claimed_at = NOW + DAY + 1;
        assert.notEqual(await store.claim(shop, { ...later, claimed_at: NOW + DAY }), null);
        assert.equal(await store.claim(shop, later), null, inTheWay);
        assert.deepEqual({ ...(await store.claimed(shop, later.flow)) }, { ...later, outcome: null });
      }
      const [shop, id] = [own(), digest("evt")];
      await store.beginEvent(shop, id, NOW);
      await store.finishEvent(shop, id);
      assert.equal(await store.beginEvent(shop, id, NOW + 7 * DAY), "done");
      assert.equal(await store.beginEvent(shop, id, NOW + 7 * DAY + 1), "new");
      assert.equal(await store.beginEvent(shop, id, NOW + 7 * DAY + 2), "in_progress", "and it is not done until it is finished");
    });

    test("an event that was released begins again at once, and one that was finished stays so", async () => {
      const store = makeStore();
      const id = digest("evt");
      await store.releaseEvent(SHOP, id);
      assert.equal(await store.beginEvent(SHOP, id, NOW), "new");
      assert.equal(await store.releaseEvent(SHOP, id), undefined);
      assert.equal(await store.beginEvent(SHOP, id, NOW), "new");
      await store.finishEvent(SHOP, id);
      await store.releaseEvent(SHOP, id);
      assert.equal(await store.beginEvent(SHOP, id, NOW), "done");
    });

    // Whose rows they are.

    /** Another client id in the same mode, and the same client id in the other mode. */
    const others = (shop) => [own(), { ...shop, livemode: !shop.livemode }];

    test("one application's claim is in no other's way, is not found by it, and ends without it", async () => {
      const store = makeStore();
      const shop = own();
      const claim = claimOf(digest("flow"), digest("code"));
      await store.claim(shop, claim);
      for (const other of others(shop)) {
        assert.equal(await store.claimed(other, claim.flow), null);
        assert.equal(await store.claimsSince(other, claim.subject, NOW), 0);
        assert.equal(await store.claim(other, claim), null);
        await store.settle(other, claim.flow, "refused", null);
        await store.erase(other, claim.subject, NOW + 1);
        assert.deepEqual({ ...(await store.claimed(shop, claim.flow)) }, { ...claim, outcome: null });
      }
    });

    test("one application's old rows are let go by no other's newcomers", async () => {
      const store = makeStore();
      const shop = own();
      const [claim, id] = [claimOf(digest("flow"), digest("code")), digest("evt")];
      await store.claim(shop, claim);
      await store.beginEvent(shop, id, NOW);
      await store.finishEvent(shop, id);
      for (const other of others(shop)) {
        for (let times = 0; times < 50; times++) {
          await store.claim(other, { ...claimOf(digest("flow"), digest("code")), claimed_at: NOW + 9 * DAY });
          await store.beginEvent(other, digest("evt"), NOW + 9 * DAY);
        }
      }
      assert.notEqual(await store.claimed(shop, claim.flow), null);
      assert.equal(await store.beginEvent(shop, id, NOW), "done");
    });

    test("an event that one application has handled is new for every other", async () => {
      const store = makeStore();
      const shop = own();
      const id = digest("evt");
      await store.beginEvent(shop, id, NOW);
      await store.finishEvent(shop, id);
      for (const other of others(shop)) {
        assert.equal(await store.beginEvent(other, id, NOW), "new");
        await store.releaseEvent(other, id);
        assert.equal(await store.beginEvent(other, id, NOW), "new");
        assert.equal(await store.beginEvent(shop, id, NOW), "done");
      }
    });

    test("one application's connections are seen, ended, replaced, forgotten and erased by no other", async () => {
      const store = makeStore();
      const shop = own();
      const kept = { ...connectionOf("sharer", { account_id: "acct_live" }), ...shop };
      const gone = { ...connectionOf("sharer", { account_id: "acct_gone" }), ...shop };
      for (const connection of [kept, gone]) await store.settle(shop, digest("flow"), "connected", connection);
      await store.disconnect(shop, "acct_gone", NOW + 1);
      for (const other of others(shop)) {
        assert.deepEqual(await store.connections(other, "sharer"), []);
        assert.deepEqual(await store.disconnected(other, "sharer"), []);
        assert.deepEqual(await store.connectionsOf(other, "acct_live"), []);
        const theirs = { ...kept, ...other, scope: "read_only", connected_at: NOW - 1 };
        await store.settle(other, digest("flow"), "connected", theirs);
        assert.deepEqual(await store.connections(other, "sharer"), [theirs]);
        await store.disconnect(other, "acct_live", NOW + 2);
        await store.forget(other, "sharer", "acct_live", NOW + 2);
        await store.erase(other, "sharer", NOW + 2);
        assert.deepEqual(await store.disconnected(other, "sharer"), []);
        assert.deepEqual(await store.connections(shop, "sharer"), [kept]);
        assert.deepEqual(await store.disconnected(shop, "sharer"), [{ ...gone, disconnected_at: NOW + 1 }]);
      }
    });

    // One subject, one account.

    test("claimsSince counts the subject's own claims, from that second on, however they ended", async () => {
      const store = makeStore();
      const shop = own();
      for (const [subject, claimed_at] of [["ada", NOW], ["ada", NOW + 5], ["ada", NOW + 9], ["Ada", NOW + 9]]) {
        const claim = { ...claimOf(digest("flow"), digest("code"), subject), claimed_at };
        await store.claim(shop, claim);
        await store.claim(shop, claim);
        await store.settle(shop, claim.flow, "refused", null);
      }
      const counts = [NOW, NOW + 1, NOW + 5, NOW + 6, NOW + 10].map((since) => store.claimsSince(shop, "ada", since));
      assert.deepEqual(await Promise.all(counts), [3, 2, 2, 1, 0]);
      assert.equal(await store.claimsSince(shop, "nobody", 0), 0);
    });

    test("connectionsOf gives an account's live connections, whoever made them, the newest first", async () => {
      const store = makeStore();
      const account_id = account();
      const kept = [];
      for (const [subject, connected_at] of [["b", 200], ["c", 300], ["A", 200]]) {
        kept.push(await connected(store, subject, { account_id, connected_at }));
      }
      await connected(store, "b", { account_id: account() });
      const [b, c, capital] = kept;
      assert.deepEqual(await store.connectionsOf(SHOP, account_id), [c, capital, b]);
      await store.forget(SHOP, "c", account_id, NOW);
      assert.deepEqual(await store.connectionsOf(SHOP, account_id), [capital, b]);
      assert.deepEqual(await store.connectionsOf(SHOP, account()), []);
    });

    test("forget ends one subject's connection and no other's, once, and none that was made after it", async () => {
      const store = makeStore();
      const account_id = account();
      const mine = await connected(store, "forgetter", { account_id, refresh_token: "sealed" });
      const stays = await connected(store, "forgetter", { account_id: account() });
      const theirs = await connected(store, "other-owner", { account_id, refresh_token: "sealed" });
      await store.forget(SHOP, "forgetter", account_id, NOW - 1);
      assert.equal((await store.connections(SHOP, "forgetter")).length, 2);
      for (const at of [NOW, NOW + 1]) assert.equal(await store.forget(SHOP, "forgetter", account_id, at), undefined);
      assert.deepEqual(await store.connections(SHOP, "forgetter"), [stays]);
      assert.deepEqual(await store.disconnected(SHOP, "forgetter"), [{ ...mine, disconnected_at: NOW, refresh_token: null }]);
      assert.deepEqual(await store.connections(SHOP, "other-owner"), [theirs]);
      await store.forget(SHOP, "nobody", account_id, NOW);
    });

    test("erase deletes the subject's ended connections and older claims, and nothing else", async () => {
      const store = makeStore();
      const subject = digest("eraser");
      const account_id = account();
      await connected(store, subject, { account_id });
      const live = await connected(store, subject, { account_id: account() });
      await connected(store, "bystander", { account_id });
      await store.disconnect(SHOP, account_id, NOW);
      const claims = [[subject, NOW - 1], [subject, NOW], ["bystander", NOW - 1]].map(([of, claimed_at]) => ({ ...claimOf(digest("flow"), digest("code"), of), claimed_at }));
      for (const claim of claims) await store.claim(SHOP, claim);

      assert.equal(await store.erase(SHOP, subject, NOW), undefined);
      assert.deepEqual(await store.disconnected(SHOP, subject), []);
      assert.deepEqual(await store.connections(SHOP, subject), [live]);
      assert.equal((await store.disconnected(SHOP, "bystander")).length, 1);
      const left = await Promise.all(claims.map(({ flow }) => store.claimed(SHOP, flow)));
      assert.deepEqual(left.map((record) => record !== null), [false, true, true]);
      assert.equal(await store.claim(SHOP, claims[0]), null, "its code's place is free as well");
      assert.equal(await store.claimsSince(SHOP, subject, 0), 2);
      await store.disconnect(SHOP, account_id, NOW + 1);
      assert.deepEqual(await store.disconnected(SHOP, subject), [], "by no way is it there any more");
    });

    test("a store that is ready says so", async () => {
      assert.equal(await makeStore().check(), undefined);
    });

    test("any text is a subject", async () => {
      const store = makeStore();
      for (const subject of ["'; DROP TABLE stripe_connect_claims; --", "Zoë 💳", '","x', "a b", "__proto__", "?1"]) {
        const claim = claimOf(digest("flow"), digest("code"), subject);
        assert.equal(await store.claim(SHOP, claim), null);
        await store.settle(SHOP, claim.flow, "connected", connectionOf(subject));
        assert.equal((await store.claimed(SHOP, claim.flow)).subject, subject);
        assert.deepEqual(await store.connections(SHOP, subject), [connectionOf(subject)]);
      }
    });

    test("what is given back is a copy", async () => {
      const store = makeStore();
      const claim = claimOf(digest("flow"), digest("code"), "copier");
      await store.claim(SHOP, claim);
      (await store.claimed(SHOP, claim.flow)).outcome = "tampered";
      assert.equal((await store.claimed(SHOP, claim.flow)).outcome, null);
      await store.settle(SHOP, claim.flow, "connected", connectionOf("copier"));
      (await store.connections(SHOP, "copier"))[0].account_id = "acct_tampered";
      assert.deepEqual(await store.connections(SHOP, "copier"), [connectionOf("copier")]);
    });
  });
}

/**
 * What must hold of a database besides: `startEmpty` gives a store without tables, of which `migrations` is said, and
 * `wrongOutcome` is none that it can keep.
 */
export function database(makeStore, { startEmpty, migrations, wrongOutcome }) {
  test("settling keeps the connection and ends the claim, or neither", async () => {
    const store = makeStore();
    for (const [outcome, wrong] of [["connected", { scope: null }], ["connected", { connected_at: "soon" }], ["connected", { account_id: null }], [wrongOutcome, {}]]) {
      const claim = claimOf(digest("flow"), digest("code"), "neither");
      await store.claim(SHOP, claim);
      await assert.rejects(store.settle(SHOP, claim.flow, outcome, connectionOf("neither", wrong)));
      assert.equal((await store.claimed(SHOP, claim.flow)).outcome, null);
      assert.deepEqual(await store.connections(SHOP, "neither"), []);
    }
  });

  test("a database without the tables rejects every call, and its check names the migrations", async () => {
    const { store, stop } = await startEmpty();
    try {
      const { check, ...calls } = callsOf(store);
      await assert.rejects(check(), ({ message }) => migrations.every((part) => message.includes(part)) || assert.fail(message));
      for (const [name, call] of Object.entries(calls)) await assert.rejects(call(), Error, name);
    } finally {
      await stop();
    }
  });
}

/** Each call of a store, by its name. */
export const callsOf = (store) => ({
  check: () => store.check(),
  claim: () => store.claim(SHOP, claimOf(digest("flow"), digest("code"))),
  claimed: () => store.claimed(SHOP, digest("flow")),
  claimsSince: () => store.claimsSince(SHOP, "user-1", NOW),
  settle: () => store.settle(SHOP, digest("flow"), "refused", null),
  connections: () => store.connections(SHOP, "user-1"),
  disconnected: () => store.disconnected(SHOP, "user-1"),
  connectionsOf: () => store.connectionsOf(SHOP, "acct_1"),
  disconnect: () => store.disconnect(SHOP, "acct_1", NOW),
  forget: () => store.forget(SHOP, "user-1", "acct_1", NOW),
  erase: () => store.erase(SHOP, "user-1", NOW),
  beginEvent: () => store.beginEvent(SHOP, digest("evt"), NOW),
  finishEvent: () => store.finishEvent(SHOP, digest("evt")),
  releaseEvent: () => store.releaseEvent(SHOP, digest("evt")),
});

/** What must hold of a database whose tables an older version has made and filled. */
export function upgrade(startOld) {
  test("old rows are kept, found early, and taken over by a client id, each connection in its own mode", async () => {
    const { store, adoptRows, insert, migrate, stop } = await startOld();
    try {
      const [live, other] = [{ client_id: "ca_live", livemode: true }, { client_id: "ca_test", livemode: false }];
      const [claim, id] = [claimOf(digest("flow"), digest("code")), digest("evt")];
      await insert("stripe_connect_claims", { ...claim, outcome: "connected" });
      await insert("stripe_connect_events", { id, begun_at: NOW, done: true });
      for (const row of [
        { subject: "ada", account_id: "acct_1", livemode: true, connected_at: 1 },
        { subject: "ada", account_id: "acct_2", livemode: true, connected_at: 2, refresh_token: "sealed" },
        { subject: "ada", account_id: "acct_3", livemode: true, connected_at: 3, disconnected_at: 4 },
        { subject: "ada", account_id: "acct_1", livemode: false, connected_at: 5 },
      ]) await insert("stripe_connect_connections", { scope: "read_write", ...row });
      await assert.rejects(store.check(), /0002|migrations apply/);
      await migrate();
      await assert.rejects(insert("stripe_connect_claims", claimOf(digest("flow"), digest("code"))), /client_id/, "the older version sends no code");
      await assert.rejects(insert("stripe_connect_events", { id: digest("evt"), begun_at: NOW }), /client_id/);

      assert.deepEqual(await store.connections(live, "ada"), []);
      await assert.rejects(store.check(), ({ message }) =>
        ["3 connections of live mode", "1 connections of test mode", "1 claims", "1 events", "call adoptRows of stripe-connect-oauth/stores/"]
          .every((part) => message.includes(part)) || assert.fail(message));
      // Someone connected again before the old rows were taken over.
      const again = { ...connectionOf("ada", { account_id: "acct_1", connected_at: NOW }), ...live };
      await store.settle(live, digest("flow"), "connected", again);

      assert.equal(await adoptRows(live), undefined);
      const kept = { ...connectionOf("ada", { account_id: "acct_2", connected_at: 2, refresh_token: "sealed" }), ...live };
      assert.deepEqual(await store.connections(live, "ada"), [again, kept]);
      assert.deepEqual((await store.disconnected(live, "ada")).map(({ account_id }) => account_id), ["acct_3"]);
      assert.deepEqual({ ...(await store.claim(live, claim)) }, { ...claim, outcome: "connected" }, "no code is sent twice");
      assert.equal(await store.beginEvent(live, id, NOW), "done");
      await assert.rejects(store.check(), /\(1 connections of test mode\)/);

      for (let times = 0; times < 2; times++) await adoptRows(other);
      assert.deepEqual((await store.connections(other, "ada")).map(({ connected_at }) => connected_at), [5]);
      assert.deepEqual(await store.connections(live, "ada"), [again, kept]);
      assert.equal(await store.check(), undefined);
      for (const wrong of [undefined, {}, { client_id: "sk_live_1", livemode: true }, { client_id: "ca_1", livemode: "live" }]) {
        await assert.rejects(adoptRows(wrong), ({ name, param }) => name === "ConnectError" && /^(client_id|livemode)$/.test(param));
      }
    } finally {
      await stop();
    }
  });
}

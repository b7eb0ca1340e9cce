// The stores in databases before and beside a database: what is none is refused at once, and what a client does that
// is not as it should be never makes a claim that is not the caller's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isConnectError } from "stripe-connect-oauth";
import { d1Store } from "stripe-connect-oauth/stores/d1";
import { postgresStore } from "stripe-connect-oauth/stores/postgres";
import { NOW, SHOP, claimOf } from "./store-conformance.mjs";
import { shop } from "./shop.mjs";
import { consoleText } from "./support.mjs";

const does = (...methods) => Object.fromEntries(methods.map((name) => [name, () => assert.fail(`${name} was called`)]));
const D1 = does("prepare", "batch", "exec", "withSession", "dump");
const PG = does("query", "connect", "end", "on");
const BINDING = "give the binding, such as env.DB, by its name under d1_databases in wrangler.jsonc";
const POOL = "give a Pool of the package pg, such as new pg.Pool({ connectionString })";

/** What is given as a database, and what is said of it. */
const REFUSED = {
  d1Store: [
    [undefined, "missing_parameter", "database is missing"],
    [null, "missing_parameter", "database is missing"],
    [{}, "invalid_type", "database is of type object, without the methods prepare, batch"],
    [{ DB: D1 }, "invalid_type", "database is of type object, without the methods prepare, batch"],
    ["DB", "invalid_type", "database is of type string, without the methods prepare, batch"],
    [PG, "invalid_type", "database looks like a client of pg, which postgresStore takes"],
    [does("prepare", "exec", "pragma", "transaction"), "invalid_type", "database looks like better-sqlite3 or node:sqlite"],
    [does("execute", "batch", "transaction"), "invalid_type", "database looks like a client of libSQL"],
    [does("select", "insert", "batch", "run"), "invalid_type", "database looks like Drizzle"],
  ],
  postgresStore: [
    [undefined, "missing_parameter", "client is missing"],
    [null, "missing_parameter", "client is missing"],
    [{}, "invalid_type", "client is of type object, without the methods query"],
    ["postgres://ada:secret@db.example/shop", "invalid_type", "client is of type string, without the methods query"],
    [Object.assign(() => {}, does("unsafe", "begin", "json", "end")), "invalid_type", "client looks like the sql of postgres.js"],
    [D1, "invalid_type", "client looks like a D1 database, which d1Store takes"],
    [does("query", "execute", "getConnection", "end"), "invalid_type", "client looks like a client of mysql2"],
    [does("$queryRaw", "$connect"), "invalid_type", "client looks like Prisma"],
  ],
};

for (const [name, make] of Object.entries({ d1Store, postgresStore })) {
  test(`${name} refuses what is no database of its own, and names what it looks like and the fix`, () => {
    for (const [given, code, said] of REFUSED[name]) {
      assert.throws(() => make(given), (error) => {
        assert.ok(isConnectError(error));
        assert.deepEqual(
          [error.code, error.param, error.message],
          [code, said.split(" ")[0], `${said}: ${name === "d1Store" ? BINDING : POOL}`],
        );
        return true;
      });
    }
  });
}

test("databases and clients that work are taken: of a session, of PGlite, of Neon, of Vercel", () => {
  for (const database of [D1, does("prepare", "batch", "getBookmark")]) d1Store(database);
  for (const client of [PG, does("query", "exec", "transaction"), Object.assign(() => {}, does("query", "connect"))]) postgresStore(client);
});

const claim = claimOf("flow-1", "code-1");

test("D1: a claim that was not made is never the caller's, also when what is in its way is not found", async () => {
  const statement = { bind: () => statement };
  const database = { prepare: () => statement, batch: async (statements) => statements.map(() => ({ results: [] })) };
  await assert.rejects(d1Store(database).claim(SHOP, claim), /was not made, and what is in its way was not found/);
});

test("D1: a claim, and what is in its way, is one round trip", async () => {
  const trips = [];
  const statement = { bind: () => statement, first: () => assert.fail("a second one") };
  const database = { prepare: () => statement, batch: async (statements) => (trips.push(statements), statements.map((_, at) => ({ results: at === 2 ? [{ ...claim, outcome: null }] : [] }))) };
  assert.deepEqual(await d1Store(database).claim(SHOP, claim), { ...claim, outcome: null });
  assert.equal(trips.length, 1);
});

test("PostgreSQL: where reads never find what is in a claim's way, the claim ends soon, and says what to do", async () => {
  let asked = 0;
  const client = { query: async () => (asked++, { rows: [] }) };
  await assert.rejects(postgresStore(client).claim(SHOP, claim), /3 times and could not be found: if reads go to a replica, give the store a client of the primary/);
  assert.ok(asked <= 10, `${asked} queries`);
});

test("PostgreSQL: what a client gives that is no { rows } is no claim that was made", async () => {
  for (const answer of [[], undefined, [[], []], { rows: 3 }]) {
    const store = postgresStore({ query: async () => answer });
    await assert.rejects(store.claim(SHOP, claim), { message: `client.query gave no { rows }: ${POOL}` });
    await assert.rejects(store.check(), { message: `client.query gave no { rows }: ${POOL}` });
  }
});

test("PostgreSQL: letting old rows go may fail, and fails neither a claim nor an event; the console hears of it", async (t) => {
  const written = consoleText(t);
  let failed = 0;
  const query = async (sql) => {
    if (!sql.includes("SKIP LOCKED")) return { rows: [{}] };
    failed++;
    throw Object.assign(new Error("deadlock detected"), { code: "40P01" });
  };
  const store = postgresStore({ query });
  for (let times = 0; times < 500; times++) {
    assert.equal(await store.claim(SHOP, claim), null);
    assert.equal(await store.beginEvent(SHOP, "evt_1", NOW), "new");
  }
  assert.ok(failed > 0 && failed < 500, `one in sixteen tries, not ${failed} in a thousand`);
  for (const kind of ["claims", "events"]) assert.ok(written().includes(`stripe-connect-oauth: old ${kind} could not be let go: deadlock detected`), kind);
});

test("where the tables are missing nobody leaves for Stripe, and the report names the migrations to apply", async () => {
  const fail = async () => {
    throw new Error("D1_ERROR: no such table: stripe_connect_connections: SQLITE_ERROR");
  };
  const statement = { bind: () => statement, all: fail, run: fail, first: fail };
  const { start, reports } = shop({}, d1Store({ prepare: () => statement, batch: fail }));
  assert.equal((await start()).status, 503);
  assert.equal(reports.length, 1);
  assert.equal(reports[0].outcome, "store_unavailable");
  for (const part of ["no such table", "node_modules/stripe-connect-oauth/stores/d1/migrations", "wrangler d1 migrations apply"]) {
    assert.ok(reports[0].detail.includes(part), reports[0].detail);
  }
});

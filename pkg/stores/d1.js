// @ts-check
// Claims, connections and events in a D1 database. The tables come from `stores/d1/migrations`.
import { COUNT_OLD_ROWS, checkApplication, checkDatabase, refuseOldRows } from "./database.js";
import { CLAIM_KEPT, EVENT_KEPT, EVENT_LEASE, LET_GO } from "./times.js";

/** @typedef {import("./store.d.ts").Application} Application */

/** Whose rows a statement is about: its first two values. */
const OWN = "client_id = ?1 AND livemode = ?2";

const WANTED = {
  ...{ store: "d1Store", param: "database", methods: ["prepare", "batch"] },
  fix: "give the binding, such as env.DB, by its name under d1_databases in wrangler.jsonc",
};

const MIGRATE =
  'set "migrations_dir": "node_modules/stripe-connect-oauth/stores/d1/migrations" for the database in wrangler.jsonc, ' +
  "and run: wrangler d1 migrations apply DATABASE_NAME --remote (--local for wrangler dev)";

/** @type {typeof import("./d1.d.ts").d1Store} */
export const d1Store = (database) => {
  checkDatabase(database, WANTED);

  const statement = (/** @type {string} */ sql, /** @type {Application} */ { client_id, livemode }, /** @type {unknown[]} */ ...values) =>
    database.prepare(sql).bind(client_id, livemode ? 1 : 0, ...values);

  const connections = async (/** @type {string} */ which, /** @type {Application} */ application, /** @type {string} */ value) => {
    const { results } = await statement(
      `SELECT * FROM stripe_connect_connections WHERE ${OWN} AND ${which}
       ORDER BY disconnected_at DESC, connected_at DESC, account_id, subject`,
      ...[application, value],
    ).all();
    return results.map((row) => ({ .../** @type {any} */ (row), livemode: row.livemode === 1 }));
  };

  return {
    async check() {
      try {
        refuseOldRows((await database.prepare(COUNT_OLD_ROWS).all()).results, "adoptRows of stripe-connect-oauth/stores/d1");
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        throw /no such (table|column)/.test(message) ? new Error(`${message}: ${MIGRATE}`) : error;
      }
    },

    async claim(application, { flow, code, subject, claimed_at }) {
      // A batch is a transaction: of two requests at once one inserts, and the other finds what was in its way.
      const [, inserted, found] = await database.batch([
        // The oldest few, and what is old and in the way.
        statement(
          `DELETE FROM stripe_connect_claims WHERE rowid IN (
             SELECT * FROM (
               SELECT rowid FROM stripe_connect_claims WHERE ${OWN} AND claimed_at < ?3 ORDER BY claimed_at LIMIT ${LET_GO})
             UNION ALL SELECT rowid FROM stripe_connect_claims WHERE ${OWN} AND flow = ?4 AND claimed_at < ?3
             UNION ALL SELECT rowid FROM stripe_connect_claims WHERE ${OWN} AND code = ?5 AND claimed_at < ?3)`,
          ...[application, claimed_at - CLAIM_KEPT, flow, code],
        ),
        statement(
          `INSERT INTO stripe_connect_claims (client_id, livemode, flow, code, subject, claimed_at)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING RETURNING flow`,
          ...[application, flow, code, subject, claimed_at],
        ),
        statement(
          `SELECT flow, code, subject, claimed_at, outcome FROM stripe_connect_claims
           WHERE ${OWN} AND (flow = ?3 OR code = ?4) ORDER BY flow = ?3 DESC LIMIT 1`,
          ...[application, flow, code],
        ),
      ]);
      if (inserted.results.length > 0) return null;
      const [record] = /** @type {any[]} */ (found.results);
      // Nothing would mean that the code may be sent to Stripe.
      if (!record) throw new Error("the claim was not made, and what is in its way was not found");
      return record;
    },

    claimed: (application, flow) =>
      statement(
        `SELECT flow, code, subject, claimed_at, outcome FROM stripe_connect_claims WHERE ${OWN} AND flow = ?3`,
        ...[application, flow],
      ).first(),

    async claimsSince(application, subject, since) {
      const { count } = await statement(
        `SELECT COUNT(*) AS count FROM stripe_connect_claims WHERE ${OWN} AND subject = ?3 AND claimed_at >= ?4`,
        ...[application, subject, since],
      ).first();
      return count;
    },

    async settle(application, flow, outcome, connection) {
      const settled = statement(
        `UPDATE stripe_connect_claims SET outcome = ?4 WHERE ${OWN} AND flow = ?3`,
        ...[application, flow, outcome],
      );
      if (!connection) {
        await settled.run();
        return;
      }
      const { subject, account_id, scope, connected_at, refresh_token } = connection;
      const kept = statement(
        `INSERT INTO stripe_connect_connections
           (client_id, livemode, subject, account_id, scope, connected_at, refresh_token)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET scope = excluded.scope, connected_at = excluded.connected_at,
           refresh_token = excluded.refresh_token, disconnected_at = NULL`,
        ...[application, subject, account_id, scope, connected_at, refresh_token],
      );
      // A batch is a transaction: the connection is kept and the claim ended, or neither.
      await database.batch([kept, settled]);
    },

    connections: (application, subject) => connections("subject = ?3 AND disconnected_at IS NULL", application, subject),
    disconnected: (application, subject) => connections("subject = ?3 AND disconnected_at IS NOT NULL", application, subject),
    connectionsOf: (application, account_id) => connections("account_id = ?3 AND disconnected_at IS NULL", application, account_id),

    async disconnect(application, account_id, at) {
      await statement(
        `UPDATE stripe_connect_connections SET disconnected_at = ?4, refresh_token = NULL
         WHERE ${OWN} AND account_id = ?3 AND connected_at <= ?4 AND disconnected_at IS NULL`,
        ...[application, account_id, at],
      ).run();
    },

    async forget(application, subject, account_id, at) {
      await statement(
        `UPDATE stripe_connect_connections SET disconnected_at = ?5, refresh_token = NULL
         WHERE ${OWN} AND subject = ?3 AND account_id = ?4 AND connected_at <= ?5 AND disconnected_at IS NULL`,
        ...[application, subject, account_id, at],
      ).run();
    },

    async erase(application, subject, before) {
      await database.batch([
        statement(
          `DELETE FROM stripe_connect_connections WHERE ${OWN} AND subject = ?3 AND disconnected_at IS NOT NULL`,
          ...[application, subject],
        ),
        statement(
          `DELETE FROM stripe_connect_claims WHERE ${OWN} AND subject = ?3 AND claimed_at < ?4`,
          ...[application, subject, before],
        ),
      ]);
    },

    async beginEvent(application, id, now) {
      // A batch is a transaction, so what the last statement finds is what stood in the second one's way.
      const [, begun, found] = await database.batch([
        statement(
          `DELETE FROM stripe_connect_events WHERE rowid IN (
             SELECT rowid FROM stripe_connect_events WHERE ${OWN} AND begun_at < ?3 ORDER BY begun_at LIMIT ${LET_GO})`,
          ...[application, now - EVENT_KEPT],
        ),
        statement(
          `INSERT INTO stripe_connect_events (client_id, livemode, id, begun_at) VALUES (?1, ?2, ?3, ?4)
           ON CONFLICT DO UPDATE SET begun_at = ?4, done = 0
           WHERE (done = 0 AND begun_at <= ?4 - ${EVENT_LEASE}) OR begun_at < ?4 - ${EVENT_KEPT} RETURNING id`,
          ...[application, id, now],
        ),
        statement(`SELECT done FROM stripe_connect_events WHERE ${OWN} AND id = ?3`, application, id),
      ]);
      if (begun.results.length > 0) return "new";
      return /** @type {any} */ (found.results[0]).done === 1 ? "done" : "in_progress";
    },

    async finishEvent(application, id) {
      await statement(`UPDATE stripe_connect_events SET done = 1 WHERE ${OWN} AND id = ?3`, application, id).run();
    },

    async releaseEvent(application, id) {
      await statement(`DELETE FROM stripe_connect_events WHERE ${OWN} AND id = ?3 AND done = 0`, application, id).run();
    },
  };
};

/** @type {typeof import("./d1.d.ts").adoptRows} */
export const adoptRows = async (database, application) => {
  checkDatabase(database, WANTED);
  checkApplication(application);
  const livemode = application.livemode ? 1 : 0;
  const adopt = (/** @type {string} */ table, /** @type {string} */ old) => [
    database.prepare(`UPDATE OR IGNORE ${table} SET client_id = ?, livemode = ? WHERE ${old}`).bind(application.client_id, livemode),
    // What is left is there under the client id already, and newer.
    database.prepare(`DELETE FROM ${table} WHERE ${old}`),
  ];
  await database.batch([
    ...adopt("stripe_connect_connections", `client_id = '' AND livemode = ${livemode}`),
    ...adopt("stripe_connect_claims", "client_id = ''"),
    ...adopt("stripe_connect_events", "client_id = ''"),
  ]);
};

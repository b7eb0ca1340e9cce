// @ts-check
// Claims, connections and events in a PostgreSQL database. The tables come from `stores/postgres/migrations`.
// What must happen together is one statement, so each query may go over another connection of a pool.
import { CLAIM_KEPT, EVENT_KEPT, EVENT_LEASE } from "./times.js";

/** @type {typeof import("./postgres.d.ts").postgresStore} */
export const postgresStore = (client) => {
  const rows = async (/** @type {string} */ sql, /** @type {unknown[]} */ ...values) =>
    (await client.query(sql, values)).rows;

  const connections = async (/** @type {string} */ subject, /** @type {string} */ which) => {
    const found = await rows(
      `SELECT * FROM stripe_connect_connections WHERE subject = $1 AND disconnected_at IS ${which}
       ORDER BY disconnected_at DESC, connected_at DESC, account_id`,
      subject,
    );
    return found.map((row) => ({
      ...row,
      connected_at: Number(row.connected_at),
      disconnected_at: row.disconnected_at === null ? null : Number(row.disconnected_at),
    }));
  };

  /** @type {import("./store.d.ts").Store} */
  const store = {
    async claim(claim) {
      const { flow, code, subject, claimed_at } = claim;
      // One statement decides: of two requests at once, one inserts and the other waits for its row.
      const made = await rows(
        `WITH pruned AS (DELETE FROM stripe_connect_claims WHERE claimed_at < $5::bigint)
         INSERT INTO stripe_connect_claims (flow, code, subject, claimed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING RETURNING flow`,
        ...[flow, code, subject, claimed_at, claimed_at - CLAIM_KEPT],
      );
      if (made.length > 0) return null;
      const [record] = await rows(
        "SELECT * FROM stripe_connect_claims WHERE flow = $1 OR code = $2 ORDER BY flow = $1 DESC LIMIT 1",
        ...[flow, code],
      );
      // What stood in the way a moment ago was a day old, and is let go.
      return record ? recordOf(record) : store.claim(claim);
    },

    async claimed(flow) {
      const [record] = await rows("SELECT * FROM stripe_connect_claims WHERE flow = $1", flow);
      return record ? recordOf(record) : null;
    },

    async settle(flow, outcome, connection) {
      const settled = "UPDATE stripe_connect_claims SET outcome = $2 WHERE flow = $1";
      if (!connection) {
        await rows(settled, flow, outcome);
        return;
      }
      const { subject, account_id, livemode, scope, connected_at, refresh_token } = connection;
      await rows(
        `WITH kept AS (
           INSERT INTO stripe_connect_connections (subject, account_id, livemode, scope, connected_at, refresh_token)
           VALUES ($3, $4, $5, $6, $7, $8)
           ON CONFLICT (subject, account_id, livemode) DO UPDATE SET scope = excluded.scope,
             connected_at = excluded.connected_at, refresh_token = excluded.refresh_token, disconnected_at = NULL
         )
         ${settled}`,
        ...[flow, outcome, subject, account_id, livemode, scope, connected_at, refresh_token],
      );
    },

    connections: (subject) => connections(subject, "NULL"),
    disconnected: (subject) => connections(subject, "NOT NULL"),

    async disconnect(account_id, livemode, at) {
      await rows(
        `UPDATE stripe_connect_connections SET disconnected_at = $3::bigint, refresh_token = NULL
         WHERE account_id = $1 AND livemode = $2 AND connected_at <= $3::bigint AND disconnected_at IS NULL`,
        ...[account_id, livemode, at],
      );
    },

    async beginEvent(id, now) {
      const begun = await rows(
        `WITH pruned AS (DELETE FROM stripe_connect_events WHERE begun_at < $4::bigint AND id <> $1)
         INSERT INTO stripe_connect_events AS kept (id, begun_at) VALUES ($1, $2::bigint)
         ON CONFLICT (id) DO UPDATE SET begun_at = $2::bigint
         WHERE NOT kept.done AND kept.begun_at <= $3::bigint RETURNING id`,
        ...[id, now, now - EVENT_LEASE, now - EVENT_KEPT],
      );
      if (begun.length > 0) return "new";
      const [found] = await rows("SELECT done FROM stripe_connect_events WHERE id = $1", id);
      return found?.done ? "done" : "in_progress";
    },

    async finishEvent(id) {
      await rows("UPDATE stripe_connect_events SET done = TRUE WHERE id = $1", id);
    },
  };
  return store;
};

/** Clients give a `BIGINT` as a text, so that no digit is lost; seconds fit a number. */
const recordOf = (/** @type {any} */ row) => ({ ...row, claimed_at: Number(row.claimed_at) });

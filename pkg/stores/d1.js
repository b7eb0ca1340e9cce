// @ts-check
// Claims, connections and events in a D1 database. The tables come from `stores/d1/migrations`.
import { CLAIM_KEPT, EVENT_KEPT, EVENT_LEASE } from "./times.js";

/** @type {typeof import("./d1.d.ts").d1Store} */
export const d1Store = (database) => {
  const statement = (/** @type {string} */ sql, /** @type {unknown[]} */ ...values) => database.prepare(sql).bind(...values);

  const connections = async (/** @type {string} */ subject, /** @type {string} */ which) => {
    const { results } = await statement(
      `SELECT * FROM stripe_connect_connections WHERE subject = ? AND disconnected_at IS ${which}
       ORDER BY disconnected_at DESC, connected_at DESC, account_id`,
      subject,
    ).all();
    return results.map((row) => ({ .../** @type {any} */ (row), livemode: row.livemode === 1 }));
  };

  return {
    async claim({ flow, code, subject, claimed_at }) {
      const [, inserted] = await database.batch([
        statement("DELETE FROM stripe_connect_claims WHERE claimed_at < ?", claimed_at - CLAIM_KEPT),
        // One statement decides: of two requests at once, one inserts and the other finds its row.
        statement(
          `INSERT INTO stripe_connect_claims (flow, code, subject, claimed_at) VALUES (?, ?, ?, ?)
           ON CONFLICT DO NOTHING RETURNING flow`,
          ...[flow, code, subject, claimed_at],
        ),
      ]);
      const made = inserted.results.length > 0;
      if (made) return null;
      return statement(
        "SELECT * FROM stripe_connect_claims WHERE flow = ?1 OR code = ?2 ORDER BY flow = ?1 DESC LIMIT 1",
        ...[flow, code],
      ).first();
    },

    claimed: (flow) => statement("SELECT * FROM stripe_connect_claims WHERE flow = ?", flow).first(),

    async settle(flow, outcome, connection) {
      const settled = statement("UPDATE stripe_connect_claims SET outcome = ? WHERE flow = ?", outcome, flow);
      if (!connection) {
        await settled.run();
        return;
      }
      const { subject, account_id, livemode, scope, connected_at, refresh_token } = connection;
      const kept = statement(
        `INSERT INTO stripe_connect_connections (subject, account_id, livemode, scope, connected_at, refresh_token)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET scope = excluded.scope, connected_at = excluded.connected_at,
           refresh_token = excluded.refresh_token, disconnected_at = NULL`,
        ...[subject, account_id, livemode ? 1 : 0, scope, connected_at, refresh_token],
      );
      // A batch is a transaction: the connection is kept and the claim ended, or neither.
      await database.batch([kept, settled]);
    },

    connections: (subject) => connections(subject, "NULL"),
    disconnected: (subject) => connections(subject, "NOT NULL"),

    async disconnect(account_id, livemode, at) {
      await statement(
        `UPDATE stripe_connect_connections SET disconnected_at = ?3, refresh_token = NULL
         WHERE account_id = ?1 AND livemode = ?2 AND connected_at <= ?3 AND disconnected_at IS NULL`,
        ...[account_id, livemode ? 1 : 0, at],
      ).run();
    },

    async beginEvent(id, now) {
      // A batch is a transaction, so what the last statement finds is what stood in the second one's way.
      const [, begun, found] = await database.batch([
        statement("DELETE FROM stripe_connect_events WHERE begun_at < ?", now - EVENT_KEPT),
        statement(
          `INSERT INTO stripe_connect_events (id, begun_at) VALUES (?1, ?2)
           ON CONFLICT DO UPDATE SET begun_at = ?2 WHERE done = 0 AND begun_at <= ?2 - ?3 RETURNING id`,
          ...[id, now, EVENT_LEASE],
        ),
        statement("SELECT done FROM stripe_connect_events WHERE id = ?", id),
      ]);
      if (begun.results.length > 0) return "new";
      return /** @type {any} */ (found.results[0]).done === 1 ? "done" : "in_progress";
    },

    async finishEvent(id) {
      await statement("UPDATE stripe_connect_events SET done = 1 WHERE id = ?", id).run();
    },
  };
};

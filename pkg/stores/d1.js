// @ts-check
// Claims and connections in a D1 database. The tables come from `stores/d1/migrations`.

/** How long a claim is kept, in seconds: far longer than its code or its flow could live. */
const DAY = 24 * 60 * 60;

/** @type {typeof import("./d1.d.ts").d1Store} */
export const d1Store = (database) => ({
  async claim({ flow, code, subject, claimed_at }) {
    const prune = database.prepare("DELETE FROM stripe_connect_claims WHERE claimed_at < ?").bind(claimed_at - DAY);
    // One statement decides: of two requests at once, one inserts and the other finds its row.
    const insert = database
      .prepare(
        `INSERT INTO stripe_connect_claims (flow, code, subject, claimed_at) VALUES (?, ?, ?, ?)
         ON CONFLICT DO NOTHING RETURNING flow`,
      )
      .bind(flow, code, subject, claimed_at);
    const [, inserted] = await database.batch([prune, insert]);
    const made = inserted.results.length > 0;
    if (made) return null;
    return database
      .prepare("SELECT * FROM stripe_connect_claims WHERE flow = ?1 OR code = ?2 ORDER BY flow = ?1 DESC LIMIT 1")
      .bind(flow, code)
      .first();
  },

  claimed: (flow) => database.prepare("SELECT * FROM stripe_connect_claims WHERE flow = ?").bind(flow).first(),

  async settle(flow, outcome, connection) {
    const settled = database.prepare("UPDATE stripe_connect_claims SET outcome = ? WHERE flow = ?").bind(outcome, flow);
    if (!connection) {
      await settled.run();
      return;
    }
    const { subject, account_id, livemode, scope, connected_at } = connection;
    const kept = database
      .prepare(
        `INSERT INTO stripe_connect_connections (subject, account_id, livemode, scope, connected_at)
         VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET scope = excluded.scope, connected_at = excluded.connected_at`,
      )
      .bind(subject, account_id, livemode ? 1 : 0, scope, connected_at);
    // A batch is a transaction: the connection is kept and the claim ended, or neither.
    await database.batch([kept, settled]);
  },

  async connections(subject) {
    const { results } = await database
      .prepare("SELECT * FROM stripe_connect_connections WHERE subject = ? ORDER BY connected_at DESC, account_id")
      .bind(subject)
      .all();
    return results.map((row) => ({ .../** @type {any} */ (row), livemode: row.livemode === 1 }));
  },
});

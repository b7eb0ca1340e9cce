// @ts-check
// Claims, connections and events in a PostgreSQL database. The tables come from `stores/postgres/migrations`.
// What must happen together is one statement, so each query may go over another connection of a pool.
import { COUNT_OLD_ROWS, checkApplication, checkDatabase, refuseOldRows } from "./database.js";
import { CLAIM_KEPT, EVENT_KEPT, EVENT_LEASE, LET_GO } from "./times.js";

/** @typedef {import("./store.d.ts").Application} Application */

/** Whose rows a statement is about: its first two values. */
const OWN = "client_id = $1 AND livemode = $2";

/** One in so many claims and events lets old rows go: their traces stay in the index until PostgreSQL cleans up. */
const RARELY = 16;

/** How often a claim is tried when what is in its way vanishes. */
const TRIES = 3;

const WANTED = {
  ...{ store: "postgresStore", param: "client", methods: ["query"] },
  fix: "give a Pool of the package pg, such as new pg.Pool({ connectionString })",
};

/** The migrations to apply, by what PostgreSQL says is missing. */
const MIGRATE = new Map([
  ["42P01", ["0001_stripe_connect.sql", "0002_stripe_connect_applications.sql"]], // A table.
  ["42703", ["0002_stripe_connect_applications.sql"]], // A column.
]);

/** What asks a client: the rows that it answers with. */
const asking = (/** @type {import("./postgres.d.ts").Client} */ client) =>
  async (/** @type {string} */ sql, /** @type {unknown[]} */ ...values) => {
    const answer = await client.query(sql, values);
    // Other drivers give the rows themselves. A claim that is read as none would be the caller's.
    if (!Array.isArray(answer?.rows)) throw new Error(`client.query gave no { rows }: ${WANTED.fix}`);
    return answer.rows;
  };

/** @type {typeof import("./postgres.d.ts").postgresStore} */
export const postgresStore = (client) => {
  checkDatabase(client, WANTED);
  const ask = asking(client);
  const rows = (/** @type {string} */ sql, /** @type {Application} */ { client_id, livemode }, /** @type {unknown[]} */ ...values) =>
    ask(sql, client_id, livemode, ...values);

  /**
   * Lets go of some of what is older than `limit`, in a statement of its own: it waits for no other that does the same,
   * and when it fails, what it was called beside goes on.
   */
  const letGo = async (/** @type {"claims" | "events"} */ kind, /** @type {Application} */ application, /** @type {number} */ limit) => {
    if (Math.random() * RARELY >= 1) return;
    const [table, time] = [`stripe_connect_${kind}`, kind === "claims" ? "claimed_at" : "begun_at"];
    try {
      await rows(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM ${table} WHERE ${OWN} AND ${time} < $3::bigint ORDER BY ${time} LIMIT ${RARELY * LET_GO}
           FOR UPDATE SKIP LOCKED))`,
        ...[application, limit],
      );
    } catch (error) {
      console.error(`stripe-connect-oauth: old ${kind} could not be let go:`, /** @type {Error} */ (error).message);
    }
  };

  const connections = async (/** @type {string} */ which, /** @type {Application} */ application, /** @type {string} */ value) => {
    const found = await rows(
      `SELECT * FROM stripe_connect_connections WHERE ${OWN} AND ${which}
       ORDER BY disconnected_at DESC, connected_at DESC, account_id, subject COLLATE "C"`,
      ...[application, value],
    );
    return found.map((row) => ({
      ...row,
      connected_at: Number(row.connected_at),
      disconnected_at: row.disconnected_at === null ? null : Number(row.disconnected_at),
    }));
  };

  return {
    async check() {
      try {
        refuseOldRows(await ask(COUNT_OLD_ROWS), "adoptRows of stripe-connect-oauth/stores/postgres");
      } catch (error) {
        const { code, message } = /** @type {Error & { code?: string }} */ (error);
        const files = MIGRATE.get(code ?? "")?.map((name) => ` -f node_modules/stripe-connect-oauth/stores/postgres/migrations/${name}`);
        throw files ? new Error(`${message}: run: psql "$DATABASE_URL" -1${files.join("")}`) : error;
      }
    },

    async claim(application, { flow, code, subject, claimed_at }) {
      const limit = claimed_at - CLAIM_KEPT;
      await letGo("claims", application, limit);
      for (let tried = 0; tried < TRIES; tried++) {
        // One statement decides: of two requests at once, one inserts and the other waits for its row.
        const made = await rows(
          `INSERT INTO stripe_connect_claims (client_id, livemode, flow, code, subject, claimed_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING flow`,
          ...[application, flow, code, subject, claimed_at],
        );
        if (made.length > 0) return null;
        const [found] = await rows(
          `SELECT flow, code, subject, claimed_at, outcome FROM stripe_connect_claims
           WHERE ${OWN} AND (flow = $3 OR code = $4) ORDER BY flow = $3 DESC LIMIT 1`,
          ...[application, flow, code],
        );
        const record = found && recordOf(found);
        if (record?.claimed_at >= limit) return record;
        // It is old, or was let go a moment ago.
        await rows(
          `DELETE FROM stripe_connect_claims WHERE ${OWN} AND (flow = $3 OR code = $4) AND claimed_at < $5::bigint`,
          ...[application, flow, code, limit],
        );
      }
      throw new Error(
        `a claim was in the way ${TRIES} times and could not be found: if reads go to a replica, give the store a client ` +
          "of the primary",
      );
    },

    async claimed(application, flow) {
      const [record] = await rows(
        `SELECT flow, code, subject, claimed_at, outcome FROM stripe_connect_claims WHERE ${OWN} AND flow = $3`,
        ...[application, flow],
      );
      return record ? recordOf(record) : null;
    },

    async claimsSince(application, subject, since) {
      const [{ count }] = await rows(
        `SELECT COUNT(*) AS count FROM stripe_connect_claims WHERE ${OWN} AND subject = $3 AND claimed_at >= $4::bigint`,
        ...[application, subject, since],
      );
      return Number(count);
    },

    async settle(application, flow, outcome, connection) {
      const settled = `UPDATE stripe_connect_claims SET outcome = $4 WHERE ${OWN} AND flow = $3`;
      if (!connection) {
        await rows(settled, application, flow, outcome);
        return;
      }
      const { subject, account_id, scope, connected_at, refresh_token } = connection;
      await rows(
        `WITH kept AS (
           INSERT INTO stripe_connect_connections
             (client_id, livemode, subject, account_id, scope, connected_at, refresh_token)
           VALUES ($1, $2, $5, $6, $7, $8, $9)
           ON CONFLICT (client_id, livemode, subject, account_id) DO UPDATE SET scope = excluded.scope,
             connected_at = excluded.connected_at, refresh_token = excluded.refresh_token, disconnected_at = NULL
         )
         ${settled}`,
        ...[application, flow, outcome, subject, account_id, scope, connected_at, refresh_token],
      );
    },

    connections: (application, subject) => connections("subject = $3 AND disconnected_at IS NULL", application, subject),
    disconnected: (application, subject) => connections("subject = $3 AND disconnected_at IS NOT NULL", application, subject),
    connectionsOf: (application, account_id) => connections("account_id = $3 AND disconnected_at IS NULL", application, account_id),

    async disconnect(application, account_id, at) {
      await rows(
        `UPDATE stripe_connect_connections SET disconnected_at = $4::bigint, refresh_token = NULL
         WHERE ${OWN} AND account_id = $3 AND connected_at <= $4::bigint AND disconnected_at IS NULL`,
        ...[application, account_id, at],
      );
    },

    async forget(application, subject, account_id, at) {
      await rows(
        `UPDATE stripe_connect_connections SET disconnected_at = $5::bigint, refresh_token = NULL
         WHERE ${OWN} AND subject = $3 AND account_id = $4 AND connected_at <= $5::bigint AND disconnected_at IS NULL`,
        ...[application, subject, account_id, at],
      );
    },

    async erase(application, subject, before) {
      await rows(
        `WITH ended AS (
           DELETE FROM stripe_connect_connections WHERE ${OWN} AND subject = $3 AND disconnected_at IS NOT NULL
         )
         DELETE FROM stripe_connect_claims WHERE ${OWN} AND subject = $3 AND claimed_at < $4::bigint`,
        ...[application, subject, before],
      );
    },

    async beginEvent(application, id, now) {
      await letGo("events", application, now - EVENT_KEPT);
      const begun = await rows(
        `INSERT INTO stripe_connect_events AS kept (client_id, livemode, id, begun_at) VALUES ($1, $2, $3, $4::bigint)
         ON CONFLICT (client_id, livemode, id) DO UPDATE SET begun_at = $4::bigint, done = FALSE
         WHERE (NOT kept.done AND kept.begun_at <= $4::bigint - ${EVENT_LEASE}) OR kept.begun_at < $4::bigint - ${EVENT_KEPT}
         RETURNING id`,
        ...[application, id, now],
      );
      if (begun.length > 0) return "new";
      const [found] = await rows(`SELECT done FROM stripe_connect_events WHERE ${OWN} AND id = $3`, application, id);
      return found?.done ? "done" : "in_progress";
    },

    async finishEvent(application, id) {
      await rows(`UPDATE stripe_connect_events SET done = TRUE WHERE ${OWN} AND id = $3`, application, id);
    },

    async releaseEvent(application, id) {
      await rows(`DELETE FROM stripe_connect_events WHERE ${OWN} AND id = $3 AND NOT done`, application, id);
    },
  };
};

/** Clients give a `BIGINT` as a text, so that no digit is lost; seconds fit a number. */
const recordOf = (/** @type {any} */ row) => ({ ...row, claimed_at: Number(row.claimed_at) });

/** @type {typeof import("./postgres.d.ts").adoptRows} */
export const adoptRows = async (client, application) => {
  checkDatabase(client, WANTED);
  checkApplication(application);
  const ask = asking(client);
  const adopt = (/** @type {string} */ table, /** @type {string} */ old, /** @type {string} */ columns) =>
    // What is there under the client id already is newer.
    ask(
      `WITH old AS (DELETE FROM ${table} WHERE ${old} RETURNING *)
       INSERT INTO ${table} (client_id, livemode, ${columns}) SELECT $1, $2, ${columns} FROM old ON CONFLICT DO NOTHING`,
      ...[application.client_id, application.livemode],
    );
  const ofMode = "subject, account_id, scope, connected_at, disconnected_at, refresh_token";
  await adopt("stripe_connect_connections", "client_id = '' AND livemode = $2", ofMode);
  await adopt("stripe_connect_claims", "client_id = ''", "flow, code, subject, claimed_at, outcome");
  await adopt("stripe_connect_events", "client_id = ''", "id, begun_at, done");
};

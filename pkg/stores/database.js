// @ts-check
// What the stores in databases share: a look at what was given as a database, and at what is in it.
import { connectError } from "../shared/packed.js";

/** What people give as a database: what it is, its methods, and what takes it. The first that fits counts. */
const KNOWN = [
  { what: "a D1 database", methods: ["prepare", "batch"], takes: "d1Store" },
  { what: "a client of mysql2", methods: ["query", "execute"] },
  { what: "a client of pg", methods: ["query", "connect"], takes: "postgresStore" },
  { what: "the sql of postgres.js", methods: ["unsafe", "begin"] },
  { what: "a client of libSQL", methods: ["execute", "batch"] },
  { what: "better-sqlite3 or node:sqlite", methods: ["prepare", "exec"] },
  { what: "Drizzle", methods: ["select", "insert"] },
  { what: "Prisma", methods: ["$queryRaw"] },
];

const has = (/** @type {any} */ given, /** @type {string[]} */ methods) =>
  methods.every((name) => typeof given?.[name] === "function");

/**
 * Refuses what is no database of a store's, by its methods, and says what it looks like: with it the store would fail
 * when people are back from Stripe.
 *
 * @param {any} given
 * @param {{ store: string, param: string, methods: string[], fix: string }} wanted
 */
export function checkDatabase(given, { store, param, methods, fix }) {
  if (given === undefined || given === null) {
    throw connectError("missing_parameter", param, `${param} is missing: ${fix}`);
  }
  const known = KNOWN.find((row) => has(given, row.methods));
  if (has(given, methods) && (known === undefined || known.takes === store)) return;
  const wrong = known ? `looks like ${known.what}` : `is of type ${typeof given}, without the methods ${methods.join(", ")}`;
  const other = known?.takes && known.takes !== store ? `, which ${known.takes} takes` : "";
  throw connectError("invalid_type", param, `${param} ${wrong}${other}: ${fix}`);
}

/** Refuses what names no application, for its rows would be nobody's. */
export function checkApplication(/** @type {any} */ application) {
  if (typeof application?.client_id !== "string" || !application.client_id.startsWith("ca_")) {
    throw connectError("invalid_value", "client_id", "client_id must be the platform's ca_…");
  }
  if (typeof application.livemode !== "boolean") {
    throw connectError("invalid_type", "livemode", "livemode must be true or false");
  }
}

/**
 * How many rows have no client id yet. It names every column, so it fails where a table is not what the migrations
 * make of it.
 */
export const COUNT_OLD_ROWS = `
  SELECT 'connections' AS kind, livemode, COUNT(*) AS rows FROM (
    SELECT client_id, livemode, subject, account_id, scope, connected_at, disconnected_at, refresh_token
    FROM stripe_connect_connections WHERE client_id = '') AS connections GROUP BY livemode
  UNION ALL
  SELECT 'claims', livemode, COUNT(*) FROM (
    SELECT client_id, livemode, flow, code, subject, claimed_at, outcome
    FROM stripe_connect_claims WHERE client_id = '') AS claims GROUP BY livemode
  UNION ALL
  SELECT 'events', livemode, COUNT(*) FROM (
    SELECT client_id, livemode, id, begun_at, done
    FROM stripe_connect_events WHERE client_id = '') AS events GROUP BY livemode`;

/** Refuses to go on beside rows without a client id: people would not find the accounts that they have connected. */
export function refuseOldRows(/** @type {any[]} */ counted, /** @type {string} */ adoptRows) {
  if (counted.length === 0) return;
  // The mode of old claims and events was not kept.
  const kinds = counted.map(({ kind, livemode, rows }) =>
    kind === "connections" ? `${rows} connections of ${livemode ? "live" : "test"} mode` : `${rows} ${kind}`,
  );
  throw new Error(
    `rows of an older version have no client_id (${kinds.join(", ")}): call ${adoptRows} once for each mode that you ` +
      "have used, or delete them",
  );
}

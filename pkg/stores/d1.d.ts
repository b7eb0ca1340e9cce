import type { Application, Store } from "./store.js";

/** The part of Cloudflare's `D1Database` that the store uses. */
export interface Database {
  prepare(query: string): Statement;
  batch(statements: any[]): Promise<{ results: unknown[] }[]>;
}

export interface Statement {
  bind(...values: unknown[]): Statement;
  first(): Promise<any>;
  run(): Promise<unknown>;
  all(): Promise<{ results: Record<string, unknown>[] }>;
}

/**
 * A store in a D1 database. What is none is refused, and so are people before they leave for Stripe while the tables
 * are missing. Apply the migrations in `stripe-connect-oauth/stores/d1/migrations` first.
 *
 * @example
 * ```ts
 * import { type Database, d1Store } from "stripe-connect-oauth/stores/d1";
 *
 * export const store = (env: { DB: Database }) => d1Store(env.DB); // for `createConnect`
 * ```
 */
export function d1Store(database: Database): Store;

/**
 * Takes over the rows of versions that kept no client id: the connections of the application's mode, and by the first
 * call the old claims and events, whose mode was not kept. To be called once for each mode that was used, the live one
 * first, after the migrations and before the new version is deployed: until then the store's `check` refuses. What is
 * there under the client id already stays as it is.
 *
 * @example
 * ```ts
 * import { type Database, adoptRows } from "stripe-connect-oauth/stores/d1";
 *
 * export const upgrade = (env: { DB: Database }) => adoptRows(env.DB, { client_id: "ca_123", livemode: true });
 * ```
 */
export function adoptRows(database: Database, application: Application): Promise<void>;

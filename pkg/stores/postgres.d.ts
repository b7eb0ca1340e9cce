import type { Application, Store } from "./store.js";

/** The part of a PostgreSQL client that the store uses, such as a `Pool` of the package `pg`. */
export interface Client {
  query(text: string, values: unknown[]): Promise<{ rows: any[] }>;
}

/**
 * A store in a PostgreSQL database. Apply the migrations in `stripe-connect-oauth/stores/postgres/migrations`
 * first. Each query is a transaction of its own, so a pool will do.
 *
 * @example
 * ```ts
 * import { type Client, postgresStore } from "stripe-connect-oauth/stores/postgres";
 *
 * export const store = (pool: Client) => postgresStore(pool); // such as `new pg.Pool({ connectionString })`
 * ```
 */
export function postgresStore(client: Client): Store;

/**
 * Takes over the rows of versions that kept no client id: the connections of the application's mode, and by the first
 * call the old claims and events, whose mode was not kept. To be called once for each mode that was used, the live one
 * first, after the migrations and before the new version is deployed: until then the store's `check` refuses. What is
 * there under the client id already stays as it is.
 *
 * @example
 * ```ts
 * import { type Client, adoptRows } from "stripe-connect-oauth/stores/postgres";
 *
 * export const upgrade = (pool: Client) => adoptRows(pool, { client_id: "ca_123", livemode: true });
 * ```
 */
export function adoptRows(client: Client, application: Application): Promise<void>;

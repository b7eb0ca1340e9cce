import type { Store } from "./store.js";

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

import type { Store } from "./store.js";

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
 * A store in a D1 database. Apply the migrations in `stripe-connect-oauth/stores/d1/migrations` first.
 *
 * @example
 * ```ts
 * import { type Database, d1Store } from "stripe-connect-oauth/stores/d1";
 *
 * export const store = (env: { DB: Database }) => d1Store(env.DB); // for `createConnect`
 * ```
 */
export function d1Store(database: Database): Store;

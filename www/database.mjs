// A D1 database of Miniflare's, from outside the worker: for migrations, and for tests that look into it.
//
// Miniflare's own proxy to a binding waits for a thread on every call, and at times misses its answer. Here a
// worker of ours, beside the first and at an address nobody can guess, runs what it is sent.

import { randomUUID } from "node:crypto";

const SCRIPT = `export default {
  async fetch(request, { DB }) {
    const prepared = (await request.json()).map(({ sql, values }) => DB.prepare(sql).bind(...values));
    try {
      return Response.json(await DB.batch(prepared));
    } catch (error) {
      return new Response(error.message, { status: 500 });
    }
  },
}`;

/**
 * The worker to add to Miniflare's `workers`, and what opens its database then.
 *
 * @param {string} id the database's, in the other worker's `d1Databases`
 */
export function databaseWorker(id) {
  const host = `${randomUUID()}.internal`;
  const worker = { name: "database", modules: true, script: SCRIPT, d1Databases: { DB: id }, routes: [`${host}/*`] };
  return { worker, open: (miniflare) => openDatabase((init) => miniflare.dispatchFetch(`http://${host}/`, init)) };
}

/** The part of `D1Database` that the store, the migrations and the tests use. */
function openDatabase(send) {
  const batch = async (statements) => {
    const response = await send({ method: "POST", body: JSON.stringify(statements) });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  const statement = (sql, values) => ({
    sql,
    values,
    bind: (...bound) => statement(sql, bound),
    all: async () => (await batch([{ sql, values }]))[0],
    run: async () => (await batch([{ sql, values }]))[0],
    first: async () => (await batch([{ sql, values }]))[0].results[0] ?? null,
  });
  return { prepare: (sql) => statement(sql, []), batch };
}

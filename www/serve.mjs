// Runs the demo on this machine: the worker in workerd with a D1 database, and the sandbox beside it. `make demo`
// runs this file; the end-to-end tests start the very same through `startDemo`. Nothing here reaches the network.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { createServer as createTcpServer } from "node:net";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { serveSandbox } from "stripe-connect-oauth/sandbox/node";
import { adoptRows } from "stripe-connect-oauth/stores/d1";
import { bundleWorker, buildPublic, PUBLIC } from "./build.mjs";
import { databaseWorker } from "./database.mjs";

const PORT = 8787;
const SANDBOX_PORT = 8788;
const CLIENT_ID = "ca_fairground";
const SECRET_KEY = "sk_test_fairground";
const WEBHOOK_SECRET = "whsec_fairground";
const DB = "DB";

const STATE = fileURLToPath(new URL(".wrangler/state", import.meta.url));
const MIGRATIONS = new URL("stores/d1/migrations/", import.meta.resolve("stripe-connect-oauth/package.json"));

/**
 * Starts the demo.
 *
 * @param {object} [options]
 * @param {number} [options.port] where to look for a free port from; 0, the default, means any
 * @param {number} [options.sandboxPort] the same for the sandbox
 * @param {string} [options.origin] where browsers find it, when something stands in front; default: at its port
 * @param {number} [options.flowLifetime] how long a flow may take, in seconds
 * @param {string} [options.worker] another worker than the demo's, by its path
 * @param {string[]} [options.returns] the paths that Stripe may send the browser back to
 * @param {string} [options.persist] a folder that keeps the database; without it, it is gone afterwards
 * @param {(line: string) => void} [options.log] hears what the worker prints
 * @returns {Promise<{ origin: string, address: string, sandboxOrigin: string, database: object, stop(): Promise<void> }>}
 */
export async function startDemo({
  port = 0,
  sandboxPort = 0,
  origin: given,
  flowLifetime = 3600,
  worker,
  returns = ["/connect/callback", "/return"],
  persist,
  log = console.error,
} = {}) {
  const address = `http://localhost:${await freePort(port)}`;
  const origin = given ?? address;
  // Not localhost: browsers then see another site, as Stripe is one.
  const sandboxOrigin = `http://127.0.0.1:${await freePort(sandboxPort, address)}`;
  const stripe = createSandbox({
    client_id: CLIENT_ID,
    name: "Fairground",
    redirect_uris: returns.map((path) => origin + path),
    secret_keys: [SECRET_KEY],
    webhook: { url: `${origin}/connect/webhook`, secret: WEBHOOK_SECRET },
  });
  const sandbox = await serveSandbox(stripe, { port: Number(new URL(sandboxOrigin).port) });
  const beside = databaseWorker(DB);
  const miniflare = new Miniflare({
    host: "localhost",
    port: Number(new URL(address).port),
    // No request to Cloudflare for the details of a request that comes from this machine.
    cf: false,
    handleRuntimeStdio: (stdout, stderr) => [stdout, stderr].forEach((stream) => printLines(stream, log)),
    d1Persist: persist,
    workers: [
      {
        name: "site",
        modules: (await Promise.all([bundleWorker(worker), buildPublic()]))[0],
        modulesRoot: "/",
        compatibilityDate: "2026-04-01",
        bindings: {
          ORIGIN: origin,
          CLIENT_ID,
          SECRET_KEY,
          WEBHOOK_SECRET,
          COOKIE_SECRET: randomBytes(32).toString("base64url"),
          CONNECT_BASE: sandboxOrigin,
          FLOW_LIFETIME: flowLifetime,
        },
        d1Databases: { DB },
        assets: { directory: PUBLIC, binding: "ASSETS", routerConfig: { has_user_worker: true } },
      },
      beside.worker,
    ],
  });
  const stop = async () => {
    await miniflare.dispose();
    await sandbox.close();
  };
  try {
    await miniflare.ready;
    const database = beside.open(miniflare);
    await migrate(database);
    return { origin, address, sandboxOrigin, database, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first port from `from` on that nobody listens on, other than the one of `taken`. */
async function freePort(from, taken = "") {
  for (let port = from; port < 65_536; port++) {
    if (taken.endsWith(`:${port}`)) continue;
    const found = await listens(port);
    if (found) return found;
  }
  throw new Error(`No port from ${from} on is free.`);
}

/** The port, where both addresses of localhost have it free: a browser tries both. For 0, any such port. */
async function listens(port) {
  const first = await listen("127.0.0.1", port);
  if (!first) return undefined;
  const found = first.address().port;
  const second = await listen("::1", found);
  await Promise.all([first, second].map((server) => server?.listening && close(server)));
  return second && found;
}

/** A server that listens, one that can't since this machine has no such address, or undefined for a taken port. */
async function listen(host, port) {
  const server = createTcpServer().listen({ host, port });
  try {
    await once(server, "listening");
  } catch (error) {
    if (error.code === "EADDRINUSE" || error.code === "EACCES") return undefined;
  }
  return server;
}

function close(server) {
  return new Promise((done) => server.close(done));
}

/** Applies the migrations that this database has not seen, and notes them where wrangler does. */
async function migrate(database) {
  await database
    .prepare("CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY, name TEXT UNIQUE, applied_at TEXT)")
    .run();
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map(({ name }) => name));
  for (const name of (await readdir(MIGRATIONS)).sort()) {
    if (applied.has(name)) continue;
    const noted = database.prepare("INSERT INTO d1_migrations (name, applied_at) VALUES (?, CURRENT_TIMESTAMP)");
    await database.batch([...(await statements(database, name)), noted.bind(name)]);
  }
  // A database that an older version of the demo has made: its rows are those of the one application there is.
  await adoptRows(database, { client_id: CLIENT_ID, livemode: false });
}

/** A migration's statements. None of them holds a semicolon. */
async function statements(database, name) {
  const sql = (await readFile(new URL(name, MIGRATIONS), "utf8")).replace(/--.*/g, "");
  return sql.split(";").filter((text) => text.trim()).map((text) => database.prepare(text));
}

async function printLines(stream, log) {
  stream.setEncoding("utf8");
  for await (const text of stream) log(text.trimEnd());
}

/** `make demo`. */
async function main() {
  // Registered before Miniflare's own handlers, which would report a failure. On exit Miniflare ends workerd.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(0));
  console.log(greeting(await startDemo({ port: PORT, sandboxPort: SANDBOX_PORT, persist: STATE })));
}

const greeting = ({ origin, sandboxOrigin }) => `
${moved("The demo", origin, PORT)}${moved("The sandbox", sandboxOrigin, SANDBOX_PORT)}
  Fairground, a small platform:  ${origin}
  The stand-in for Stripe:       ${sandboxOrigin}

  Try this
  · Sign in as Ada, press Connect with Stripe, and connect. Her page then lists the account.
  · Start again, and cancel. Or reload, go back, use two tabs.
  · Start as Ada, switch to Grace in another tab, then connect in the first: it is refused.
  · Turn script off: the edge style still connects.
  · Disconnect the account, and connect it again.
  · End the connection from Stripe's side: ${sandboxOrigin}/dashboard
  · Open an account with an e-mail address and a country, and finish it later.
  · See what was asked of Stripe: ${sandboxOrigin}/_sandbox/requests

  Ctrl-C stops it. Connections are kept in www/.wrangler; the stand-in forgets its accounts, so that next time they
  are no longer connected.
`;

function moved(what, origin, usual) {
  const { port } = new URL(origin);
  return Number(port) === usual ? "" : `  ${what} is on port ${port}, for ${usual} is taken.\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

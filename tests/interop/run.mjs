// Runs every client against a sandbox of its own, and prints a table of the results. `make interop` runs this
// file; names on the command line choose rows.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ROWS } from "./rows.mjs";
import { PLATFORM, freePort, startStandIn } from "./stand-in.mjs";
import { visit } from "./visitor.mjs";

/** How long a client may take, in milliseconds. The slowest compiles itself first. */
const LIMIT = 60_000;
const PERSON = fileURLToPath(new URL("person.mjs", import.meta.url));

async function main(names) {
  const rows = ROWS.filter(({ client }) => names.length === 0 || names.some((name) => client.includes(name)));
  const results = [];
  for (const row of rows) {
    const result = await run(row).catch((error) => ({ row, did: [], version: "?", failure: String(error) }));
    results.push(result);
    console.error(`${result.failure ? "not ok" : "ok"}  ${row.client}${result.failure ? `\n${result.failure}` : ""}`);
  }
  console.log(table(results));
  const failed = results.filter(({ failure }) => failure).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return results.length > 0 && failed === 0 ? 0 : 1;
}

/** One client, from its first step to its last. */
async function run(row) {
  const port = await freePort();
  const redirect_uri = `http://127.0.0.1:${port}/oauth/callback`;
  const standIn = await startStandIn([redirect_uri]);
  const connections = () => standIn.sandbox.control("ledger");
  const given = await row.prepare?.(standIn, redirect_uri);
  const before = connections().length;
  const client = start(row.command, {
    STRIPE: standIn.origin,
    CLIENT_ID: PLATFORM.client_id,
    SECRET_KEY: PLATFORM.secret_keys[0],
    REDIRECT_URI: redirect_uri,
    PORT: String(port),
    PERSON,
    ...given,
  });
  const did = [];
  try {
    if (row.kind === "site") {
      await listening(port, client);
      for await (const step of visit(new URL(redirect_uri).origin, row, connections)) did.push(step);
    } else {
      await ended(client).finally(() => did.push(...client.lines().slice(1)));
      const made = connections().slice(before);
      if (!made.some(({ revoked_by }) => revoked_by === row.endedBy)) {
        throw new Error(`the ledger has no connection that ended by ${row.endedBy}`);
      }
    }
    const left = row.does.filter((step) => !did.includes(step));
    if (left.length > 0) throw new Error(`it ended without: ${left.join(", ")}`);
    return { row, did, version: await versionOf(row, client) };
  } catch (error) {
    const failure = shortened([error.message, client.errors()].join("\n").trim());
    return { row, did, version: await versionOf(row, client).catch(() => "?"), failure };
  } finally {
    client.stop();
    await standIn.close();
  }
}

/** The first lines and the last: languages differ in where they say what it was. */
function shortened(text) {
  const lines = text.split("\n");
  return lines.length > 40 ? [...lines.slice(0, 20), "…", ...lines.slice(-20)].join("\n") : text;
}

/** Starts a command with nothing of this environment but where to find things. */
function start([command, ...args], env) {
  const { PATH, HOME, LANG } = process.env;
  const child = spawn(command, args.map((arg) => arg.replace("PORT", env.PORT)), {
    env: { PATH, HOME, LANG, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that it ends with all it started.
    detached: true,
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  const failed = new Promise((_, fail) => child.once("error", (error) => fail(cannotRun(command, error))));
  // Seen where it is awaited, if it is.
  failed.catch(() => {});
  return {
    failed,
    closed: once(child, "close").catch(() => []),
    lines: () => out.split("\n").filter(Boolean),
    errors: () => err.trim(),
    stop() {
      if (child.pid && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGKILL");
    },
  };
}

const cannotRun = (command, { code, message }) =>
  new Error(code === "ENOENT" ? `can't run here: ${command} is not installed` : message);

async function ended({ failed, closed }) {
  const [code, signal] = await Promise.race([failed, closed, tooLong()]);
  if (code !== 0) throw new Error(`it ended with ${signal ?? code}`);
}

/** Waits until the site takes connections. */
async function listening(port, { failed, closed }) {
  let over = false;
  const gone = closed.then(([code]) => {
    throw new Error(`it ended with ${code} before it listened`);
  });
  const open = (async () => {
    while (!over && !(await accepts(port))) await sleep(50);
  })();
  try {
    await Promise.race([open, failed, gone, tooLong()]);
  } finally {
    over = true;
  }
}

const accepts = (port) =>
  new Promise((done) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => done(true)).once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });

async function tooLong() {
  await sleep(LIMIT, undefined, { ref: false });
  throw new Error(`it took more than ${LIMIT / 1000} seconds`);
}

/** What a program or a site says of itself first; another has a command for it. */
async function versionOf({ version }, client) {
  if (!version) return client.lines()[0] ?? "?";
  const asked = start(version, { PORT: "" });
  await ended(asked);
  return asked.lines()[0];
}

function table(results) {
  const rows = results.map(({ row, version, did, failure }) => [
    row.client,
    version,
    did.join(", "),
    failure ? `FAILED: ${failure.split("\n")[0]}` : "passed",
  ]);
  const all = [["client", "version", "what was done", "verdict"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((cells) => cells[column].length)));
  const line = (cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd();
  return ["", ...all.map(line), ""].join("\n");
}

process.exitCode = await main(process.argv.slice(2));

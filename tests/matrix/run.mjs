// The packed package in each host that people use it in: `make matrix`, or `make matrix HOST=next` for one of them. Two
// hosts at a time, each in a process of its own (cells.mjs).
//
// What each cell gave is kept in results.json, and the tables are written from it. A cell that passed is not run again
// while the package, its host's file and what the hosts share are the same, so that a run that was stopped goes on where it
// was; `--fresh` runs it all the same. `--fixed` runs CI's part, and leaves results and tables alone.

import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readHosts } from "./hosts.mjs";
import { CI_RESULTS, RESULTS, readResults, writeResults } from "./results.mjs";
import { writeTables } from "./tables.mjs";
import { packed } from "./tools.mjs";

const { values: flags, positionals: wanted } = parseArgs({
  options: { fixed: { type: "boolean" }, fresh: { type: "boolean" } },
  allowPositionals: true,
});

const started = Date.now();
const file = flags.fixed ? CI_RESULTS : RESULTS;
const hosts = await readHosts();
const results = readResults(file);
const failed = [];

const unknown = wanted.filter((name) => hosts.every((host) => host.name !== name));
if (unknown.length > 0) throw new Error(`no such host: ${unknown.join(", ")}; there are ${hosts.map(({ name }) => name).join(", ")}`);

/** How long a host took the last time. The longest goes first, so that both processes have work until the end. */
const kept = readResults(RESULTS);
const lengthOf = ({ cells }) => cells.reduce((sum, { id, fixed }) => sum + (fixed || !flags.fixed ? (kept[id]?.seconds ?? 0) : 0), 0);
const waiting = hosts.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).sort((a, b) => lengthOf(b) - lengthOf(a));

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
  for (let host = waiting.shift(); host; host = waiting.shift()) await runHost(host);
}));

writeResults(file, results, hosts);
if (!flags.fixed) writeTables(hosts, results);
const seconds = Math.round((Date.now() - started) / 1000);
console.log(`${failed.length === 0 ? "all passed" : `failed: ${failed.join("; ")}`} (${Math.floor(seconds / 60)} min ${seconds % 60} s)`);
process.exit(failed.length > 0 ? 1 : 0);

/** Runs the cells of a host that have not passed as all is now. */
async function runHost(host) {
  const digest = digestOf(host);
  const due = host.cells.filter(({ id, fixed }) => {
    const passed = results[id]?.ok && results[id].digest === digest;
    return (fixed || !flags.fixed) && (flags.fresh || !passed);
  });
  if (due.length === 0) return;
  const env = { ...process.env, MATRIX_PACKAGE: packed() };
  const child = fork(fileURLToPath(new URL("cells.mjs", import.meta.url)), [host.name, ...due.map(({ id }) => id)], { env });
  let told = 0;
  child.on("message", ({ id, ok, why, ran, ...result }) => {
    told += 1;
    console.log(`${ok ? "ok  " : "FAIL"} ${id} (${result.seconds} s)`);
    if (!ok) {
      console.log(why.replace(/^/gm, "     "));
      failed.push(id);
    }
    if (!ran) return;
    results[id] = { ...result, ok, digest, date: new Date().toISOString().slice(0, 10) };
    writeResults(file, results, hosts);
  });
  await new Promise((resolve) => child.on("exit", resolve));
  if (told < due.length) failed.push(`${host.name}, whose other cells were not run`);
}

/** What a host's cells depend on: the package, and all that stands here but the other hosts' own. */
function digestOf({ name }) {
  const here = new URL("./", import.meta.url);
  const isOthers = (path) => hosts.some((host) => host.name !== name && host.name === path.split(/[/.]/)[1]);
  const files = readdirSync(here, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(fileURLToPath(here), join(entry.path, entry.name)))
    .filter((path) => (path.includes("/") || path === "tools.mjs") && !isOthers(path))
    .sort();
  const hash = createHash("sha256").update(readFileSync(packed()));
  for (const path of files) hash.update(path).update(readFileSync(new URL(path, here)));
  return hash.digest("hex").slice(0, 16);
}

// The packed package in each host that people use it in: `make matrix`, or `make matrix HOST=next` for one of them.
// What each cell gave is kept in results.json, and the tables are written from it. A cell that passed is not run again
// while the package, its host's file and the suites are the same; `--fresh` runs it all the same. `--fixed` runs the
// part that CI runs, and writes nothing.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { CI_RESULTS, RESULTS, readResults, writeResults } from "./results.mjs";
import { writeTables } from "./tables.mjs";
import { Tools, packed } from "./tools.mjs";

const { values: flags, positionals: wanted } = parseArgs({
  options: { fixed: { type: "boolean" }, fresh: { type: "boolean" } },
  allowPositionals: true,
});
const here = (path) => new URL(path, import.meta.url);

/** What a host's cells depend on, besides the package: its own file, and all that the hosts share. */
function digestOf(file) {
  const shared = ["suite/", ""].flatMap((folder) => readdirSync(here(`./${folder}`)).map((name) => folder + name));
  const files = [`hosts/${file}`, ...shared.filter((name) => /\.m?js$/.test(name))];
  const hash = createHash("sha256").update(readFileSync(packed()));
  for (const name of files) hash.update(readFileSync(here(name)));
  return hash.digest("hex").slice(0, 16);
}

const files = readdirSync(here("hosts/")).filter((file) => file.endsWith(".mjs")).sort();
const names = files.map((file) => file.slice(0, -".mjs".length));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`no such host: ${unknown.join(", ")}; there are ${names.join(", ")}`);

const file = flags.fixed ? CI_RESULTS : RESULTS;
const results = readResults(file);
const failed = [];
const known = [];
for (const [at, name] of names.entries()) {
  const { default: host } = await import(pathToFileURL(here(`hosts/${files[at]}`).pathname));
  known.push({ name, ...host });
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const digest = digestOf(files[at]);
  for (const cell of host.cells) {
    if (flags.fixed && !cell.fixed) continue;
    const id = `${name} ${cell.version ?? ""} ${cell.check}`;
    const before = results[id];
    if (before?.ok && before.digest === digest && !flags.fresh) continue;
    const started = Date.now();
    const tools = new Tools(name);
    let ok = true, version = cell.version, why;
    try {
      version = (await cell.run(tools))?.version ?? version;
    } catch (error) {
      ok = false;
      why = error;
    } finally {
      await tools.close();
    }
    const seconds = Math.round((Date.now() - started) / 1000);
    console.log(`${ok ? "ok  " : "FAIL"} ${id} (${seconds} s)`);
    if (!ok) {
      console.log(String(why?.stack ?? why).replace(/^/gm, "     "));
      failed.push(id);
    }
    results[id] = { host: name, check: cell.check, version, ok, digest, date: new Date().toISOString().slice(0, 10), seconds };
    writeResults(file, results, known);
  }
}
if (!flags.fixed && wanted.length === 0) writeResults(file, results, known, true);
if (!flags.fixed) writeTables(known, results);
if (failed.length > 0) console.error(`failed: ${failed.join("; ")}`);
process.exit(failed.length > 0 ? 1 : 0);

// The matrix (`make matrix`) as it was last run: each cell has its result, and the tables say what the cells gave.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readHosts } from "../matrix/hosts.mjs";
import { RESULTS, readResults } from "../matrix/results.mjs";
import { DOCUMENTS, withTable } from "../matrix/tables.mjs";

const hosts = await readHosts();
const cells = hosts.flatMap((host) => host.cells);
const results = readResults(RESULTS);

test("each cell of each host has a result, and passed: make matrix HOST=… runs one", () => {
  assert.ok(cells.length > 50);
  assert.deepEqual(cells.filter(({ id }) => !results[id]?.ok).map(({ id }) => id), []);
  assert.deepEqual(Object.keys(results).filter((id) => cells.every((cell) => cell.id !== id)), []);
});

test("the tables are what the results give", () => {
  for (const { file, lines } of DOCUMENTS) {
    const text = readFileSync(file, "utf8");
    assert.equal(text, withTable(text, lines(hosts, results)), file);
  }
});

test("a host that failed, or was not run, is not said to work", () => {
  const [host] = hosts.filter(({ name }) => name === "node");
  const [cell] = host.cells;
  for (const [shown, given] of [["yes", { [cell.id]: { ok: true } }], ["**no**", { [cell.id]: { ok: false } }], ["not run", {}]]) {
    const [short, full] = DOCUMENTS.map(({ lines }) => lines([{ ...host, cells: [cell] }], given).join("\n"));
    assert.ok(full.includes(`| ${shown} |`), full);
    assert.equal(short.includes(`~~${host.title}~~`), shown !== "yes");
  }
});

test("CI's part takes a quarter of an hour, two hosts at a time", () => {
  const seconds = cells.filter(({ fixed }) => fixed).reduce((sum, { id }) => sum + (results[id]?.seconds ?? 0), 0);
  assert.ok(seconds / 2 < 15 * 60, `${seconds} s in all`);
});

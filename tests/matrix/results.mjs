// What each cell of the matrix gave, kept between runs.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Committed: the tables are written from it. */
export const RESULTS = fileURLToPath(new URL("results.json", import.meta.url));
/** What CI's part gave on this machine. */
export const CI_RESULTS = fileURLToPath(new URL("../../target/matrix/results.json", import.meta.url));

export function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
}

/** Writes them in order; once each host is `known`, without the cells that are no more. */
export function writeResults(file, results, known, all = false) {
  const ids = all
    ? new Set(known.flatMap(({ name, cells }) => cells.map(({ check, version }) => `${name} ${version ?? ""} ${check}`)))
    : undefined;
  const kept = Object.entries(results).filter(([id]) => ids?.has(id) ?? true).sort(([a], [b]) => (a < b ? -1 : 1));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(kept), null, 1)}\n`);
}

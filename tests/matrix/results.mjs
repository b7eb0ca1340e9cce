// What each cell of the matrix gave, kept between runs.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Committed: the tables are written from it. */
export const RESULTS = fileURLToPath(new URL("results.json", import.meta.url));
/** What CI's part gave on this machine. */
export const CI_RESULTS = fileURLToPath(new URL("../../target/matrix/results.json", import.meta.url));

/** @returns {Record<string, { version?: string, ok: boolean, digest: string, date: string, seconds: number }>} by the cells' ids */
export function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
}

/** Writes the results of the cells that `hosts` have, in order. */
export function writeResults(file, results, hosts) {
  const ids = hosts.flatMap(({ cells }) => cells.map(({ id }) => id)).filter((id) => results[id]).sort();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(ids.map((id) => [id, results[id]])), null, 1)}\n`);
}

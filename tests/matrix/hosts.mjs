// The hosts: a file of hosts/ each, with its cells.
import { readdirSync } from "node:fs";

/** In the tables' order. */
export const GROUPS = ["Runtimes", "Servers", "Test runners", "Bundlers", "Frameworks", "Browsers", "Types"];

/**
 * @typedef {object} Cell
 * @property {string} check what is tried
 * @property {string} [version] the host's, where it has several
 * @property {boolean} [fixed] whether CI runs it
 * @property {string} [setting] the one that the host needs
 * @property {string} [cannot] why it can't be; `run` then looks at how clearly it is refused
 * @property {(t: import("./tools.mjs").Tools) => Promise<{ version?: string } | void>} run throws, or the cell is green
 *
 * @typedef {{ title: string, group: string, cells: Cell[] }} Definition
 * @typedef {Definition & { name: string, cells: (Cell & { id: string })[] }} Host
 */

/** @returns {Promise<Host[]>} in the order of their names */
export async function readHosts() {
  const files = readdirSync(new URL("hosts/", import.meta.url)).filter((file) => file.endsWith(".mjs")).sort();
  return Promise.all(files.map((file) => readHost(file.slice(0, -".mjs".length))));
}

/** @returns {Promise<Host>} with an id for each cell, by which its result is kept */
export async function readHost(name) {
  const { default: host } = await import(new URL(`hosts/${name}.mjs`, import.meta.url).href);
  const cells = host.cells.map((cell) => ({ ...cell, id: [name, cell.version, cell.check].filter(Boolean).join(" ") }));
  if (!GROUPS.includes(host.group)) throw new Error(`hosts/${name}.mjs: group is one of ${GROUPS.join(", ")}`);
  if (new Set(cells.map(({ id }) => id)).size < cells.length) throw new Error(`hosts/${name}.mjs: two cells have one version and check`);
  return { name, ...host, cells };
}

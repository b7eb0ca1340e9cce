// The support tables, written from what the cells gave, each between two marks: in README.md a row a group, in
// docs/hosts.md a row a cell.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { GROUPS } from "./hosts.mjs";

/** @typedef {import("./hosts.mjs").Definition} Host what hosts/NAME.mjs has as its default */

const fileOf = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const DOCUMENTS = [
  { file: fileOf("README.md"), lines: short },
  { file: fileOf("docs/hosts.md"), lines: full },
];

const BEGIN = "<!-- written by make matrix: begin -->";
const END = "<!-- written by make matrix: end -->";

/** A document with its table as `hosts` and `results` make it. */
export function withTable(text, lines) {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document has no ${BEGIN} … ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n${lines.join("\n")}\n\n${text.slice(end)}`;
}

export function writeTables(hosts, results) {
  for (const { file, lines } of DOCUMENTS) writeFileSync(file, withTable(readFileSync(file, "utf8"), lines(hosts, results)));
}

const table = (heads, rows) => [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);

/** The groups that have hosts, each with what `rows` makes of it. */
const grouped = (hosts) => GROUPS.map((group) => [group, hosts.filter((host) => host.group === group)]).filter(([, of]) => of.length > 0);

function short(hosts, results) {
  const rows = grouped(hosts).map(([group, of]) => [group, of.map((host) => inShort(host, results)).join(", ")]);
  return ["", ...table(["", "works in; what a † needs, or can't be there, is a line of [docs/hosts.md](docs/hosts.md)"], rows)];
}

/** A host with the versions that it works in, from the lowest to the highest. */
function inShort({ title, cells }, results) {
  if (!cells.every(({ id }) => results[id]?.ok)) return `~~${title}~~`;
  const working = cells.filter(({ cannot }) => !cannot).map(({ id }) => results[id].version);
  const versions = [...new Set(working.filter(Boolean))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const noted = cells.some(({ setting, cannot }) => setting || cannot) ? "†" : "";
  return [title, versions.length > 1 ? `${versions[0]} to ${versions.at(-1)}` : versions[0]].filter(Boolean).join(" ") + noted;
}

function full(hosts, results) {
  return grouped(hosts).flatMap(([group, of]) => {
    const rows = of.flatMap((host) => host.cells.map((cell) => inFull(host, cell, results[cell.id])));
    return ["", `**${group}**`, "", ...table(["host", "version", "test", "works", "setting or reason", "run"], rows)];
  });
}

function inFull({ title }, { check, version, setting, cannot }, result) {
  const works = !result ? "not run" : !result.ok ? "**no**" : cannot ? "can't" : "yes";
  return [title, result?.version ?? version ?? "", check, works, cannot ?? setting ?? "", result?.date ?? ""];
}

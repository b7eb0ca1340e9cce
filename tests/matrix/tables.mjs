// The support tables, written from what the cells gave: in docs/hosts.md a row a cell, between two marks.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DOCUMENTS = [{ file: fileURLToPath(new URL("../../docs/hosts.md", import.meta.url)), rows: detailed }];
const GROUPS = ["Runtimes", "Servers", "Test runners", "Bundlers", "Frameworks", "Browsers", "Types"];

/** @typedef {{ name: string, title: string, group: string, cells: object[] }} Host */

function detailed(hosts, results) {
  return GROUPS.flatMap((group) => {
    const rows = hosts.filter((host) => host.group === group).flatMap((host) => host.cells.map((cell) => row(host, cell, results)));
    if (rows.length === 0) return [];
    return [`\n**${group}**\n`, "| host | version | test | works | setting or reason | run |", "| --- | --- | --- | --- | --- | --- |", ...rows];
  });
}

function row({ name, title }, { check, version, setting, cannot }, results) {
  const result = results[`${name} ${version ?? ""} ${check}`];
  const works = !result ? "not run" : !result.ok ? "**no**" : cannot ? "can't" : "yes";
  return `| ${title} | ${result?.version ?? version ?? ""} | ${check} | ${works} | ${cannot ?? setting ?? ""} | ${result?.date ?? ""} |`;
}

const BEGIN = "<!-- written by make matrix: begin -->";
const END = "<!-- written by make matrix: end -->";

export function withTable(text, lines) {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document has no ${BEGIN} … ${END}`);
  return `${text.slice(0, begin + BEGIN.length)}\n${lines.join("\n")}\n\n${text.slice(end)}`;
}

export function writeTables(hosts, results) {
  for (const { file, rows } of DOCUMENTS.filter(({ file }) => existsSync(file))) {
    writeFileSync(file, withTable(readFileSync(file, "utf8"), rows(hosts, results)));
  }
}

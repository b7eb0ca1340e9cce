// The examples in the package's types: each exported function has one, and tsc takes every one as it stands.
//
// Writes them as files into target/types, one an example, for tsc to check.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";

const OUT = "target/types";
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
writeFileSync(`${OUT}/package.json`, '{ "type": "module" }');
writeFileSync(`${OUT}/tsconfig.json`, '{ "extends": "../../tests/types/tsconfig.json", "include": ["*.ts"] }');

const declarations = ["pkg/entries", "pkg/stores"].flatMap((folder) =>
  readdirSync(folder).filter((name) => name.endsWith(".d.ts")).map((name) => `${folder}/${name}`),
);

/** The code between fences in a comment, which has a star before each line. */
function* examples(text) {
  for (const [, code] of text.matchAll(/^ *\* ```ts\n([^]*?)^ *\* ```$/gm)) yield code.replace(/^ *\* ?/gm, "");
}

/** The names of the exported functions, each with the comments above it: one an overload. */
function functions(text) {
  const commented = new Map();
  for (const { 1: name, index } of text.matchAll(/^export (?:declare )?function (\w+)/gm)) {
    const before = text.slice(0, index);
    const comment = before.endsWith("*/\n") ? before.slice(before.lastIndexOf("/**")) : "";
    commented.set(name, (commented.get(name) ?? "") + comment);
  }
  return commented;
}

const unshown = [];
let [count, written] = [0, 0];
for (const path of declarations) {
  const text = readFileSync(path, "utf8");
  for (const [name, comments] of functions(text)) {
    count += 1;
    if (![...examples(comments)].some((code) => code.includes(`${name}(`))) unshown.push(`${path} ${name}`);
  }
  for (const code of examples(text)) {
    written += 1;
    writeFileSync(`${OUT}/${basename(path, ".d.ts")}-${written}.ts`, `${code}export {};\n`);
  }
}
if (unshown.length) console.error(`without an example:\n  ${unshown.join("\n  ")}`);
// What was not found could not fail.
if (count < 20) console.error(`only ${count} functions were found`);
process.exit(unshown.length || count < 20 ? 1 : 0);

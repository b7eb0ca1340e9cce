// What the package's modules are made of besides our own code, with each one's licence as its authors wrote it:
// notices.mjs TO. Read from the crates themselves, as Cargo.lock has them.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The features of every module (Makefile). */
const FEATURES = "js-front,js-prefill,edge,sandbox,small-alloc,wiping-alloc";
const TARGET = "wasm32-unknown-unknown";

const metadata = ["metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET, "--features", FEATURES];
const { packages, resolve } = JSON.parse(execFileSync("cargo", metadata, { encoding: "utf8", maxBuffer: 1 << 28 }));
const packageOf = new Map(packages.map((crate) => [crate.id, crate]));
const depsOf = new Map(resolve.nodes.map(({ id, deps }) => [id, deps]));
const runsAtBuild = ({ targets }) => targets.some(({ kind }) => kind.includes("proc-macro"));

/** What is linked: neither what builds a crate or tests it, nor macros. */
function linked(id, found = new Set()) {
  for (const { pkg, dep_kinds } of depsOf.get(id)) {
    if (found.has(pkg) || runsAtBuild(packageOf.get(pkg)) || dep_kinds.every(({ kind }) => kind !== null)) continue;
    linked(pkg, found.add(pkg));
  }
  return found;
}

/** MIT's text, where a crate gives the choice. */
function licenceOf({ name, license, authors, repository, manifest_path }) {
  const folder = dirname(manifest_path);
  const files = readdirSync(folder).filter((file) => /^(LICEN[CS]E|COPYING)/i.test(file)).sort();
  const file = files.find((file) => /MIT/i.test(file)) ?? files.find((file) => !/APACHE/i.test(file));
  if (file) return readFileSync(join(folder, file), "utf8").replaceAll("\r", "").trim();
  const holders = authors.map((author) => author.replace(/ <.*/, "")).join(", ") || `the authors of ${repository}`;
  if (license === "MIT") return MIT(holders);
  throw new Error(`${name}: no text of its licence, ${license}, was found: add it to scripts/notices.mjs`);
}

const MIT = (holders) => `Copyright (c) ${holders}\n\n${readFileSync("LICENSE-MIT", "utf8").replace(/^[^]*?(?=Permission is hereby)/, "").trim()}`;

const crates = [...linked(resolve.root)].map((id) => packageOf.get(id));
const notices = new Map([[MIT("The Rust Project contributors"), ["the Rust standard library (MIT OR Apache-2.0)"]]]);
for (const crate of crates) {
  const text = licenceOf(crate);
  notices.set(text, [...(notices.get(text) ?? []), `${crate.name} ${crate.version} (${crate.license})`]);
}

const parts = [...notices].map(([text, names]) => `${names.sort().join("\n")}\n\n${text}\n`);
writeFileSync(process.argv[2], `The WebAssembly modules of this package are made of these besides its own code.\n\n${parts.join(`\n${"-".repeat(80)}\n\n`)}`);

// What a build takes in: nothing but what the lock files name, each by the checksum of what was looked at.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** The lock files of the crates here, and which of the crates in them are ours. */
const CRATES = {
  "Cargo.lock": ["stripe-connect-oauth"],
  "examples/yew/Cargo.lock": ["connect-with-yew", "stripe-connect-oauth"],
  "tests/interop/oauth/rust-oauth2/Cargo.lock": ["interop-rust-oauth2"],
};

test("attack 18: whatever a build takes in is locked, with its checksum", () => {
  for (const [path, own] of Object.entries(CRATES)) {
    const crates = read(path).split("\n[[package]]\n").slice(1);
    assert.ok(crates.length > 50);
    const unlocked = crates.filter((crate) => !/^source = "registry\+[^]*^checksum = "[0-9a-f]{64}"$/m.test(crate));
    assert.deepEqual(unlocked.map((crate) => /name = "(.*)"/.exec(crate)[1]), own);
  }

  const { packages } = JSON.parse(read("package-lock.json"));
  const loose = Object.entries(packages).filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity));
  assert.deepEqual(loose.map(([path]) => path), ["", "node_modules/stripe-connect-oauth", "pkg"]);
});

test("attack 18: a build installs and compiles exactly what is locked", () => {
  const builds = ["scripts/build-wasm.sh", "scripts/tools.sh", "Makefile"].flatMap((path) => read(path).match(/cargo build .*/g));
  assert.ok(builds.length >= 3);
  assert.deepEqual(builds.filter((command) => !command.includes(" --locked ")), []);
  const tools = read("scripts/tools.sh");
  assert.match(tools, /npm ci /);
  assert.doesNotMatch(tools, /npm install/);
  for (const [, version] of tools.matchAll(/cargo_tool [\w-]+ [\w-]+ (\S+);/g)) assert.match(version, /^("\$\(locked [\w-]+\)"|\d+\.\d+\.\d+)$/);
});

test("no module of the package is built with what is for Rust's own pages and packers", () => {
  const [, features] = /\n\[features\]\n([^]*?)\n\[/.exec(read("Cargo.toml"));
  const turnsOn = (feature) => {
    const [, list] = new RegExp(`^${feature} = \\[([^\\]]*)\\]`, "m").exec(features);
    const named = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
    return [feature, ...named.flatMap((name) => (name.startsWith("dep:") ? [name] : turnsOn(name)))];
  };
  assert.ok(turnsOn("bindings").includes("dep:web-sys"));
  const modules = [...read("Makefile").matchAll(/^pkg\/dist\/\w+\.wasm: FEATURES = (\S+)$/gm)];
  assert.equal(modules.length, 4);
  for (const [line, given] of modules) {
    const on = given.split(",").flatMap(turnsOn);
    for (const other of ["web", "url", "bindings", "dep:web-sys", "dep:url", "dep:serde-wasm-bindgen"]) {
      assert.ok(!on.includes(other), `${line}: ${other}`);
    }
  }
});

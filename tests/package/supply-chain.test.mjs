// What a build takes in: nothing but what the lock files name, each by the checksum of what was looked at.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("attack 18: whatever a build takes in is locked, with its checksum", () => {
  const crates = read("Cargo.lock").split("\n[[package]]\n").slice(1);
  assert.ok(crates.length > 50);
  const unlocked = crates.filter((crate) => !/^source = "registry\+[^]*^checksum = "[0-9a-f]{64}"$/m.test(crate));
  assert.deepEqual(unlocked.map((crate) => /name = "(.*)"/.exec(crate)[1]), ["stripe-connect-oauth"]);

  const { packages } = JSON.parse(read("package-lock.json"));
  const loose = Object.entries(packages).filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity));
  assert.deepEqual(loose.map(([path]) => path), ["", "node_modules/stripe-connect-oauth", "pkg"]);
});

test("attack 18: a build installs and compiles exactly what is locked", () => {
  const build = read("scripts/build-wasm.sh").match(/cargo build .*/g);
  assert.deepEqual(build.filter((command) => !command.includes(" --locked ")), []);
  const tools = read("scripts/tools.sh");
  assert.match(tools, /npm ci /);
  assert.doesNotMatch(tools, /npm install/);
  for (const [, version] of tools.matchAll(/cargo_tool [\w-]+ [\w-]+ (\S+);/g)) assert.match(version, /^("\$\(locked [\w-]+\)"|\d+\.\d+\.\d+)$/);
});

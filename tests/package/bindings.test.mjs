// The feature `bindings`, as wasm-pack packs it. `make bindings` has built it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CALLS = ["authorizeUrl", "beginConnect", "connectButton", "finishConnect", "isConnectError", "newState", "parseCallback"];

/** The tests of the npm package's front channel, and which of them where a file has others too. */
const FRONT = {
  accepted: "",
  button: "",
  callback: "",
  hostile: "",
  "page-style": "",
  realms: "",
  refusals: `^(${CALLS.join("|")}) |a refused call leaves the core working`,
  undefined: "front channel",
};

function run(command, args, { env = {} } = {}) {
  const { NODE_TEST_CONTEXT, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, env: { ...environment, ...env }, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

for (const [file, pattern] of Object.entries(FRONT)) {
  test(`the bindings pass the front channel's tests: ${file}`, () => {
    const args = ["--import", "./tests/package/over-bindings.mjs", "--test", "--test-reporter=tap", `--test-name-pattern=${pattern || "."}`];
    const { status, output } = run(process.execPath, [...args, `tests/package/${file}.test.mjs`]);
    assert.equal(status, 0, output);
    assert.match(output, /^# pass [1-9]/m);
  });
}

test("they are the functions of the npm package's front entry, and no more", () => {
  const bindings = createRequire(import.meta.url)(`${ROOT}target/bindings/nodejs/stripe_connect_oauth.js`);
  assert.deepEqual(Object.keys(bindings).sort(), CALLS);
});

test("their types are the npm package's, whatever they are packed for", () => {
  // wasm-bindgen indents them anew.
  const text = (path) => readFileSync(ROOT + path, "utf8").trim().replace(/\s+/g, " ");
  const types = text("pkg/entries/front.d.ts");
  for (const target of ["web", "bundler", "nodejs"]) {
    const packed = text(`target/bindings/${target}/stripe_connect_oauth.d.ts`);
    assert.ok(packed.includes(types), target);
    const besides = packed.replace(types, "").matchAll(/\bexport function (\w+)/g);
    assert.deepEqual([...besides].map(([, name]) => name), target === "web" ? ["initSync"] : [], target);
  }
});

// What is asked of cargo and wasm-pack beside the builds of this repository.

const folder = mkdtempSync(join(tmpdir(), "bindings-"));
after(() => rmSync(folder, { recursive: true }));

/** A command with the tools of the Makefile, in a crate elsewhere. */
const runIn = (crate, command) =>
  run("bash", ["-c", `source scripts/tools.sh; cd "$0"; ${command}`, crate], { env: { CARGO_TARGET_DIR: join(ROOT, "target", "bare") } });

test("without the feature wasm-pack stops before it writes anything, and says what to type", () => {
  const crate = join(folder, "crate");
  mkdirSync(join(crate, "pkg"), { recursive: true });
  for (const name of ["src", "Cargo.toml", "Cargo.lock", "scripts/languages.rs", "pkg/entries", "pkg/package.json"]) {
    cpSync(join(ROOT, name), join(crate, name), { recursive: true });
  }
  const { status, output } = runIn(crate, "wasm-pack build --mode no-install");
  assert.notEqual(status, 0);
  assert.match(output, /wasm-pack build --target web --out-dir target\/bindings --features bindings/);
  assert.equal(readFileSync(join(crate, "pkg/package.json"), "utf8"), readFileSync(join(ROOT, "pkg/package.json"), "utf8"));
  assert.ok(!existsSync(join(crate, "pkg/.gitignore")));
});

test("who depends on the crate builds it for wasm without any feature", () => {
  const crate = join(folder, "dependant");
  mkdirSync(join(crate, "src"), { recursive: true });
  cpSync(join(ROOT, "Cargo.lock"), join(crate, "Cargo.lock"));
  writeFileSync(join(crate, "Cargo.toml"), `[package]\nname = "dependant"\nedition = "2024"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\nstripe-connect-oauth = { path = ${JSON.stringify(ROOT)} }\n`);
  writeFileSync(join(crate, "src/lib.rs"), "pub use stripe_connect_oauth::State;\n");
  const { status, output } = runIn(crate, "cargo build --quiet --offline --release --target wasm32-unknown-unknown");
  assert.equal(status, 0, output);
});

// The documents: where their links lead, also where a package is shown without its repository.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path) => readFileSync(join(root, path), "utf8");
const manifest = JSON.parse(read("pkg/package.json"));
const documents = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: root, encoding: "utf8" })
  .trim()
  .split("\n");

/** Where a document's links lead, but for what stands in code. */
const linksOf = (text) => [...text.replace(/```[^]*?```/g, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);

/** A heading's anchor, as repositories write it. */
const anchor = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
const anchorsOf = (path) => [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading));

test("every link of every document leads to a file, and to a heading in it", () => {
  let count = 0;
  const dead = [];
  for (const document of documents) {
    for (const link of linksOf(read(document)).filter((link) => !/^https?:/.test(link))) {
      count += 1;
      const [path, heading] = link.split("#");
      const file = path ? normalize(join(dirname(document), path)) : document;
      if (!existsSync(join(root, file)) || (heading && !anchorsOf(file).includes(heading))) dead.push(`${document}: ${link}`);
    }
  }
  assert.deepEqual(dead, []);
  assert.ok(count > 30, `only ${count}`);
});

test("every link of the package's README leads to a file of the repository, where there is none around it", () => {
  const links = linksOf(read("pkg/README.md"));
  assert.ok(links.length > 10);
  const repository = manifest.repository.url.replace(/^git\+|\.git$/g, "");
  for (const link of links) {
    const [, path] = /^\/(?:raw|blob)\/main\/([^#]+)/.exec(link.replace(repository, "")) ?? [];
    assert.ok(path && existsSync(join(root, path)), link);
  }
});

test("a README is a page and a half", () => {
  assert.ok(read("README.md").split("\n").length <= 130);
});

test("package and crate say where they come from, and what they need", () => {
  const repository = manifest.repository.url.replace(/^git\+|\.git$/g, "");
  assert.equal(manifest.repository.directory, "pkg");
  assert.equal(manifest.homepage, `${repository}#readme`);
  assert.equal(manifest.bugs, `${repository}/issues`);
  const crate = read("Cargo.toml");
  for (const field of ["repository", "homepage"]) assert.match(crate, new RegExp(`^${field} = "${repository}"$`, "m"));
  assert.match(crate, /^documentation = "https:\/\/docs\.rs\/stripe-connect-oauth"$/m);
  assert.match(crate, /^version = "(.*)"$/m);
  assert.equal(/^version = "(.*)"$/m.exec(crate)[1], manifest.version);
});

test("the notices name what the modules are made of, with its licence", () => {
  const notices = read("pkg/THIRD-PARTY-NOTICES");
  for (const name of ["subtle 2\\.\\S+ \\(BSD-3-Clause\\)", "slab \\S+ \\(MIT\\)", "zmij \\S+ \\(MIT\\)", "lol_alloc \\S+ \\(MIT\\)", "wasm-bindgen \\S+ ", "the Rust standard library"]) {
    assert.match(notices, new RegExp(`^${name}`, "m"));
  }
  assert.match(notices, /Neither the name of the copyright holder/);
  assert.doesNotMatch(notices, /^(wasm-bindgen-macro|syn|serde_derive|proptest) /m, "what builds it is not in it");
});

test("the code of docs/hosts.md is of the programs that its table is made by", () => {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "tests/matrix/apps", "tests/matrix/hosts", "tests/matrix/suite"], { cwd: root, encoding: "utf8" });
  const plain = (text) => text.replace(/^ +/gm, "");
  const programs = files.trim().split("\n").map((file) => plain(read(file)));
  const blocks = [...read("docs/hosts.md").matchAll(/```js\n([^]*?)```/g)].map(([, code]) => plain(code));
  assert.deepEqual(blocks.filter((block) => !programs.some((program) => program.includes(block))), []);
  assert.ok(blocks.length >= 8);
});

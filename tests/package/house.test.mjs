// How the house is kept: files that can be read in one sitting, and results that `?` can take apart.

import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const ROOT = new URL("../../", import.meta.url).pathname;
const LONGEST = 400;

const read = (file) => readFileSync(ROOT + file, "utf8");

/** The files that people write and read, without what is generated or locked. */
const FILES = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((file) => /\.(rs|m?js|ts|css|sh|py)$/.test(file) && existsSync(ROOT + file));

test("a file of more than 400 lines says why", () => {
  const long = FILES.filter((file) => read(file).split("\n").length > LONGEST + 1);
  assert.deepEqual(long.filter((file) => !/Longer than 400 lines: \w/.test(read(file))), []);
});

test("no result is nested in another", () => {
  const nested = /\bResult<\s*(?:Option<\s*)?(?:Result|StepResult)\b|\bStepResult<\s*(?:Option<\s*)?(?:Result|StepResult)\b/;
  const rust = FILES.filter((file) => file.startsWith("src/"));
  assert.deepEqual(rust.filter((file) => nested.test(read(file))), []);
});

test("nothing that comes from JavaScript is taken for what it should be", () => {
  const casts = /\bunchecked_(?:ref|into|from_js)\b/;
  assert.deepEqual(FILES.filter((file) => file.startsWith("src/") && casts.test(read(file))), []);
});

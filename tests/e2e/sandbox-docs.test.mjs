// The code in docs/sandbox.md runs as written: its tests under Vitest, the second with a real browser.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const docs = await readFile(new URL("../../docs/sandbox.md", import.meta.url), "utf8");
const VITEST = fileURLToPath(new URL("../vitest.mjs", import.meta.resolve("vitest")));

let folder;

before(async () => {
  // Inside the project, so that imports find the package.
  folder = await mkdtemp(fileURLToPath(new URL(".sandbox-docs-", import.meta.url)));
  for (const [, code] of docs.matchAll(/```js\n([^]*?)```/g)) {
    const [, name] = /^\/\/ ([\w.]+\.js)/.exec(code);
    await writeFile(`${folder}/${name}`, code);
  }
});

after(() => rm(folder, { recursive: true }));

for (const [name, tests] of [["platform.test.js", 7], ["browser.test.js", 1]]) {
  test(`${name} of docs/sandbox.md passes`, { timeout: 60_000 }, async () => {
    const env = { ...process.env, CHROMIUM: process.env.CHROMIUM ?? "/usr/bin/chromium", NO_COLOR: "1" };
    const { stdout } = await promisify(execFile)(process.execPath, [VITEST, "run", "--root", folder, name], { env });
    assert.match(stdout, new RegExp(`Tests +${tests} passed \\(${tests}\\)`), stdout);
  });
}

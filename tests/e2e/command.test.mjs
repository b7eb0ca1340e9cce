// The demo as a command, and its worker as a deployment.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SERVE = fileURLToPath(new URL("../../www/serve.mjs", import.meta.url));
const WWW = fileURLToPath(new URL("../../www", import.meta.url));

/** Starts the command, and waits for what it has to say. */
async function runDemo() {
  const child = spawn(process.execPath, [SERVE], { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.setEncoding("utf8");
  const [greeting] = await once(child.stdout, "data");
  return { child, greeting, origins: greeting.match(/http:\/\/[\w.]+:\d+$/gm) };
}

const answers = async (origin) => (await fetch(origin).catch(() => undefined))?.ok ?? false;

for (const signal of ["SIGINT", "SIGTERM"]) {
  test(`make demo ends on ${signal} with success, and nothing is left behind`, { timeout: 20_000 }, async () => {
    const { child, origins } = await runDemo();
    assert.deepEqual(await Promise.all(origins.map(answers)), [true, true]);
    child.kill(signal);
    assert.deepEqual(await once(child, "exit"), [0, null]);
    assert.deepEqual(await Promise.all(origins.map(answers)), [false, false]);
  });
}

test("make demo avoids a taken port and says so", { timeout: 20_000 }, async () => {
  const squatter = createServer((request, response) => response.end("not the demo")).listen(8787, "127.0.0.1");
  // Someone else may be there already, which serves this test as well.
  await Promise.race([once(squatter, "listening"), once(squatter, "error")]).catch(() => {});
  const { child, greeting, origins } = await runDemo();
  try {
    assert.match(greeting, /The demo is on port \d+, for 8787 is taken\./);
    assert.match(await (await fetch(origins[0])).text(), /Fairground/);
  } finally {
    child.kill();
    await once(child, "exit");
    squatter.close();
  }
});

test("the demo's worker and configuration are fit to deploy", { timeout: 60_000 }, async () => {
  const out = await mkdtemp(join(tmpdir(), "fairground-"));
  const wrangler = fileURLToPath(new URL("../bin/wrangler.js", import.meta.resolve("wrangler")));
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [wrangler, "deploy", "--dry-run", "--outdir", out],
      { cwd: WWW, env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true", CI: "1" } },
    );
    assert.match(stdout, /env\.DB \(fairground\)/);
    const files = await readdir(out);
    assert.ok(files.includes("worker.js"), String(files));
    assert.equal(files.filter((file) => file.endsWith(".wasm")).length, 2);
  } finally {
    await rm(out, { recursive: true });
  }
});

// The page style where pages are not as one would like: React mounts twice, and WebAssembly is forbidden or not there.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { atConsent, connectButton, consent, launchBrowser, listed, signIn, useDemo } from "./support.mjs";

const ORIGIN = "https://shop.example";

/** React's own strict mode, as an application's development build has it. */
const APPLICATION = `
  import { StrictMode, createElement, useEffect, useState } from "react";
  import { createRoot } from "react-dom/client";
  import { beginConnect, finishConnect } from "stripe-connect-oauth";

  globalThis.begin = () => beginConnect({ client_id: "ca_123" }, { subject: "ada" }).state;
  globalThis.heard = [];

  function Return() {
    const [callback, setCallback] = useState();
    useEffect(() => {
      const finished = finishConnect(undefined, { subject: "ada" });
      heard.push(finished);
      setCallback(finished);
    }, []);
    return createElement("output", null, callback?.outcome);
  }

  createRoot(document.querySelector("main")).render(createElement(StrictMode, null, createElement(Return)));
`;

/** What a page does that is not React's: it says what was thrown. */
const PLAIN = `
  import { finishConnect, isConnectError } from "stripe-connect-oauth";

  const told = document.querySelector("output");
  try {
    told.textContent = finishConnect().outcome;
  } catch (error) {
    told.textContent = [isConnectError(error), error.code, error.param, error.message, String(error.cause !== undefined)].join("|");
  }
`;

async function bundle(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    format: "esm",
    write: false,
    define: { "process.env.NODE_ENV": '"development"' },
  });
  return outputFiles[0].text;
}

/** A page of a shop with this script, under this policy. */
async function shopPage(browser, script, policy) {
  const page = await browser.newPage();
  const body = await bundle(script);
  await page.route(`${ORIGIN}/**`, (route) =>
    new URL(route.request().url()).pathname === "/script.js"
      ? route.fulfill({ contentType: "text/javascript", body })
      : route.fulfill({
          contentType: "text/html",
          headers: policy ? { "content-security-policy": policy } : {},
          body: '<!doctype html><main></main><output></output><script type="module" src="/script.js"></script>',
        }),
  );
  return page;
}

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

test("in React's strict mode, which runs each effect twice, the first result stays, however the flow ended", async () => {
  const page = await shopPage(browser, APPLICATION);
  await page.goto(`${ORIGIN}/return`);
  for (const [query, outcome] of [
    [(state) => `scope=read_write&code=ac_123&state=${state}`, "authorized"],
    [(state) => `error=access_denied&state=${state}`, "denied"],
    [(state) => `error=invalid_scope&state=${state}`, "failed"],
    [() => `code=ac_123&state=${"A".repeat(43)}`, "rejected"],
  ]) {
    const state = await page.evaluate(() => globalThis.begin());
    await page.goto(`${ORIGIN}/return?${query(state)}`);
    await page.locator("main output", { hasText: outcome }).waitFor();
    const heard = await page.evaluate(() => [globalThis.heard.map(({ outcome }) => outcome), globalThis.heard[0] === globalThis.heard[1]]);
    assert.deepEqual(heard, [[outcome, outcome], true]);
    assert.equal(page.url(), `${ORIGIN}/return`);
  }
  await page.close();
});

const BLOCKED = /^true\|wasm_unavailable\|WebAssembly\|WebAssembly is blocked or absent: allow 'wasm-unsafe-eval' in script-src or use the edge style; on a server load stripe-connect-oauth\/wasm\/front\|true$/;

for (const [what, policy, prepare] of [
  ["under a policy without 'wasm-unsafe-eval'", "default-src 'none'; script-src 'self'", () => {}],
  ["in a browser without WebAssembly", undefined, (page) => page.addInitScript(() => delete globalThis.WebAssembly)],
]) {
  test(`${what} the page hears of it by name, and the code leaves the address`, async () => {
    const page = await shopPage(browser, PLAIN, policy);
    await prepare(page);
    await page.goto(`${ORIGIN}/return?keep=1&code=ac_123&state=${"A".repeat(43)}&scope=read_write`);
    const output = page.locator("body > output", { hasText: "|" });
    assert.match(await output.textContent(), BLOCKED);
    assert.equal(page.url(), `${ORIGIN}/return?keep=1`);
    await page.close();
  });
}

test("with WebAssembly and a policy that allows it, the same page reads its answer", async () => {
  const page = await shopPage(browser, PLAIN, "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'");
  await page.goto(`${ORIGIN}/return?code=ac_123&state=${"A".repeat(43)}`);
  await page.locator("body > output", { hasText: "rejected" }).waitFor();
  await page.close();
});

const check = useDemo();

check("where WebAssembly is forbidden, the page style's button takes the edge style", async ({ world, page, origin }) => {
  await page.route(`${origin}/`, async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    const headers = response.headers();
    if (headers["content-security-policy"]) {
      headers["content-security-policy"] = headers["content-security-policy"].replace("'wasm-unsafe-eval'", "");
    }
    await route.fulfill({ response, headers });
  });
  await signIn(page, origin);
  await (await connectButton(page, "page")).click();
  await atConsent(page);
  await consent(page);
  await listed(page);
  await world.assertConnections(["ada"]);
  // The browser tells of what its policy kept from the page.
  world.complaints.length = 0;
});

// The sandbox runs in a browser as it does in Node and in workerd: a page's own tests have Stripe beside them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launchBrowser } from "./support.mjs";

const TEST = `
  import { createSandbox } from "stripe-connect-oauth/sandbox";

  globalThis.connected = async () => {
    const sandbox = createSandbox({ redirect_uris: ["https://shop.example/return"], seed: 1 });
    const ask = (path, init) => sandbox.fetch(new Request("https://stripe.example" + path, init));
    const authorize = "/oauth/authorize?response_type=code&client_id=ca_sandbox123&scope=read_write";
    const page = await (await ask(authorize)).text();

    const consent = new URLSearchParams({ account: "acct_1SandboxBakery01", decision: "connect" });
    const agreed = await ask(authorize, { method: "POST", body: consent });
    const code = new URL(agreed.headers.get("location")).searchParams.get("code");

    const body = new URLSearchParams({ grant_type: "authorization_code", code, client_secret: sandbox.platform.secret_keys[0] });
    const token = await (await ask("/oauth/token", { method: "POST", body })).json();
    const again = await (await ask("/oauth/token", { method: "POST", body })).json();
    return { isMarked: page.includes("Stand-in for Stripe"), account: token.stripe_user_id, again: again.error, ledger: sandbox.control("ledger") };
  };
`;

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

test("createSandbox().fetch connects an account inside a page", async () => {
  const { outputFiles } = await build({
    stdin: { contents: TEST, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    format: "iife",
    write: false,
  });
  const page = await browser.newPage();
  await page.route("https://shop.example/", (route) => route.fulfill({ contentType: "text/html", body: "<title>Shop</title>" }));
  await page.goto("https://shop.example/");
  await page.addScriptTag({ content: outputFiles[0].text });
  const { isMarked, account, again, ledger } = await page.evaluate(() => globalThis.connected());
  assert.deepEqual([isMarked, account, again], [true, "acct_1SandboxBakery01", "invalid_grant"]);
  assert.deepEqual(ledger.map(({ revoked, revoked_by }) => [revoked, revoked_by]), [[true, "code_reuse"]]);
});

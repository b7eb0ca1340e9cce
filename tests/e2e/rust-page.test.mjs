// A page in Rust over the feature `web`, examples/yew, in front of a platform in Node: what a person does there.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { startExample } from "../../examples/yew/serve.mjs";
import { atConsent, cancel, consent, launchBrowser } from "./support.mjs";

let example, browser;
before(async () => {
  [example, browser] = await Promise.all([startExample(), launchBrowser()]);
});
after(() => Promise.all([example?.stop(), browser?.close()]));

/** A page, what it says, and what went wrong in it: thrown, or against its policy. */
async function open() {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
  await page.goto(example.origin);
  await page.locator("a.stripe-connect").waitFor();
  return { page, wrong };
}

const press = async (page) => {
  await page.getByRole("link", { name: "Connect with Stripe" }).click();
  await atConsent(page);
};

/** Back on the page, which says so, and whose address is clean. */
async function says(page, text) {
  await page.locator("output").filter({ hasText: text }).waitFor();
  assert.equal(page.url(), `${example.origin}/`);
}

const sent = async () => (await (await fetch(`${example.sandboxOrigin}/_sandbox/log`)).json()).length;

const connections = (page) => page.evaluate(async () => (await (await fetch("/connect/connections")).json()).connections);

test("a page in Rust connects an account: agreed, reloaded, gone back, and said no", { timeout: 90_000 }, async () => {
  const { page, wrong } = await open();
  assert.equal(await page.locator("output").textContent(), "");

  await press(page);
  await cancel(page);
  await says(page, "You cancelled at Stripe. Nothing was connected.");
  assert.deepEqual([await sent(), await connections(page)], [0, []]);

  await press(page);
  await consent(page);
  await says(page, "Your account is connected.");
  const [{ account_id }, ...others] = await connections(page);
  assert.match(account_id, /^acct_/);
  assert.deepEqual(others, []);

  await page.reload();
  await page.locator("a.stripe-connect").waitFor();
  assert.equal(await page.locator("output").textContent(), "");
  assert.equal(page.url(), `${example.origin}/`);

  await page.goBack();
  await atConsent(page);
  await consent(page);
  await says(page, "Your account may be connected already. If not, please start again.");
  assert.equal(await sent(), 1, "a code is sent to Stripe once");
  assert.deepEqual(wrong, []);
  await page.close();
});

test("a flow that a page in Rust began is finished by the npm package, and the other way round", { timeout: 90_000 }, async () => {
  const contents = 'export { beginConnect, finishConnect } from "stripe-connect-oauth";';
  const stdin = { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) };
  const { outputFiles } = await build({ stdin, bundle: true, format: "esm", write: false });
  const { page, wrong } = await open();
  await page.route("**/npm.js", (route) => route.fulfill({ contentType: "text/javascript", body: outputFiles[0].text }));

  await press(page);
  const { searchParams } = new URL(page.url());
  await page.goto(example.origin);
  const finished = await page.evaluate(async (query) => {
    const { finishConnect } = await import("/npm.js");
    return finishConnect(query);
  }, `?code=ac_123&state=${searchParams.get("state")}`);
  assert.deepEqual([finished.outcome, finished.subject], ["authorized", "ada"]);

  const before = await sent();
  const url = await page.evaluate(async (connect_base) => {
    const { beginConnect } = await import("/npm.js");
    return beginConnect({ client_id: "ca_sandbox123", redirect_uri: location.href }, { subject: "ada", connect_base }).url;
  }, example.sandboxOrigin);
  await page.goto(url);
  await consent(page);
  await says(page, "Your account is connected.");
  assert.equal(await sent(), before + 1);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("where the browser keeps nothing, the button of a page in Rust takes the edge style", { timeout: 90_000 }, async () => {
  const { page } = await open();
  await page.evaluate(() =>
    Object.defineProperty(globalThis, "sessionStorage", { get: () => { throw new DOMException("Access is denied", "SecurityError"); } }),
  );
  await press(page);
  await consent(page);
  await page.getByRole("heading", { name: "Your Stripe account is connected" }).waitFor();
  await page.close();
});

// Takes a picture of every state of the demo, to be looked at: node tests/e2e/screenshots.mjs FOLDER

import { mkdir } from "node:fs/promises";
import { startDemo } from "../../www/serve.mjs";
import {
  ASKED,
  OUTCOMES,
  Proxy,
  altered,
  asked,
  cancel,
  chooseLogIn,
  connect,
  heldCallback,
  launchBrowser,
  press,
  sayDone,
  signIn,
  told,
} from "./support.mjs";

const SHAPES = {
  "wide-light": { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
  "wide-dark": { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  "narrow-light": { viewport: { width: 390, height: 844 }, colorScheme: "light" },
  "narrow-dark": { viewport: { width: 320, height: 640 }, colorScheme: "dark" },
};

const folder = process.argv[2];
if (!folder) {
  console.error("Say where the pictures go: node tests/e2e/screenshots.mjs FOLDER");
  process.exit(1);
}
await mkdir(folder, { recursive: true });
const proxy = new Proxy();
const demo = await startDemo({ origin: await proxy.listen() });
proxy.leadTo(demo.address);
const browser = await launchBrowser();
try {
  for (const [shape, profile] of Object.entries(SHAPES)) await photograph(shape, profile);
} finally {
  await Promise.all([browser.close(), demo.stop(), proxy.close()]);
}

/** Walks through the demo in one shape of window. */
async function photograph(shape, profile) {
  await demo.database.prepare("DELETE FROM stripe_connect_connections").run();
  const context = await browser.newContext(profile);
  const page = await context.newPage();
  const shoot = (name) => page.screenshot({ path: `${folder}/${name}.${shape}.png`, fullPage: true });

  await page.goto(demo.origin);
  await shoot("signed-out");
  await signIn(page, demo.origin);
  await shoot("not-connected");
  await page.keyboard.press("Tab");
  while (!(await page.evaluate(() => document.activeElement.matches(".stripe-connect")))) await page.keyboard.press("Tab");
  await shoot("focus");

  await press(page, "edge");
  await shoot("consent-new");
  await chooseLogIn(page);
  await shoot("consent-log-in");
  await cancel(page);
  await told(page, "You cancelled");
  await shoot("denied");

  await page.goto(demo.origin);
  await press(page, "page");
  const callback = await heldCallback(page);
  await page.goto(altered(callback, { code: null, error: "invalid_scope" }));
  await told(page, "Stripe could not connect your account");
  await shoot("return-failed");
  await page.goto(`${demo.origin}/return`);
  await told(page, "There is nothing to finish");
  await shoot("return-nothing");

  await page.goto(demo.origin);
  await connect(page, "page");
  await shoot("connected-one");
  await connect(page, "edge");
  await shoot("connected-two");
  await page.getByRole("button", { name: "Disconnect" }).first().click();
  await told(page, "Do you want to disconnect Stripe?");
  await shoot("asked-by-our-own-page");
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByRole("heading", { name: "No longer connected" }).waitFor();
  await shoot("disconnected-one");
  await page.getByRole("button", { name: "Disconnect" }).click();
  await told(page, "Do you want to disconnect Stripe?");
  await page.getByRole("button", { name: "Disconnect" }).click();
  await page.getByText("Not connected", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Open an account" }).click();
  await page.getByRole("button", { name: "Save for later" }).waitFor();
  await shoot("setup");
  await page.getByRole("button", { name: "Save for later" }).click();
  await page.getByText("Not finished", { exact: true }).waitFor();
  await shoot("not-finished");
  for (const result of OUTCOMES) {
    await page.goto(`${demo.origin}/connect/result/${result}`);
    await shoot(`result-${result}`);
  }
  for (const done of ["connected", "disconnected", "forgotten"]) {
    await sayDone(page, done);
    await page.goto(`${demo.origin}/connect/result/${done}`);
    await shoot(`result-${done}`);
  }
  const live = "SELECT account_id AS account FROM stripe_connect_connections WHERE disconnected_at IS NULL";
  const disconnect = await demo.database.prepare(live).first();
  for (const [action, fields] of Object.entries({ ...ASKED, disconnect })) {
    await asked(page, demo.origin, proxy, action, fields);
    await shoot(`asked-${action}`);
  }
  await page.goto(`${demo.origin}/nowhere`);
  await shoot("not-found");
  await demo.database.prepare("ALTER TABLE stripe_connect_connections RENAME TO mislaid").run();
  await page.goto(demo.origin);
  await shoot("store-unreadable");
  await demo.database.prepare("ALTER TABLE mislaid RENAME TO stripe_connect_connections").run();
  for (const [name, path] of [
    ["sandbox", "/"],
    ["sandbox-dashboards", "/dashboard"],
    ["sandbox-dashboard", "/dashboard/acct_1SandboxBakery01"],
    ["sandbox-requests", "/_sandbox/requests"],
  ]) {
    await page.goto(demo.sandboxOrigin + path);
    await shoot(name);
  }
  await context.close();
}

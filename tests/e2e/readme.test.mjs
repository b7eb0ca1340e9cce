// The code of the README and of docs/ runs as written: the worker in workerd, the page in the browser, the rest here.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { isConnectError } from "stripe-connect-oauth";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { consent as consentAt, platform } from "../package/support.mjs";
import { startDemo } from "../../www/serve.mjs";
import { atConsent, consent, launchBrowser } from "./support.mjs";

const documents = ["README.md", "docs/authorize.md", "docs/handler.md", "docs/page-style.md"].map((path) =>
  readFile(new URL(`../../${path}`, import.meta.url), "utf8"),
);
const blocks = [...(await Promise.all(documents)).join("").matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);
const block = (mark) => blocks.find((code) => code.includes(mark));

/** What the README's worker imports as the platform's own: one user, and one page with both styles. */
const SITE = (page) => `
import { connectButton } from "stripe-connect-oauth";
export const signedInUser = () => "user-1";
export const home = (request, env) =>
  new URL(request.url).pathname === "/page.js"
    ? new Response(${JSON.stringify(page)}, { headers: { "content-type": "text/javascript" } })
    : new Response(
        \`<!doctype html><title>Home</title>\${connectButton({ action: "/connect/start" })}
         <button id="connect" data-client_id="\${env.CLIENT_ID}" data-connect_base="\${env.CONNECT_BASE}"
           data-subject="user-1">Page style</button><output></output><script type="module" src="/page.js"></script>\`,
        { headers: { "content-type": "text/html" } },
      );
`;

let folder, demo, browser;

before(async () => {
  // Inside the project, so that imports find the package.
  folder = await mkdtemp(fileURLToPath(new URL(".readme-", import.meta.url)));
  await writeFile(`${folder}/page.js`, block("// page.js"));
  const { outputFiles } = await build({ entryPoints: [`${folder}/page.js`], bundle: true, format: "esm", write: false });
  await writeFile(`${folder}/site.js`, SITE(outputFiles[0].text));
  // With the one option that docs/page-style.md asks for.
  await writeFile(`${folder}/worker.js`, block("// worker.js").replace("scope:", "page_style: true,\n      scope:"));
  [demo, browser] = await Promise.all([
    startDemo({ worker: `${folder}/worker.js`, returns: ["/connect/callback", "/"] }),
    launchBrowser(),
  ]);
});

after(async () => {
  await Promise.all([demo?.stop(), browser?.close()]);
  await rm(folder, { recursive: true });
});

const accounts = async () => {
  const { results } = await demo.database.prepare("SELECT subject FROM stripe_connect_connections").all();
  return results.map(({ subject }) => subject);
};

test("the README's worker connects an account", async () => {
  const page = await browser.newPage();
  await page.goto(demo.origin);
  await page.getByRole("button", { name: "Connect with Stripe" }).click();
  await atConsent(page);
  await consent(page);
  await page.getByRole("heading", { name: "Your Stripe account is connected" }).waitFor();
  assert.equal(page.url(), `${demo.origin}/connect/result/connected`);
  await page.getByRole("link", { name: "Back to Fairground" }).click();
  await page.waitForURL(`${demo.origin}/`);
  assert.deepEqual(await accounts(), ["user-1"]);
});

test("the page of docs/page-style.md connects an account", async () => {
  const before = await accounts();
  const page = await browser.newPage();
  await page.goto(demo.origin);
  await page.getByRole("button", { name: "Page style" }).click();
  await atConsent(page);
  await consent(page);
  await page.getByText("connected", { exact: true }).waitFor();
  assert.equal(page.url(), `${demo.origin}/`);
  assert.ok((await accounts()).length > before.length);
});

/** Runs a block that needs nothing but the package; what it exports. */
async function run(code) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

test("the flows of docs/authorize.md lead to their addresses", async () => {
  const { standard, express } = await run(block("// flows.js"));
  assert.ok(standard.startsWith("https://connect.stripe.com/oauth/authorize?"));
  assert.equal(new URL(standard).searchParams.get("stripe_user[dob_year]"), "1985");
  assert.ok(express.startsWith("https://connect.stripe.com/express/oauth/authorize?"));
  assert.equal(new URL(express).searchParams.get("suggested_capabilities[0]"), "transfers");
});

test("the profile of docs/authorize.md is cleaned as it says", async () => {
  const { stripe_user, dropped } = await run(block("// clean.js"));
  assert.deepEqual(stripe_user, { email: "ada@example.com", url: "https://www.ada.example", country: "GB" });
  assert.deepEqual(dropped, ["phone_number"]);
});

test("the bad input of docs/authorize.md is refused in its words", async () => {
  const code = block("pk_test_123");
  const error = await run(code).then(assert.fail, (refusal) => refusal);
  assert.ok(isConnectError(error));
  const said = code.match(/\/\/ ConnectError: ([^]*)\{ code: "(\w+)", param: "(\w+)" \}/);
  assert.equal(error.message, said[1].replaceAll("//", "").replace(/\s+/g, " ").trim());
  assert.deepEqual([error.code, error.param], [said[2], said[3]]);
});

test("the README's button is markup", async () => {
  const code = block("const html = connectButton");
  assert.match(code, /connectButton\(\{ action: "\/connect\/start" \}\)/);
});

test("the starts of docs/handler.md send sellers and couriers back to their own addresses", async () => {
  const { starts } = await run(block("// starts.js"));
  const sandbox = { redirect_uris: starts.redirect_uris };
  const { world, start } = platform({ createConnect, createSandbox, store: memoryStore(), sandbox, options: { redirect_uri: undefined, ...starts } });
  for (const [user, path, landing] of [
    ["seller-1", "/sellers/stripe", "register"],
    ["courier-1-with-stripe", "/couriers/stripe", "login"],
  ]) {
    world.user = user;
    const { searchParams } = new URL((await start()).headers.get("location"));
    assert.equal(new URL(searchParams.get("redirect_uri")).pathname, path);
    assert.equal(searchParams.get("stripe_landing"), landing);
  }
});

test("the live and development client ids of docs/handler.md connect side by side, each flow where it was started", async () => {
  await writeFile(`${folder}/modes.js`, block("// modes.js"));
  const { bothModes } = await import(`${folder}/modes.js`);
  const ORIGIN = "https://shop.example";
  const sandbox = createSandbox({
    client_id: "ca_development",
    live_client_id: "ca_live",
    secret_keys: ["sk_test_development", "sk_live_live"],
    redirect_uris: [`${ORIGIN}/connect/callback`, `${ORIGIN}/connect/development/callback`],
  });
  const store = memoryStore();
  const connect = bothModes(
    {
      cookie_secrets: ["a cookie secret of 32 characters"],
      store,
      identify: () => "user-1",
      connect_base: "https://stripe.example",
      fetch: (url, init) => sandbox.fetch(new Request(url, init)),
    },
    { ORIGIN, CLIENT_ID: "ca_live", SECRET_KEY: "sk_live_live", DEVELOPMENT_CLIENT_ID: "ca_development", TEST_SECRET_KEY: "sk_test_development" },
  );

  // Both flows are under way at once in one browser.
  const cookies = [];
  const callbacks = [];
  for (const prefix of ["/connect", "/connect/development"]) {
    const headers = { "sec-fetch-site": "same-origin", cookie: cookies.join("; ") };
    const started = await connect.fetch(new Request(`${ORIGIN}${prefix}/start`, { method: "POST", headers }));
    assert.equal(started.headers.getSetCookie().length, 1, "neither clears the other's flow");
    cookies.push(started.headers.getSetCookie()[0].split(";")[0]);
    callbacks.push(await consentAt(sandbox, started.headers.get("location")));
  }
  for (const callback of callbacks) {
    const ended = await connect.fetch(new Request(callback, { headers: { cookie: cookies.join("; ") } }));
    assert.equal(ended.headers.get("location"), new URL(callback).pathname.replace("callback", "result/connected"));
  }
  for (const application of [{ client_id: "ca_live", livemode: true }, { client_id: "ca_development", livemode: false }]) {
    const kept = (await store.connections(application, "user-1")).map(({ client_id, livemode }) => ({ client_id, livemode }));
    assert.deepEqual(kept, [application], "each has its own, and none of the other's");
  }
});

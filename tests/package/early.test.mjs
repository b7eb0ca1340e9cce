// What a developer or a deployment did wrongly is told where it can be seen: by name, and with the fix.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { platform, rejection } from "./support.mjs";

const shop = (options) => platform({ createConnect, createSandbox, store: memoryStore(), options, looks: true });

/** What is said of the options. */
function refused(options) {
  try {
    shop(options);
  } catch (error) {
    return [error.code, error.message];
  }
  return "accepted";
}

test("an identify that gives no text is named, and so is what it gave", async () => {
  const said = async (given) => (await rejection(shop({ identify: async () => given }).start())).message;
  for (const [given, what] of [[7, "a number"], [true, "a boolean"], [{ id: "user-1" }, "an object"], [["user-1"], "a list"], [new Date(0), "an instance"]]) {
    assert.equal(await said(given), `identify must give a text, or null for nobody: it gave ${what}`);
  }
  assert.equal(await said("x".repeat(256)), "identify gave a subject that is longer than 255 bytes");
});

test("a start that gives no object is named", async () => {
  const error = await rejection(shop({ start: () => "x" }).start());
  assert.deepEqual([error.code, error.param, error.message], ["invalid_type", "start", "start must give an object, or nothing"]);
});

test("a text in a list's place is told to be put into one, and a list with a gap where it has it", () => {
  for (const name of ["cookie_secrets", "webhook_secrets", "refresh_token_secrets", "redirect_uris", "stylesheets", "suggested_capabilities", "assert_capabilities"]) {
    assert.deepEqual(refused({ [name]: "canary" }), ["invalid_type", `${name} must be a list of texts: of one, [text]`]);
    assert.deepEqual(refused({ [name]: [undefined] }), ["invalid_type", `${name} must be a list of texts, and one of them is no text`]);
  }
});

test("an unknown name suggests the one that is near", () => {
  const meant = {
    ...{ clientId: "client_id", secret_keys: "secret_key", redirectUri: "redirect_uri", redirect_url: "redirect_uri", cookieSecrets: "cookie_secrets" },
    ...{ cookie_secret: "cookie_secrets", on_event: "onEvent", Identify: "identify", reports: "report", returnTo: "return_to", stylesheet: "stylesheets" },
  };
  for (const [name, near] of Object.entries(meant)) {
    assert.deepEqual(refused({ [name]: "canary" }), ["unknown_parameter", `${name} is not a parameter here: did you mean ${near}?`]);
  }
  for (const name of ["apiKey", "id", "x", "code_challenge"]) {
    assert.deepEqual(refused({ [name]: "canary" }), ["unknown_parameter", `${name} is not a parameter here: check its spelling`]);
  }
});

test("a body that was read before it came is told, and what to do", async () => {
  const { connect } = shop({ webhook_secrets: ["whsec_0123456789"] });
  const post = () => new Request("https://shop.example/connect/webhook", { method: "POST", body: "{}" });
  const read = post();
  await read.text();
  const locked = post();
  locked.body.getReader();
  for (const request of [read, locked]) {
    const error = await rejection(connect.fetch(request));
    assert.deepEqual([error.name, error.code, error.param], ["ConnectError", "invalid_value", "request"]);
    assert.match(error.message, /was read before: hand it over before any parser or middleware reads it, or read a clone\(\) of it$/);
  }
  const cloned = post();
  await cloned.clone().text();
  assert.equal((await connect.fetch(cloned)).status, 400, "unsigned, and read");
});

test("a callback from which a proxy took the prefix is reported, and is the platform's own", async () => {
  const { connect, reports, toStripeAndBack } = shop();
  const url = new URL(await toStripeAndBack());
  for (const path of ["/callback", "/connect/callback/"]) {
    assert.equal(await connect.fetch(new Request(new URL(path + url.search, url))), undefined);
  }
  const [{ outcome, detail }, ...more] = reports;
  assert.deepEqual([outcome, more], ["config_mismatch", []], "once a minute");
  assert.ok(detail.startsWith("a callback of Stripe's came to /callback, and the handler listens at /connect/callback: "), detail);
  assert.ok(!detail.includes("ac_"));
});

test("a start on another site than the redirect URI's is not sent to Stripe", async () => {
  const { connect, reports } = shop();
  const headers = { origin: "https://www.shop.example", "sec-fetch-site": "same-origin" };
  const page = await connect.fetch(new Request("https://www.shop.example/connect/start", { method: "POST", headers }));
  assert.deepEqual([page.status, page.headers.get("location")], [400, null]);
  assert.match(await page.text(), /<a href="https:\/\/shop\.example\/">/);
  assert.deepEqual(reports.map(({ outcome }) => outcome), ["wrong_site"]);
});

test("a key of another platform is told before anyone leaves, and a Stripe that does not answer is in nobody's way", async () => {
  const other = shop({ client_id: "ca_ofAnother" });
  assert.equal((await other.start()).status, 500);
  assert.match(other.reports[0].detail, /No such application: ca_ofAnother.*; client_id is not an application of the platform/);

  const asked = [];
  const silent = shop({ fetch: (url) => (asked.push(url), new Promise(() => {})) });
  const began = performance.now();
  assert.equal((await silent.start()).status, 303);
  const waited = performance.now() - began;
  assert.ok(waited > 1400 && waited < 3000, `${waited} ms`);
  assert.equal((await silent.start()).status, 303);
  assert.equal(asked.length, 1, "nobody waits for it twice");
});

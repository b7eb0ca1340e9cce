// What may be left out may be `undefined`, as the types say: a value of the environment that is not set is handed on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { authorizeUrl, beginConnect, connectButton, finishConnect, newState } from "stripe-connect-oauth";
import { completeConnect } from "stripe-connect-oauth/complete";
import { createConnect } from "stripe-connect-oauth/edge";
import { cleanPrefill } from "stripe-connect-oauth/prefill";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { verifyWebhook } from "stripe-connect-oauth/server";
import { CALLS, KEY, answering } from "./calls.mjs";
import { page } from "./support.mjs";

/** The optional fields of an interface or a type, each `undefined`. */
function blank(entry, ...names) {
  const text = readFileSync(new URL(`../../pkg/entries/${entry}.d.ts`, import.meta.url), "utf8");
  const fields = names.flatMap((name) => {
    const from = text.search(new RegExp(`^(export )?(interface|type) ${name}\\b`, "m"));
    const body = text.slice(from, text.indexOf("\n}", from));
    const found = [...body.matchAll(/^  (\w+)\?: .*undefined;$/gm)].map(([, field]) => field);
    assert.ok(from >= 0 && found.length > 0, `${entry} ${name}`);
    return found;
  });
  return Object.fromEntries(fields.map((field) => [field, undefined]));
}

test("each option of the front channel may be undefined", async (t) => {
  page(t, "https://shop.example/back");
  const params = { ...blank("front", "AnyParams", "StandardParams"), client_id: "ca_123" };
  const options = blank("front", "UrlOptions");
  const stripe_user = blank("front", "AnyStripeUser", "StripeUser");
  const state = newState();
  assert.equal(authorizeUrl({ ...params, state, stripe_user }, options), authorizeUrl({ client_id: "ca_123", state }));
  beginConnect(params, { ...options, ...blank("front", "BeginOptions"), subject: "ada" });
  assert.equal(finishConnect(undefined, { subject: undefined }).outcome, "none");
  assert.equal((await completeConnect(blank("complete", "CompleteOptions"))).outcome, "none");
  assert.equal(connectButton({ ...blank("front", "ButtonOptions"), action: "/connect/start" }), connectButton({ action: "/connect/start" }));
  assert.deepEqual(cleanPrefill(stripe_user, { flow: undefined }), { stripe_user: {}, dropped: [] });
});

test("each option of the handler may be undefined, and each field of what start gives", async () => {
  const needed = {
    client_id: "ca_123", secret_key: KEY, redirect_uri: "https://shop.example/connect/callback",
    cookie_secrets: ["a secret of at least 32 characters"], store: memoryStore(), identify: () => "ada",
  };
  const asked = { start: () => blank("edge", "ConnectStart"), fetch: answering(500, ""), report: () => {} };
  const connect = createConnect({ ...blank("edge", "ConnectSettings"), ...needed, ...asked, language: blank("edge", "Language") });
  const headers = { origin: "https://shop.example", "sec-fetch-site": "same-origin" };
  const start = () => new Request("https://shop.example/connect/start", { method: "POST", headers });
  const response = await connect.fetch(start(), blank("edge", "RequestContext"));
  assert.equal(response.status, 303);
  assert.match(response.headers.get("location"), /^https:\/\/connect\.stripe\.com\/oauth\/authorize/);
});

test("each option of the server's calls and of the sandbox may be undefined", async () => {
  const options = blank("server", "CallOptions", "ExchangeOptions", "RefreshOptions", "ProvingOptions", "CreateOptions");
  for (const [name, { run, answer }] of Object.entries(CALLS)) {
    const fetch = answering(200, JSON.stringify(answer));
    await run({ ...options, secret_key: KEY, fetch });
    assert.equal(fetch.calls.length, 1, name);
  }
  assert.throws(() => verifyWebhook("{}", "", ["whsec_of_a_test"], blank("server", "WebhookOptions")), { name: "WebhookError" });
  createSandbox({ ...blank("sandbox", "SandboxOptions"), client_id: undefined, webhook: undefined });
  await createSandbox().control("accounts", { ...blank("sandbox", "AccountChange"), id: "acct_1" });
});

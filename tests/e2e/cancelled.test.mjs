// A client that resets its connection while Stripe is at work: in workerd with D1, as Cloudflare runs it. What Stripe
// did is kept all the same.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as dial } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { startDemo } from "../../www/serve.mjs";

/** Stripe answers after this long, and the client is gone before. */
const DELAY = 2500;
const GONE_AFTER = 800;
const ACCOUNT = "acct_1SandboxBakery01";
const ADA = "fairground_user=ada";

let demo;
before(async () => {
  demo = await startDemo({ log: () => {} });
});
after(() => demo?.stop());

beforeEach(async () => {
  await control("reset", {});
  for (const table of ["claims", "connections"]) await demo.database.prepare(`DELETE FROM stripe_connect_${table}`).run();
});

async function control(name, change) {
  const headers = { "content-type": "application/json" };
  const reply = await fetch(`${demo.sandboxOrigin}/_sandbox/${name}`, { method: "POST", headers, body: JSON.stringify(change) });
  assert.equal(reply.status, 200, await reply.text());
}

const rows = async (sql) => (await demo.database.prepare(sql).all()).results;
const connections = () => rows("SELECT account_id, disconnected_at FROM stripe_connect_connections");

/** Ada submits a form of the platform's own page; the response, its redirect not followed. */
const submit = (path, form) =>
  fetch(demo.origin + path, {
    method: "POST",
    headers: { cookie: ADA, origin: demo.origin, "sec-fetch-site": "same-origin" },
    body: new URLSearchParams(form),
    redirect: "manual",
  });

/** Ada agrees at Stripe: the callback's address, and the cookies that go along. */
async function backFromStripe() {
  const start = await submit("/connect/start", {});
  const body = new URLSearchParams({ account: ACCOUNT, decision: "connect" });
  const agreed = await fetch(start.headers.get("location"), { method: "POST", body, redirect: "manual" });
  const [flow] = start.headers.get("set-cookie").split(";");
  return { callback: new URL(agreed.headers.get("location")), cookie: `${ADA}; ${flow}` };
}

/** Sends a request over a connection of its own, and resets that while Stripe is at work. */
async function sendAndVanish(head, body = "") {
  const { hostname, port, host } = new URL(demo.origin);
  const socket = dial(Number(port), hostname);
  await once(socket, "connect");
  socket.on("error", () => {});
  socket.write([...head, `host: ${host}`, `content-length: ${Buffer.byteLength(body)}`, "", body].join("\r\n"));
  await setTimeout(GONE_AFTER);
  assert.equal(socket.bytesRead, 0, "Stripe is still at work");
  socket.resetAndDestroy();
  await setTimeout(DELAY - GONE_AFTER + 1500);
}

const vanishAfter = (path, form) => {
  const head = [`POST ${path} HTTP/1.1`, `cookie: ${ADA}`, `origin: ${demo.origin}`, "sec-fetch-site: same-origin"];
  return sendAndVanish([...head, "content-type: application/x-www-form-urlencoded"], String(new URLSearchParams(form)));
};

test("a callback whose client resets the connection keeps what Stripe connected", async () => {
  const { callback, cookie } = await backFromStripe();
  await control("faults", { fault: "delay", path: "/oauth/token", milliseconds: DELAY, times: 1 });
  await sendAndVanish([`GET ${callback.pathname}${callback.search} HTTP/1.1`, `cookie: ${cookie}`]);
  assert.deepEqual(await rows("SELECT outcome FROM stripe_connect_claims"), [{ outcome: "connected" }]);
  assert.deepEqual(await connections(), [{ account_id: ACCOUNT, disconnected_at: null }]);
});

test("a disconnection whose client resets the connection is kept", async () => {
  const { callback, cookie } = await backFromStripe();
  await fetch(callback, { headers: { cookie }, redirect: "manual" });
  // The webhook would note it as well.
  await control("webhooks", { paused: true });
  await control("faults", { fault: "delay", path: "/oauth/deauthorize", milliseconds: DELAY, times: 1 });
  await vanishAfter("/connect/disconnect", { account: ACCOUNT, confirmed: "yes" });
  const [connection] = await connections();
  assert.ok(connection.disconnected_at, "it is noted");
});

test("a new account whose maker resets the connection is kept", async () => {
  await control("faults", { fault: "delay", path: "/v1/accounts", milliseconds: DELAY, times: 1 });
  await vanishAfter("/connect/create", { country: "GB", email: "ada@apples.example" });
  assert.deepEqual(await rows("SELECT outcome FROM stripe_connect_claims"), [{ outcome: "created" }]);
  assert.equal((await connections()).length, 1);
});

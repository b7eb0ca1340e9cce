// A shop with its handler, its stand-in for Stripe and one browser, for the tests of the edge entry.
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { platform } from "./support.mjs";

export const shop = (options, store = memoryStore(), sandbox = {}) => platform({ createConnect, createSandbox, store, options, sandbox });

/** A store whose `methods` fail. */
export const broken = (methods) => ({
  ...memoryStore(),
  ...Object.fromEntries(methods.map((name) => [name, async () => { throw new Error(`${name} is down`); }])),
});

// After the connection: Stripe answers what a test says, by path.

export const ACCOUNT = "acct_1SandboxBakery01";
export const WEBHOOK_SECRET = "whsec_sandbox123";

/** Whose rows the shop's are: the sandbox's platform in test mode. */
export const APPLICATION = { client_id: "ca_sandbox123", livemode: false };

const CONNECTION = {
  ...APPLICATION,
  ...{ subject: "user-1", account_id: ACCOUNT, scope: "read_write" },
  ...{ connected_at: 1_700_000_000, disconnected_at: null, refresh_token: null },
};

/** A shop whose user has connected an account, before a Stripe that answers as `answers` says. */
export async function connectedShop(answers = {}, options = {}) {
  const store = memoryStore();
  await store.settle(APPLICATION, "kept", "connected", CONNECTION);
  const calls = [];
  const fetch = async (url, init) => {
    // As the real one: it refuses, say, a GET with a body.
    const request = new Request(url, init);
    const { pathname } = new URL(request.url);
    calls.push({ method: request.method, pathname, headers: request.headers, body: await request.text() });
    const answer = answers[pathname];
    if (!answer) throw new TypeError(`fetch failed: ${pathname}`);
    return typeof answer === "function" ? answer() : Response.json(answer);
  };
  const world = shop({ fetch, webhook_secrets: [WEBHOOK_SECRET], ...options }, store);
  const post = (path, body, headers = {}) =>
    world.request(path, {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded", ...headers },
      body: String(new URLSearchParams(body)),
    });
  return { ...world, store, calls, post, script: (path, body) => post(path, body, { accept: "application/json" }) };
}

// The edge entry after the connection: an account is looked at, disconnected, made, and its refresh token kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openRefreshToken } from "stripe-connect-oauth/server";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { ACCOUNT, APPLICATION, connectedShop, shop } from "./shop.mjs";

test("a person disconnects their account: Stripe first, then the store", async () => {
  const { post, store, calls, request } = await connectedShop({ "/oauth/deauthorize": { stripe_user_id: ACCOUNT } });
  const answer = await post("/connect/disconnect", { account: ACCOUNT, return_to: "/payouts", confirmed: "yes" });
  assert.deepEqual([answer.status, answer.headers.get("location")], [303, "/payouts"]);
  assert.deepEqual([calls[0].method, calls[0].body], ["POST", `client_id=ca_sandbox123&stripe_user_id=${ACCOUNT}`]);
  assert.deepEqual(await store.connections(APPLICATION, "user-1"), []);
  const listed = await (await request("/connect/connections")).json();
  assert.deepEqual(listed.connections, []);
  const [ended] = listed.disconnected;
  assert.deepEqual(Object.keys(ended).sort(), ["account_id", "connected_at", "disconnected_at", "livemode", "scope"]);
  assert.ok(Math.abs(ended.disconnected_at - Date.now() / 1000) < 60);
});

test("a script is answered in JSON, and no other subject's account is touched", async () => {
  const { script, world, store, calls } = await connectedShop({ "/oauth/deauthorize": { stripe_user_id: ACCOUNT } });
  world.user = "user-2";
  const refused = await script("/connect/disconnect", { account: ACCOUNT });
  assert.deepEqual([refused.status, (await refused.json()).outcome], [404, "not_connected"]);
  assert.equal(calls.length, 0);
  world.user = "user-1";
  const answer = await script("/connect/disconnect", { account: ACCOUNT });
  assert.deepEqual([answer.status, await answer.json()], [200, { outcome: "disconnected" }]);
  assert.deepEqual(await store.connections(APPLICATION, "user-1"), []);
});

test("a disconnection is sent again when no answer comes, after a wait", async () => {
  let tries = 0;
  const again = () => (++tries < 2 ? Promise.reject(new Error("reset")) : Response.json({ stripe_user_id: ACCOUNT }));
  const { script } = await connectedShop({ "/oauth/deauthorize": again });
  const before = performance.now();
  assert.equal((await (await script("/connect/disconnect", { account: ACCOUNT })).json()).outcome, "disconnected");
  assert.ok(performance.now() - before > 450);
  assert.equal(tries, 2);
});

test("a person sees how their account is, and revoked access is stored, with the right key", async () => {
  const account = { id: ACCOUNT, object: "account", type: "standard", charges_enabled: true, payouts_enabled: true, details_submitted: true, country: "FR" };
  let revoked = false;
  const answers = {
    [`/v1/accounts/${ACCOUNT}`]: () =>
      revoked
        ? Response.json({ error: { code: "account_invalid", type: "invalid_request_error", message: "revoked" } }, { status: 403 })
        : Response.json(account),
    "/oauth/deauthorize": () => Response.json({ error: "invalid_client", error_description: `${doubt}: ca_sandbox123` }, { status: 401 }),
  };
  let doubt = "No such application";
  const { request, store, calls } = await connectedShop(answers);
  const seen = await (await request(`/connect/account?account=${ACCOUNT}`)).json();
  assert.deepEqual([seen.account.status, seen.account.next_step, seen.account.country], ["active", "nothing", "FR"]);
  assert.deepEqual([calls[0].method, calls[0].body], ["GET", ""]);
  revoked = true;
  const wrong = await request(`/connect/account?account=${ACCOUNT}`);
  assert.deepEqual([wrong.status, (await wrong.json()).outcome], [502, "unreachable"]);
  assert.equal((await store.connections(APPLICATION, "user-1")).length, 1, "with another platform's key nothing is ended");
  doubt = "This application is not connected to stripe account acct_made_up";
  const gone = await request(`/connect/account?account=${ACCOUNT}`);
  assert.deepEqual([gone.status, (await gone.json()).outcome], [410, "revoked"]);
  assert.deepEqual(await store.connections(APPLICATION, "user-1"), []);
});

test("a list of connections tells the names of their accounts when it is asked to", async () => {
  const account = { id: ACCOUNT, charges_enabled: true, payouts_enabled: true, details_submitted: true, email: "ada@example.com" };
  const named = { ...account, settings: { dashboard: { display_name: "Ada’s Apples" } }, capabilities: { transfers: "active" } };
  const { request, calls } = await connectedShop({ [`/v1/accounts/${ACCOUNT}`]: named });
  const list = async (query) => (await (await request(`/connect/connections${query}`)).json()).connections[0];
  const { account: told, ...listed } = await list("?expand=account");
  assert.deepEqual([told.display_name, told.capabilities, told.status, told.email], ["Ada’s Apples", { transfers: "active" }, "active", undefined]);
  assert.equal(calls[0].headers.get("stripe-version"), "2026-10-28.endive");
  assert.deepEqual(await list(""), listed);
  assert.equal(calls.length, 1, "who does not ask for it does not wait for Stripe");
});

test("an account is made for someone who has none, and its owner led to finish it", async () => {
  const made = "acct_1Made";
  const { post, store, calls, world } = await connectedShop({
    "/v1/accounts": { id: made, object: "account", type: "standard", charges_enabled: false, payouts_enabled: false, details_submitted: false },
    "/v1/account_links": { object: "account_link", expires_at: 1_800_000_000, url: "https://stripe.example/setup/1" },
  });
  world.user = "user-3";
  const led = await post("/connect/create", { country: "FR", email: "ada@example.com" });
  assert.deepEqual([led.status, led.headers.get("location")], [303, "https://stripe.example/setup/1"]);
  assert.equal((await store.connections(APPLICATION, "user-3"))[0].account_id, made);
  assert.match(calls[0].headers.get("idempotency-key"), /^[0-9a-f]{64}$/);
  const sent = new URLSearchParams(calls[1].body);
  assert.equal(sent.get("refresh_url"), `https://shop.example/connect/onboard?account=${made}&return_to=%2F`);
});

test("a refresh token is kept only when it is asked for, and sealed", async () => {
  const token = () => Response.json({ stripe_user_id: ACCOUNT, livemode: false, scope: "read_write", refresh_token: "rt_123" });
  const secrets = ["a refresh secret of 32 characters"];
  for (const options of [{}, { refresh_token_secrets: secrets }]) {
    const store = memoryStore();
    const { request, toStripeAndBack } = shop({ fetch: token, ...options }, store);
    assert.equal((await request(await toStripeAndBack())).headers.get("location"), "/");
    const [{ refresh_token }] = await store.connections(APPLICATION, "user-1");
    if (options.refresh_token_secrets) {
      assert.equal(openRefreshToken(refresh_token, { account: ACCOUNT, livemode: false, secrets }), "rt_123");
      assert.ok(!(await (await request("/connect/connections")).text()).includes("refresh_token"));
    } else {
      assert.equal(refresh_token, null);
    }
  }
});

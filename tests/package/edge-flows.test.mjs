// The handler in each of Stripe's flows, from JavaScript.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { consent, platform, rejection } from "./support.mjs";

/** Presses the button of a platform with these options; where it leads, and what is sent besides the state. */
async function pressed(options) {
  const { start, reports } = platform({ createConnect, createSandbox, store: memoryStore(), options });
  const { origin, pathname, searchParams } = new URL((await start()).headers.get("location"));
  const { client_id, redirect_uri, state, ...sent } = Object.fromEntries(searchParams);
  assert.deepEqual([client_id, redirect_uri, state.length], ["ca_sandbox123", "https://shop.example/connect/callback", 43]);
  assert.deepEqual(reports, []);
  return [origin + pathname, sent];
}

test("the button leads into the flow that was configured", async () => {
  const code = { response_type: "code" };
  const table = [
    [{}, "https://stripe.example/oauth/authorize", code],
    [{ flow: "standard", scope: "read_write" }, "https://stripe.example/oauth/authorize", { ...code, scope: "read_write" }],
    [
      { flow: "express", suggested_capabilities: ["transfers"], prefill: () => ({ business_type: "company" }) },
      "https://stripe.example/express/oauth/authorize",
      { ...code, "suggested_capabilities[0]": "transfers", "stripe_user[business_type]": "company" },
    ],
    [{ flow: "app", prefill: () => undefined }, "https://stripe.example/oauth/v2/authorize", {}],
    [{ flow: "app", channel_link: "chnlink_61Pr" }, "https://stripe.example/oauth/v2/chnlink_61Pr/authorize", {}],
    [
      { prefill: () => ({ country: "US", state: "NY", dob_day: 1, dob_month: 2, dob_year: 1985, physical_product: true }) },
      "https://stripe.example/oauth/authorize",
      {
        ...code,
        "stripe_user[country]": "US", "stripe_user[state]": "NY", "stripe_user[dob_day]": "1", "stripe_user[dob_month]": "2",
        "stripe_user[dob_year]": "1985", "stripe_user[physical_product]": "true",
      },
    ],
  ];
  for (const [options, address, sent] of table) assert.deepEqual(await pressed(options), [address, sent]);
});

test("prefill that is wrong, alone or as a whole, is left out and reported, and the button still leads to Stripe", async () => {
  const SPELLING = "is not a parameter here: check its spelling";
  const table = [
    [{}, { state: "NY" }, "stripe_user[state] was left out: stripe_user[country] is missing: stripe_user[state] needs it"],
    [{}, { gender: "female", country: "US" }, "stripe_user[gender] was left out: stripe_user[country] must be JP: stripe_user[gender] needs it"],
    [{}, { dob_day: 1 }, "stripe_user[dob_day] was left out: stripe_user[dob_month] is missing: stripe_user[dob_day] needs it"],
    [{}, { phone: "1" }, `stripe_user[phone] was left out: ${SPELLING}`],
    [{}, { product_category: "software" }, "stripe_user[product_category] was left out: is no longer a field of Stripe's: leave it out"],
    [{}, { zip: 94103 }, "stripe_user[zip] was left out: must be a string"],
    [{ flow: "express" }, { zip: "94103" }, "stripe_user[zip] was left out: is not part of the express flow: leave it out"],
    [{ flow: "express" }, { business_type: "llc" }, "stripe_user[business_type] was left out: must be individual or company"],
    [{ flow: "app" }, { email: "ada@example.com" }, "stripe_user[email] was left out: is not part of the app flow: leave it out"],
  ];
  for (const [options, stripe_user, detail] of table) {
    const { start, reports } = platform({ createConnect, createSandbox, store: memoryStore(), options: { ...options, prefill: () => stripe_user } });
    const { status, headers } = await start();
    const [[name]] = Object.entries(stripe_user);
    assert.deepEqual([status, new URL(headers.get("location")).searchParams.has(`stripe_user[${name}]`)], [303, false]);
    assert.deepEqual(reports, [{ outcome: "started", detail }]);
  }
});

const SELLERS = "https://shop.example/sellers/stripe";
const COURIERS = "https://shop.example/couriers/stripe";

/** A platform that sends people back to one of two addresses. */
const several = (options) =>
  platform({
    createConnect,
    createSandbox,
    store: memoryStore(),
    sandbox: { redirect_uris: [SELLERS, COURIERS] },
    options: { redirect_uri: undefined, redirect_uris: [SELLERS, COURIERS], ...options },
  });

test("a start chooses another redirect URI, and what Stripe shows this user", async () => {
  const heard = [];
  const start = async (request, subject) => {
    heard.push([new URL(request.url).pathname, subject]);
    return subject === "courier" ? { redirect_uri: COURIERS, stripe_landing: "login", scope: "read_only", always_prompt: true } : undefined;
  };
  const world = several({ start, scope: "read_write" });
  for (const [user, uri, sent] of [
    ["user-1", SELLERS, { scope: "read_write" }],
    ["courier", COURIERS, { scope: "read_only", stripe_landing: "login", always_prompt: "true" }],
  ]) {
    world.world.user = user;
    const authorizeUrl = (await world.start()).headers.get("location");
    const { redirect_uri, state, client_id, response_type, ...others } = Object.fromEntries(new URL(authorizeUrl).searchParams);
    assert.equal(redirect_uri, uri);
    assert.deepEqual(others, sent);
    const callback = await consent(world.sandbox, authorizeUrl);
    assert.ok(callback.startsWith(`${uri}?`));
    assert.equal((await world.request(callback)).headers.get("location"), "/");
  }
  assert.deepEqual(heard, [["/connect/start", "user-1"], ["/connect/start", "courier"]]);
  assert.deepEqual(world.reports, []);
});

test("a start that fills in the form is asked for no prefill", async () => {
  const start = (request, subject) => (subject === "user-1" ? { stripe_user: { email: "ada@example.com" } } : {});
  const world = several({ start, prefill: () => ({ first_name: "Ada" }) });
  for (const [user, stripe_user] of [["user-1", ["stripe_user[email]"]], ["user-2", ["stripe_user[first_name]"]]]) {
    world.world.user = user;
    const { searchParams } = new URL((await world.start()).headers.get("location"));
    assert.deepEqual([...searchParams.keys()].filter((name) => name.startsWith("stripe_user")), stripe_user);
  }
});

test("what a start fills in is cleaned and reported, as prefill's is", async () => {
  for (const [stripe_user, sent, detail] of [
    [{ email: " ada@example.com", country: "gb" }, { "stripe_user[email]": "ada@example.com", "stripe_user[country]": "GB" }, undefined],
    [{ phone_number: "+44 20 7946 0958" }, {}, "stripe_user[phone_number] was left out: must be 10 digits and nothing else"],
    ["ada", {}, "the form was not filled in: stripe_user has the wrong type"],
  ]) {
    const { start, reports } = several({ start: () => ({ stripe_user }) });
    const { searchParams } = new URL((await start()).headers.get("location"));
    assert.deepEqual(Object.fromEntries([...searchParams].filter(([name]) => name.startsWith("stripe_user"))), sent);
    assert.deepEqual(reports, detail ? [{ outcome: "started", detail }] : []);
  }
});

test("a start with a redirect URI that is not registered tells the person, and the platform why", async () => {
  const { start, reports } = several({ start: () => ({ redirect_uri: "https://shop.example/connect/callback" }) });
  const page = await start();
  assert.deepEqual([page.status, page.headers.get("location")], [500, null]);
  assert.deepEqual(reports, [
    { outcome: "config_mismatch", detail: "redirect_uri must equal one of redirect_uris, character for character" },
  ]);
});

test("a start that gives what is none of its parameters rejects with the platform's mistake", async () => {
  const table = [
    ["x", "invalid_type", "start"],
    [{ redirect_uri: 42 }, "invalid_type", "redirect_uri"],
    [{ scope: "write" }, "invalid_value", "scope"],
    [{ stripe_landing: "signup" }, "invalid_value", "stripe_landing"],
    [{ always_prompt: "true" }, "invalid_type", "always_prompt"],
    [{ client_id: "ca_123" }, "unknown_parameter", "client_id"],
  ];
  for (const [given, code, param] of table) {
    const error = await rejection(several({ start: () => given }).start());
    assert.deepEqual([error.name, error.code, error.param], ["ConnectError", code, param]);
  }
});

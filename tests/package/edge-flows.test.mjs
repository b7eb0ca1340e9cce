// The handler in each of Stripe's flows, from JavaScript.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { platform, rejection } from "./support.mjs";

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

test("prefill that is wrong, alone or as a whole, rejects with the platform's mistake", async () => {
  const table = [
    [{}, { country: "us" }, "invalid_value", "stripe_user[country]"],
    [{}, { state: "NY" }, "missing_parameter", "stripe_user[country]"],
    [{}, { gender: "female", country: "US" }, "invalid_value", "stripe_user[country]"],
    [{}, { dob_day: 1 }, "missing_parameter", "stripe_user[dob_month]"],
    [{}, { product_category: "software" }, "unknown_parameter", "stripe_user[product_category]"],
    [{}, { zip: 94103 }, "invalid_type", "stripe_user[zip]"],
    [{ flow: "express" }, { zip: "94103" }, "unknown_parameter", "stripe_user[zip]"],
    [{ flow: "express" }, { business_type: "llc" }, "invalid_value", "stripe_user[business_type]"],
    [{ flow: "app" }, { email: "ada@example.com" }, "unknown_parameter", "stripe_user[email]"],
  ];
  for (const [options, stripe_user, code, param] of table) {
    const { start } = platform({ createConnect, createSandbox, store: memoryStore(), options: { ...options, prefill: () => stripe_user } });
    const error = await rejection(start());
    assert.deepEqual([error.name, error.code, error.param], ["ConnectError", code, param]);
  }
});

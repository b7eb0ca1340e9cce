// What people typed into the form that a platform keeps of them: put right, or left out; never in their way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { authorizeUrl, newState } from "stripe-connect-oauth";
import { createConnect } from "stripe-connect-oauth/edge";
import { cleanPrefill } from "stripe-connect-oauth/prefill";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { platform } from "./support.mjs";

/** Profiles as they are: what is sent of them, and what is left out. */
const PROFILES = [
  [{ email: "a@b.example", first_name: null }, { email: "a@b.example" }, ["first_name"]],
  [{ email: "a@b.example", first_name: "" }, { email: "a@b.example" }, ["first_name"]],
  [{ email: "a@b.example", first_name: "  " }, { email: "a@b.example" }, ["first_name"]],
  [{ email: "a@b.example", first_name: undefined }, { email: "a@b.example" }, []],
  [{ email: "a@b.example", country: "GB", phone_number: "07911123456" }, { email: "a@b.example", country: "GB" }, ["phone_number"]],
  [{ email: "a@b.example", country: "gb", phone_number: "+44 20 7946 0958" }, { email: "a@b.example", country: "GB" }, ["phone_number"]],
  [{ country: "us", phone_number: "+1 (415) 555-2671" }, { country: "US", phone_number: "4155552671" }, []],
  [{ email: "a@b.example", url: "www.shop.example" }, { email: "a@b.example", url: "https://www.shop.example" }, []],
  [{ email: "a@b.example", state: "NY" }, { email: "a@b.example" }, ["state"]],
  [{ country: "us", state: "ny", currency: "USD" }, { country: "US", state: "NY", currency: "usd" }, []],
  [{ dob_day: "07", dob_month: 2, dob_year: 1985 }, { dob_day: "7", dob_month: 2, dob_year: 1985 }, []],
  [{ dob_day: 7, dob_month: 2, dob_year: null }, {}, ["dob_year", "dob_day", "dob_month"]],
  [{ physical_product: true, business_type: " LLC" }, { physical_product: true, business_type: "llc" }, []],
  [{ zip: 94103, city: ["Paris"], email: { at: "b" }, url: () => "x", last_name: 1n }, {}, ["zip", "city", "email", "url", "last_name"]],
  [{ business_name: "a".repeat(501), street_address: "1 Main St\nParis" }, {}, ["business_name", "street_address"]],
];

test("what people typed is put right, or left out by name", () => {
  for (const [typed, stripe_user, dropped] of PROFILES) {
    const cleaned = cleanPrefill(typed);
    assert.deepStrictEqual(cleaned, { stripe_user, dropped });
    const url = new URL(authorizeUrl({ client_id: "ca_123", state: newState(), stripe_user: cleaned.stripe_user }));
    for (const [name, value] of Object.entries(stripe_user)) assert.equal(url.searchParams.get(`stripe_user[${name}]`), String(value));
  }
});

test("each flow keeps what it has", () => {
  const typed = { email: "a@b.example", business_type: "llc", zip: "94103" };
  assert.deepEqual(cleanPrefill(typed, { flow: "standard" }).dropped, []);
  assert.deepEqual(cleanPrefill(typed, { flow: "express" }).dropped, ["business_type", "zip"]);
  assert.deepEqual(cleanPrefill(typed, { flow: "app" }), { stripe_user: {}, dropped: ["email", "business_type", "zip"] });
  assert.deepEqual(cleanPrefill({}), { stripe_user: {}, dropped: [] });
});

test("a name that Stripe does not have, and a wrong option, are the program's mistakes", () => {
  for (const [args, code, param] of [
    [[{ phone: "1" }], "unknown_parameter", "stripe_user[phone]"],
    [[{ product_category: "x" }], "unknown_parameter", "stripe_user[product_category]"],
    [[null], "invalid_type", "stripe_user"],
    [["a@b.example"], "invalid_type", "stripe_user"],
    [[["a@b.example"]], "invalid_type", "stripe_user"],
    [[new Map()], "invalid_type", "stripe_user"],
    [[{}, { flow: "other" }], "invalid_value", "flow"],
    [[{}, { scope: "read_write" }], "unknown_parameter", "scope"],
    [[{}, 42], "invalid_type", "options"],
  ]) {
    assert.throws(() => cleanPrefill(...args), { name: "ConnectError", code, param });
  }
});

test("the rest of what is typed is not touched", () => {
  const typed = Object.freeze({ email: " a@b.example " });
  cleanPrefill(typed);
  assert.equal(typed.email, " a@b.example ");
  const odd = { business_name: "!a\u0001b", first_name: "unknown_parameter", last_name: "\u{1F363} O'Brien" };
  assert.deepEqual(cleanPrefill(odd), { stripe_user: { first_name: odd.first_name, last_name: odd.last_name }, dropped: ["business_name"] });
});

/** A shop's start, where `prefill` gives this: what is sent to Stripe's form, and what is reported. */
async function started(given, options = {}) {
  const { start, reports } = platform({ createConnect, createSandbox, store: memoryStore(), options: { prefill: () => given, ...options } });
  const answer = await start();
  assert.equal(answer.status, 303);
  const sent = [...new URL(answer.headers.get("location")).searchParams].filter(([name]) => name.startsWith("stripe_user["));
  return [Object.fromEntries(sent.map(([name, value]) => [name.slice(12, -1), value])), reports];
}

test("the handler starts with what is right, and reports once what it left out, never what was typed", async () => {
  for (const [typed, stripe_user, dropped] of PROFILES) {
    const [sent, reports] = await started(typed);
    assert.deepEqual(sent, Object.fromEntries(Object.entries(stripe_user).map(([name, value]) => [name, String(value)])));
    assert.equal(reports.length, dropped.length ? 1 : 0);
    for (const { outcome, detail } of reports) {
      assert.equal(outcome, "started");
      for (const name of dropped) assert.ok(detail.includes(`stripe_user[${name}] was left out: `), detail);
      for (const value of Object.values(typed)) if (String(value).trim().length > 3) assert.ok(!detail.includes(String(value)), detail);
    }
  }
});

test("the report names the rule that was broken", async () => {
  const [, reports] = await started({ country: "gb", phone_number: "+44 20 7946 0958", first_name: null });
  const detail =
    "stripe_user[first_name] was left out: must be a string; " +
    "stripe_user[phone_number] was left out: must be 10 digits and nothing else";
  assert.deepEqual(reports, [{ outcome: "started", detail }]);
});

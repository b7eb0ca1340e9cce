// The authorize URL, held against the ones of the official SDKs: the same parameters, decoded into pairs.
import assert from "node:assert/strict";
import { test } from "node:test";
import Stripe from "stripe";
import { authorizeUrl } from "stripe-connect-oauth";
import { python } from "./python.mjs";
import { seeded } from "./random.mjs";

const { between, maybe, pick, text } = seeded(20250301);
const SMALL = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const LETTERS = `${SMALL}${SMALL.toUpperCase()}${DIGITS}`;
const ANY = `${LETTERS} &+%=?#/[]~!*'().,;:@$"<>\\^|{}\`éßñ太郎タロウビル😀`;
const URL_TEXT = `${LETTERS}-._~/?&=+!*'(),;:@$`;

const some = (alphabet, most) => text(alphabet, between(1, most));
const capitals = () => text(SMALL.toUpperCase(), 2);
const line = () => `${text(ANY, between(0, 20))}${pick(LETTERS)}`;
const url = () => `https://${some(SMALL, 10)}.example/${text(URL_TEXT, between(0, 20))}`;
/** An object without the fields that are left out. */
const object = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
const perhaps = (make, chance = 0.5) => (maybe(chance) ? make() : undefined);
/** Several fields together, or none. */
const together = (fields, chance = 0.5) => (maybe(chance) ? fields() : {});
/** A number, as one or as text. */
const number = (low, high) => (maybe() ? between(low, high) : String(between(low, high)));

/** Prefill that is right in the flow. */
function stripeUser(express) {
  const country = perhaps(() => (maybe(0.4) ? "JP" : capitals()), 0.7);
  const japan = country === "JP";
  const standard = (make, chance) => (express ? undefined : perhaps(make, chance));
  const zip = standard(() => (japan ? pick(["150-0001", "1500001"]) : line()));
  const japanese = (make) => (japan ? perhaps(make) : undefined);
  const address = () => (zip ? japanese(line) : undefined);
  return object({
    email: perhaps(() => `${some(`${LETTERS}+._'`, 10)}@${some(SMALL, 8)}.example`),
    url: perhaps(url),
    country,
    phone_number: country && perhaps(() => text(DIGITS, 10)),
    business_name: perhaps(line),
    business_type: perhaps(() => pick(express ? ["individual", "company"] : ["sole_prop", "corporation", "non_profit", "partnership", "llc"])),
    first_name: perhaps(line),
    last_name: perhaps(line),
    ...together(() => ({ dob_day: number(1, 31), dob_month: number(1, 12), dob_year: number(1901, 9999) })),
    street_address: standard(line),
    city: standard(line),
    state: country && standard(capitals),
    zip,
    physical_product: standard(() => pick([true, false, "true", "false"])),
    product_description: perhaps(line),
    currency: country && standard(() => text(SMALL, 3)),
    first_name_kana: japanese(line),
    first_name_kanji: japanese(line),
    last_name_kana: japanese(line),
    last_name_kanji: japanese(line),
    gender: japanese(() => pick(["male", "female"])),
    block_kana: address(),
    block_kanji: address(),
    building_kana: address(),
    building_kanji: address(),
  });
}

const CAPABILITIES = ["transfers", "card_payments", "tax_reporting_us_1099_k", "tax_reporting_us_1099_misc"];

function generated() {
  const express = maybe();
  const standard = (make) => (express ? undefined : perhaps(make));
  const params = object({
    client_id: `ca_${some(LETTERS, 32)}`,
    state: `${text(`${LETTERS}-_`, 42)}${pick("AEIMQUYcgkosw048")}`,
    redirect_uri: perhaps(url),
    response_type: perhaps(() => "code"),
    scope: standard(() => pick(["read_write", "read_only"])),
    stripe_landing: standard(() => pick(["login", "register"])),
    always_prompt: standard(() => maybe()),
    suggested_capabilities: express ? perhaps(() => CAPABILITIES.filter(() => maybe())) : undefined,
    stripe_user: perhaps(() => stripeUser(express), 0.9),
  });
  return { params, express };
}

const CASES = Array.from({ length: 1000 }, generated);

/** Where a URL leads, and its decoded parameters in order of their names. */
function decoded(url) {
  const { origin, pathname, searchParams } = new URL(url);
  return { address: origin + pathname, pairs: [...searchParams].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

const ours = ({ params, express }) => decoded(authorizeUrl(params, { flow: express ? "express" : "standard" }));

test("the inputs are many, different, and of both flows and every parameter the SDKs have", () => {
  assert.ok(new Set(CASES.map((each) => JSON.stringify(each))).size >= 500);
  for (const express of [true, false]) assert.ok(CASES.filter((each) => each.express === express).length >= 250);
  const names = new Set(CASES.flatMap((each) => ours(each).pairs.map(([name]) => name)));
  assert.equal([...names].filter((name) => name.startsWith("stripe_user[")).length, 27);
  assert.equal([...names].filter((name) => name.startsWith("suggested_capabilities[")).length, 4);
  for (const name of ["client_id", "state", "redirect_uri", "response_type", "scope", "stripe_landing", "always_prompt"]) {
    assert.ok(names.has(name), name);
  }
});

test("our authorize URL says what stripe-python's does", () => {
  const theirs = python("authorize.py", CASES.map(({ params, express }) => [params, express]));
  assert.equal(theirs.length, CASES.length);
  for (const [at, expected] of theirs.entries()) assert.deepEqual(ours(CASES[at]), decoded(expected));
});

test("our authorize URL says what stripe-node's does, but for the scope that it adds", () => {
  const stripe = new Stripe("sk_test_123");
  for (const each of CASES) {
    const theirs = decoded(stripe.oauth.authorizeUrl({ ...each.params }, { express: each.express }));
    if (each.params.scope === undefined) {
      assert.ok(theirs.pairs.some(([name, value]) => name === "scope" && value === "read_write"), "stripe-node adds a scope no more");
      theirs.pairs = theirs.pairs.filter(([name]) => name !== "scope");
    }
    assert.deepEqual(ours(each), theirs);
  }
});

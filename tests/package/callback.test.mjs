// What each redirect back means.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newState, parseCallback } from "stripe-connect-oauth";
import { HINTS, STATE } from "./refusals.mjs";

const state = STATE;
const rejected = (reason, hint = HINTS.damaged) => ({ outcome: "rejected", reason, hint });

/** Queries, and exactly what they mean. */
const CALLBACKS = [
  [`code=ac_123&scope=read_write&state=${state}`, { outcome: "authorized", code: "ac_123", scope: "read_write" }],
  [`code=ac_123&scope=read_only&state=${state}`, { outcome: "authorized", code: "ac_123", scope: "read_only" }],
  [`code=ac_123&state=${state}`, { outcome: "authorized", code: "ac_123" }],
  [`scope=something_new&code=ac_123&state=${state}`, { outcome: "authorized", code: "ac_123" }],
  [`utm=1&utm=2&code=ac%5F123&state=${state}&x=%`, { outcome: "authorized", code: "ac_123" }],
  [`c%6fde=ac_123&state=${state}`, { outcome: "authorized", code: "ac_123" }],

  [
    `error=access_denied&error_description=The+user%20denied&state=${state}`,
    { outcome: "denied", verified: true, hint: HINTS.denied, untrusted_description: "The user denied" },
  ],
  [`error=access_denied&state=${state}`, { outcome: "denied", verified: true, hint: HINTS.denied }],
  ["error=access_denied", { outcome: "denied", verified: false, hint: HINTS.denied }],
  [
    "error=access_denied&error_description=<img src=x>",
    { outcome: "denied", verified: false, hint: HINTS.denied, untrusted_description: "<img src=x>" },
  ],
  [
    `error=access_denied&error_description=a%00b%0Ac%1Bd%C2%85e&state=${state}`,
    { outcome: "denied", verified: true, hint: HINTS.denied, untrusted_description: "abcde" },
  ],
  [`error=invalid_scope&state=${state}`, { outcome: "failed", error: "invalid_scope", hint: HINTS.failed }],
  [
    `error=server_error&error_description=x&state=${state}`,
    { outcome: "failed", error: "server_error", hint: HINTS.failed, untrusted_description: "x" },
  ],

  ["", { outcome: "none", hint: HINTS.none }],
  ["utm_source=mail", { outcome: "none", hint: HINTS.none }],
  ["scope=read_write", { outcome: "none", hint: HINTS.none }],

  ["code=ac_123&state=guess", rejected("state_mismatch", HINTS.foreign)],
  [`code=ac_123&state=${state}A`, rejected("state_mismatch", HINTS.foreign)],
  [`code=ac_123&state=${state.toLowerCase()}`, rejected("state_mismatch", HINTS.foreign)],
  ["code=ac_123&state=", rejected("state_mismatch", HINTS.foreign)],
  ["error=access_denied&state=guess", rejected("state_mismatch", HINTS.foreign)],
  ["code=ac_123", rejected("state_missing", HINTS.foreign)],
  ["error=invalid_scope", rejected("state_missing", HINTS.foreign)],
  [`code=ac_123&code=ac_123&state=${state}`, rejected("duplicate_parameter")],
  [`code=ac_1&c%6Fde=ac_2&state=${state}`, rejected("duplicate_parameter")],
  [`code=ac_1&state=${state}&state=${state}`, rejected("duplicate_parameter")],
  [`code=ac_1&state=${state}&scope=read_write&scope=read_only`, rejected("duplicate_parameter")],
  [`code=ac_1&error=access_denied&state=${state}`, rejected("conflicting_parameters")],
  [`state=${state}`, rejected("conflicting_parameters")],
  [`code=%zz&state=${state}`, rejected("malformed")],
  [`code=%ff&state=${state}`, rejected("malformed")],
  [`code=ac_1%&state=${state}`, rejected("malformed")],
  [`code=ac_1%00&state=${state}`, rejected("malformed")],
  [`code=pk_123&state=${state}`, rejected("malformed")],
  [`code=&state=${state}`, rejected("malformed")],
  [`error=<script>&state=${state}`, rejected("malformed")],
  [`error=&state=${state}`, rejected("malformed")],
  [`code=ac_${"1".repeat(253)}&state=${state}`, rejected("malformed")],
  [`code=ac_1&state=${state}&iss=https%3A%2F%2Fevil.example`, rejected("unexpected_issuer")],
  [`code=ac_1&state=${state}&x=${"y".repeat(8192)}`, rejected("too_long")],
];

test("every callback means exactly one thing, whatever form it comes in", () => {
  for (const [query, expected] of CALLBACKS) {
    const forms = {
      query: `?${query}`,
      "query and fragment": `?${query}#code=ac_evil&state=${state}`,
      URL: `https://shop.example/connect/callback?${query}`,
    };
    for (const [form, input] of Object.entries(forms)) {
      assert.deepStrictEqual(parseCallback(input, { state }), expected, `${form}: ${query.slice(0, 80)}`);
    }
    assert.deepStrictEqual(parseCallback({ href: forms.URL }, { state }), expected, `a Location: ${query.slice(0, 80)}`);
  }
});

test("a URL and URLSearchParams are read as they are written", () => {
  for (const [query, expected] of CALLBACKS) {
    // Both repair what is broken in percent-encoding, so the rest is compared.
    if (expected.reason === "malformed" || query.includes("%")) continue;
    assert.deepStrictEqual(parseCallback(new URL(`https://shop.example/cb?${query}`), { state }), expected, query.slice(0, 80));
    assert.deepStrictEqual(parseCallback(new URLSearchParams(query), { state }), expected, query.slice(0, 80));
  }
});

test("every outcome and every reason of parseCallback is among the callbacks above", () => {
  const seen = new Set(CALLBACKS.map(([, { outcome, reason }]) => reason ?? outcome));
  for (const name of [
    "authorized", "denied", "failed", "none", "state_mismatch", "state_missing", "duplicate_parameter",
    "conflicting_parameters", "malformed", "too_long", "unexpected_issuer",
  ]) assert.ok(seen.has(name), name);
});

test("a callback of 8192 bytes is read, one of 8193 is not", () => {
  const start = `?code=ac_1&state=${state}&x=`;
  assert.equal(parseCallback(start + "y".repeat(8192 - start.length), { state }).outcome, "authorized");
  assert.equal(parseCallback(start + "y".repeat(8193 - start.length), { state }).reason, "too_long");
});

test("a description is cut at 256 characters", () => {
  const read = parseCallback(`?error=access_denied&error_description=${"é".repeat(300)}&state=${state}`, { state });
  assert.equal(read.untrusted_description, "é".repeat(256));
});

test("no callback without the right state holds a code", () => {
  for (const [query, { outcome }] of CALLBACKS) {
    const read = parseCallback(`?${query}`, { state: newState() });
    assert.notEqual(read.outcome, "authorized", `${outcome}: ${query}`);
    assert.ok(!("code" in read) && !("state" in read));
  }
});

test("a callback is a plain object: it survives JSON and has no hidden parts", () => {
  for (const [query] of CALLBACKS) {
    const read = parseCallback(`?${query}`, { state });
    assert.equal(Object.getPrototypeOf(read), Object.prototype);
    assert.deepStrictEqual(JSON.parse(JSON.stringify(read)), read);
    assert.deepStrictEqual(Reflect.ownKeys(read), Object.keys(read));
  }
});

test("a name from a prototype is not a parameter", () => {
  for (const name of ["__proto__", "constructor", "toString", "undefined", "hasOwnProperty"]) {
    assert.deepStrictEqual(parseCallback(`?${name}=x&code=ac_1&state=${state}`, { state }), { outcome: "authorized", code: "ac_1" });
  }
});

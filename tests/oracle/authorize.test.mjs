// The authorize URL, held against the ones of Stripe's own packages: the same parameters, decoded into pairs.
import assert from "node:assert/strict";
import { test } from "node:test";
import Stripe from "stripe";
import { authorizeUrl, newState } from "stripe-connect-oauth";
import { python } from "./python.mjs";
import { seeded } from "./random.mjs";

const { between, maybe, pick, text } = seeded(20250301);
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const LINE = `${LETTERS}0123456789 &+%=?#/[]~!*'().,;:@$"<>\\éßñ太郎ビル😀`;

const optional = (make, chance) => (maybe(chance) ? make() : undefined);
const line = () => `${text(LINE, between(0, 20))}${pick(LETTERS)}`;

function params() {
  const params = {
    client_id: `ca_${text(`${LETTERS}0123456789`, between(1, 32))}`,
    state: newState(),
    redirect_uri: optional(() => `https://${text(LETTERS, between(1, 10))}.example/${text(`${LETTERS}/?&=+~!*'().,;:@$`, between(0, 20))}`),
    response_type: optional(() => "code"),
    scope: optional(() => pick(["read_write", "read_only"])),
    stripe_landing: optional(() => pick(["login", "register"])),
    always_prompt: optional(() => maybe()),
    stripe_user: optional(() => ({ email: "a+b@example.com", business_name: line() }), 0.9),
  };
  // As JSON has it, so that both packages get the very same.
  return JSON.parse(JSON.stringify(params));
}

const CASES = Array.from({ length: 1000 }, () => ({ params: params(), express: false }));

/** Where a URL leads, and its decoded parameters, in order of their names. */
function decoded(url) {
  const { origin, pathname, searchParams } = new URL(url);
  return { address: origin + pathname, pairs: [...searchParams].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

function ours({ params }) {
  return decoded(authorizeUrl(params));
}

test("our authorize URL says what stripe-python's does", () => {
  const theirs = python("authorize.py", CASES.map(({ params, express }) => [params, express]));
  assert.equal(theirs.length, CASES.length);
  for (const [at, expected] of theirs.entries()) assert.deepEqual(ours(CASES[at]), decoded(expected));
});

test("our authorize URL says what stripe-node's does, but for the scope that it adds", () => {
  const stripe = new Stripe("sk_test_123");
  for (const { params, express } of CASES) {
    const theirs = decoded(stripe.oauth.authorizeUrl(params, { express }));
    if (params.scope === undefined) theirs.pairs = theirs.pairs.filter(([name]) => name !== "scope");
    assert.deepEqual(ours({ params }), theirs);
  }
});

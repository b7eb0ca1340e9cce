// Sealed refresh tokens: they open for the account and the mode they are of, and for nobody else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { isConnectError } from "stripe-connect-oauth";
import { openRefreshToken, sealRefreshToken } from "stripe-connect-oauth/server";

const OLD = "the old secret of 32 characters!";
const NEW = "the new secret of 32 characters!";
const PLACE = { account: "acct_1", livemode: false, secrets: [OLD] };
const TOKEN = "rt_canary7h3s3cr3t";

/** What `call` throws, as code, parameter and message. */
function refusal(call, label) {
  try {
    call();
  } catch (error) {
    assert.ok(isConnectError(error), label);
    assert.ok(!inspect(error, { depth: Infinity, showHidden: true }).includes("canary"), label);
    return [error.code, error.param, error.message];
  }
  throw new Error(`${label} was accepted`);
}

const SHUT = [
  "invalid_value",
  "sealed",
  "sealed does not open: it must be whole, of the same account and mode, and sealed with one of the secrets",
];

test("a token opens for its account and mode, and is not seen meanwhile", () => {
  const sealed = sealRefreshToken(TOKEN, PLACE);
  assert.equal(openRefreshToken(sealed, PLACE), TOKEN);
  assert.match(sealed, /^[\w-]+$/);
  assert.ok(!sealed.includes("canary") && !Buffer.from(sealed, "base64url").includes("canary"));
  assert.notEqual(sealRefreshToken(TOKEN, PLACE), sealed, "each sealing has a nonce of its own");
  for (const other of [{ livemode: true }, { account: "acct_2" }, { secrets: [NEW] }]) {
    assert.deepEqual(refusal(() => openRefreshToken(sealed, { ...PLACE, ...other }), inspect(other)), SHUT);
  }
});

test("what Rust sealed opens here", () => {
  assert.equal(openRefreshToken("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHhd3oICGR9gaLTRjs-zTxo8pg7qi58g", PLACE), "rt_123");
});

test("the first secret seals, and every one opens", () => {
  const before = sealRefreshToken(TOKEN, PLACE);
  const rolled = { ...PLACE, secrets: [NEW, OLD] };
  const after = sealRefreshToken(TOKEN, rolled);
  for (const sealed of [before, after]) assert.equal(openRefreshToken(sealed, rolled), TOKEN);
  assert.deepEqual(refusal(() => openRefreshToken(after, PLACE), "the old secret alone"), SHUT);
});

test("a sealed text that was changed anywhere does not open", () => {
  const sealed = sealRefreshToken(TOKEN, PLACE);
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
    assert.deepEqual(refusal(() => openRefreshToken(changed, PLACE), `a change at ${at}`), SHUT);
    assert.deepEqual(refusal(() => openRefreshToken(sealed.slice(0, at), PLACE), `a cut at ${at}`), SHUT);
  }
  for (const other of ["", "=", `${sealed}A`, `${sealed}=`, ` ${sealed}`, "é"]) {
    assert.deepEqual(refusal(() => openRefreshToken(other, PLACE), other), SHUT);
  }
});

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

test("a wrong argument is named", () => {
  const token = "give the one that came with the account, which begins with rt_";
  const secrets = "must each have 32 random characters or more";
  const rows = [
    [undefined, {}, "missing_parameter", "refresh_token", `is missing: ${token}`],
    ["", {}, "missing_parameter", "refresh_token", `is missing: ${token}`],
    [null, {}, "invalid_type", "refresh_token", "must be a string"],
    [`${undefined}`, {}, "invalid_value", "refresh_token", `is not a refresh token: ${token}`],
    [TOKEN, { account: undefined }, "missing_parameter", "account", "is missing: a connected account's id begins with acct_"],
    [TOKEN, { account: "cus_canary" }, "invalid_value", "account", "must be acct_ and then only letters and digits"],
    [TOKEN, { livemode: undefined }, "missing_parameter", "livemode", "is missing: say the mode of the account's connection"],
    [TOKEN, { livemode: "false" }, "invalid_type", "livemode", "must be true or false"],
    [TOKEN, { secrets: undefined }, "missing_parameter", "secrets", "is missing: give at least one random text of 32 characters or more"],
    [TOKEN, { secrets: [] }, "missing_parameter", "secrets", "is missing: give at least one random text of 32 characters or more"],
    [TOKEN, { secrets: ["canary"] }, "invalid_value", "secrets", secrets],
    [TOKEN, { secrets: [OLD, ""] }, "invalid_value", "secrets", secrets],
    [TOKEN, { secrets: OLD }, "invalid_type", "secrets", "has the wrong type"],
    [TOKEN, { secrets: [1] }, "invalid_type", "secrets", "must be a string"],
    [TOKEN, { secret: OLD }, "unknown_parameter", "secret", "is not a parameter here: check its spelling"],
  ];
  for (const [given, options, code, param, what] of rows) {
    const label = `${given} ${inspect(options)}`;
    assert.deepEqual(refusal(() => sealRefreshToken(given, { ...PLACE, ...options }), label), [code, param, `${param} ${what}`], label);
    if (given !== TOKEN) continue;
    const opened = refusal(() => openRefreshToken(sealRefreshToken(TOKEN, PLACE), { ...PLACE, ...options }), label);
    assert.deepEqual(opened, [code, param, `${param} ${what}`], label);
  }
  assert.deepEqual(refusal(() => sealRefreshToken(TOKEN), "no options").slice(0, 2), ["missing_parameter", "account"]);
  assert.deepEqual(refusal(() => openRefreshToken(null, PLACE), "no text"), ["invalid_type", "sealed", "sealed must be a string"]);
});

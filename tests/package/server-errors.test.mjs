// How the server entry's calls fail: each code and problem, and what to do about it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { retrieveAccount } from "stripe-connect-oauth/server";
import { CALLS, GONE, KEY, LOST, answering, api, awake, fastTime, oauth, script } from "./calls.mjs";
import { EXCHANGE_FAILURES } from "./refusals.mjs";
import { rejection } from "./support.mjs";

/** The words of a Rust enum that are given beside its variants. */
function wordsOf(name, path) {
  const rust = readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");
  const [, variants] = new RegExp(`enum ${name} \\{(.*?)\\n    \\}`, "s").exec(rust);
  return [...variants.matchAll(/^ *\w+ = "(\w+)",$/gm)].map(([, word]) => word);
}

test("what the platform's operator must mend has a code, a problem and the page to do it", async () => {
  const problems = wordsOf("PlatformProblem", "server/platform_problem.rs");
  const texts = {
    not_signed_up: "You can only create new accounts if you've signed up for Connect, which you can learn how to do at https://stripe.com/docs/connect.",
    responsibilities_not_acknowledged: "Please review the responsibilities of managing losses for connected accounts at https://dashboard.stripe.com/settings/connect/platform-profile.",
    profile_not_completed: "You must complete your platform profile to use Connect and create live connected accounts.",
    not_activated: "Your account must be activated in order to create accounts.",
    accounts_v1_closed: "Stripe no longer recommends Accounts v1 for new Connect integrations.",
    account_token_required: "Connect platforms based in FR must create Custom accounts via account tokens.",
    controller_not_supported: "When stripe_dashboard[type]=express, your platform must collect fees and be liable for negative balances.",
    not_a_platform: "Only Stripe Connect platforms can work with other accounts.",
  };
  assert.deepEqual(Object.keys(texts), problems);
  for (const [problem, text] of Object.entries(texts)) {
    const error = await rejection(CALLS.createAccount.run({ secret_key: KEY, fetch: answering(400, api(undefined, text)) }));
    assert.deepEqual([error.name, error.code, error.problem, error.status], ["StripeError", "platform_not_ready", problem, 400]);
    assert.match(error.hint, /https:\/\/(dashboard|docs)\.stripe\.com\//);
  }
});

const again = "send it again: an account that is disconnected already is no mistake";
const later = "try again in a moment, with the same idempotency_key where there is one";
const see = "see Stripe's description, and the request id in the dashboard's logs";
const check = "check secret_key: Stripe does not accept it";

const REVOKED =
  "the account's owner disconnected it: let the person connect again; but if no client_id was given, secret_key may be another platform's, so end nothing before you are sure";

/** Calls, what Stripe answers, and what is thrown: code, problem, error, hint. */
const FAILURES = [
  [["refreshToken"], 400, oauth("invalid_grant", "Refresh token does not exist: rt_1"), "refused", "refresh_token_unknown", "invalid_grant", "the refresh token is revoked, replaced by a newer one, or another platform's: let the person connect again"],
  [["refreshToken"], 400, oauth("invalid_scope", "Invalid scope provided: x."), "refused", "invalid_scope", "invalid_scope", "ask for read_write or read_only, and for no more than the connection was granted"],
  [["refreshToken"], 429, api("rate_limit"), "unavailable", undefined, "rate_limit", "nothing is lost: try again in a moment"],
  [["refreshToken of an app"], 500, "", "unknown", undefined, undefined, "Stripe may have replaced the refresh token without telling: let the person connect again"],
  [["deauthorize"], 401, oauth("invalid_client", "No such application: ca_1"), "not_yours", undefined, "invalid_client", "client_id is not an application of the platform that secret_key is of"],
  [["deauthorize"], 401, oauth("no_deauth_on_controlled_account"), "controlled_account", undefined, "no_deauth_on_controlled_account", "the platform controls this account, and can only reject it: POST /v1/accounts/:id/reject"],
  [["deauthorize"], 401, oauth("invalid_client", "This is a test mode application."), "mode_mismatch", undefined, "invalid_client", "use a client_id and a secret_key of the same mode, both test or both live"],
  [["deauthorize"], 401, api(undefined, "Invalid API Key provided: sk_test_****"), "refused", undefined, "invalid_request_error", "check secret_key and client_id: Stripe does not accept them"],
  [["deauthorize"], 429, api("rate_limit"), "unavailable", undefined, "rate_limit", again],
  [["retrieveAccount", "createAccountLink"], 403, api("account_invalid", "Application access may have been revoked."), "revoked", undefined, "account_invalid", REVOKED],
  [["retrieveAccount"], 403, api(undefined, "Application access may have been revoked."), "revoked", undefined, "invalid_request_error", REVOKED],
  [["createAccountLink"], 400, api(undefined, "You requested an account link for an account that is not connected to your platform or does not exist."), "revoked", undefined, "invalid_request_error", REVOKED],
  [["retrieveAccount"], 403, api("more_permissions_required_for_application"), "missing_permission", undefined, "more_permissions_required_for_application", "the key or the app lacks a permission: add it in the dashboard or in the app's manifest"],
  [["retrieveAccount", "createAccount"], 403, api("platform_account_required"), "platform_not_ready", "not_a_platform", "platform_account_required", "secret_key is not a Connect platform's: give the platform's key, or sign up for Connect at https://dashboard.stripe.com/connect"],
  [["retrieveAccount", "createAccount", "createAccountLink"], 401, api(undefined, "Invalid API Key provided"), "refused", undefined, "invalid_request_error", check],
  [["createAccount", "createAccountLink"], 400, JSON.stringify({ error: { type: "idempotency_error" } }), "refused", undefined, "idempotency_error", "the idempotency_key was used for a request with other parameters: give another one"],
  [["createAccount"], 403, api("account_invalid"), "refused", undefined, "account_invalid", see],
  [["createAccount"], 400, api("email_invalid", "Invalid email"), "refused", undefined, "email_invalid", see],
  [["retrieveAccount", "createAccount", "createAccountLink"], 429, api("rate_limit"), "unavailable", undefined, "rate_limit", later],
  [["retrieveAccount", "createAccount", "createAccountLink"], 200, "<html>canary</html>", "unavailable", undefined, undefined, later],
];

test("every failure of the other calls says what to do", async () => {
  for (const [names, status, body, code, problem, error, hint] of FAILURES) {
    for (const name of names) {
      const fetch = answering(status, body);
      const thrown = await rejection(CALLS[name].run({ secret_key: "sk_test_canary", fetch }));
      const of = name.startsWith("refresh") ? "ExchangeError" : "StripeError";
      assert.ok(thrown instanceof Error);
      assert.deepEqual([thrown.name, thrown.code, thrown.problem, thrown.status, thrown.error, thrown.request_id, thrown.hint], [of, code, problem, status, error, "req_1", hint], `${name} ${code}`);
      assert.ok(thrown.message.startsWith(`Stripe answered ${status}`) && thrown.message.endsWith(`; ${hint}`), thrown.message);
      assert.equal(fetch.calls.length, 1, `${name} ${code}`);
    }
  }
});

test("every code and problem that is declared occurs, and no other", async () => {
  const types = readFileSync(new URL("../../pkg/entries/server.d.ts", import.meta.url), "utf8");
  const declared = (name, field) => {
    const of = types.slice(types.indexOf(`export interface ${name} `));
    const at = new RegExp(`\\n  ${field}\\??:([^;]*);`).exec(of);
    // A union may have a name of its own.
    const words = /^ (\w+)$/.test(at[1]) ? new RegExp(`\nexport type${at[1]} =([^;]*);`).exec(types)[1] : at[1];
    return [...words.matchAll(/"(\w+)"/g)].map(([, word]) => word).sort();
  };
  const thrown = (of) => FAILURES.filter(([[name]]) => name.startsWith("refresh") === (of === "ExchangeError")).map((row) => row[3]);
  const exchange = EXCHANGE_FAILURES.map(({ error }) => error.code);
  assert.deepEqual(declared("ExchangeError", "code"), [...new Set([...exchange, ...thrown("ExchangeError"), "timed_out", "aborted"])].sort());
  assert.deepEqual(declared("StripeError", "code"), [...new Set([...thrown("StripeError"), "unreachable", "timed_out", "aborted"])].sort());
  assert.deepEqual(declared("ExchangeError", "problem"), wordsOf("TokenProblem", "server/token_problem.rs").sort());
  assert.deepEqual(declared("StripeError", "problem"), wordsOf("PlatformProblem", "server/platform_problem.rs").sort());
  for (const [name, field] of [["AccountStatus", "status"], ["NextStep", "next_step"]]) {
    assert.deepEqual(declared("Account", field), wordsOf(name, "vocabulary/account_status.rs").sort());
  }
});

// Revoked, or another platform's key?

const DENIED = "The provided key 'sk_test_***' does not have access to account 'acct_1' (or that account does not exist). Application access may have been revoked.";
const NO_LINK = "You requested an account link for an account that is not connected to your platform or does not exist.";

test("with client_id, revoked is said once the key is proven to be the client id's, and else unreachable", async (t) => {
  fastTime(t);
  const doubts = [
    [[401, GONE], "revoked"],
    [[401, oauth("invalid_client", "No such user: acct_made_up")], "revoked"],
    [[401, oauth("invalid_client", "No such application: ca_1")], "unreachable"],
    [[401, api(undefined, "Invalid API Key provided")], "unreachable"],
    [[200, JSON.stringify({ stripe_user_id: "acct_made_up" })], "unreachable"],
    [[500, "<html>"], "unreachable"],
    [LOST, "unreachable"],
  ];
  for (const [name, denied] of [["retrieveAccount", [403, api(undefined, DENIED)]], ["createAccountLink", [400, api(undefined, NO_LINK)]]]) {
    const { run } = CALLS[name];
    for (const [doubt, code] of doubts) {
      const fetch = script(denied, doubt);
      const error = await rejection(run({ secret_key: "sk_test_canary", client_id: "ca_1", fetch }));
      assert.deepEqual([error.name, error.code, error.status], ["StripeError", code, denied[0]], `${name} ${doubt}`);
      assert.ok(error.message.endsWith(error.hint) && !error.message.includes("canary"), error.message);
      const [, probe] = fetch.calls;
      assert.deepEqual([new URL(probe.url).pathname, probe.body], ["/oauth/deauthorize", "client_id=ca_1&stripe_user_id=acct_made_up"]);
    }
    const without = script(denied);
    const error = await rejection(run({ secret_key: KEY, fetch: without }));
    assert.deepEqual([error.code, without.calls.length], ["revoked", 1]);
    assert.match(error.hint, /may be another platform's, so end nothing/);
    const refused = script([401, api(undefined, "Invalid API Key provided")]);
    assert.equal((await rejection(run({ secret_key: KEY, client_id: "ca_1", fetch: refused }))).code, "refused");
    assert.equal(refused.calls.length, 1, "any other error needs no proof");
  }
});

test("a call that is stopped while it proves the key is stopped", async (t) => {
  awake(t);
  const fetch = async (url) => (url.includes("/v1/") ? new Response(api("account_invalid"), { status: 403 }) : new Promise(() => {}));
  const error = await rejection(retrieveAccount("acct_1", { secret_key: KEY, client_id: "ca_1", fetch, timeout: 20 }));
  assert.deepEqual([error.code, error.status], ["timed_out", 0]);
});

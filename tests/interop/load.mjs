// Ten thousand flows at a sandbox where a tenth of what platforms send goes wrong, from clients that do what they
// must not: send a code again, twice at once, or after the connection has ended. Whatever they do, the ledger must
// stay consistent: each code is spent at most once, and what was revoked stays so. In one process, with a seed.

import assert from "node:assert/strict";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { seeded } from "../oracle/random.mjs";

const SEED = Number(process.env.SEED ?? 20250301);
const FLOWS = 10_000;
const AT_ONCE = 50;
/** How much of a processor it may take, in seconds. */
const LIMIT = 60;
const STRIPE = "http://127.0.0.1";
const CLIENT_ID = "ca_load";
const SHARED = ["acct_1SandboxBakery01", "acct_1SandboxBooks001", "acct_1SandboxCafe0001"];

/** Every fault, before and after its effect, each at the same share, a tenth of the requests together. */
const FAULTS = [
  { fault: "delay", milliseconds: 1 },
  { fault: "reset_before" },
  { fault: "reset_after" },
  { fault: "429" },
  { fault: "500" },
  { fault: "500", effect: true },
  { fault: "502" },
  { fault: "502", effect: true },
  { fault: "truncated" },
  { fault: "content_type" },
  { fault: "redirect" },
  { fault: "redirect", effect: true },
].map((rule, _, rules) => ({ ...rule, share: 0.1 / rules.length }));

const started = Date.now();
const { pick, maybe } = seeded(SEED);
const sandbox = createSandbox({
  client_id: CLIENT_ID,
  secret_keys: ["sk_test_load"],
  seed: SEED,
  faults: FAULTS,
});
const count = { requests: 0, faults: 0, tokens: 0, deauthorized: 0, reused: 0, unknown: 0 };
/** The refresh tokens of each account, as far as clients saw them. */
const held = new Map();
/** Those that must never work again. */
const dead = new Set();
/** The ledger as it was when it was last looked at. */
let before = [];
let left = FLOWS;

await Promise.all(Array.from({ length: AT_ONCE }, worker));
const share = count.faults / count.requests;
// All but the delays, which no client can tell.
assert.ok(share > 0.08 && share < 0.105, `a tenth of the requests was to go wrong, not ${share}`);
sandbox.control("faults", { clear: true });
look();
await judge();
console.log(
  `${FLOWS} flows, ${count.requests} requests, ${count.faults} of them with a fault: ${count.tokens} tokens, ` +
    `${count.deauthorized} deauthorized, ${count.reused} codes reused, ${count.unknown} of unknown outcome; ` +
    `${((Date.now() - started) / 1000).toFixed(1)} s, seed ${SEED}`,
);

/** Takes one flow after the other until there are none left. */
async function worker() {
  while (left > 0) {
    left -= 1;
    if (left % 500 === 0) look();
    await flow();
    assert.ok(process.cpuUsage().user < LIMIT * 1e6, `it took more than ${LIMIT} seconds`);
  }
}

/** One person, and one client of whatever manners. */
async function flow() {
  const asked = maybe(0.2) ? pick(SHARED) : "new";
  const code = await consent(asked);
  const send = () => token({ grant_type: "authorization_code", code });
  const times = pick([1, 1, 3]);
  const sent = maybe(0.1) ? await Promise.all([send(), send()]) : await until(send, times);
  const granted = sent.filter((answer) => answer?.access_token);
  assert.ok(granted.length <= 1, "a code was spent twice");
  if (granted.length === 0) {
    count.unknown += 1;
    return;
  }
  count.tokens += 1;
  const [{ stripe_user_id: account, refresh_token }] = granted;
  const tokens = held.get(account) ?? held.set(account, []).get(account);
  tokens.push(refresh_token);

  if (maybe(0.5)) await until(() => refresh(refresh_token), 3);
  const end = pick(["stays", "deauthorized", "reused"]);
  if (end === "deauthorized") {
    const theirs = [...tokens];
    if (await isGone(() => post("/oauth/deauthorize", { client_id: CLIENT_ID, stripe_user_id: account }))) {
      count.deauthorized += 1;
      theirs.forEach((each) => dead.add(each));
      await isOver(asked, account, refresh_token);
    }
  } else if (end === "reused") {
    if (await isGone(send)) {
      count.reused += 1;
      dead.add(refresh_token);
      await isOver(asked, account, refresh_token);
    }
  }
}

/** Nothing opens the account any more. A shared one may have been connected anew. */
async function isOver(asked, account, refresh_token) {
  for (const answer of await until(() => refresh(refresh_token), 3)) {
    assert.ok(!answer?.access_token, "a refresh token outlived its connection");
  }
  if (asked !== "new") return;
  for (const answer of await until(() => call("GET", `/v1/accounts/${account}`), 3)) {
    assert.notEqual(answer?.object, "account", "an account opened after its connection had ended");
  }
}

/** Whether Stripe said that the connection is gone: ended now, or before. */
async function isGone(send) {
  const answers = await until(send, 10);
  const { stripe_user_id, access_token, error_description = "" } = answers.at(-1) ?? {};
  assert.ok(!access_token, "a code was spent twice");
  return Boolean(stripe_user_id) || /is not connected|already been used/.test(error_description);
}

/** The answers to the same request, sent until one is from Stripe and whole. */
async function until(send, times) {
  const answers = [];
  while (answers.length < times && !isWhole(answers.at(-1))) answers.push(await send());
  return answers;
}

function isWhole(answer) {
  return answer !== undefined && !["api_error", "rate_limit"].includes(answer.error?.code ?? answer.error?.type);
}

function token(form) {
  return post("/oauth/token", form);
}

function refresh(refresh_token) {
  return token({ grant_type: "refresh_token", refresh_token });
}

function post(path, form) {
  return call("POST", path, new URLSearchParams(form));
}

/** What the most forgiving client reads of an answer, whatever its status or type: its JSON, if it has any. */
async function call(method, path, body) {
  count.requests += 1;
  const headers = { authorization: "Bearer sk_test_load" };
  let answer, text;
  try {
    answer = await sandbox.fetch(new Request(STRIPE + path, { method, headers, body }));
    text = await answer.text();
  } catch (error) {
    assert.equal(error.code, "ECONNRESET", error);
    count.faults += 1;
    return undefined;
  }
  const json = parsed(text);
  const isTyped = answer.headers.get("content-type") === "application/json";
  if (!json || !isTyped || answer.status === 429 || answer.status >= 500) count.faults += 1;
  return json;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The person connects, where nothing goes wrong. */
async function consent(account) {
  const query = new URLSearchParams({ response_type: "code", client_id: CLIENT_ID, scope: "read_write" });
  const body = new URLSearchParams({ account, decision: "connect" });
  const answer = await sandbox.fetch(new Request(`${STRIPE}/oauth/authorize?${query}`, { method: "POST", body }));
  return new URL(answer.headers.get("location")).searchParams.get("code");
}

/** What was in the ledger is there still, and what was revoked has stayed as it was. */
function look() {
  const now = sandbox.control("ledger");
  before.forEach((connection, at) => {
    if (connection.revoked) assert.deepEqual(now[at], connection, "a revocation was not final");
    else assert.equal(now[at].stripe_user_id, connection.stripe_user_id);
  });
  before = now;
}

/** The ledger against what clients saw, when all is over. */
async function judge() {
  const codes = sandbox.control("codes");
  const spent = codes.filter((code) => code.spent);
  assert.equal(codes.length, FLOWS);
  assert.equal(spent.length, before.length, "each spent code made one connection");
  for (const code of codes) {
    assert.equal(code.spent, code.sent > 0);
    if (code.sent > 1) assert.ok(code.revoked, "a code was sent twice, and its connection stands");
  }
  const own = before.filter(({ stripe_user_id }) => !SHARED.includes(stripe_user_id));
  assert.equal(new Set(own.map(({ stripe_user_id }) => stripe_user_id)).size, own.length);

  const revoked = new Map(own.map((connection) => [connection.stripe_user_id, connection.revoked]));
  for (const [account, tokens] of held) {
    for (const refresh_token of tokens) {
      const works = Boolean((await refresh(refresh_token)).access_token);
      if (dead.has(refresh_token)) assert.ok(!works, "a refresh token outlived its connection");
      if (revoked.has(account)) assert.equal(works, !revoked.get(account), "the ledger and the endpoint differ");
    }
  }
  for (const seen of ["tokens", "deauthorized", "reused", "unknown"]) assert.ok(count[seen] > 50, seen);
}

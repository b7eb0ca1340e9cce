// stripe-node: all that a platform does with it, and each refusal as the SDK's own type.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import Stripe from "stripe";
import { decide } from "../person.mjs";
import { did, env, version } from "../program.mjs";

version("stripe");

const { hostname: host, port } = new URL(env.STRIPE);
const sdk = (key, options) => new Stripe(key, { host, port, protocol: "http", maxNetworkRetries: 0, ...options });
const stripe = sdk(env.SECRET_KEY);
stripe.setClientId(env.CLIENT_ID);

/** The SDK writes the authorize URL for https and without the port: only the address is put right. */
function authorizeUrl(params, options) {
  const { pathname, search } = new URL(stripe.oauth.authorizeUrl(params, options));
  return env.STRIPE + pathname + search;
}

/** The person connects an account; the code comes back. */
async function authorize(params, options) {
  const url = authorizeUrl({ redirect_uri: env.REDIRECT_URI, state: "a-state", ...params }, options);
  const { searchParams } = new URL(await decide(url));
  assert.equal(searchParams.get("state"), "a-state");
  return searchParams.get("code");
}

const exchange = (code, client = stripe) => client.oauth.token({ grant_type: "authorization_code", code });

const token = await exchange(await authorize({ scope: "read_write", stripe_user: { email: "ada@example.com", country: "NO" } }));
assert.match(token.stripe_user_id, /^acct_/);
assert.equal(token.scope, "read_write");
assert.equal(token.livemode, false);
assert.match(token.access_token, /^sk_test_/);
did("authorize");
did("token");

const express = await exchange(await authorize({ suggested_capabilities: ["transfers"] }, { express: true }));
assert.equal(express.scope, "express");
did("express");

const refresh = (scope) =>
  stripe.oauth.token({ grant_type: "refresh_token", refresh_token: token.refresh_token, ...(scope && { scope }) });
const refreshed = await refresh();
assert.equal(refreshed.stripe_user_id, token.stripe_user_id);
assert.equal(refreshed.scope, "read_write");
assert.equal((await refresh("read_only")).scope, "read_only");
did("refresh");

const account = await stripe.accounts.retrieve(token.stripe_user_id);
assert.equal(account.object, "account");
assert.equal(account.id, token.stripe_user_id);
assert.equal(account.email, "ada@example.com");
assert.equal(typeof account.charges_enabled, "boolean");
assert.ok(Array.isArray(account.requirements.currently_due));
const own = await stripe.accounts.retrieveCurrent({}, { stripeAccount: token.stripe_user_id });
assert.equal(own.id, account.id);
const byToken = await sdk(refreshed.access_token).accounts.retrieveCurrent();
assert.equal(byToken.id, account.id);
did("account");

const idempotencyKey = "a-key-of-ours";
const deferred = { type: "standard", country: "US", email: "grace@example.com" };
const created = await stripe.accounts.create(deferred, { idempotencyKey });
assert.match(created.id, /^acct_/);
assert.equal(created.details_submitted, false);
const replayed = await stripe.accounts.create(deferred, { idempotencyKey });
assert.equal(replayed.id, created.id);
assert.equal(replayed.lastResponse.headers["idempotent-replayed"], "true");
did("account creation");

const link = await stripe.accountLinks.create({
  account: created.id,
  refresh_url: `${env.REDIRECT_URI}/again`,
  return_url: env.REDIRECT_URI,
  type: "account_onboarding",
});
assert.equal(link.object, "account_link");
assert.equal((await fetch(link.url)).status, 200);
did("account link");

const retrying = sdk(env.SECRET_KEY, { maxNetworkRetries: 2 });
await faults({ fault: "reset_after", path: "/v1/accounts", times: 1 });
const retried = await retrying.accounts.create(deferred);
assert.equal(retried.lastResponse.headers["idempotent-replayed"], "true");
// The SDK sends a code again as well, and Stripe does not take that for the same request.
const code = await authorize({ scope: "read_write" });
await faults({ fault: "reset_after", path: "/oauth/token", times: 1 });
await assert.rejects(exchange(code, retrying), /already been used/);
did("retry");

const secret = env.WEBHOOK_SECRET;
const deliveries = await listen();
assert.deepEqual(
  await stripe.oauth.deauthorize({ client_id: env.CLIENT_ID, stripe_user_id: token.stripe_user_id }).then(plain),
  { stripe_user_id: token.stripe_user_id },
);
did("deauthorize");

const { body, signature } = await deliveries.next("account.application.deauthorized", token.stripe_user_id);
const event = stripe.webhooks.constructEvent(body, signature, secret);
assert.equal(event.account, token.stripe_user_id);
assert.equal(event.data.object.id, env.CLIENT_ID);
const forged = { name: "Error", type: "StripeSignatureVerificationError" };
assert.throws(() => stripe.webhooks.constructEvent(body, signature, "whsec_another"), forged);
assert.throws(() => stripe.webhooks.constructEvent(`${body} `, signature, secret), forged);
deliveries.stop();
did("webhook");

const CALLS = {
  token: ({ oauth }, params) => oauth.token(params),
  deauthorize: ({ oauth }, params) => oauth.deauthorize(params),
  account: ({ accounts }, { id }) => accounts.retrieve(id),
  create: ({ accounts }, params, options) => accounts.create(params, options),
  link: ({ accountLinks }, params) => accountLinks.create(params),
};

/** The refusals (refusals.mjs), each with the type that it has to have here. */
const refusals = JSON.parse(env.REFUSALS);
assert.ok(refusals.length > 0);
for (const refusal of refusals) {
  const { name, call, key, params, idempotency_key, fault, status, unreadable, message, node } = refusal;
  const options = idempotency_key && { idempotencyKey: idempotency_key };
  const client = key === "" ? sdk(undefined, { authenticator: async () => {} }) : sdk(key ?? env.SECRET_KEY);
  // The SDK sends its own for an empty one.
  if (params.client_id !== "") client.setClientId(env.CLIENT_ID);
  if (fault) await faults({ fault });
  const error = await CALLS[call](client, params, options).then(
    () => assert.fail(`${name}: it was not refused`),
    (error) => error,
  );
  if (fault) await faults({ clear: true });
  assert.equal(error.type, node, `${name}: ${error.stack}`);
  assert.equal(error.constructor, Stripe.errors[node], name);
  assert.match(error.message, new RegExp(message), name);
  // Of an answer that is no JSON the SDK forgets the status; without an answer there is none.
  assert.equal(error.statusCode, unreadable ? undefined : status, name);
  if (status) assert.match(error.raw?.requestId ?? error.requestId, /^req_/, name);
}
did("refusals");

/** What goes wrong from now on. */
async function faults(settings) {
  const answer = await fetch(`${env.STRIPE}/_sandbox/faults`, { method: "POST", body: JSON.stringify(settings) });
  assert.ok(answer.ok, await answer.text());
}

/** Takes the sandbox's webhooks. */
async function listen() {
  const taken = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    taken.push({ body, signature: request.headers["stripe-signature"] });
    response.end();
    server.emit("taken");
  });
  await once(server.listen(Number(env.PORT), "127.0.0.1"), "listening");
  return {
    async next(type, account) {
      for (;;) {
        const found = taken.find(({ body }) => body.includes(`"${type}"`) && body.includes(`"${account}"`));
        if (found) return found;
        await once(server, "taken");
      }
    },
    stop: () => server.close(),
  };
}

/** What was answered, without what the SDK adds to it. */
function plain({ lastResponse, ...answer }) {
  assert.match(lastResponse.requestId, /^req_/);
  return answer;
}

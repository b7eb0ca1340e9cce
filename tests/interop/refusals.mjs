// Each refusal of the token endpoint, of the deauthorization and of the API, and the type that Stripe's SDKs make
// of it. Texts are those that Stripe is known to give.

import { decide } from "./person.mjs";
import { OTHERS, PLATFORM } from "./stand-in.mjs";

const [SECRET_KEY, LIVE_KEY] = PLATFORM.secret_keys;

// The types, in stripe-node and in stripe-python.
const INVALID_REQUEST = { node: "StripeOAuthInvalidRequestError", python: "oauth_error.InvalidRequestError" };
const INVALID_GRANT = { node: "StripeInvalidGrantError", python: "oauth_error.InvalidGrantError" };
const INVALID_CLIENT = { node: "StripeInvalidClientError", python: "oauth_error.InvalidClientError" };
const INVALID_SCOPE = { node: "StripeInvalidScopeError", python: "oauth_error.InvalidScopeError" };
const UNSUPPORTED_GRANT_TYPE = {
  node: "StripeUnsupportedGrantTypeError",
  python: "oauth_error.UnsupportedGrantTypeError",
};
const UNSUPPORTED_RESPONSE_TYPE = {
  node: "StripeUnsupportedResponseTypeError",
  python: "oauth_error.UnsupportedResponseTypeError",
};
const AUTHENTICATION = { node: "StripeAuthenticationError", python: "AuthenticationError" };
const API_INVALID_REQUEST = { node: "StripeInvalidRequestError", python: "InvalidRequestError" };
const PERMISSION = { node: "StripePermissionError", python: "PermissionError" };
const IDEMPOTENCY = { node: "StripeIdempotencyError", python: "IdempotencyError" };
const RATE_LIMIT = { node: "StripeRateLimitError", python: "RateLimitError" };
const CONNECTION = { node: "StripeConnectionError", python: "APIConnectionError" };
const API = { node: "StripeAPIError", python: "APIError" };

/** `POST /oauth/token`. */
const TOKEN = ({ used, expired, reader, ended, express, fresh, others }) => {
  const grant_type = "authorization_code";
  const refresh = (refresh_token, more) => ({ grant_type: "refresh_token", refresh_token, ...more });
  return [
    {
      name: "no grant type",
      params: { code: fresh },
      status: 400,
      message: "No grant type specified",
      ...INVALID_REQUEST,
    },
    { name: "no code", params: { grant_type }, status: 400, message: ".", ...INVALID_REQUEST },
    { name: "no refresh token", params: refresh(""), status: 400, message: ".", ...INVALID_REQUEST },
    {
      name: "a capability that the account does not have",
      params: { grant_type, code: express, assert_capabilities: ["card_payments"] },
      status: 400,
      message: "assert_capabilities expects capability: card_payments",
      ...INVALID_REQUEST,
    },
    {
      name: "a code that does not exist",
      params: { grant_type, code: "ac_nosuch" },
      status: 400,
      message: "Authorization code does not exist: ac_nosuch",
      ...INVALID_GRANT,
    },
    {
      name: "a used code",
      params: { grant_type, code: used },
      status: 400,
      message:
        "This authorization code has already been used. All tokens issued with this code have been revoked.",
      ...INVALID_GRANT,
    },
    {
      name: "an expired code",
      params: { grant_type, code: expired },
      status: 400,
      message: "Authorization code expired",
      ...INVALID_GRANT,
    },
    {
      name: "another platform's code",
      params: { grant_type, code: others },
      status: 400,
      message: "Authorization code provided does not belong to you",
      ...INVALID_GRANT,
    },
    {
      name: "a live key for a test code",
      params: { grant_type, code: fresh },
      key: LIVE_KEY,
      status: 400,
      message: "Passed in livemode API key but authorization code only supports returning test keys",
      ...INVALID_GRANT,
    },
    {
      name: "a refresh token that does not exist",
      params: refresh("rt_nosuch"),
      status: 400,
      message: ".",
      ...INVALID_GRANT,
    },
    {
      name: "a refresh token whose connection has ended",
      params: refresh(ended.refresh_token),
      status: 400,
      message: ".",
      ...INVALID_GRANT,
    },
    {
      name: "a grant type of OAuth that Stripe has not",
      params: { grant_type: "password", username: "ada", password: "…" },
      status: 400,
      // Stripe sends no description, and stripe-python takes the error's name for one.
      message: "^$|unsupported_grant_type",
      ...UNSUPPORTED_GRANT_TYPE,
    },
    {
      name: "a scope that is none",
      params: refresh(reader.refresh_token, { scope: "invalid_scope" }),
      status: 400,
      message: "Invalid scope provided: invalid_scope.",
      ...INVALID_SCOPE,
    },
    {
      name: "a wider scope than was granted",
      params: refresh(reader.refresh_token, { scope: "read_write" }),
      status: 400,
      message: "Invalid scope provided: read_write.",
      ...INVALID_SCOPE,
    },
    {
      name: "a response type that is none",
      params: { grant_type, code: fresh, response_type: "unsupported" },
      status: 400,
      message: "Only 'code' response_type is supported, but 'unsupported' was provided",
      ...UNSUPPORTED_RESPONSE_TYPE,
    },
    {
      name: "no key",
      params: { grant_type, code: fresh },
      key: "",
      status: 401,
      // stripe-python always sends the header, and of an empty key only its first word is left.
      message: "No authentication was provided|No such API key: Bearer",
      ...INVALID_CLIENT,
    },
    {
      name: "a key that does not exist",
      params: { grant_type, code: fresh },
      key: "sk_test_nobodys123",
      status: 401,
      message: "No such API key: ",
      ...INVALID_CLIENT,
    },
    {
      name: "a publishable key",
      params: { grant_type, code: fresh },
      key: "pk_test_interop123",
      status: 401,
      message: "Publishable key sent, but only secret keys can be used",
      ...AUTHENTICATION,
    },
  ].map((refusal) => ({ call: "token", ...refusal }));
};

/** `POST /oauth/deauthorize`. */
const DEAUTHORIZE = ({ ended, reader, controlled }) => {
  const client_id = PLATFORM.client_id;
  const { stripe_user_id } = reader;
  return [
    { name: "no account", params: { client_id }, status: 400, message: ".", ...INVALID_REQUEST },
    { name: "no client id", params: { client_id: "", stripe_user_id }, status: 400, message: ".", ...INVALID_REQUEST },
    {
      name: "an account that is not connected any more",
      params: { client_id, stripe_user_id: ended.stripe_user_id },
      status: 401,
      message: `This application is not connected to stripe account ${ended.stripe_user_id}, or that account does not exist.`,
      ...INVALID_CLIENT,
    },
    {
      name: "an account that does not exist",
      params: { client_id, stripe_user_id: "acct_nosuch" },
      status: 401,
      message: "This application is not connected to stripe account acct_nosuch, or that account does not exist.",
      ...INVALID_CLIENT,
    },
    {
      name: "another platform's client id",
      params: { client_id: OTHERS.client_id, stripe_user_id },
      status: 401,
      message: `No such application: ${OTHERS.client_id}`,
      ...INVALID_CLIENT,
    },
    {
      name: "a live key for a test client id",
      params: { client_id, stripe_user_id },
      key: LIVE_KEY,
      status: 401,
      message: ".",
      ...INVALID_CLIENT,
    },
    {
      name: "an account that the platform controls",
      params: { client_id, stripe_user_id: controlled.id },
      status: 401,
      message: "no_deauth_on_controlled_account",
      ...INVALID_CLIENT,
    },
  ].map((refusal) => ({ call: "deauthorize", ...refusal }));
};

/** `/v1/accounts` and `/v1/account_links`. */
const ACCOUNTS = ({ ended, controlled }) => [
  {
    name: "an account that was disconnected",
    call: "account",
    params: { id: ended.stripe_user_id },
    status: 403,
    message: `does not have access to account '${ended.stripe_user_id}'`,
    ...PERMISSION,
  },
  {
    name: "a key that the API does not know",
    call: "account",
    params: { id: controlled.id },
    key: "sk_test_nobodys123",
    status: 401,
    message: "Invalid API Key provided: sk_test_",
    ...AUTHENTICATION,
  },
  {
    name: "an account in a country where Stripe is not",
    call: "create",
    params: { type: "standard", country: "XX" },
    status: 400,
    message: "Country 'XX' is unknown",
    ...API_INVALID_REQUEST,
  },
  {
    name: "an idempotency key that was used for something else",
    call: "create",
    params: { type: "standard", country: "NO" },
    idempotency_key: "a-key-of-ours",
    status: 400,
    message: "Keys for idempotent requests can only be used with the same parameters",
    ...IDEMPOTENCY,
  },
  {
    name: "a link without an account",
    call: "link",
    params: { refresh_url: "https://a.example/", return_url: "https://a.example/", type: "account_onboarding" },
    status: 400,
    message: "Missing required param: account",
    ...API_INVALID_REQUEST,
  },
];

/** What goes wrong on the way (`/_sandbox/faults`), while the call lasts. */
const FAULTS = ({ controlled, fresh }) => [
  {
    name: "too many requests",
    call: "account",
    params: { id: controlled.id },
    fault: "429",
    status: 429,
    message: "Request rate limit exceeded",
    ...RATE_LIMIT,
  },
  {
    name: "a failure of Stripe's",
    call: "token",
    params: { grant_type: "authorization_code", code: fresh },
    fault: "500",
    status: 500,
    message: "An unknown error occurred",
    ...API,
  },
  {
    name: "a gateway's page",
    call: "token",
    params: { grant_type: "authorization_code", code: fresh },
    fault: "502",
    status: 502,
    message: "Invalid JSON received from the Stripe API|Invalid response body from API",
    unreadable: true,
    ...API,
  },
  {
    name: "half an answer",
    call: "account",
    params: { id: controlled.id },
    fault: "truncated",
    status: 200,
    message: "Invalid JSON received from the Stripe API|Invalid response body from API",
    unreadable: true,
    ...API,
  },
  {
    name: "a lost connection",
    call: "account",
    params: { id: controlled.id },
    fault: "reset_before",
    message: ".",
    ...CONNECTION,
  },
];

/**
 * The refusals, with codes and accounts of a sandbox that are ready for them.
 *
 * @param {object} standIn from `startStandIn`
 * @param {string} redirect_uri where codes come back to
 */
export async function prepareRefusals(standIn, redirect_uri) {
  const { origin } = standIn;

  async function newCode({ client_id = PLATFORM.client_id, path = "/oauth/authorize", ...more } = {}) {
    const query = new URLSearchParams({ response_type: "code", client_id, redirect_uri, ...more });
    return new URL(await decide(`${origin}${path}?${query}`)).searchParams.get("code");
  }

  async function post(path, form) {
    const headers = { authorization: `Bearer ${SECRET_KEY}` };
    const answer = await fetch(origin + path, { method: "POST", body: new URLSearchParams(form), headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  const exchange = (code) => post("/oauth/token", { grant_type: "authorization_code", code });

  const used = await newCode({ scope: "read_write" });
  await exchange(used);
  const expired = await standIn.at(-301, newCode);
  const reader = await exchange(await newCode({ scope: "read_only" }));
  const ended = await exchange(await newCode({ scope: "read_write" }));
  await post("/oauth/deauthorize", { client_id: PLATFORM.client_id, stripe_user_id: ended.stripe_user_id });
  const controlled = await post("/v1/accounts", { type: "standard", country: "US" });
  const express = await newCode({ path: "/express/oauth/authorize" });
  const fresh = await newCode();
  const others = await newCode({ client_id: OTHERS.client_id });

  return [
    ...TOKEN({ used, expired, reader, ended, express, fresh, others }),
    ...DEAUTHORIZE({ ended, controlled, reader }),
    ...ACCOUNTS({ ended, controlled }),
    ...FAULTS({ controlled, fresh }),
  ];
}

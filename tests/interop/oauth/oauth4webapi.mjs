// oauth4webapi: the low-level one. Every step is the caller's, so every check of its is on the way.

import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";
import { decide } from "../person.mjs";
import { did, env, version } from "../program.mjs";

version("oauth4webapi");
const server = {
  issuer: env.STRIPE,
  authorization_endpoint: `${env.STRIPE}/oauth/authorize`,
  token_endpoint: `${env.STRIPE}/oauth/token`,
};
const client = { client_id: env.CLIENT_ID };
const authentication = oauth.ClientSecretPost(env.SECRET_KEY);
// The sandbox speaks plain HTTP, on this machine only.
const insecure = { [oauth.allowInsecureRequests]: true };
const state = oauth.generateRandomState();

const url = new URL(server.authorization_endpoint);
url.search = new URLSearchParams({
  response_type: "code",
  client_id: client.client_id,
  scope: "read_write",
  redirect_uri: env.REDIRECT_URI,
  state,
});

const denied = new URL(await decide(url, "cancel"));
assert.throws(() => oauth.validateAuthResponse(server, client, denied, state), {
  name: "AuthorizationResponseError",
  error: "access_denied",
  error_description: "The user denied your request",
});
did("denial");

const callback = oauth.validateAuthResponse(server, client, new URL(await decide(url)), state);
did("authorize");

const exchange = async () =>
  oauth.processAuthorizationCodeResponse(
    server,
    client,
    await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      callback,
      env.REDIRECT_URI,
      oauth.nopkce, // Stripe has no PKCE.
      insecure,
    ),
  );
const token = await exchange();
assert.match(token.stripe_user_id, /^acct_/);
assert.equal(token.token_type, "bearer");
assert.equal(token.livemode, false);
assert.equal(token.scope, "read_write");
did("token");

const refresh = (refresh_token) =>
  oauth
    .refreshTokenGrantRequest(server, client, authentication, refresh_token, insecure)
    .then((response) => oauth.processRefreshTokenResponse(server, client, response));
const refreshed = await refresh(token.refresh_token);
assert.equal(refreshed.stripe_user_id, token.stripe_user_id);
assert.notEqual(refreshed.access_token, token.access_token);
did("refresh");

const refusal = { name: "ResponseBodyError", error: "invalid_grant", status: 400 };
await assert.rejects(refresh("rt_nosuch"), refusal);
await assert.rejects(exchange, { ...refusal, error_description: /has already been used/ });
did("errors");

// openid-client: the comfortable one, on top of oauth4webapi.

import assert from "node:assert/strict";
import * as client from "openid-client";
import { decide } from "../person.mjs";
import { did, env, version } from "../program.mjs";

version("openid-client");
const server = {
  issuer: env.STRIPE,
  authorization_endpoint: `${env.STRIPE}/oauth/authorize`,
  token_endpoint: `${env.STRIPE}/oauth/token`,
};
const config = new client.Configuration(server, env.CLIENT_ID, {}, client.ClientSecretPost(env.SECRET_KEY));
// The sandbox speaks plain HTTP, on this machine only.
client.allowInsecureRequests(config);
const expectedState = client.randomState();

const url = client.buildAuthorizationUrl(config, {
  scope: "read_write",
  redirect_uri: env.REDIRECT_URI,
  state: expectedState,
});

const denied = new URL(await decide(url, "cancel"));
await assert.rejects(client.authorizationCodeGrant(config, denied, { expectedState }), {
  name: "AuthorizationResponseError",
  error: "access_denied",
});
did("denial");

const callback = new URL(await decide(url));
did("authorize");

const token = await client.authorizationCodeGrant(config, callback, { expectedState });
assert.match(token.stripe_user_id, /^acct_/);
assert.equal(token.scope, "read_write");
did("token");

const refreshed = await client.refreshTokenGrant(config, token.refresh_token, { scope: "read_only" });
assert.equal(refreshed.stripe_user_id, token.stripe_user_id);
assert.equal(refreshed.scope, "read_only");
did("refresh");

const refusal = { name: "ResponseBodyError", error: "invalid_grant", status: 400 };
await assert.rejects(client.refreshTokenGrant(config, "rt_nosuch"), refusal);
await assert.rejects(client.authorizationCodeGrant(config, callback, { expectedState }), refusal);
did("errors");

// simple-oauth2: it sends the key in the body when asked to. Left to itself it sends the client id as the user of
// Basic authentication, and Stripe takes that for a key.

import assert from "node:assert/strict";
import { AuthorizationCode } from "simple-oauth2";
import { decide } from "../person.mjs";
import { did, env, version } from "../program.mjs";

version("simple-oauth2");
const config = {
  client: { id: env.CLIENT_ID, secret: env.SECRET_KEY },
  auth: { tokenHost: env.STRIPE },
};
const client = new AuthorizationCode({ ...config, options: { authorizationMethod: "body" } });
const redirect_uri = env.REDIRECT_URI;
const url = client.authorizeURL({ redirect_uri, scope: "read_write", state: "a-state" });

const denied = new URL(await decide(url, "cancel")).searchParams;
assert.equal(denied.get("error"), "access_denied");
assert.equal(denied.get("state"), "a-state");
did("denial");

const callback = new URL(await decide(url)).searchParams;
assert.equal(callback.get("state"), "a-state");
const code = callback.get("code");
did("authorize");

const accessToken = await client.getToken({ code, redirect_uri, scope: "read_write" });
assert.match(accessToken.token.stripe_user_id, /^acct_/);
assert.equal(accessToken.token.scope, "read_write");
did("token");

const refreshed = await accessToken.refresh();
assert.equal(refreshed.token.stripe_user_id, accessToken.token.stripe_user_id);
assert.notEqual(refreshed.token.access_token, accessToken.token.access_token);
did("refresh");

await assert.rejects(client.getToken({ code, redirect_uri }), refusal(400, "invalid_grant", /has already been used/));
const header = new AuthorizationCode(config);
await assert.rejects(header.getToken({ code, redirect_uri }), refusal(401, "invalid_client", /^No such API key: /));
did("errors");

function refusal(status, error, description) {
  return ({ output, data }) => {
    assert.equal(output.statusCode, status);
    assert.equal(data.payload.error, error);
    assert.match(data.payload.error_description, description);
    return true;
  };
}

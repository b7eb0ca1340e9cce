// A person who visits one of the sites: connects, changes their mind, comes back twice, disconnects.

import assert from "node:assert/strict";
import { decide } from "./person.mjs";

/**
 * Does at `site` what a person can, and says what was done.
 *
 * @param {string} site its origin
 * @param {{ denied: RegExp, disconnects: boolean }} row
 * @param {() => object[]} connections what the sandbox's ledger holds
 * @returns {AsyncGenerator<string>}
 */
export async function* visit(site, { denied, disconnects }, connections) {
  assert.match(await text(await decide(await start(site), "cancel")), denied);
  assert.deepEqual(connections(), []);
  yield "denial";

  const callback = await decide(await start(site));
  assert.ok(callback.startsWith(`${site}/oauth/callback?`), callback);
  yield "authorize";

  const answer = await text(callback);
  assert.match(answer, /"access_token": ?"sk_test_/);
  const { stripe_user_id, scope, livemode } = JSON.parse(answer);
  assert.equal(scope, "read_write");
  // passport-stripe makes null of false.
  assert.ok(!livemode);
  assert.deepEqual(standing(connections), [[stripe_user_id, true]]);
  yield "token";

  const unknown = await text(`${site}/oauth/callback?code=ac_nosuch`);
  assert.ok(unknown.includes("Authorization code does not exist: ac_nosuch"), unknown);
  if (!disconnects) {
    const again = await text(callback);
    assert.ok(again.includes("This authorization code has already been used."), again);
    assert.deepEqual(standing(connections), [[stripe_user_id, false]]);
  }
  yield "errors";

  if (!disconnects) return;
  const disconnect = async () =>
    JSON.parse(await text(`${site}/deauthorize`, { method: "POST", body: new URLSearchParams({ stripe_user_id }) }));
  assert.deepEqual(await disconnect(), { stripe_user_id });
  assert.deepEqual(standing(connections), [[stripe_user_id, false]]);
  const again = await disconnect();
  assert.equal(again.error, "invalid_client");
  assert.match(again.error_description, /is not connected to stripe account/);
  yield "deauthorize";
}

/** Where the site sends the person: by a redirect, or by a link to follow. */
async function start(site) {
  const answer = await fetch(`${site}/authorize`, { redirect: "manual" });
  const location = answer.headers.get("location");
  if (location) return location;
  const html = await answer.text();
  const link = html.match(/<a href='([^']*)'/)?.[1];
  assert.ok(link, `neither a redirect nor a link: ${html}`);
  return link.replaceAll("&amp;", "&");
}

const text = async (url, init) => (await fetch(url, init)).text();

/** Each account, and whether its connection stands. */
const standing = (connections) => connections().map(({ stripe_user_id, revoked }) => [stripe_user_id, !revoked]);

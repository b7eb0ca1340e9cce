// A platform with one user, who is signed in, for any framework: `connect` is its handler. Its own address and its
// Stripe's stand in `addresses.js` beside it (flow.mjs writes it).
import { createConnect } from "stripe-connect-oauth/edge";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { connect_base, origin } from "./addresses.js";

/** Its routes may begin elsewhere than at `/connect`. */
export const platform = (prefix = "/connect") =>
  createConnect({
    client_id: "ca_sandbox123",
    secret_key: `sk_test_EXAMPLE${"0".repeat(92)}`,
    prefix,
    redirect_uri: `${origin}${prefix}/callback`,
    cookie_secrets: ["a cookie secret of 32 characters"],
    connect_base,
    store: memoryStore(),
    identify: () => "ada",
    scope: "read_write",
    page_style: true,
  });

export const connect = platform();

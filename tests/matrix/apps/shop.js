// The platform, as every framework's app here has it: its own address and its Stripe come from `addresses.js`.

import { createConnect } from "stripe-connect-oauth/edge";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { connect_base, origin } from "./addresses.js";

export const shop = (prefix = "/connect") =>
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

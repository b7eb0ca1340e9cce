// The clients, a row each. None was written here: these files only hold them the way their users do.

import { fileURLToPath } from "node:url";
import { prepareRefusals } from "./refusals.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const built = (path) => here(`../../target/interop/${path}`);
const jar = (name) => `/usr/share/java/${name}.jar`;

/** Debian's jars, without versions in their names. */
const CLASSPATH = ["httpclient", "httpcore", "commons-logging", "commons-codec", "gson"].map(jar).join(":");
const PYTHON = process.env.PYTHON ?? "python3";
const PHP_VERSION = "echo 'PHP '.PHP_VERSION.', curl extension with libcurl '.curl_version()['version'];";

const SDK = [
  "authorize",
  "token",
  "express",
  "refresh",
  "account",
  "account creation",
  "account link",
  "retry",
  "deauthorize",
  "webhook",
  "refusals",
];
const OAUTH = ["denial", "authorize", "token", "refresh", "errors"];
const SITE = ["denial", "authorize", "token", "errors", "deauthorize"];

/**
 * A program runs to its end and prints its version, then a line for each thing it did. A site listens on `PORT`,
 * and its visitor (visitor.mjs) does what a person would.
 */
export const ROWS = [
  sdk("stripe-node", [process.execPath, here("sdk/stripe-node.mjs")]),
  sdk("stripe-python", [PYTHON, here("sdk/stripe_python.py")]),
  oauth("oauth4webapi", [process.execPath, here("oauth/oauth4webapi.mjs")]),
  oauth("openid-client", [process.execPath, here("oauth/openid-client.mjs")]),
  oauth("simple-oauth2", [process.execPath, here("oauth/simple-oauth2.mjs")]),
  site("passport-stripe, Express", [process.execPath, here("oauth/passport-stripe.mjs")], {
    // It says no more than that, and has no way to disconnect.
    denied: /^Unauthorized$/,
    disconnects: false,
  }),
  oauth("Rust, oauth2 crate", [built("debug/interop-rust-oauth2")]),
  program("curl", ["bash", here("seed/curl.sh")], SITE, "platform"),
  site("Ruby, rest-client", ["ruby", here("seed/ruby-rest-client.rb")]),
  site("Ruby, oauth2 gem under Sinatra", ["ruby", here("seed/ruby-oauth2-sinatra.rb")]),
  site("Python, requests under Flask", [PYTHON, here("seed/python-flask.py")]),
  site("PHP, curl extension", ["php", "-S", "127.0.0.1:PORT", here("seed/php-curl.php")], {
    version: ["php", "-r", PHP_VERSION],
  }),
  site("Java, Apache HttpComponents", ["java", "-cp", CLASSPATH, here("seed/HttpComponents.java")]),
  site("Node, Express", [process.execPath, here("seed/node-express.mjs")]),
  site("Go, net/http", [built("go-net-http")]),
];

/** A program that does all that there is, takes webhooks on its port, and meets every refusal (refusals.mjs). */
function sdk(client, command) {
  return { ...program(client, command, SDK, "platform"), prepare };
}

async function prepare(standIn, redirect_uri) {
  const WEBHOOK_SECRET = "whsec_interop123";
  const refusals = await prepareRefusals(standIn, redirect_uri);
  standIn.sandbox.control("webhooks", { url: new URL("/webhook", redirect_uri).href, secret: WEBHOOK_SECRET });
  return { WEBHOOK_SECRET, REFUSALS: JSON.stringify(refusals) };
}

/** A program that knows no way to disconnect; the last it does is to send its code again. */
function oauth(client, command) {
  return program(client, command, OAUTH, "code_reuse");
}

/** `endedBy` is how the ledger has its connection end. */
function program(client, command, does, endedBy) {
  return { kind: "program", client, command, does, endedBy };
}

function site(client, command, { version, denied = /^The user denied your request$/, disconnects = true } = {}) {
  const does = SITE.filter((step) => disconnects || step !== "deauthorize");
  return { kind: "site", client, command, version, denied, disconnects, does };
}

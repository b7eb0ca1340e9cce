#!/usr/bin/env node
// @ts-check
// The package's command: npx stripe-connect-oauth sandbox
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { serveSandbox } from "stripe-connect-oauth/sandbox/node";

const HELP = `
A stand-in for Stripe: its OAuth endpoints, the API around them, consent page, dashboards and webhooks.
It keeps everything in memory, needs no network, and moves no money.

  npx stripe-connect-oauth sandbox [options]

Where it listens
  --port N                 default 12111; 0 takes any free one
  --host NAME              default 127.0.0.1, which only this machine reaches

Your platform, as it would be registered at Stripe
  --client-id ID           default ca_sandbox123
  --live-client-id ID      one of live mode besides
  --live                   --client-id is of live mode (with an sk_live_ key)
  --secret-key KEY         default sk_test_EXAMPLE000…, as long as a real one; again for more. Made-up keys only
  --redirect-uri URL       default http://localhost:8787/connect/callback; again for more
  --name TEXT              what the consent page calls it
  --flow FLOW              standard, express or app; again for more. Default standard and express
  --api-version VERSION    of Stripe's API, where a call names none. Default 2025-03-31.basil

Webhooks
  --webhook-url URL        where events go, signed
  --webhook-secret SECRET  default whsec_sandbox123

For tests
  --seed TEXT              the same ids and faults in every run
  --fault FAULT            what goes wrong; again for more:
                             delay  reset_before  reset_after  429  500  502  truncated  content_type  redirect
                             standard_oauth_disabled  not_signed_up  losses_not_acknowledged
                             requirements_not_acknowledged  profile_not_completed  not_activated
                             accounts_v1_closed  account_token_required  controller_not_supported  not_a_platform
                           with details after a colon, such as
                             500:share=0.1                             a tenth of the requests
                             reset_after:path=/oauth/token,times=1     the answer to the next exchange
                             delay:milliseconds=3000
                             502:effect=true                           and Stripe did what was asked
  --quiet                  prints no requests

  --help  --version

While it runs, look into it and change it with JSON at /_sandbox/…:
  ledger  codes  log  requests  events  accounts  platforms  connections  clock  webhooks  faults  reset
`;

/** @type {import("node:util").ParseArgsConfig["options"]} */
const OPTIONS = {
  port: { type: "string", default: "12111" },
  host: { type: "string", default: "127.0.0.1" },
  "client-id": { type: "string" },
  "live-client-id": { type: "string" },
  live: { type: "boolean", default: false },
  "secret-key": { type: "string", multiple: true },
  "redirect-uri": { type: "string", multiple: true },
  name: { type: "string" },
  flow: { type: "string", multiple: true },
  "api-version": { type: "string" },
  "webhook-url": { type: "string" },
  "webhook-secret": { type: "string", default: "whsec_sandbox123" },
  seed: { type: "string" },
  fault: { type: "string", multiple: true, default: [] },
  quiet: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", default: false },
};

/**
 * What createSandbox's errors are about, as the command line has it.
 *
 * @type {Record<string, string>}
 */
const NAMES = {
  client_id: "--client-id",
  live_client_id: "--live-client-id",
  secret_key: "--secret-key",
  redirect_uri: "--redirect-uri",
  flow: "--flow",
  flows: "--flow",
  api_version: "--api-version",
  url: "--webhook-url",
  webhook_secret: "--webhook-secret",
  secret: "--webhook-secret",
  fault: "--fault",
};

async function main() {
  const { values, positionals } = read(process.argv.slice(2));
  if (values.help) return console.log(HELP);
  if (values.version) return console.log(version());
  if (positionals.join(" ") !== "sandbox") {
    fail(positionals.length ? `There is no command ${positionals.join(" ")}.` : "Say what to run: sandbox");
  }
  const sandbox = built(values);
  if (!values.quiet) print(sandbox);
  const { origin, close } = await listening(sandbox, values);
  console.log(greeting(origin, sandbox, values));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => close().then(() => process.exit(0)));
  }
}

/** @returns {{ values: any, positionals: string[] }} */
function read(/** @type {string[]} */ args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return fail(/** @type {Error} */ (error).message);
  }
}

function built(/** @type {any} */ values) {
  try {
    return createSandbox({
      client_id: values["client-id"],
      live_client_id: values["live-client-id"],
      livemode: values.live,
      secret_keys: values["secret-key"],
      redirect_uris: values["redirect-uri"],
      name: values.name,
      flows: values.flow,
      api_version: values["api-version"],
      seed: values.seed,
      faults: values.fault.map(fault),
      webhook: values["webhook-url"] && { url: values["webhook-url"], secret: values["webhook-secret"] },
    });
  } catch (error) {
    const { param, message } = /** @type {any} */ (error);
    return fail(message.replace(param, NAMES[param] ?? `--fault: ${param}`));
  }
}

/** `500:share=0.1,times=3` as a rule. */
function fault(/** @type {string} */ text) {
  const [name, details] = text.split(/:(.*)/s);
  const rule = /** @type {any} */ ({ fault: name });
  for (const detail of details ? details.split(",") : []) {
    const [key, value = ""] = detail.split(/=(.*)/s);
    if (key === "fault") fail("--fault: fault stands before the colon");
    rule[key] = key === "path" ? value : parsed(value);
  }
  return rule;
}

function parsed(/** @type {string} */ value) {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

async function listening(/** @type {import("stripe-connect-oauth/sandbox").Sandbox} */ sandbox, /** @type {any} */ { port, host }) {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) fail("--port must be a number from 0 to 65535");
  try {
    return await serveSandbox(sandbox, { port: Number(port), host });
  } catch (error) {
    const { code, message } = /** @type {any} */ (error);
    return fail(code === "EADDRINUSE" ? `Port ${port} is taken: give another one with --port, or 0 for any.` : message);
  }
}

/** Prints each request as it is answered. */
function print(/** @type {import("stripe-connect-oauth/sandbox").Sandbox} */ sandbox) {
  const { fetch } = sandbox;
  let seen = "";
  sandbox.fetch = async (request) => {
    try {
      return await fetch(request);
    } finally {
      const last = sandbox.control("requests").at(-1);
      if (last && last.request_id !== seen) {
        seen = last.request_id;
        const { method, path, status, error, fault } = last;
        console.log([new Date().toTimeString().slice(0, 8), method, path, status || "no answer", error, fault].filter(Boolean).join(" "));
      }
    }
  };
}

function greeting(/** @type {string} */ origin, /** @type {import("stripe-connect-oauth/sandbox").Sandbox} */ { platform }, /** @type {any} */ values) {
  const mode = platform.livemode ? "live mode" : "test mode";
  const webhook = values["webhook-url"];
  return [
    "",
    `  The stand-in for Stripe:  ${origin}`,
    "",
    `  client_id       ${platform.client_id}  ${mode}`,
    platform.live_client_id && `                  ${platform.live_client_id}  live mode`,
    ...platform.secret_keys.map((key, at) => `${at ? "                  " : "  secret key      "}${shown(key)}`),
    ...platform.redirect_uris.map((uri, at) => `${at ? "                  " : "  redirect_uri    "}${uri}`),
    webhook && `  webhooks to     ${webhook}`,
    webhook && `  signed with     ${values["webhook-secret"]}`,
    "",
    `  Begin           ${origin}${beginning(platform)}`,
    `  Dashboards      ${origin}/dashboard`,
    `  Requests        ${origin}/_sandbox/requests`,
    "",
    "  Ctrl-C stops it, and it forgets everything.",
    "",
  ]
    .filter((line) => typeof line === "string")
    .join("\n");
}

/** A live key is never shown whole, but as Stripe shows one: somebody may have given a real one. */
function shown(/** @type {string} */ key) {
  const [kind] = /^[a-z]+_live_/.exec(key) ?? [];
  if (!kind) return key;
  const secret = key.slice(kind.length);
  const end = secret.length < 8 ? "" : secret.slice(-4);
  return kind + "*".repeat(secret.length - end.length) + end;
}

/** An authorize address to try. */
function beginning(/** @type {import("stripe-connect-oauth/sandbox").SandboxPlatform} */ { client_id, flows }) {
  if (flows.includes("app")) return `/oauth/v2/authorize?client_id=${client_id}`;
  const express = flows.includes("standard") ? "" : "/express";
  return `${express}/oauth/authorize?response_type=code&scope=read_write&client_id=${client_id}`;
}

const version = () => JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;

/** @returns {never} */
function fail(/** @type {string} */ message) {
  console.error(`${message}\nTry: npx stripe-connect-oauth sandbox --help`);
  process.exit(1);
}

await main();

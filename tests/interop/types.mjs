// What the stand-in answers, against stripe-node's own types: each reply is written out as a constant of its type, so
// that a field which is missing, one too many, or a value that Stripe hasn't fails to compile. `make interop` runs it.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PLATFORM, startStandIn } from "./stand-in.mjs";

const [KEY] = PLATFORM.secret_keys;
const REDIRECT_URI = "http://127.0.0.1/callback";
// Inside the project, where `stripe` and its types are found.
const FOLDER = fileURLToPath(new URL("../../target/interop-types", import.meta.url));
const TSC = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

/** Every kind of reply, as name, type and value. */
async function replies({ origin, sandbox }) {
  const call = async (path, form, headers = {}) => {
    const init = form && { method: "POST", body: new URLSearchParams(form), redirect: "manual" };
    const response = await fetch(origin + path, { ...init, headers: { authorization: `Bearer ${KEY}`, ...headers } });
    if (response.status >= 400) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const json = async (...args) => (await call(...args)).json();

  const authorize = `/oauth/authorize?response_type=code&client_id=${PLATFORM.client_id}`;
  const rows = [];
  for (const { id } of sandbox.control("accounts")) {
    const back = await call(authorize, { account: id, decision: "connect" });
    const code = new URL(back.headers.get("location")).searchParams.get("code");
    rows.push([id, "Stripe.OAuthToken", await json("/oauth/token", { grant_type: "authorization_code", code })]);
    rows.push([id, "Stripe.Account", await json(`/v1/accounts/${id}`)]);
  }
  const [first] = sandbox.control("accounts");
  sandbox.control("accounts", { id: first.id, state: "paused" });
  rows.push(["paused", "Stripe.Account", await json(`/v1/accounts/${first.id}`)]);
  rows.push(["own", "Stripe.Account", await json("/v1/account")]);
  const made = await json("/v1/accounts", { country: "FR", email: "ada@example.com", "metadata[a]": "b" });
  rows.push(["made", "Stripe.Account", made]);
  const urls = { refresh_url: "http://127.0.0.1/again", return_url: "http://127.0.0.1/back" };
  const link = await json("/v1/account_links", { account: made.id, type: "account_onboarding", ...urls });
  rows.push(["link", "Stripe.AccountLink", link]);
  const express = await call(`/express${authorize}`, { account: "new", decision: "connect" });
  const code = new URL(express.headers.get("location")).searchParams.get("code");
  const { stripe_user_id } = await json("/oauth/token", { grant_type: "authorization_code", code });
  rows.push(["express", "Stripe.Account", await json(`/v1/accounts/${stripe_user_id}`)]);
  rows.push(["balance", "Stripe.Balance", await json("/v1/balance", undefined, { "stripe-account": made.id })]);
  const ending = { client_id: PLATFORM.client_id, stripe_user_id: first.id };
  rows.push(["ended", "Stripe.OAuthDeauthorization", await json("/oauth/deauthorize", ending)]);
  // Of an object that changed in part the old part alone is told, which the types don't know.
  for (const { data: { object }, ...event } of sandbox.control("events")) {
    rows.push([event.id, "Stripe.Event", { ...event, data: { object } }]);
  }
  return rows;
}

/** Each reply as a constant; the compiler's errors name its line, and so the reply. */
const source = (rows) => {
  const constant = ([name, type, value]) =>
    `export const ${type.split(".")[1]}_${name}: ${type} = ${JSON.stringify(value)};`;
  return ["import type { Stripe } from 'stripe';", ...rows.map(constant)].join("\n");
};

const standIn = await startStandIn([REDIRECT_URI]);
const rows = await replies(standIn).finally(standIn.close);
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}/replies.ts`, source(rows));
const compilerOptions = {
  ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true, noEmit: true },
  ...{ module: "nodenext", target: "es2022", types: ["node"] },
};
writeFileSync(`${FOLDER}/tsconfig.json`, JSON.stringify({ compilerOptions, include: ["replies.ts"] }));
try {
  execFileSync(process.execPath, [TSC, "--project", FOLDER], { encoding: "utf8" });
  console.log(`${rows.length} replies are what stripe-node's types say`);
} catch ({ stdout, message }) {
  console.error(stdout || message);
  process.exitCode = 1;
}

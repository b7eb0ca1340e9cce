// The sandbox at an address: serveSandbox, and the command `npx stripe-connect-oauth sandbox`.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { serveSandbox } from "stripe-connect-oauth/sandbox/node";
import { verifyWebhook } from "stripe-connect-oauth/server";

const COMMAND = fileURLToPath(new URL("../../pkg/bin/stripe-connect-oauth.js", import.meta.url));
const SECRET_KEY = "sk_test_EXAMPLE".padEnd(107, "0");
const KEY = { authorization: `Bearer ${SECRET_KEY}` };
const LIVE_KEY = "sk_live_canary00000000001234";
const ACCOUNT = "acct_1SandboxBakery01";

const form = (body, headers = {}) => ({ method: "POST", body: new URLSearchParams(body), headers, redirect: "manual" });

/** Connects the first account at a served sandbox; resolves to the token endpoint's answer. */
async function connect(origin, client_id = "ca_sandbox123", key = KEY) {
  const authorize = `${origin}/oauth/authorize?response_type=code&client_id=${client_id}`;
  const back = await fetch(authorize, form({ account: ACCOUNT, decision: "connect" }));
  const code = new URL(back.headers.get("location")).searchParams.get("code");
  return fetch(`${origin}/oauth/token`, form({ grant_type: "authorization_code", code }, key));
}

async function served(t, options, where) {
  const sandbox = createSandbox(options);
  const { origin, close } = await serveSandbox(sandbox, where);
  t.after(close);
  return { sandbox, origin };
}

/** Runs the command, until it has said where it listens or has ended. */
async function run(t, ...args) {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  const out = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (out[name] += text));
  const ended = once(child, "close");
  let code;
  ended.then(([status]) => (code = status));
  while (code === undefined && !out.stdout.includes("Ctrl-C")) await new Promise((wake) => setTimeout(wake, 10));
  return { child, ended, out, code, origin: /http:\/\/[\w.:[\]]+/.exec(out.stdout)?.[0] };
}

// serveSandbox

test("a served sandbox answers like its fetch", async (t) => {
  const { sandbox, origin } = await served(t);
  assert.match(origin, /^http:\/\/127\.0\.0\.1:\d+$/);
  const token = await (await connect(origin)).json();
  assert.equal(token.stripe_user_id, ACCOUNT);
  assert.equal(sandbox.control("ledger").length, 1);
  const page = await fetch(`${origin}/`);
  assert.match(page.headers.get("content-security-policy"), /default-src 'none'/);
  assert.ok(page.headers.get("request-id"));
  assert.equal((await fetch(`${origin}/`, { method: "HEAD" })).status, 200);
});

test("an account link leads to where its maker reached the sandbox", async (t) => {
  const { origin } = await served(t);
  const here = origin.replace("127.0.0.1", "localhost");
  const { id } = await (await fetch(`${here}/v1/accounts`, form({ country: "FR" }, KEY))).json();
  const urls = { refresh_url: "http://localhost/again", return_url: "http://localhost/back" };
  const made = await fetch(`${here}/v1/account_links`, form({ account: id, type: "account_onboarding", ...urls }, KEY));
  const { url } = await made.json();
  assert.ok(url.startsWith(`${here}/setup/s/${id}/`), url);
  assert.match(await (await fetch(url)).text(), /Finish the account/);
});

test("a lost connection is reset, and the next request is served", async (t) => {
  const faults = [{ fault: "reset_after", path: "/oauth/token", times: 1 }];
  const { sandbox, origin } = await served(t, { faults });
  await assert.rejects(connect(origin), (error) => error.cause?.code === "ECONNRESET" || error.cause?.code === "UND_ERR_SOCKET");
  assert.equal(sandbox.control("ledger").length, 1, "after the effect");
  assert.equal((await connect(origin)).status, 200);
});

test("a page of another site is refused, also one that names itself after this machine", async (t) => {
  const { sandbox, origin } = await served(t);
  const before = sandbox.control("clock").now;
  const post = (headers) => fetch(`${origin}/_sandbox/clock`, { method: "POST", body: '{"advance":1000}', headers });
  assert.equal((await post({ origin: "https://evil.example" })).status, 403);
  const { port } = new URL(origin);
  const rebound = await new Promise((resolve, reject) => {
    const headers = { host: `evil.example:${port}`, origin: `http://evil.example:${port}` };
    const sent = request({ port, path: "/_sandbox/clock", method: "POST", headers }, resolve).on("error", reject);
    sent.end('{"advance":1000}');
  });
  assert.equal(rebound.statusCode, 403);
  rebound.resume();
  assert.ok(sandbox.control("clock").now - before < 60);
  assert.equal((await post({ origin })).status, 200);
  assert.equal((await post({})).status, 200);
});

test("a read under another host's name is refused too, for a page that rebinds DNS sends no Origin with it", async (t) => {
  const { origin } = await served(t);
  const { port } = new URL(origin);
  const status = (host, path = "/_sandbox/ledger") =>
    new Promise((resolve, reject) => {
      const sent = request({ port, path, headers: { host } }, (answer) => resolve(answer.resume().statusCode));
      sent.on("error", reject).end();
    });
  for (const path of ["/_sandbox/ledger", "/v1/account", "/"]) assert.equal(await status(`evil.example:${port}`, path), 403, path);
  for (const host of ["localhost", "127.0.0.1", "[::1]", "shop.localhost"]) assert.equal(await status(`${host}:${port}`), 200, host);
});

test("a body over its limit is refused with 413 at any size", async (t) => {
  const { origin } = await served(t);
  for (const megabytes of [0.02, 1, 32]) {
    const body = "x".repeat(megabytes * 1_048_576);
    const answer = await fetch(`${origin}/oauth/token`, { method: "POST", body });
    assert.equal(answer.status, 413, `${megabytes} MB`);
    assert.equal((await answer.json()).error.message, "The body is longer than 16 KB.");
  }
  assert.equal((await connect(origin)).status, 200, "and goes on");
});

test("a method that nothing takes is named", async (t) => {
  const { origin } = await served(t);
  for (const method of ["DELETE", "OPTIONS", "PATCH", "PUT"]) {
    const answer = await fetch(`${origin}/v1/accounts/acct_1`, { method, headers: KEY });
    assert.match((await answer.json()).error.message, new RegExp(`^Unrecognized request URL \\(${method}: /v1/accounts/acct_1\\)`));
  }
});

test("a taken port is the system's error", async (t) => {
  const { origin } = await served(t);
  const port = Number(new URL(origin).port);
  await assert.rejects(serveSandbox(createSandbox(), { port }), { code: "EADDRINUSE" });
});

test("a request whose address can't be read is refused", async (t) => {
  const { origin } = await served(t);
  const answer = await new Promise((resolve, reject) => {
    const sent = request({ port: new URL(origin).port, path: "/", headers: { host: "a b" } }, resolve);
    sent.on("error", reject).end();
  });
  answer.resume();
  assert.equal(answer.statusCode, 400);
});

// The command.

test("the command says where it is and what to use there, and ends on Ctrl-C with success", async (t) => {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    const { child, ended, out, origin } = await run(t, "sandbox", "--port", "0");
    for (const word of ["ca_sandbox123", SECRET_KEY, "http://localhost:8787/connect/callback", "/dashboard"]) {
      assert.ok(out.stdout.includes(word), word);
    }
    assert.equal((await connect(origin)).status, 200);
    child.kill(signal);
    assert.deepEqual((await ended)[0], 0, signal);
    assert.equal(out.stderr, "");
    await assert.rejects(fetch(origin));
  }
});

test("the command prints each request, and none with --quiet", async (t) => {
  const loud = await run(t, "sandbox", "--port", "0");
  await connect(loud.origin);
  await fetch(`${loud.origin}/oauth/token`, form({}, KEY));
  assert.match(loud.out.stdout, /\d\d:\d\d:\d\d POST \/oauth\/authorize 303\n/);
  assert.match(loud.out.stdout, /POST \/oauth\/token 400 invalid_request\n/);
  const quiet = await run(t, "sandbox", "--port", "0", "--quiet");
  await connect(quiet.origin);
  assert.doesNotMatch(quiet.out.stdout, /POST/);
});

test("the command takes a platform's registration", async (t) => {
  const { origin, out } = await run(
    t,
    ...["sandbox", "--port", "0", "--client-id", "ca_shop", "--live-client-id", "ca_shoplive", "--name", "The Shop"],
    ...["--secret-key", "sk_test_shop", "--secret-key", LIVE_KEY, "--api-version", "2018-11-08"],
    ...["--redirect-uri", "https://shop.example/a", "--redirect-uri", "https://shop.example/b", "--flow", "standard"],
  );
  assert.match(out.stdout, /sk_test_shop[^]*https:\/\/shop\.example\/b/);
  const live = { authorization: `Bearer ${LIVE_KEY}` };
  const token = await connect(origin, "ca_shoplive", live);
  assert.equal((await fetch(`${origin}/v1/account`, { headers: live })).headers.get("stripe-version"), "2018-11-08");
  assert.equal((await token.json()).livemode, true);
  const express = await fetch(`${origin}/express/oauth/authorize?client_id=ca_shop`);
  assert.equal(express.status, 403);
  assert.match(await (await fetch(`${origin}/oauth/authorize?client_id=ca_shop&response_type=code`)).text(), /The Shop/);
});

test("a live key is never printed whole", async (t) => {
  for (const [key, shown] of [[LIVE_KEY, "sk_live_****************1234"], ["rk_live_short", "rk_live_*****"]]) {
    const { origin, out } = await run(t, "sandbox", "--port", "0", "--secret-key", key);
    await fetch(`${origin}/v1/account`, { headers: { authorization: `Bearer ${key}` } });
    const pages = ["/", "/dashboard", "/_sandbox/requests", "/_sandbox/platforms", "/oauth/authorize?response_type=code&client_id=ca_sandbox123"];
    for (const page of pages) {
      assert.ok(!(await (await fetch(origin + page, { headers: { accept: "text/html" } })).text()).includes(key), page);
    }
    assert.ok(out.stdout.includes(shown), out.stdout);
    assert.ok(!(out.stdout + out.stderr).includes(key), "the command's own output");
    const sandbox = createSandbox({ secret_keys: [key] });
    assert.ok(!(inspect(sandbox, { depth: 9 }) + JSON.stringify(sandbox)).includes(key));
    assert.deepEqual(sandbox.platform.secret_keys, [key], "whoever asks for it has it");
  }
});

test("the command makes the same ids with the same seed", async (t) => {
  const token = async () => {
    const { origin } = await run(t, "sandbox", "--port", "0", "--seed", "one");
    return (await (await connect(origin)).json()).access_token;
  };
  assert.equal(await token(), await token());
});

test("the command has things go wrong", async (t) => {
  const { origin } = await run(t, "sandbox", "--port", "0", "--fault", "500:path=/v1/account,times=1", "--fault", "delay:milliseconds=30");
  const answers = [];
  for (let i = 0; i < 2; i++) answers.push((await fetch(`${origin}/v1/account`, { headers: KEY })).status);
  assert.deepEqual(answers, [500, 200]);
  const rules = await (await fetch(`${origin}/_sandbox/faults`)).json();
  assert.deepEqual(rules.map(({ fault, milliseconds }) => [fault, milliseconds]), [["delay", 30]]);
});

test("the command sends signed webhooks", async (t) => {
  const got = deferred();
  const server = createServer(async (incoming, outgoing) => {
    let body = "";
    for await (const chunk of incoming) body += chunk;
    outgoing.end();
    got.resolve({ body, signature: incoming.headers["stripe-signature"] });
  }).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}/hook`;
  const { origin, out } = await run(t, "sandbox", "--port", "0", "--webhook-url", url, "--webhook-secret", "whsec_ofmine123");
  assert.ok(out.stdout.includes(url) && out.stdout.includes("whsec_ofmine123"));
  await connect(origin);
  const { body, signature } = await got.promise;
  assert.equal(verifyWebhook(body, signature, ["whsec_ofmine123"]).type, "account.application.authorized");
});

function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

test("the command's help names every option, and its version is the package's", async (t) => {
  const source = readFileSync(COMMAND, "utf8");
  const options = [...source.slice(source.indexOf("const OPTIONS")).matchAll(/^ {2}"?([\w-]+)"?: \{ type:/gm)].map(([, name]) => name);
  assert.ok(options.length >= 15, String(options));
  for (const args of [["--help"], ["sandbox", "-h"]]) {
    const { code, out } = await run(t, ...args);
    assert.equal(code, 0);
    for (const option of options) assert.ok(out.stdout.includes(`--${option}`), option);
  }
  const { out } = await run(t, "--version");
  assert.equal(out.stdout.trim(), JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url), "utf8")).version);
});

test("the command says what is wrong, by the option's name, and fails", async (t) => {
  const { origin } = await served(t);
  const cases = [
    [[], /^Say what to run: sandbox\n/],
    [["serve"], /^There is no command serve\.\n/],
    [["sandbox", "--nonsense"], /^Unknown option '--nonsense'/],
    [["sandbox", "--port", "many"], /^--port must be a number from 0 to 65535\n/],
    [["sandbox", "--port", new URL(origin).port], /^Port \d+ is taken: give another one with --port/],
    [["sandbox", "--client-id", "sk_test_canary"], /^--client-id is a secret key [^]*not a client id/],
    [["sandbox", "--secret-key", "pk_test_canary"], /^--secret-key is a publishable key/],
    [["sandbox", "--redirect-uri", "shop.example"], /^--redirect-uri must be absolute/],
    [["sandbox", "--live", "--live-client-id", "ca_1"], /^--live-client-id goes with livemode false/],
    [["sandbox", "--live"], /^--redirect-uri must use https in live mode/],
    [["sandbox", "--flow", "custom"], /^--flow must be standard, express or app/],
    [["sandbox", "--api-version", "2019-2-19"], /^--api-version must be a version of Stripe's API such as 2018-11-08/],
    [["sandbox", "--fault", "503"], /^--fault must be delay, /],
    [["sandbox", "--fault", "500:share=2"], /^--fault: share must be a number from 0 to 1/],
    [["sandbox", "--fault", "500:often=true"], /^--fault: often is not a parameter here/],
    [["sandbox", "--fault", "500:fault=429"], /^--fault: fault stands before the colon/],
    [["sandbox", "--webhook-url", "localhost"], /^--webhook-url must be absolute/],
    [["sandbox", "--webhook-url", "http://localhost", "--webhook-secret", "short"], /^--webhook-secret must have 10 characters/],
  ];
  await Promise.all(
    cases.map(async ([args, message]) => {
      const { code, out } = await run(t, ...args);
      assert.match(out.stderr, message);
      assert.ok(out.stderr.endsWith("Try: npx stripe-connect-oauth sandbox --help\n"), out.stderr);
      assert.ok(!out.stderr.includes("canary"), out.stderr);
      assert.deepEqual([code, out.stdout], [1, ""], args.join(" "));
    }),
  );
});

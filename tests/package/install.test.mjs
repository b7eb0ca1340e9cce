// The package as people get it: packed, and installed in a new project.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { Miniflare } from "miniflare";
import { MODULES } from "../../scripts/entries.mjs";
import { NAME, bundle, entries, installed, manifest, node, specifier, targets, typesOf, wasmLeftOut } from "./installed.mjs";

test("every export leads to a file that is in the package", () => {
  for (const { entry, conditions, target } of targets(manifest.exports)) {
    const file = target.includes("*") ? dirname(target) : target;
    assert.ok(existsSync(join(installed, file)), `${entry} ${conditions.join(",")}: ${target}`);
  }
  assert.deepEqual(readdirSync(join(installed, "stores/d1/migrations")), ["0001_stripe_connect.sql", "0002_stripe_connect_endings.sql", "0003_stripe_connect_applications.sql"]);
});

/** The package's files, by their paths in it. */
const files = () =>
  readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath ?? file.path, file.name).slice(installed.length + 1));

test("attack 18: the package holds what is needed to run, and nothing of the workshop", () => {
  for (const file of files()) assert.match(file, /^(README\.md|LICENSE-\w+|package\.json|(dist|stores)\/.*|(entries|shared)\/[\w.-]+\.(js|d\.ts)|bin\/stripe-connect-oauth\.js|button\.css|THIRD-PARTY-NOTICES)$/, file);
  assert.ok(!files().some((file) => /\.(rs|toml|tgz|map|env)$|test/.test(file)), files().join("\n"));
  assert.deepEqual(Object.keys(manifest.dependencies ?? {}), [], "it has no dependencies");
  assert.ok(!Object.keys(manifest.scripts ?? {}).some((name) => /install|prepare/.test(name)), "it runs nothing at install");
});

test("every entry has types, before any condition that gives a script", () => {
  for (const [entry, target] of Object.entries(manifest.exports)) {
    if (typeof target === "string") continue;
    assert.equal(Object.keys(target)[0], "types", entry);
  }
});

test("every script entry can be imported, and has exactly what its types declare", () => {
  for (const entry of entries()) {
    const names = JSON.parse(node(`const all = await import("${specifier(entry)}"); console.log(JSON.stringify(Object.keys(all).filter((name) => all[name] !== undefined).sort()))`));
    const types = readFileSync(join(installed, typesOf(entry)), "utf8");
    const declared = [...types.matchAll(/^export (?:(?:declare )?function (\w+)|(default))/gm)].map(([, name, byDefault]) => name ?? byDefault);
    // A function with overloads is declared more than once.
    assert.deepEqual(names, [...new Set(declared)].sort(), entry);
  }
});

test("importing runs nothing: no wasm is compiled, no randomness drawn, no storage touched", () => {
  const printed = node(`
    WebAssembly.Module = WebAssembly.Instance = class { constructor() { throw new Error("compiled at import") } };
    crypto.getRandomValues = () => { throw new Error("randomness at import") };
    for (const entry of ${JSON.stringify(entries().map(specifier))}) await import(entry);
    console.log("quiet");`);
  assert.equal(printed, "quiet");
});

test("a host that forbids wasm costs the call, not the page, and each entry says so by name", () => {
  const printed = node(`
    WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("blocked by CSP") } };
    const { isConnectError, newState } = await import("${NAME}");
    const { cleanPrefill } = await import("${NAME}/prefill");
    const { createSandbox } = await import("${NAME}/sandbox");
    for (const call of [newState, newState, () => cleanPrefill({}), createSandbox]) {
      try { call() } catch (error) { console.log(isConnectError(error), error.code, error.param, error.cause.name) }
    }`);
  assert.equal(printed, Array(4).fill("true wasm_unavailable WebAssembly CompileError").join("\n"));
});

const BACK_CHANNEL = ["client_secret", "oauth/token", "sk_"];

// Attack 12: the secret key, or what uses it, in a browser's bundle.
test("the browser entry holds nothing of the back channel, in text or in wasm", async () => {
  const text = await bundle(`export * from "${NAME}"`, ["browser"]);
  // The module is written in a form that hides words, so its bytes are taken where they are compiled.
  const bytes = Buffer.from(
    node(`
      const { Module } = WebAssembly;
      WebAssembly.Module = class { constructor(bytes) { console.log(Buffer.from(bytes).toString("base64")); return new Module(bytes) } };
      ${text};
      ${/export *\{[^}]*?([\w$]+) as newState/.exec(text)[1]}();`),
    "base64",
  );
  assert.deepEqual(bytes, readFileSync(join(installed, "dist/front.wasm")), "the bundle compiles front.wasm");
  for (const word of BACK_CHANNEL) {
    assert.ok(!text.includes(word), `the bundle holds ${word}`);
    assert.ok(!bytes.includes(word), `the wasm holds ${word}`);
  }
  // The same search finds them where they belong.
  assert.ok(readFileSync(join(installed, "dist/server.wasm")).includes("oauth/token"));
  assert.ok(!/(^|[^.\w])import[\s({*"']/.test(text), "it is one file");
  assert.ok(!/\beval\(|new Function\b/.test(text), "it evaluates no text");
});

test("attack 12: the prefill entry holds the rules of prefill, and neither the front nor the back channel", async () => {
  const text = await bundle(`export * from "${NAME}/prefill"`, ["browser"]);
  const bytes = readFileSync(join(installed, "dist/prefill.wasm"));
  for (const word of [...BACK_CHANNEL, "oauth/authorize", "redirect_uris", "finishConnect"]) {
    assert.ok(!text.includes(word), `the bundle holds ${word}`);
    assert.ok(!bytes.includes(word), `the wasm holds ${word}`);
  }
  assert.ok(bytes.includes("stripe_user[phone_number]"));
  assert.ok(!readFileSync(join(installed, "dist/front.wasm")).includes("cleanPrefill"), "nor is the cleaning in the browser's entry");
});

// Whoever opened the page, or framed it, would be the one to listen.
test("attack 17: no entry speaks to another window", () => {
  const able = files().filter((file) => /\.(js|wasm)$/.test(file));
  assert.ok(able.includes("entries/front.js") && able.includes("dist/front.wasm"));
  for (const file of able) {
    const text = readFileSync(join(installed, file), "latin1");
    assert.doesNotMatch(text, /postMessage|onmessage|MessageChannel|BroadcastChannel|\bopener\b|\b(window|parent|top)\.(open|frames)\b/, file);
  }
});

test("no wasm names the machine it was built on", () => {
  for (const { name } of MODULES) {
    const bytes = readFileSync(join(installed, `dist/${name}.wasm`)).toString("latin1");
    assert.doesNotMatch(bytes, /\/(home|root|Users)\//, name);
  }
});

/** A body, and the header that stripe-node's `generateTestHeaderString` makes for it. */
const WEBHOOK = {
  body: '{"id":"evt_1","object":"event","type":"account.application.deauthorized","created":1700000000,"livemode":false,"account":"acct_1","data":{"object":{"id":"ca_1","object":"application","name":"Caf\u00e9"}}}',
  secret: "whsec_0123456789abcdef",
  now: 1700000000,
  header: "t=1700000000,v1=632f95401054787b3ee9995210c62e6c02b8eb2c4f7f1191ec6004c8345cfe5a",
};

test("the workerd entries run in workerd, inside a request", async () => {
  const modules = [];
  const worker = await bundle(
    `
    import { authorizeUrl, connectButton, newState, parseCallback } from "${NAME}";
    import { createConnect } from "${NAME}/edge";
    import { cleanPrefill } from "${NAME}/prefill";
    import { createSandbox } from "${NAME}/sandbox";
    import { exchangeCode, openRefreshToken, retrieveAccount, sealRefreshToken, verifyWebhook } from "${NAME}/server";
    import { memoryStore } from "${NAME}/stores/memory";

    export default {
      async fetch(request) {
        const path = new URL(request.url).pathname;
        if (path === "/redirect") return new Response(null, { status: 302, headers: { location: "/followed" } });
        if (path !== "/") return new Response(path);

        const sandbox = createSandbox({ redirect_uris: ["https://shop.example/connect/callback"] });
        const connect = createConnect({
          client_id: "ca_sandbox123",
          secret_key: sandbox.platform.secret_keys[0],
          redirect_uri: "https://shop.example/connect/callback",
          cookie_secrets: ["a cookie secret of 32 characters"],
          connect_base: "https://stripe.example",
          store: memoryStore(),
          identify: () => "user-1",
          webhook_secrets: ["whsec_sandbox123"],
          onEvent: (event) => void heard.push(event.type),
          fetch: (url, init) => sandbox.fetch(new Request(url, init)),
        });
        const started = await connect.fetch(
          new Request("https://shop.example/connect/start", { method: "POST", headers: { "sec-fetch-site": "same-origin" } }),
        );
        const cookie = started.headers.getSetCookie()[0].split(";")[0];
        const consented = await sandbox.fetch(
          new Request(started.headers.get("location"), { method: "POST", body: new URLSearchParams({ decision: "connect", account: "new" }) }),
        );
        const finished = await connect.fetch(new Request(consented.headers.get("location"), { headers: { cookie } }));
        const list = async () => (await connect.fetch(new Request("https://shop.example/connect/connections"))).json();
        const connections = await list();

        const heard = [];
        const event = JSON.stringify({
          id: "evt_1", object: "event", type: "account.application.deauthorized", livemode: false,
          created: Math.floor(Date.now() / 1000), account: connections.connections[0].account_id,
          data: { object: { id: "ca_sandbox123", name: "Zoë 💳" } },
        });
        const delivery = new Request("https://shop.example/connect/webhook", {
          method: "POST", headers: { "stripe-signature": await signed(event) }, body: event,
        });
        const received = await (await connect.fetch(delivery)).json();
        const afterwards = await list();

        const state = newState();
        const callback = parseCallback("?code=ac_1&state=" + state, { state });
        const redirected = await exchangeCode(callback, {
          secret_key: "sk_test_1",
          fetch: (url, init) => { followed = init.redirect; return Promise.resolve(Response.redirect("https://evil.example/", 302)); },
        }).catch((error) => error);
        const { signal } = new AbortController();
        const account = { id: "acct_1", charges_enabled: true, payouts_enabled: true, details_submitted: true };
        const replies = [new Response(null, { status: 503 }), Response.json(account)];
        const retried = await retrieveAccount("acct_1", { secret_key: "sk_test_1", signal, fetch: async () => replies.shift() });
        const deaf = () => new Promise(() => {});
        const late = await retrieveAccount("acct_1", { secret_key: "sk_test_1", signal, timeout: 20, fetch: deaf }).catch((error) => error);
        const body = ${JSON.stringify(WEBHOOK.body)};
        const verify = (body) => verifyWebhook(body, "${WEBHOOK.header}", "${WEBHOOK.secret}", { now: ${WEBHOOK.now} }).account;
        const webhook = [verify(body), verify(await new Response(body).arrayBuffer())];
        try { verify(body + " ") } catch (error) { webhook.push(error.name, error.code) }
        const place = { account: "acct_1", livemode: false, secrets: ["a sealing secret of 32 characters"] };
        return Response.json({
          retried: retried.status,
          late: late.code,
          url: authorizeUrl({ client_id: "ca_123", state }),
          state,
          webhook,
          token: openRefreshToken(sealRefreshToken("rt_1", place), place),
          button: connectButton({ href: "/connect/start" }),
          cleaned: cleanPrefill({ country: "gb", state: "x" }),
          outcome: callback.outcome,
          location: finished.headers.get("location"),
          connections: connections.connections,
          received,
          heard,
          afterwards: [afterwards.connections.length, afterwards.disconnected.length],
          redirect: followed,
          redirected: [redirected.code, redirected.status],
        });
      },
    };
    let followed;

    async function signed(body) {
      const t = Math.floor(Date.now() / 1000);
      const utf8 = (text) => new TextEncoder().encode(text);
      const key = await crypto.subtle.importKey("raw", utf8("whsec_sandbox123"), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      const digest = new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(t + "." + body)));
      return "t=" + t + ",v1=" + [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    }
    `,
    ["workerd", "worker", "browser"],
    [wasmLeftOut(modules)],
  );
  const miniflare = new Miniflare({
    compatibilityDate: "2025-05-31",
    modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/worker.mjs", contents: worker },
      ...[...new Set(modules)].map((file) => ({ type: "CompiledWasm", path: `/${basename(file)}`, contents: readFileSync(file) })),
    ],
  });
  try {
    const answer = await (await miniflare.dispatchFetch("http://localhost/")).json();
    assert.equal(new URL(answer.url).searchParams.get("state"), answer.state);
    assert.match(answer.state, /^[\w-]{43}$/);
    assert.deepEqual(answer.webhook, ["acct_1", "acct_1", "WebhookError", "signature_mismatch"]);
    assert.equal(answer.token, "rt_1");
    assert.match(answer.button, /^<a href="\/connect\/start"/);
    assert.deepEqual(answer.cleaned, { stripe_user: { country: "GB" }, dropped: ["state"] });
    assert.equal(answer.outcome, "authorized");
    assert.equal(answer.location, "/connect/result/connected");
    assert.equal(answer.connections.length, 1);
    assert.deepEqual(answer.received, { outcome: "received" });
    assert.deepEqual(answer.heard, ["account.application.deauthorized"]);
    assert.deepEqual(answer.afterwards, [0, 1]);
    assert.equal(answer.redirect, "manual");
    assert.deepEqual(answer.redirected, ["unknown", 302]);
    assert.deepEqual([answer.retried, answer.late], ["active", "timed_out"]);
  } finally {
    await miniflare.dispose();
  }
});

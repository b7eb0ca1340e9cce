// How often a request crosses the boundary between JavaScript and the core: once in, once out, and once for each
// thing that the core asks of its host. ARCHITECTURE.md has the list.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { platform } from "./support.mjs";

/** What wasm-bindgen does for itself around a crossing: memory, closures, promises and the texts of answers. */
const INTERNAL = [
  /^__wbindgen_(malloc|realloc|free|destroy_closure|string_get|generic_\d+|init_externref_table|start)$/,
  /^wasm_bindgen__convert__closures_/,
  /^(_wbg_cb_unref|new_typed|queueMicrotask|then|resolve)$/,
  // The body's bytes, once they were asked for.
  /^(__wbindgen_is_undefined|instanceof_Uint8Array|length|prototypesetcall|static_accessor_\w+)$/,
];

/** What crossed since this was emptied, in order, and what the store was asked. */
const crossed = [];
const asked = [];

const counted = (functions, nameOf) =>
  Object.fromEntries(
    Object.entries(functions).map(([key, value]) => {
      if (typeof value !== "function" || INTERNAL.some((pattern) => pattern.test(nameOf(key)))) return [key, value];
      return [key, (...given) => (crossed.push(nameOf(key)), value(...given))];
    }),
  );

/** The name of an import, without wasm-bindgen's prefix and digest; calling a promise's `resolve` is the way out. */
const imported = (key) => key.replace(/^__wbg_(.*)_[0-9a-f]{16}$/, "$1").replace(/^call$/, "resolve the answer");

const { Instance } = WebAssembly;
WebAssembly.Instance = class {
  constructor(module, imports) {
    const glue = Object.entries(imports).map(([name, functions]) => [name, counted(functions, imported)]);
    const { exports } = new Instance(module, Object.fromEntries(glue));
    return { exports: "edgecore_handle" in exports ? counted(exports, (key) => key) : exports };
  }
};
const { createConnect } = await import("stripe-connect-oauth/edge");
const { createSandbox } = await import("stripe-connect-oauth/sandbox");

const WEBHOOK_SECRET = "whsec_sandbox123";
const store = new Proxy(memoryStore(), {
  get: (methods, name) => (...given) => (asked.push(name), methods[name](...given)),
});
const shop = () => platform({ createConnect, createSandbox, store, options: { webhook_secrets: [WEBHOOK_SECRET], onEvent() {} } });

/** What crosses while `work` is done. */
async function crossings(work) {
  crossed.length = asked.length = 0;
  const response = await work();
  return { response, crossed: [...crossed], asked: [...asked] };
}

test("a callback's code crosses once in, once out, and once for each thing asked of the host", async () => {
  const { request, toStripeAndBack } = shop();
  const url = await toStripeAndBack();
  const { response, ...seen } = await crossings(() => request(url));
  assert.equal(response.headers.get("location"), "/");
  assert.deepEqual(seen, {
    crossed: [
      "edgecore_handle",
      "identify",
      "now", // Has the flow expired?
      "getRandomValues", // To seal a refresh token with, should one be kept.
      "now", // When it was claimed.
      "store",
      "now", // How many claims there were in the last hour.
      "store",
      "now", // When it was connected.
      "send",
      "store",
      "now", // How long the exchange took.
      "resolve the answer",
    ],
    asked: ["claim", "claimsSince", "settle"],
  });
  const told = readFileSync(new URL("../../ARCHITECTURE.md", import.meta.url), "utf8");
  assert.ok(told.includes(`\n${seen.crossed.join(", ")}\n`), "ARCHITECTURE.md tells of the same");
});

test("a webhook's body crosses once, as bytes, and so does each thing asked for it", async () => {
  const { request } = shop();
  const t = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({ id: "evt_1", object: "event", type: "account.application.deauthorized", account: "acct_1", created: t, livemode: false, data: { object: { id: "ca_sandbox123" } } });
  const v1 = createHmac("sha256", WEBHOOK_SECRET).update(`${t}.${body}`).digest("hex");
  const { response, ...seen } = await crossings(() => request("/connect/webhook", { method: "POST", headers: { "stripe-signature": `t=${t},v1=${v1}` }, body }));
  assert.equal(response.status, 200);
  assert.deepEqual(seen, {
    crossed: ["edgecore_handle", "body", "now", "now", "store", "store", "onEvent", "store", "resolve the answer"],
    asked: ["beginEvent", "disconnect", "finishEvent"],
  });
});

test("a path of the platform's own crosses once, and its body is not looked at", async () => {
  const { connect } = shop();
  const request = new Request("https://shop.example/elsewhere", { method: "POST", body: "x" });
  const { response, ...seen } = await crossings(() => connect.fetch(request));
  assert.equal(response, undefined);
  assert.deepEqual(seen, { crossed: ["edgecore_handle"], asked: [] });
  assert.equal(request.bodyUsed, false);
});

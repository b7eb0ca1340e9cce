// Which file of the package each kind of host takes up: by condition, by `require`, and in a page, where what works with the
// secret key is refused.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import vm from "node:vm";
import { Miniflare } from "miniflare";
import { ALIAS, BROWSER, ENTRIES, EXPORTS, MODULES, RUNTIMES, SCRIPTS } from "../../scripts/entries.mjs";
import { NAME, bundle, bundled, entries, installed, manifest, node, specifier, wasmLeftOut } from "./installed.mjs";

/** As Node was before it could require an ES module, and as Jest is. */
const BEFORE = process.features.require_module ? ["--no-experimental-require-module"] : [];

test("each runtime takes up its own file of each entry and the module beside it, as its bundlers look for them", async () => {
  const everywhere = RUNTIMES.find(({ condition }) => condition === "default");
  for (const { condition, bundlers, file: fileOf } of RUNTIMES) {
    for (const entry of ENTRIES) {
      const file = fileOf(entry) || everywhere.file(entry);
      if (file.default) continue; // Refused.
      const modules = [];
      const [, files] = await bundled(`export * from "${specifier(entry.path)}"`, bundlers, [wasmLeftOut(modules)]);
      assert.ok(files.some((path) => path.endsWith(file.slice(1))), `${entry.path} in ${condition}: ${files}`);
      // Its own compiled module, or the text of it.
      const compiled = /\.(workerd|edge-light)\./.test(file) ? [`${entry.module}.wasm`] : [];
      assert.deepEqual(modules.map((path) => basename(path)), compiled, `${entry.path} in ${condition}`);
    }
  }
});

test("where a framework's bundler for Cloudflare takes up the default entries, their modules are handed in by an import", async () => {
  const source = (imports) => `
    ${imports}
    import { connectButton } from "${NAME}";
    import { sealRefreshToken } from "${NAME}/server";
    const place = { account: "acct_1", livemode: false, secrets: ["a sealing secret of 32 characters"] };
    export default {
      async fetch() {
        try {
          return new Response(connectButton({ href: "/" }).slice(0, 2) + typeof sealRefreshToken("rt_1", place));
        } catch ({ code, message }) {
          return new Response(code + " " + message);
        }
      },
    };`;
  const answer = async (imports) => {
    const modules = [];
    // As Turbopack has them, for OpenNext.
    const [contents] = await bundled(source(imports), ["node", "module", "import"], [wasmLeftOut(modules)]);
    const wasm = modules.map((file) => ({ type: "CompiledWasm", path: `/${basename(file)}`, contents: readFileSync(file) }));
    const miniflare = new Miniflare({ compatibilityDate: "2025-05-31", modulesRoot: "/", modules: [{ type: "ESModule", path: "/worker.mjs", contents }, ...wasm] });
    try {
      return await (await miniflare.dispatchFetch("http://localhost/")).text();
    } finally {
      await miniflare.dispose();
    }
  };
  const [front, server] = ["front", "server"].map((name) => `import "${NAME}/wasm/${name}";`);
  assert.equal(await answer(front + server), "<astring");
  assert.match(await answer(front), /^wasm_unavailable .* import stripe-connect-oauth\/wasm\/server /);
  assert.match(await answer(server), /^wasm_unavailable /);
  // A page has no use for them, nor does Node.
  for (const conditions of [["browser", "module"], []]) {
    const [, files] = await bundled(MODULES.map(({ name }) => `import "${NAME}/wasm/${name}";`).join(""), conditions);
    assert.ok(files.some((file) => /nothing\.js$/.test(file)) && !files.some((file) => /wasm/.test(file)), `${files}`);
  }
});

test("where Nitro builds for a host without Node, the build fails and names the setting, until it takes up WebAssembly", async () => {
  const { bundlers } = RUNTIMES.find(({ condition }) => condition === "wintercg");
  for (const entry of ENTRIES) {
    const build = (...more) => bundled(`export * from "${specifier(entry.path)}"`, [...bundlers, ...more], [wasmLeftOut([])]);
    await assert.rejects(build(), /set nitro\.experimental\.wasm to true/, entry.path);
    const [text, files] = await build("unwasm");
    assert.ok(files.some((file) => file.endsWith(`dist/${entry.name}.wintercg.js`)), `${files}`);
    assert.match(text, new RegExp(`/${entry.module}\\.wasm"`), entry.path);
  }
});

test("TypeScript finds the types of every export, also where it reads no exports", () => {
  for (const path of Object.keys(EXPORTS).filter((path) => path !== ".")) {
    const { types } = EXPORTS[path];
    assert.deepEqual(manifest.typesVersions["*"][path.slice(2)], [types.require]);
    for (const file of Object.values(types)) assert.ok(file.includes("*") || existsSync(join(installed, file)), file);
  }
});

test("package.json has the exports that the list of entries and runtimes makes, in its order", () => {
  for (const [path, target] of Object.entries(EXPORTS)) assert.equal(JSON.stringify(manifest.exports[path]), JSON.stringify(target), path);
});

test("what can't require an ES module gets each entry in CommonJS, with the same in it, and does the same with it", () => {
  const printed = node(`
    const names = (all) => Object.keys(all).filter((name) => all[name] !== undefined).sort().join();
    (async () => {
      for (const entry of ${JSON.stringify(entries().map(specifier))}) {
        const required = require(entry);
        const imported = await import(entry);
        if (names(required) !== names(imported) || required === imported) throw new Error(entry + ": " + names(required));
      }
      const { newState, parseCallback } = require("${NAME}");
      const { createConnect } = require("${NAME}/edge");
      const { createSandbox } = require("${NAME}/sandbox");
      const { exchangeCode } = require("${NAME}/server");
      const sandbox = createSandbox();
      const connect = createConnect({
        client_id: "ca_sandbox123",
        secret_key: sandbox.platform.secret_keys[0],
        redirect_uri: "https://shop.example/connect/callback",
        cookie_secrets: ["a cookie secret of 32 characters"],
        connect_base: "https://stripe.example",
        store: require("${NAME}/stores/memory").memoryStore(),
        identify: () => "user-1",
        language: require("${NAME}/languages/de").default,
        fetch: (url, init) => sandbox.fetch(new Request(url, init)),
      });
      const headers = { "sec-fetch-site": "same-origin" };
      const started = await connect.fetch(new Request("https://shop.example/connect/start", { method: "POST", headers }));
      const state = newState();
      const callback = parseCallback("?code=ac_1&state=" + state, { state });
      const fetch = async () => Response.json({ stripe_user_id: "acct_1", livemode: false, scope: "read_only" });
      const { stripe_user_id } = await exchangeCode(callback, { secret_key: "sk_test_1", fetch });
      console.log(started.status, stripe_user_id);
    })();`, ...BEFORE);
  assert.equal(printed, "303 acct_1");
});

test("in a page of Jest's, which requires as a browser and lacks the constructors for text, every entry works", () => {
  const printed = node(`
    delete globalThis.TextDecoder;
    delete globalThis.TextEncoder;
    for (const entry of ${JSON.stringify(entries().map(specifier))}) require(entry);
    const { openRefreshToken, sealRefreshToken, verifyWebhook } = require("${NAME}/server");
    const place = { account: "acct_1", livemode: false, secrets: ["a sealing secret of 32 characters"] };
    console.log(openRefreshToken(sealRefreshToken("rt_1", place), place), require("${NAME}").newState().length);
    try { verifyWebhook("{}", Buffer.from("t=1,v1=00"), "whsec_0123456789abcdef") } catch (error) { console.log(error.name) }`,
    "--conditions=browser", ...BEFORE);
  assert.equal(printed, "rt_1 43\nWebhookError");
});

test("import and require get one and the same module", { skip: !process.features.require_module && "this Node has no require(esm)" }, () => {
  for (const entry of entries()) {
    const printed = node(`
      const required = require("${specifier(entry)}");
      import("${specifier(entry)}").then((imported) => {
        for (const name of Object.keys(imported)) if (imported[name] !== required[name]) throw new Error(name);
        console.log(typeof required);
      });`, "--disable-warning=ExperimentalWarning");
    assert.equal(printed, "object", entry);
  }
});

test("a callback verified by the front entry is known to the server entry, imported or required", { skip: !process.features.require_module }, () => {
  const printed = node(`
    const { newState, parseCallback } = require("${NAME}");
    import("${NAME}/server").then(async ({ exchangeCode }) => {
      const state = newState();
      const callback = parseCallback("?code=ac_1&state=" + state, { state });
      const fetch = async () => Response.json({ stripe_user_id: "acct_1", livemode: false, scope: "read_only" });
      console.log((await exchangeCode(callback, { secret_key: "sk_test_1", fetch })).stripe_user_id);
    });`, "--disable-warning=ExperimentalWarning");
  assert.equal(printed, "acct_1");
});

test("Parcel, which does not read exports, finds each entry by its alias, and those with the secret key none in a page", () => {
  assert.deepEqual([manifest.alias, manifest.browser], [ALIAS, BROWSER]);
  for (const { path } of [...ENTRIES, ...SCRIPTS].filter(({ path }) => path !== ".")) {
    const file = manifest.alias[path] ?? manifest.browser[path];
    assert.ok(existsSync(join(installed, file.replace("$1", "de"))), path);
  }
  assert.deepEqual(Object.keys(manifest.browser), ENTRIES.filter(({ hasSecret }) => hasSecret).map(({ path }) => path));
  for (const path of Object.keys(manifest.browser)) assert.ok(!(path in manifest.alias), `${path} has an alias, which comes before browser`);
});

const SECRET = ENTRIES.filter(({ hasSecret }) => hasSecret).map(({ path }) => specifier(path));

test("a page's bundler that knows the condition fails over an entry with the secret key, however it is imported", async () => {
  for (const entry of SECRET) {
    const [name] = Object.keys(await import(join(installed, manifest.exports[`./${basename(entry)}`].default)));
    for (const source of [
      `import { ${name} } from "${entry}"; globalThis.all = ${name};`,
      `import * as all from "${entry}"; globalThis.all = all;`,
      `import("${entry}").then((all) => { globalThis.all = all });`,
      `globalThis.all = require("${entry}");`,
      `import "${entry}";`,
    ]) {
      for (const conditions of [["browser", "module"], ["browser"]]) {
        if (source.includes("require(") && conditions.length === 1) continue; // As Jest is.
        await assert.rejects(bundled(source, conditions), /works with the secret key and must not be in a browser, import it in server code only/, source);
      }
    }
  }
  // A bundler that is told to go on: the page has nothing of the entry, and throws.
  const goOn = { name: "go on", setup: ({ onResolve }) => onResolve({ filter: /this entry works with/ }, ({ path }) => ({ path, external: true })) };
  const [text] = await bundled(`import "${NAME}/server"`, ["browser"], [goOn]);
  assert.throws(() => node(text.replace(/import"[^"]*";/, "")), /work with the platform's secret key and must not be in a browser/);
  assert.ok(!/oauth\/token|exchangeCode|EdgeCore/.test(text), "nothing of the back channel is in it");
});

/** A page in a realm of its own, with what it has as globals. */
function pageOf(globals) {
  const window = vm.createContext({ TextDecoder, TextEncoder, console, ...globals });
  if (globals.document) globals.document.defaultView ??= vm.runInContext("globalThis", window);
  return window;
}

test("where a bundler does not know the condition, the page throws as it loads, and nothing else does", async () => {
  const nodes = { versions: { node: "20.3.0" } };
  const quiet = {
    "a worker": {},
    "workerd and edge-light": { process: { env: {} } },
    "Node, Bun, or Deno": { process: nodes },
    "jsdom or happy-dom under a test runner": { process: nodes, document: {} },
    "a document that stands for none": { document: { defaultView: {} } },
  };
  for (const entry of SECRET) {
    const text = (await bundle(`import * as all from "${entry}"; globalThis.all = all;`, [])).replace(/export\s*\{[^}]*\};?/g, "");
    for (const process of [undefined, { env: {} }, { env: {}, versions: {} }]) {
      assert.throws(() => vm.runInContext(text, pageOf({ document: {}, process })), /secret key and must not be in a browser: import them in server code only/);
    }
    for (const [what, globals] of Object.entries(quiet)) {
      const page = pageOf(globals);
      vm.runInContext(text, page);
      assert.ok(page.all, what);
    }
  }
});

// Where WebAssembly is missing or forbidden, each call says so by name, and no code stays in the address.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";
import { MODULES } from "../../scripts/entries.mjs";
import { ABSENT, page, withGlobals } from "./support.mjs";

const pkg = (path) => new URL(`../../pkg/${path}`, import.meta.url).href;
const { front } = await import(pkg("entries/front.js"));
const { provideModules } = await import(pkg("entries/wasm.js"));

let copies = 0;
/** The front channel over a module that nobody has started yet. */
const fresh = async () => front((await import(`${pkg("dist/front.load.default.js")}?copy=${copies++}`)).default);

const HERE = "https://shop.example/connect/callback";
const messageOf = (name) =>
  "WebAssembly is blocked or absent: allow 'wasm-unsafe-eval' in script-src or use the edge style; " +
  `on a server load stripe-connect-oauth/wasm/${name}`;

class Blocked {
  constructor() {
    throw new WebAssembly.CompileError("Refused to compile or instantiate WebAssembly module: 'unsafe-eval' is not allowed");
  }
}

const HOSTS = {
  "there is none": (t) => withGlobals(t, { WebAssembly: ABSENT }),
  "it is undefined": (t) => withGlobals(t, { WebAssembly: undefined }),
  "a policy forbids it": (t) => withGlobals(t, { WebAssembly: { ...WebAssembly, CompileError: WebAssembly.CompileError, Module: Blocked, Instance: WebAssembly.Instance } }),
};

for (const [what, take] of Object.entries(HOSTS)) {
  test(`where ${what}, each call is refused by name`, async (t) => {
    page(t, HERE);
    const calls = await fresh();
    take(t);
    for (const call of [
      () => calls.newState(),
      () => calls.connectButton({ href: "/" }),
      () => calls.authorizeUrl({ client_id: "ca_1", state: "x" }),
      () => calls.parseCallback("?code=ac_1", { state: "x" }),
      () => calls.beginConnect({ client_id: "ca_1" }, { subject: "user-1" }),
      () => calls.finishConnect("?code=ac_1"),
    ]) {
      assert.throws(call, (error) => {
        assert.ok(calls.isConnectError(error) && error.cause instanceof Error);
        assert.deepEqual([error.code, error.param, error.message], ["wasm_unavailable", "WebAssembly", messageOf("front")]);
        return true;
      });
    }
  });

  test(`where ${what}, finishing cleans the address all the same`, async (t) => {
    const { location, history } = page(t, HERE);
    const { finishConnect } = await fresh();
    take(t);
    for (const query of ["code=ac_1&state=x", "error=access_denied&error_description=no", "state=x&scope=read_write"]) {
      location.href = `${HERE}?keep=1&${query}#part`;
      // Twice, as in React's strict mode.
      for (let i = 0; i < 2; i++) assert.throws(() => finishConnect(undefined, { subject: "user-1" }), { code: "wasm_unavailable" });
      assert.equal(location.href, `${HERE}?keep=1#part`);
    }
    const before = history.replaced.length;
    location.href = `${HERE}?scope=mine`;
    assert.throws(() => finishConnect(), { code: "wasm_unavailable" });
    assert.equal(history.replaced.length, before, "a plain visit is left alone");
  });
}

test("a module that could not be started is tried again at the next call", async (t) => {
  const { newState } = await fresh();
  const { WebAssembly } = globalThis;
  withGlobals(t, { WebAssembly: undefined });
  assert.throws(() => newState(), { code: "wasm_unavailable" });
  globalThis.WebAssembly = WebAssembly;
  assert.equal(newState().length, 43);
});

test("a module that is handed in is used in place of the text, in every copy of the package, and compiles nothing", () => {
  const script = `
    import { readFileSync } from "node:fs";
    const compiled = (name) => new WebAssembly.Module(readFileSync(new URL(name + ".wasm", "${pkg("dist/")}")));
    const modules = Object.fromEntries(${JSON.stringify(MODULES.map(({ name }) => name))}.map((name) => [name, compiled(name)]));
    WebAssembly.Module = class { constructor() { throw new Error("Wasm code generation disallowed by embedder") } };
    const load = (name) => import("${pkg("dist/")}" + name + ".load.default.js");
    const messages = [];
    for (const name of Object.keys(modules)) {
      try { (await load(name)).default() } catch (error) { messages.push(error.message) }
    }
    const { provideModules } = await import("${pkg("entries/wasm.js")}");
    provideModules(modules);
    for (const name of Object.keys(modules)) (await load(name)).default();
    console.log(JSON.stringify([messages, Object.keys(globalThis).filter((name) => name.includes("stripe"))]));`;
  const [messages, seen] = JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" }));
  const elsewhere =
    "WebAssembly is blocked or absent: bundle with the export condition of the host (workerd or edge-light), " +
    "or import stripe-connect-oauth/wasm/server (or front, sandbox) before the first call, " +
    "or hand modules in by provideModules of stripe-connect-oauth/wasm";
  assert.deepEqual(messages, MODULES.map(({ name, inPage }) => (inPage ? messageOf(name) : elsewhere)));
  assert.deepEqual(seen, [], "no global shows");
});

test("what is handed in as a module is refused by name where it is none, and nothing of it is kept", () => {
  const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  const refused = (modules, code, param, message) =>
    assert.throws(() => provideModules(modules), (error) => {
      assert.deepEqual([error.name, error.code, error.param], ["ConnectError", code, param]);
      assert.match(error.message, message);
      return true;
    });
  refused(undefined, "invalid_type", "modules", /an object with compiled modules by name/);
  refused({ server: module, edge: module }, "unknown_parameter", "edge", /^edge is no module of the package: it has front, prefill, server, sandbox$/);
  for (const wrong of [undefined, null, "server.wasm", new Uint8Array(8), { default: module }]) {
    refused({ front: module, server: wrong }, "invalid_type", "server", /a compiled WebAssembly\.Module, as the host's import of stripe-connect-oauth\/server\.wasm/);
  }
  assert.deepEqual(Object.getOwnPropertyNames(globalThis).filter((name) => name.includes("stripe")), []);
  // Of another realm, as frameworks have one.
  vm.runInNewContext("provideModules({ sandbox: new WebAssembly.Module(bytes) })", { provideModules, bytes: new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]) });
  delete globalThis["stripe-connect-oauth/sandbox.wasm"];
});

/** A module's text read into a list that grows, as a straightforward reader would. */
const GROWING = `([text, table]) => {
  const place = (code) => code - 32 - Number(code > 34) - Number(code > 92);
  const common = table.match(/../g).map((hex) => parseInt(hex, 16));
  const rest = [...Array(256).keys()].filter((byte) => !common.includes(byte));
  const bytes = [];
  for (let i = 0; i < text.length; i++) {
    const lead = text.charCodeAt(i) - 125;
    bytes.push(lead < 0 ? common[place(lead + 125)] : rest[lead * common.length + place(text.charCodeAt(++i))]);
  }
  return new WebAssembly.Module(new Uint8Array(bytes));
}`;

test("a cold start reads a module's text in less time than a list that grows takes, and reads the same", () => {
  /** Milliseconds in a process of its own, and what was read. */
  const timed = (reader) => {
    const script = `
      import text from "${pkg("dist/server.text.js")}";
      import { createHash } from "node:crypto";
      const { compile } = await import("${pkg("shared/lazy.js")}");
      let read;
      WebAssembly.Module = class { constructor(bytes) { read = bytes } };
      const start = performance.now();
      (${reader})(text);
      console.log(JSON.stringify([performance.now() - start, createHash("sha256").update(read).digest("hex")]));`;
    return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" }));
  };
  // By turns, and the best of each: what else the machine does makes both slower.
  const runs = Array.from({ length: 5 }, () => [timed("compile"), timed(GROWING)]);
  const best = (at) => Math.min(...runs.map((run) => run[at][0]));
  assert.ok(best(0) < best(1) * 0.7, `${best(0)} ms, and with a growing list ${best(1)}`);
  const digest = createHash("sha256").update(readFileSync(new URL(pkg("dist/server.wasm")))).digest("hex");
  assert.deepEqual([...new Set(runs.flat().map(([, read]) => read))], [digest]);
});

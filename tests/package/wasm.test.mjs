// Where WebAssembly is missing or forbidden, each call says so by name, and no code stays in the address.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ABSENT, page, withGlobals } from "./support.mjs";

const pkg = (path) => new URL(`../../pkg/${path}`, import.meta.url).href;
const { front } = await import(pkg("entries/front.js"));

let copies = 0;
/** The front channel over a module that nobody has started yet. */
const fresh = async () => front((await import(`${pkg("dist/front.load.default.js")}?copy=${copies++}`)).default);

const HERE = "https://shop.example/connect/callback";
const MESSAGE = "WebAssembly is blocked or absent: allow 'wasm-unsafe-eval' in script-src or use the edge style";

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
        assert.deepEqual([error.code, error.param, error.message], ["wasm_unavailable", "WebAssembly", MESSAGE]);
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

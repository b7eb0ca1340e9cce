// @ts-check
// Compiled modules from outside, for hosts that compile none while they run.
import { connectError } from "../shared/packed.js";

const NAMES = ["front", "prefill", "server", "sandbox"];

/** @type {typeof import("./wasm.d.ts").provideModules} */
export function provideModules(modules) {
  if (typeof modules !== "object" || modules === null) {
    throw connectError("invalid_type", "modules", "modules must be an object with compiled modules by name");
  }
  for (const [name, module] of Object.entries(modules)) {
    if (!NAMES.includes(name)) {
      throw connectError("unknown_parameter", name, `${name} is no module of the package: it has ${NAMES.join(", ")}`);
    }
    // By its name: hosts have more than one realm.
    if (Object.prototype.toString.call(module) !== "[object WebAssembly.Module]") {
      const fix = `${name} must be a compiled WebAssembly.Module, as the host's import of stripe-connect-oauth/${name}.wasm gives it`;
      throw connectError("invalid_type", name, fix);
    }
  }
  // On the global: each copy of the package finds it there, whichever bundle it is in (shared/lazy.js).
  for (const [name, value] of Object.entries(modules)) {
    Object.defineProperty(globalThis, `stripe-connect-oauth/${name}.wasm`, { value, configurable: true, writable: true });
  }
}

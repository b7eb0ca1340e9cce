// @ts-check
import { connectError } from "./packed.js";

/** The fix for a page's own policy, and in short for a server that renders it, before the module's name. */
const IN_A_PAGE = "allow 'wasm-unsafe-eval' in script-src or use the edge style; on a server load stripe-connect-oauth/wasm/";

/** The fix where a host compiles nothing while it runs. */
export const ELSEWHERE =
  "bundle with the export condition of the host (workerd or edge-light), or import stripe-connect-oauth/wasm/server (or " +
  "front, sandbox) before the first call, or hand modules in by provideModules of stripe-connect-oauth/wasm";

/**
 * Instantiates a module on first use, never at import: under a Content-Security-Policy without 'wasm-unsafe-eval',
 * or in a browser without WebAssembly, an import-time error would take the whole bundle down, while this one can be
 * caught, and has a name.
 *
 * What was handed in (entries/wasm.js) comes first.
 *
 * @template {{ __wbg_set_wasm(exports: WebAssembly.Exports): void }} Glue
 * @param {Glue} glue
 * @param {string} name the module's
 * @param {() => WebAssembly.Module} source
 * @param {string} [fix] where WebAssembly is refused
 * @returns {() => Glue}
 */
export function lazy(glue, name, source, fix = IN_A_PAGE + name) {
  let started = false;
  return () => {
    if (!started) {
      try {
        const module = /** @type {any} */ (globalThis)[`stripe-connect-oauth/${name}.wasm`] ?? source();
        const { exports } = new WebAssembly.Instance(module, { [`./${name}_bg.js`]: /** @type {any} */ (glue) });
        glue.__wbg_set_wasm(exports);
        /** @type {() => void} */ (exports.__wbindgen_start)?.();
      } catch (cause) {
        throw Object.assign(connectError("wasm_unavailable", "WebAssembly", `WebAssembly is blocked or absent: ${fix}`), { cause });
      }
      started = true;
    }
    return glue;
  };
}

/** How many characters stand for a byte alone, and how many follow each of the two that come before another. */
const SINGLES = 91;

/**
 * A module from its text: common bytes as one character each, the others as two, the table of the common
 * ones in hexadecimal (scripts/shrink-wasm.mjs). Compressed, it takes a quarter less than base64.
 *
 * @param {string[]} written the text and the table
 * @returns {WebAssembly.Module}
 */
export function compile([text, table]) {
  const all = /** @type {string[]} */ (table.match(/../g)).map((hex) => parseInt(hex, 16));
  for (let byte = 0; byte < 256; byte++) if (!all.includes(byte)) all.push(byte);
  // Of one size from the start: growing a list of half a million bytes takes four times as long.
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let shift = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 124) shift = (code - 124) * SINGLES;
    else {
      bytes[length++] = all[shift + code - 32 - Number(code > 34) - Number(code > 92)];
      shift = 0;
    }
  }
  return new WebAssembly.Module(bytes.subarray(0, length));
}

// @ts-check
import { connectError } from "./packed.js";

/**
 * Instantiates a module on first use, never at import: under a Content-Security-Policy without
 * 'wasm-unsafe-eval', or in a browser without WebAssembly, an import-time error would take the whole bundle down, while
 * this one can be caught, and has a name.
 *
 * @template {{ __wbg_set_wasm(exports: WebAssembly.Exports): void }} Glue
 * @param {Glue} glue
 * @param {string} name the glue's name among the module's imports
 * @param {() => WebAssembly.Module} source
 * @returns {() => Glue}
 */
export function lazy(glue, name, source) {
  let started = false;
  return () => {
    if (!started) {
      try {
        const { exports } = new WebAssembly.Instance(source(), { [name]: /** @type {any} */ (glue) });
        glue.__wbg_set_wasm(exports);
        /** @type {() => void} */ (exports.__wbindgen_start)?.();
      } catch (cause) {
        const what = "WebAssembly is blocked or absent: allow 'wasm-unsafe-eval' in script-src or use the edge style";
        throw Object.assign(connectError("wasm_unavailable", "WebAssembly", what), { cause });
      }
      started = true;
    }
    return glue;
  };
}

/**
 * A module from its text: common bytes as one character each, the others as two, the table of the common
 * ones in hexadecimal (scripts/shrink-wasm.mjs). Compressed, it takes a quarter less than base64.
 *
 * @param {string[]} written the text and the table
 * @returns {WebAssembly.Module}
 */
export function compile([text, table]) {
  const place = (/** @type {number} */ code) => code - 32 - Number(code > 34) - Number(code > 92);
  const common = new Uint8Array(table.length / 2).map((_, at) => parseInt(table.slice(2 * at, 2 * at + 2), 16));
  const rest = new Uint8Array(256).map((_, byte) => byte).filter((byte) => !common.includes(byte));
  const bytes = [];
  for (let i = 0; i < text.length; i++) {
    const lead = text.charCodeAt(i) - 125;
    bytes.push(lead < 0 ? common[place(lead + 125)] : rest[lead * common.length + place(text.charCodeAt(++i))]);
  }
  return new WebAssembly.Module(new Uint8Array(bytes));
}

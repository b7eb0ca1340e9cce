// @ts-check
/**
 * Instantiates a module on first use, never at import: under a Content-Security-Policy without
 * 'wasm-unsafe-eval' an import-time error would take the whole bundle down, while this one can be caught.
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
      const { exports } = new WebAssembly.Instance(source(), { [name]: /** @type {any} */ (glue) });
      glue.__wbg_set_wasm(exports);
      /** @type {() => void} */ (exports.__wbindgen_start)?.();
      started = true;
    }
    return glue;
  };
}

/**
 * A module from its bytes in hexadecimal: larger than base64 as a file, but a fifth smaller once the
 * server compresses it, since compressors look for repeated bytes.
 *
 * @param {string} hex
 * @returns {WebAssembly.Module}
 */
export function compile(hex) {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return new WebAssembly.Module(bytes);
}

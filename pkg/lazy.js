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
 * @param {string} base64
 * @returns {WebAssembly.Module}
 */
export function compile(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  // A plain loop: fifty times as fast as Uint8Array.from with a function.
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new WebAssembly.Module(bytes);
}

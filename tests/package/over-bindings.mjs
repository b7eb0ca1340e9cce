// Loaded before tests of the package's front channel (`node --import`): has `stripe-connect-oauth` be what wasm-pack packed
// of the feature `bindings` for Node. What works in a page alone asks for a `Window`: the globals are
// one where there is a document.

import { register } from "node:module";

const BINDINGS = new URL("../../target/bindings/nodejs/stripe_connect_oauth.js", import.meta.url).href;
const resolve = (specifier, context, next) =>
  specifier === "stripe-connect-oauth" ? { url: BINDINGS, format: "commonjs", shortCircuit: true } : next(specifier, context);

register(`data:text/javascript,const BINDINGS = "${BINDINGS}"; export const resolve = ${encodeURIComponent(resolve)};`);

globalThis.Window = class {
  static [Symbol.hasInstance] = (value) => value === globalThis && "document" in globalThis;
};

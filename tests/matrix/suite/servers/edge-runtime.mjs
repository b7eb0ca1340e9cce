// edge-runtime, bundled for as Vercel does: by the host's condition, and each `.wasm?module` is a global that the host has compiled.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { EdgeRuntime, runServer } from "edge-runtime";
import { build } from "esbuild";
import { origin } from "./addresses.js";

const modules = {};
const compiled = ({ onResolve, onLoad }) => {
  onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path.slice(0, -7)), namespace: "compiled" }));
  onLoad({ filter: /./, namespace: "compiled" }, ({ path }) => {
    modules[basename(path)] = new WebAssembly.Module(readFileSync(path));
    return { contents: "export default globalThis.compiled[" + JSON.stringify(basename(path)) + "]" };
  });
};
const contents = 'import serving from "./serving.mjs"; addEventListener("fetch", (event) => event.respondWith(serving.fetch(event.request)));';
const { outputFiles } = await build({
  stdin: { contents, resolveDir: "." },
  bundle: true,
  write: false,
  format: "iife",
  conditions: ["edge-light"],
  plugins: [{ name: "compiled", setup: compiled }],
});
const runtime = new EdgeRuntime({ initialCode: outputFiles[0].text, extend: (context) => Object.assign(context, { compiled: modules }) });
const server = await runServer({ runtime, host: "localhost", port: Number(new URL(origin).port) });
console.log(server.url);

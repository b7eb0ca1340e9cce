// Bundles the demo: the pages' scripts into public/, and the worker with its WebAssembly for workerd.
// `node build.mjs` makes the public part alone, which is what wrangler asks for before it bundles the worker itself.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Where the assets are. */
export const PUBLIC = here("public");

/** What a page loads: the scripts of the page style, and the button's stylesheet. */
export async function buildPublic() {
  const { outputFiles } = await build({
    entryPoints: [here("client/begin.js"), here("client/return.js")],
    outdir: `${PUBLIC}/client`,
    write: false,
    bundle: true,
    // Both scripts need the protocol: the second page finds it in the browser's cache.
    splitting: true,
    chunkNames: "shared",
    format: "esm",
    minify: true,
    target: "es2022",
    logLevel: "warning",
  });
  const button = await readFile(fileURLToPath(import.meta.resolve("stripe-connect-oauth/button.css")));
  await mkdir(`${PUBLIC}/client`, { recursive: true });
  await Promise.all([
    put(`${PUBLIC}/button.css`, button),
    ...outputFiles.map(({ path, contents }) => put(path, contents)),
  ]);
}

/** Writes only what differs: another demo may be serving the file at this moment. */
async function put(path, contents) {
  const before = await readFile(path).catch(() => undefined);
  if (!before?.equals(contents)) await writeFile(path, contents);
}

/** A worker as Miniflare takes it: one script, and the WebAssembly modules it imports. */
export async function bundleWorker(entry = here("worker.js")) {
  const modules = new Map();
  const { outputFiles } = await build({
    entryPoints: [entry],
    write: false,
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    plugins: [wasmModules(modules)],
    logLevel: "warning",
  });
  return [
    { type: "ESModule", path: "worker.js", contents: outputFiles[0].text },
    ...[...modules].map(([path, contents]) => ({ type: "CompiledWasm", path, contents })),
  ];
}

/** Leaves each `.wasm` import in the script, for workerd compiles it, and gathers its bytes by name. */
const wasmModules = (modules) => ({
  name: "wasm-modules",
  setup(build) {
    build.onResolve({ filter: /\.wasm(\?module)?$/ }, async ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path.replace("?module", ""));
      const name = basename(file);
      modules.set(name, await readFile(file));
      return { path: `./${name}`, external: true };
    });
  },
});

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPublic();

// What the tests of the packed package share: a new project that has it installed and nothing else, Node and a bundler in it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const pkg = fileURLToPath(new URL("../../pkg/", import.meta.url));
export const NAME = "stripe-connect-oauth";
export const manifest = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));

const project = realpathSync(mkdtempSync(join(tmpdir(), "stripe-connect-oauth-")));
after(() => rmSync(project, { recursive: true, force: true }));

const run = (command, args, cwd = project) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

const [packed] = JSON.parse(run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", project], pkg));
writeFileSync(join(project, "package.json"), JSON.stringify({ name: "shop", private: true, type: "module" }));
run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", `./${packed.filename}`]);

/** The folder of the package. */
export const installed = join(project, "node_modules", NAME);

/** Runs a script in the new project; gives what it prints. */
export function node(source, ...flags) {
  const type = source.includes("require(") ? "commonjs" : "module";
  return run(process.execPath, [...flags, `--input-type=${type}`, "--eval", source]).trim();
}

/** Every file an export leads to, by entry and condition. */
export function* targets(exports, entry = "", conditions = []) {
  if (typeof exports === "string") yield { entry, conditions, target: exports };
  else for (const [key, value] of Object.entries(exports)) yield* key.startsWith(".") ? targets(value, key) : targets(value, entry, [...conditions, key]);
}

/** Bundles `source` as an application would; gives the bundle's text, and the paths of what is in it. */
export async function bundled(source, conditions, plugins = []) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: project },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    conditions,
    // Modules that workerd and Node have of their own.
    external: ["cloudflare:*", "node:*"],
    plugins,
    logLevel: "silent",
  });
  return [outputFiles[0].text, Object.keys(metafile.inputs)];
}

export const bundle = async (...given) => (await bundled(...given))[0];

/** Leaves each `.wasm` outside the bundle, as the host compiles it itself, and puts its path in `modules`. */
export const wasmLeftOut = (modules) => ({
  name: "wasm",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path.replace("?module", ""));
      modules.push(file);
      return { path: `./${basename(file)}`, external: true };
    }),
});

/** The scripts that an export leads to: where it is a pattern, one for each file. */
function named({ entry, conditions, target }) {
  if (!target.includes("*")) return [{ entry, conditions, target }];
  const suffix = target.slice(target.indexOf("*") + 1);
  const names = readdirSync(join(installed, dirname(target))).filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length));
  return names.map((name) => ({ entry: entry.replace("*", name), conditions, target: target.replace("*", name) }));
}

const scripts = () => [...targets(manifest.exports)].filter(({ target }) => target.endsWith(".js")).flatMap(named);
export const entries = () => [...new Set(scripts().map(({ entry }) => entry))];
export const specifier = (entry) => NAME + entry.slice(1);

/** The types of an entry. */
export const typesOf = (entry) => (manifest.exports[entry] ?? manifest.exports[`${dirname(entry)}/*`]).types.default.replace("*", basename(entry));

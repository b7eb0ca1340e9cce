// The package's entries and the runtimes that take them up: one row each. From these come the files in pkg/dist,
// the export conditions in pkg/package.json (scripts/write-entries.mjs) and the rows of
// tests/package/entries.test.mjs.

/**
 * An entry: its name in every layer (`src/js/NAME.rs`, `pkg/entries/NAME.js` and `.d.ts`), what it is imported by,
 * and the module it works with. Some share one, so that who uses both loads it once.
 */
export const ENTRIES = [
  { name: "front", path: ".", module: "front" },
  { name: "complete", path: "./complete", module: "front" },
  { name: "edge", path: "./edge", module: "server", hasSecret: true, waits: true },
  { name: "server", path: "./server", module: "server", hasSecret: true },
  { name: "prefill", path: "./prefill", module: "prefill" },
  { name: "sandbox", path: "./sandbox", module: "sandbox" },
];

/** The modules; those of a page say what its policy must allow, the others what to do where a host may not compile. */
export const MODULES = [
  { name: "front", inPage: true },
  { name: "prefill", inPage: true },
  { name: "server" },
  { name: "sandbox" },
];

/** What is a file as it stands, with no module of its own: as ES module and in CommonJS, with its types. */
export const SCRIPTS = [
  { path: "./sandbox/node", file: "entries/sandbox-node" },
  { path: "./wasm", file: "entries/wasm" },
  { path: "./languages/*", file: "dist/languages/*" },
  { path: "./stores/d1", file: "stores/d1" },
  { path: "./stores/memory", file: "stores/memory" },
  { path: "./stores/postgres", file: "stores/postgres" },
];

/** Where the same files stand in CommonJS (scripts/write-entries.mjs). */
export const COMMONJS = "dist/commonjs";

/** What a page's bundler is led to where the secret key would come along. */
const REFUSAL = "./shared/secret-key-must-not-be-in-a-browser.js";

/** What Nitro is led to where it would not take up WebAssembly. */
const NITRO_SETTING = "./shared/nitro-needs-experimental-wasm.js";

/** What Nitro says that each host without Node is; and if it takes up WebAssembly, it says so. */
const NITRO = ["wintercg", "worker", "browser", "workerd", "edge-light"];

const ownFile = (condition) => ({ name }) => `./dist/${name}.${condition}.js`;
const everywhere = ownFile("default");
const commonJs = ({ name }) => `./${COMMONJS}/dist/${name}.default.js`;

/** As wrangler, Vercel, Next and Nitro all take it up: not as an instance. */
const imported = (name) => ({ from: `import module from "./${name}.wasm?module";`, source: "() => module" });

/**
 * A runtime: the export condition it goes by, the conditions that its bundlers set, the file that it takes of an entry,
 * if it has one; and where the file is its own, how it comes by a compiled module, whether it `imports` it, and which
 * `waitUntil` it has (in pkg/shared). In the order of package.json, where the first that holds wins: bundlers for workers
 * say that they are browsers, too.
 */
export const RUNTIMES = [
  { condition: "unwasm", bundlers: [...NITRO, "unwasm"], file: ownFile("workerd") },
  { condition: "wintercg", bundlers: NITRO, file: () => ({ default: NITRO_SETTING }) },
  {
    condition: "workerd",
    bundlers: ["workerd", "worker", "browser"],
    file: ownFile("workerd"),
    imports: true,
    module: imported,
    waitUntil: "wait-until.workerd.js",
  },
  {
    condition: "edge-light",
    bundlers: ["edge-light", "worker", "browser"],
    file: ownFile("edge-light"),
    imports: true,
    module: imported,
    waitUntil: "wait-until.js",
  },
  // What works with the secret key is refused to pages: to their bundlers, which say `module`, and not to Jest, which has
  // a page's document and requires.
  { condition: "worker", bundlers: ["worker", "browser"], file: (entry) => entry.hasSecret && everywhere(entry) },
  {
    condition: "browser",
    bundlers: ["browser", "module"],
    file: (entry) => entry.hasSecret && { module: REFUSAL, require: commonJs(entry), default: REFUSAL },
  },
  // Who can take an ES module up by `require` does so, that there be one of it: Node since 20.19, and bundlers.
  { condition: "module-sync", bundlers: ["module-sync", "require"], file: everywhere },
  { condition: "module", bundlers: ["module", "require"], file: everywhere },
  { condition: "require", bundlers: ["require"], file: commonJs },
  {
    condition: "default",
    bundlers: [],
    file: everywhere,
    module: (name) => ({
      from: `import text from "./${name}.text.js";\nimport { compile } from "../shared/lazy.js";`,
      source: "() => compile(text)",
    }),
    waitUntil: "wait-until.js",
  },
];

/** How a module is come by in CommonJS: read when it is needed. */
export const READ = (name) => ({
  from: `import { readFileSync } from "node:fs";`,
  source: `() => new WebAssembly.Module(readFileSync(__dirname + "/../../${name}.wasm"))`,
});

const typesOf = (file) => ({ require: `./${COMMONJS}/${file}.d.ts`, default: `./${file}.d.ts` });

/** The export of an entry: its types, and its file by condition. */
export const exportOf = (entry) => ({
  types: typesOf(`entries/${entry.name}`),
  ...Object.fromEntries(RUNTIMES.map(({ condition, file }) => [condition, file(entry)]).filter(([, file]) => file)),
});

/** The same of a script. */
export const exportOfScript = ({ file }) => ({
  types: typesOf(file),
  "module-sync": `./${file}.js`,
  module: `./${file}.js`,
  require: `./${COMMONJS}/${file}.js`,
  default: `./${file}.js`,
});

/**
 * What hands a module in by being imported, for frameworks that take up the entries of another host (entries/wasm.js).
 * Where a module can be compiled, and in a page, it does nothing.
 */
const NOTHING = "shared/nothing";
const nothing = { require: `./${COMMONJS}/${NOTHING}.js`, default: `./${NOTHING}.js` };
const exportOfModule = ({ name }) => ({
  types: typesOf(NOTHING),
  ...Object.fromEntries(RUNTIMES.filter(({ imports }) => imports).map(({ condition }) => [condition, `./dist/wasm.${name}.${condition}.js`])),
  browser: nothing,
  // Next's own bundler on the way to Cloudflare says no more than that it is a bundler.
  module: `./dist/wasm.${name}.edge-light.js`,
  ...nothing,
});

/** Every export that is made of the lists. */
export const EXPORTS = Object.fromEntries([
  ...ENTRIES.map((entry) => [entry.path, exportOf(entry)]),
  ...SCRIPTS.map((script) => [script.path, exportOfScript(script)]),
  ...MODULES.map((module) => [`./wasm/${module.name}`, exportOfModule(module)]),
  ["./stores/store", { types: typesOf("stores/store") }],
  ["./button.css", { types: typesOf("entries/button.css"), default: "./button.css" }],
  ...MODULES.map(({ name }) => [`./${name}.wasm`, { types: typesOf("shared/wasm"), default: `./dist/${name}.wasm` }]),
]);

/** The same types for projects that TypeScript does not read `exports` in (`moduleResolution` of `node10`). */
export const TYPES_VERSIONS = Object.fromEntries(
  Object.entries(EXPORTS).filter(([path]) => path !== ".").map(([path, { types }]) => [path.slice(2), [types.require]]),
);

/**
 * Parcel does not read `exports` unless it is told to: where the entries stand that have no file of their path, and for a
 * page's bundle, what those with the secret key lead to.
 */
export const ALIAS = Object.fromEntries(
  [...ENTRIES, ...SCRIPTS]
    .filter(({ path, hasSecret }) => path !== "." && !hasSecret)
    .map(({ path }) => [path, EXPORTS[path].default.replace("*", "$1")]),
);
export const BROWSER = Object.fromEntries(ENTRIES.filter(({ hasSecret }) => hasSecret).map(({ path }) => [path, REFUSAL]));

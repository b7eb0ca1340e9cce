// The package's entries and the runtimes that take them up: one row each. From these come the files in pkg/dist,
// the export conditions in pkg/package.json (scripts/write-entries.mjs) and the rows of
// tests/package/install.test.mjs.

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

/**
 * A runtime: the export condition it goes by, the conditions that its bundlers set, how it comes by a compiled
 * module, and which `waitUntil` it has (in pkg/shared). In the order of package.json, where the first that holds
 * wins: bundlers for workers say that they are browsers, too.
 */
export const RUNTIMES = [
  {
    condition: "workerd",
    bundlers: ["workerd", "worker", "browser"],
    module: (name) => ({ from: `import module from "./${name}.wasm";`, source: "() => module" }),
    waitUntil: "wait-until.workerd.js",
  },
  {
    condition: "edge-light",
    bundlers: ["edge-light", "worker", "browser"],
    module: (name) => ({ from: `import module from "./${name}.wasm?module";`, source: "() => module" }),
    waitUntil: "wait-until.js",
  },
  // What works with the secret key is refused here; the rest is as everywhere.
  { condition: "browser", bundlers: ["browser"], refusal: "./shared/refuse-browser.js" },
  {
    condition: "default",
    bundlers: [],
    module: (name) => ({
      from: `import text from "./${name}.text.js";\nimport { compile } from "../shared/lazy.js";`,
      source: "() => compile(text)",
    }),
    waitUntil: "wait-until.js",
  },
];

/** The file of an entry for a runtime; `undefined` where the runtime has none of its own. */
export function fileOf({ name, hasSecret }, { condition, refusal }) {
  if (refusal) return hasSecret ? refusal : undefined;
  return `./dist/${name}.${condition}.js`;
}

/** The export of an entry: its types, and its file by condition. */
export const exportOf = (entry) => ({
  types: `./entries/${entry.name}.d.ts`,
  ...Object.fromEntries(
    RUNTIMES.map((runtime) => [runtime.condition, fileOf(entry, runtime)]).filter(([, file]) => file),
  ),
});

// Sizes against their budgets. Exits with 1 when one is over, or when a browser bundle holds what it must not.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** An entry as one minified file, but for what the host has: a `.wasm` that it compiles, a module of its own. */
async function bundle(entry) {
  const options = { entryPoints: [entry], bundle: true, minify: true, format: "esm", write: false, external: ["*.wasm", "*.wasm?module", "cloudflare:*"] };
  const { outputFiles } = await build(options);
  return Buffer.from(outputFiles[0].contents);
}

const front = await bundle("pkg/dist/front.default.js");
const complete = await bundle("pkg/dist/complete.default.js");
const prefill = await bundle("pkg/dist/prefill.default.js");
const edge = Buffer.concat([await bundle("pkg/dist/edge.workerd.js"), readFileSync("pkg/dist/server.wasm")]);
const rows = [
  { what: "browser entry, one file", bytes: front, of: "brotli", budget: 16_000 },
  { what: "the same with completeConnect", bytes: complete, of: "brotli", budget: 17_000 },
  { what: "prefill entry, one file", bytes: prefill, of: "brotli", budget: 11_000 },
  { what: "edge wasm and its glue", bytes: edge, of: "gzip", budget: 250_000 },
  { what: "button.css", bytes: readFileSync("pkg/button.css"), of: "brotli", budget: 3_000 },
];

let failed = false;
console.log("| what | raw | gzip | brotli | budget |\n| --- | --: | --: | --: | --: |");
for (const { what, bytes, of, budget } of rows) {
  const sizes = { gzip: gzip(bytes), brotli: brotli(bytes) };
  const over = sizes[of] > budget;
  failed ||= over;
  const verdict = `${budget} ${of}${over ? ", OVER" : ""}`;
  console.log(`| ${what} | ${bytes.length} | ${sizes.gzip} | ${sizes.brotli} | ${verdict} |`);
}

// The text form hides words, so the module is searched as bytes too.
const modules = { "front.wasm": readFileSync("pkg/dist/front.wasm"), "prefill.wasm": readFileSync("pkg/dist/prefill.wasm") };
for (const [what, bytes] of Object.entries({ front, complete, prefill, ...modules })) {
  for (const word of ["client_secret", "oauth/token", "sk_"]) {
    if (!bytes.includes(word)) continue;
    console.error(`${what} holds "${word}"`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);

// Makes a module small: shrink-wasm.mjs IN.wasm OUT.wasm OUT.text.js
//
// The core is total (clippy denies every way to panic), so what the standard library keeps for panics is
// never reached: here it becomes a bare trap, and its messages and formatting go. Then the module is
// written as text for hosts where everything must be in one script.
import binaryen from "binaryen";
import { readFileSync, writeFileSync } from "node:fs";

const [input, output, textOutput] = process.argv.slice(2);
const PANICS =
  /panicking::panic_fmt|panic_with_hook|FormatStringPayload|StaticStrPayload|raw_vec::(handle_error|capacity_overflow)|alloc::handle_alloc_error/;
/** What they would have said, and where. */
const SAID = /\/rustc\/[\w./-]*?\.rs|capacity overflow|Tried to shrink to a larger capacity/g;
const blank = (/** @type {string} */ text) => "\0".repeat(text.length);
const FORMAT = /^core\S*::fmt::write(::|$)/;
const FORMATTED = /String as core\S*::fmt::Write>/;

binaryen.setDebugInfo(true);
const module = binaryen.readBinary(readFileSync(input));
for (const fn of named(PANICS)) binaryen.Function.setBody(fn, module.unreachable());

binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
binaryen.setOneCallerInlineMaxSize(35);
// Rust keeps its stack and data above the first kilobyte.
binaryen.setLowMemoryUnused(true);
module.optimize();
// Without panics, the browser's module formats nothing; what would write the formatted text is still in a table.
if (!named(FORMAT).length) for (const fn of named(FORMATTED)) binaryen.Function.setBody(fn, module.unreachable());
// What the first round has merged and inlined leaves something for a second.
module.optimize();
binaryen.setDebugInfo(false);
module.runPasses(["strip-debug", "strip-producers", "strip-target-features"]);
const bytes = Buffer.from(Buffer.from(module.emitBinary()).toString("latin1").replace(SAID, blank), "latin1");
writeFileSync(output, bytes);
writeFileSync(textOutput, `export default ${JSON.stringify(asText(bytes))};\n`);

/** The functions that bear such a name. */
function named(pattern) {
  const all = range(0, module.getNumFunctions()).map((at) => module.getFunctionByIndex(at));
  return all.filter((fn) => pattern.test(binaryen.getFunctionInfo(fn).name));
}

/**
 * Bytes as printable ASCII that compresses nearly as well as the bytes do (base64 takes a third more, since
 * it hides where bytes begin): the common bytes are one character each, as themselves where they can, the
 * others two. Read back by `compile` in pkg/shared/lazy.js. A text and its table of common bytes.
 */
function asText(bytes) {
  const singles = range(32, 125).filter((code) => code !== 34 && code !== 92);
  const count = new Map(range(0, 256).map((byte) => [byte, 0]));
  for (const byte of bytes) count.set(byte, count.get(byte) + 1);
  const common = new Set([...count.keys()].sort((a, b) => count.get(b) - count.get(a)).slice(0, singles.length));

  const strangers = [...common].filter((byte) => !singles.includes(byte)).sort((a, b) => b - a);
  const table = singles.map((code) => (common.has(code) ? code : strangers.pop()));
  const rest = range(0, 256).filter((byte) => !common.has(byte));
  const written = new Map(table.map((byte, at) => [byte, String.fromCharCode(singles[at])]));
  rest.forEach((byte, at) => {
    const lead = 125 + Math.floor(at / singles.length);
    written.set(byte, String.fromCharCode(lead, singles[at % singles.length]));
  });
  return [Array.from(bytes, (byte) => written.get(byte)).join(""), Buffer.from(table).toString("hex")];
}

function range(from, to) {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

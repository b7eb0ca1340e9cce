// smoke.mjs as a program of the project's, by `import` and by `require`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));

const read = (name) => readFileSync(fileOf(name), "utf8");

/** For hosts of CommonJS alone. */
const commonJs = (name) => transformSync(read(name), { format: "cjs" }).code.replace(/("\.\/\w+)\.mjs"/g, '$1.cjs"');

/** Copies the programs into a project: `main.mjs` imports, `main.cjs` requires, and `render.mjs` has no page. */
export function addSmoke(project) {
  for (const name of ["smoke.mjs", "entries.mjs", "main.mjs", "entries.cjs", "main.cjs", "render.mjs"]) project.copy(fileOf(name), name);
  project.write({ "smoke.cjs": commonJs("smoke.mjs") });
}

/** Copies `serving.mjs`, a platform whose addresses openStripe chooses. */
export function addServing(project) {
  for (const name of ["smoke.mjs", "entries.mjs", "platform.mjs", "serving.mjs"]) project.copy(fileOf(name), name);
}

/**
 * Writes tests for a test runner that has `test` and `expect` as globals.
 *
 * @param {Record<string, string>} tests those of suite/tests, each with what stands above it
 * @param {"mjs" | "cjs"} [kind]
 */
export function addTests(project, tests, kind = "mjs") {
  const written = (name) => (kind === "mjs" ? read(name) : commonJs(name));
  for (const name of ["smoke", "entries"]) project.write({ [`${name}.${kind}`]: written(`${name}.mjs`) });
  for (const [name, above] of Object.entries(tests)) {
    project.write({ [`${name}.test.${kind}`]: `${above}\n${written(`tests/${name}.test.mjs`)}` });
  }
}

/** That nothing failed, by what a program printed. */
export const nothingFailed = ({ output }) => assert.match(output, /^failed: \[\]$/m);

/** That a flow can't be begun where a `sessionStorage` is there without a page. */
export const beginRefuses = ({ output }) => assert.match(output, /^object storage_unavailable .*this is no page/m);

// smoke.mjs as a program of the project's, by `import` and by `require`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** For hosts of CommonJS alone. */
export const commonJs = (name) => transformSync(readFileSync(fileOf(name), "utf8"), { format: "cjs" }).code;

/** Copies the programs into a project: `main.mjs` imports, and `main.cjs` requires. */
export function addSmoke(project) {
  for (const name of ["smoke.mjs", "entries.mjs", "main.mjs", "entries.cjs", "main.cjs"]) project.copy(fileOf(name), name);
  project.write({ "smoke.cjs": commonJs("smoke.mjs") });
}

/** That nothing failed, by what a program printed. */
export const nothingFailed = ({ output }) => assert.match(output, /^failed: \[\]$/m);

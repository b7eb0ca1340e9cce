// Runs a script beside this file with the Python that has Stripe's package (need_python_sdk in
// scripts/tools.sh): once, JSON in and JSON out.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * @param {string} script its file name
 * @param {unknown} input
 * @returns {any} what it printed
 */
export function python(script, input) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const options = { input: JSON.stringify(input), encoding: "utf8", maxBuffer: 1 << 28 };
  const { status, error, stdout, stderr } = spawnSync(process.env.PYTHON ?? "python3", ["-B", path], options);
  if (error) throw error;
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`);
  return JSON.parse(stdout);
}

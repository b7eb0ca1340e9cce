// What the clients that are Node programs share: where things are, and how they report (run.mjs reads it).

import { existsSync } from "node:fs";
import { createRequire } from "node:module";

/** The address of the sandbox, the platform's registration, and this client's own ports. */
export const { env } = process;

const require = createRequire(import.meta.url);

/** The first line of a program: what runs, in which version. Not every package exports its own package.json. */
export function version(...names) {
  const versions = names.map((name) => `${name} ${packageOf(name).version}`);
  console.log(versions.join(", "));
}

function packageOf(name) {
  const files = require.resolve.paths(name).map((folder) => `${folder}/${name}/package.json`);
  return require(files.find(existsSync));
}

/** One thing done and checked. */
export const did = (what) => console.log(what);

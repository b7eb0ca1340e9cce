// The README as the package has it: readme.mjs FROM TO. Where a package is shown, there is no repository around it, so
// each relative link becomes one to the repository's own page.
import { readFileSync, writeFileSync } from "node:fs";

const [from, to] = process.argv.slice(2);
const { homepage } = JSON.parse(readFileSync(new URL("../pkg/package.json", import.meta.url), "utf8"));
const repository = homepage.replace(/#.*/, "");

/** A picture is shown by its bytes, a page as one reads it. */
const absolute = (path) => `${repository}/${/\.png$/.test(path) ? "raw" : "blob"}/main/${path}`;

writeFileSync(to, readFileSync(from, "utf8").replace(/\]\((?!https?:|#)([^)]+)\)/g, (_, path) => `](${absolute(path)})`));

// Bun's bundler, for pages.
import { page, refusedWhenBuilt } from "../suite/page-bundler.mjs";

const version = "1.4.5";
const bun = {
  dependencies: { bun: version },
  scripts: true,
  build: (project, options) => project.run("bun", ["build", "main.js", "--target", "browser", "--outdir", "dist"], options),
  document: "dist/index.html",
  head: '<link rel="stylesheet" href="/main.css">',
};

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Bun build",
  group: "Bundlers",
  cells: [
    { check: "page, built", version, run: page(bun) },
    { check: "secret-key entries are refused as a page is built", version, run: refusedWhenBuilt(bun) },
  ],
};

// esbuild, by its command line.
import { page, refusedWhenBuilt } from "../suite/page-bundler.mjs";

const version = "0.28.2";
const esbuild = {
  dependencies: { esbuild: version },
  build: (project, options) => project.run("esbuild", ["main.js", "--bundle", "--minify", "--outdir=dist"], options),
  document: "dist/index.html",
  head: '<link rel="stylesheet" href="/main.css">',
};

/** @type {import("../tables.mjs").Host} */
export default {
  title: "esbuild",
  group: "Bundlers",
  cells: [
    { check: "page, built", version, fixed: true, run: page(esbuild) },
    { check: "secret-key entries are refused as a page is built", version, fixed: true, run: refusedWhenBuilt(esbuild) },
  ],
};

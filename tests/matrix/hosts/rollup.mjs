// Rollup, with the plugin that looks packages up. It takes up no condition for pages unless that is told to.
import { page, refusedWhenBuilt, refusedWhenLoaded } from "../suite/page-bundler.mjs";

const version = "4.68.8";
const rollupWith = (plugin) => ({
  dependencies: { rollup: version, "@rollup/plugin-node-resolve": "16.0.3" },
  build: (project, options) => project.run("rollup", ["main.js", "--dir", "dist", "--plugin", plugin], options),
  document: "dist/index.html",
  css: false,
  esmOnly: true,
});
const rollup = rollupWith("node-resolve");
const forPages = rollupWith("node-resolve={browser:true}");

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Rollup",
  group: "Bundlers",
  cells: [
    { check: "page, built", version, fixed: true, run: page(rollup) },
    { check: "secret-key entries are refused as the page loads", version, fixed: true, run: refusedWhenLoaded(rollup) },
    {
      check: "secret-key entries are refused as a page is built",
      version,
      setting: "node-resolve with `browser: true`",
      run: refusedWhenBuilt(forPages),
    },
  ],
};

// webpack, with the loaders that a stylesheet needs; and for a worker.
import { page, refusedWhenBuilt, worker } from "../suite/page-bundler.mjs";

const version = "5.113.0";
const webpack = {
  dependencies: { webpack: version, "webpack-cli": "7.3.1", "css-loader": "7.1.5", "style-loader": "4.0.0" },
  files: {
    "webpack.config.js":
      'export default { mode: "production", entry: "./main.js", module: { rules: [{ test: /\\.css$/, use: ["style-loader", "css-loader"] }] } };\n',
  },
  build: (project, options) => project.run("webpack", [], options),
  document: "dist/index.html",
  script: '<script defer src="/main.js"></script>',
};
const forWorkers = { ...webpack, build: (project) => project.run("webpack", ["--target", "webworker"]) };

/** @type {import("../tables.mjs").Host} */
export default {
  title: "webpack",
  group: "Bundlers",
  cells: [
    { check: "page, built", version, fixed: true, run: page(webpack) },
    { check: "secret-key entries are refused as a page is built", version, fixed: true, run: refusedWhenBuilt(webpack) },
    { check: "the handler in a worker (--target webworker)", version, run: worker(forWorkers) },
  ],
};

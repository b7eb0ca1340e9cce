// No bundler: the browser loads the package's own files, by an import map.
import { page, refusedWhenLoaded } from "../suite/page-bundler.mjs";

const files = { "": "dist/front.default.js", "/complete": "dist/complete.default.js", "/edge": "dist/edge.default.js", "/server": "dist/server.default.js" };
const NAME = "stripe-connect-oauth";
const imports = Object.fromEntries(Object.entries(files).map(([path, file]) => [NAME + path, `/node_modules/${NAME}/${file}`]));
const browser = {
  dependencies: {},
  build: () => {},
  folder: ".",
  css: false,
  script: `<script type="importmap">${JSON.stringify({ imports })}</script><script type="module" src="/main.js"></script>`,
};

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Import map",
  group: "Bundlers",
  cells: [
    { check: "page", run: page(browser) },
    { check: "secret-key entries are refused as the page loads", run: refusedWhenLoaded(browser) },
  ],
};

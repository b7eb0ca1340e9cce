// Parcel, without a configuration: it does not read `exports`, but `alias` and `browser`.
import { page, refusedWhenBuilt } from "../suite/page-bundler.mjs";

const version = "2.16.4";
const parcel = {
  dependencies: { parcel: version },
  build: (project, options) => project.run("parcel", ["build", "index.html", "--no-cache", "--dist-dir", "dist"], options),
  script: '<script type="module" src="main.js"></script>',
};

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Parcel",
  group: "Bundlers",
  cells: [
    { check: "page, built", version, run: page(parcel) },
    { check: "secret-key entries are refused as a page is built", version, run: refusedWhenBuilt(parcel) },
  ],
};

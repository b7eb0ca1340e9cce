// What `wasm-pack build --features bindings` packs, for who builds a package of their own, in a page.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { html, openShop, pageWorks } from "../suite/page.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAGE = fileURLToPath(new URL("../suite/page-bindings.js", import.meta.url));

/** A page with the bindings for `target`, and the module that starts them. */
async function page(t, { target, dependencies, files, name }) {
  execFileSync("make", ["bindings"], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
  const script = '<script type="module" src="/main.js"></script>';
  const project = t.project({ dependencies, files: { "index.html": html(script), ...files }, name });
  project.copy(PAGE, "page.js");
  project.copy(`${ROOT}target/bindings/${target}`, "packed");
  return { project, shop: await openShop(t, project) };
}

/** @type {import("../tables.mjs").Host} */
export default {
  title: "wasm-pack",
  group: "Bundlers",
  cells: [
    {
      check: "--target web, built by Vite",
      version: "8.3.8",
      fixed: true,
      async run(t) {
        const files = {
          "main.js": 'import "./page.js";\n',
          "bindings.js": 'import init from "./packed/stripe_connect_oauth.js";\nawait init();\nexport * from "./packed/stripe_connect_oauth.js";\n',
        };
        const { project, shop } = await page(t, { target: "web", dependencies: { vite: "8.3.8" }, files });
        await project.run("vite", ["build"]);
        shop.folder = `${project.dir}/dist`;
        await pageWorks(t, { ...shop, styled: false });
      },
    },
    {
      check: "--target bundler, built by webpack",
      version: "5.113.0",
      setting: "experiments: { asyncWebAssembly: true }",
      async run(t) {
        const files = {
          "main.js": 'import "./page.js";\n',
          "bindings.js": 'export * from "./packed/stripe_connect_oauth.js";\n',
          "webpack.config.js": 'export default { entry: "./main.js", mode: "production", experiments: { asyncWebAssembly: true }, output: { publicPath: "/dist/" } };\n',
          "index.html": html('<script src="/dist/main.js"></script>'),
        };
        const dependencies = { webpack: "5.113.0", "webpack-cli": "7.3.1" };
        const { project, shop } = await page(t, { target: "bundler", dependencies, files, name: "wasm-pack-webpack" });
        await project.run("webpack", []);
        await pageWorks(t, { ...shop, styled: false });
      },
    },
  ],
};

// Vite: its build and its development server, without a configuration.
import { page, pageInDevelopment, refusedInDevelopment, refusedWhenBuilt } from "../suite/page-bundler.mjs";

const version = "8.4.0";
const vite = {
  dependencies: { vite: version },
  build: (project, options) => project.run("vite", ["build"], options),
  develop: (project, port) => project.start("vite", ["--port", String(port), "--strictPort"], { url: `http://localhost:${port}/` }),
};

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Vite",
  group: "Bundlers",
  cells: [
    { check: "page, built", version, fixed: true, run: page(vite) },
    { check: "page, in development", version, run: pageInDevelopment(vite) },
    { check: "secret-key entries are refused as a page is built", version, fixed: true, run: refusedWhenBuilt(vite) },
    { check: "secret-key entries are refused in development", version, run: refusedInDevelopment(vite) },
  ],
};

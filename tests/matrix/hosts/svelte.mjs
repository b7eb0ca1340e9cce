// Svelte by Vite.
import { page, pageInDevelopment } from "../suite/page-bundler.mjs";
import { vite } from "../suite/page-vite.mjs";

const version = "5.57.3";
const svelte = {
  ...vite,
  dependencies: { ...vite.dependencies, svelte: version, "@sveltejs/vite-plugin-svelte": "7.3.1" },
  files: {
    "vite.config.js": 'import { svelte } from "@sveltejs/vite-plugin-svelte";\n\nexport default { plugins: [svelte()] };\n',
    "app.js":
      'import { mount } from "svelte";\nimport Page from "./page-svelte.svelte";\n\nmount(Page, { target: document.querySelector("main") });\n',
  },
  app: "page-svelte.svelte",
  main: "app.js",
};

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Svelte (Vite)",
  group: "Bundlers",
  cells: [
    { check: "page, built", version, run: page(svelte) },
    { check: "page, in development", version, run: pageInDevelopment(svelte) },
    { check: "page under Trusted Types", version, run: page(svelte, { trusted: ["stripe-connect", "svelte-trusted-html"] }) },
  ],
};

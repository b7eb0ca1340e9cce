// Vue by Vite.
import { page, pageInDevelopment } from "../suite/page-bundler.mjs";
import { vite } from "../suite/page-vite.mjs";

const version = "3.5.45";
const vue = {
  ...vite,
  dependencies: { ...vite.dependencies, vue: version, "@vitejs/plugin-vue": "6.0.11" },
  files: {
    "vite.config.js": 'import vue from "@vitejs/plugin-vue";\n\nexport default { plugins: [vue()] };\n',
    "app.js": 'import { createApp } from "vue";\nimport Page from "./page-vue.vue";\n\ncreateApp(Page).mount("main");\n',
  },
  app: "page-vue.vue",
  main: "app.js",
};

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Vue (Vite)",
  group: "Bundlers",
  cells: [
    { check: "page, built", version, run: page(vue) },
    { check: "page, in development", version, run: pageInDevelopment(vue) },
    { check: "page under Trusted Types", version, run: page(vue, { trusted: ["stripe-connect", "vue"] }) },
  ],
};

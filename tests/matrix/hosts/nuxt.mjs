// Nuxt, built by Nitro for Node and for Cloudflare.
import assert from "node:assert/strict";
import { NODE, WRANGLER, appWorks, buildRefused, openApp } from "../suite/framework.mjs";

const version = "4.5.2";
const DEPENDENCIES = { ...NODE, ...WRANGLER, nuxt: version, vite: "8.3.8" };

const WORKER = { name: "shop", compatibility_date: "2026-10-01", compatibility_flags: ["nodejs_compat"] };
const SETTING = "nitro: { experimental: { wasm: true } }";

async function open(t, setting = "") {
  const config = `export default defineNuxtConfig({ css: ["stripe-connect-oauth/button.css"], ${setting} });\n`;
  const project = t.project({ dependencies: DEPENDENCIES, files: { "nuxt.config.js": config, "wrangler.json": WORKER } });
  return { project, shop: await openApp(t, project, "nuxt", "shared") };
}

/** Waits for the page of the development server, which answers before it has one. */
async function served({ origin }) {
  const hasPage = async () => /<title>Shop/.test(await (await fetch(origin)).text());
  for (const end = Date.now() + 60_000; !(await hasPage()) && Date.now() < end; ) await new Promise((wake) => setTimeout(wake, 500));
}

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Nuxt",
  group: "Frameworks",
  cells: [
    {
      check: "route and pages (node-server)",
      version,
      async run(t) {
        const { project, shop } = await open(t);
        await project.run("nuxt", ["build"]);
        await project.start("node", [".output/server/index.mjs"], { url: shop.origin, env: { PORT: String(shop.port) } });
        await appWorks(t, shop);
      },
    },
    {
      check: "route and pages in workerd (cloudflare_module)",
      version,
      setting: `\`${SETTING}\``,
      async run(t) {
        const { project, shop } = await open(t, SETTING);
        const { output } = await project.run("nuxt", ["build"], { env: { NITRO_PRESET: "cloudflare_module" } });
        assert.doesNotMatch(output, /stripe-connect-oauth/, "the build has something to say of the package");
        const args = ["dev", ".output/server/index.mjs", "--assets", ".output/public", `--port=${shop.port}`, "--inspector-port=0"];
        await project.start("wrangler", args, { url: shop.origin });
        await appWorks(t, shop);
      },
    },
    {
      check: "for Cloudflare with no setting",
      version,
      cannot: "Nitro takes up WebAssembly only where its setting says so; the build says which",
      async run(t) {
        const { project } = await open(t);
        const { output } = await project.run("nuxt", ["build"], { env: { NITRO_PRESET: "cloudflare_module" }, fails: true });
        assert.match(output, /Cannot resolve .*stripe-connect-oauth: set nitro.experimental.wasm to true/);
      },
    },
    {
      check: "route and pages in development",
      version,
      async run(t) {
        const { project, shop } = await open(t);
        await project.start("nuxt", ["dev", `--port=${shop.port}`], { url: shop.origin });
        await served(shop);
        await appWorks(t, shop);
      },
    },
    {
      check: "an entry with the secret key in a page does not build",
      version,
      async run(t) {
        const { project } = await open(t);
        const script = 'import { createConnect } from "stripe-connect-oauth/edge";\n\nconsole.log(createConnect);\n';
        project.write({ "app/pages/secret.vue": `<script setup>\n${script}</script>\n\n<template><p /></template>\n` });
        await buildRefused(project, "nuxt", ["build"]);
      },
    },
  ],
};

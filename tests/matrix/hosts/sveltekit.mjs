// SvelteKit, built for Node and for Cloudflare, and its development server.
import { NODE, WRANGLER, appWorks, buildRefused, openApp } from "../suite/framework.mjs";

const version = "2.70.4";
const DEPENDENCIES = {
  ...NODE,
  ...WRANGLER,
  "@sveltejs/kit": version,
  "@sveltejs/adapter-node": "5.5.7",
  "@sveltejs/adapter-cloudflare": "7.2.9",
  "@sveltejs/vite-plugin-svelte": "7.3.1",
  svelte: "5.57.3",
  vite: "8.3.8",
};

const WORKER = {
  name: "shop",
  main: ".svelte-kit/cloudflare/_worker.js",
  compatibility_date: "2026-10-01",
  compatibility_flags: ["nodejs_als"],
  assets: { directory: ".svelte-kit/cloudflare", binding: "ASSETS" },
};

async function open(t, adapter) {
  const config = `import adapter from "@sveltejs/adapter-${adapter}";\n\nexport default { kit: { adapter: adapter() } };\n`;
  const project = t.project({ dependencies: DEPENDENCIES, files: { "svelte.config.js": config, "wrangler.jsonc": WORKER } });
  return { project, shop: await openApp(t, project, "sveltekit", "src/lib") };
}

/** @type {import("../tables.mjs").Host} */
export default {
  title: "SvelteKit",
  group: "Frameworks",
  cells: [
    {
      check: "route and pages (adapter-node)",
      version,
      async run(t) {
        const { project, shop } = await open(t, "node");
        await project.run("vite", ["build"]);
        await project.start("node", ["build"], { url: shop.origin, env: { PORT: String(shop.port), ORIGIN: shop.origin } });
        await appWorks(t, shop);
      },
    },
    {
      check: "route and pages in workerd (adapter-cloudflare)",
      version,
      async run(t) {
        const { project, shop } = await open(t, "cloudflare");
        await project.run("vite", ["build"]);
        await project.start("wrangler", ["dev", `--port=${shop.port}`, "--inspector-port=0"], { url: shop.origin });
        await appWorks(t, shop);
      },
    },
    {
      check: "route and pages in development",
      version,
      async run(t) {
        const { project, shop } = await open(t, "node");
        await project.start("vite", ["dev", `--port=${shop.port}`, "--strictPort"], { url: shop.origin });
        await appWorks(t, shop);
      },
    },
    {
      check: "an entry with the secret key in a page does not build",
      version,
      async run(t) {
        const { project } = await open(t, "node");
        const script = '  import { createConnect } from "stripe-connect-oauth/edge";\n\n  console.log(createConnect);\n';
        project.write({ "src/routes/secret/+page.svelte": `<script>\n${script}</script>\n` });
        await buildRefused(project, "vite", ["build"]);
      },
    },
  ],
};

// Astro, built for Node and for Cloudflare, and its development server.
import { NODE, WRANGLER, appWorks, buildRefused, openApp } from "../suite/framework.mjs";

const version = "7.3.5";
const DEPENDENCIES = { ...NODE, ...WRANGLER, astro: version, "@astrojs/node": "11.1.6", "@astrojs/cloudflare": "14.3.3" };

const ADAPTERS = { node: 'node({ mode: "standalone" })', cloudflare: "cloudflare()" };

async function open(t, adapter) {
  const config = `import ${adapter} from "@astrojs/${adapter}";\n\nexport default { adapter: ${ADAPTERS[adapter]}, output: "server" };\n`;
  const worker = { name: "shop", compatibility_date: "2026-10-01", compatibility_flags: ["nodejs_compat"] };
  const project = t.project({ dependencies: DEPENDENCIES, files: { "astro.config.mjs": config, "wrangler.json": worker } });
  return { project, shop: await openApp(t, project, "astro", "src") };
}

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Astro",
  group: "Frameworks",
  cells: [
    {
      check: "route and pages (@astrojs/node)",
      version,
      async run(t) {
        const { project, shop } = await open(t, "node");
        await project.run("astro", ["build"]);
        await project.start("node", ["dist/server/entry.mjs"], { url: shop.origin, env: { HOST: "localhost", PORT: String(shop.port) } });
        await appWorks(t, shop);
      },
    },
    {
      check: "route and pages in workerd (@astrojs/cloudflare)",
      version,
      async run(t) {
        const { project, shop } = await open(t, "cloudflare");
        await project.run("astro", ["build"]);
        await project.start("wrangler", ["dev", `--port=${shop.port}`, "--inspector-port=0"], { url: shop.origin });
        await appWorks(t, shop);
      },
    },
    {
      check: "route and pages in development",
      version,
      async run(t) {
        const { project, shop } = await open(t, "node");
        await project.start("astro", ["dev", `--port=${shop.port}`], { url: shop.origin });
        await appWorks(t, shop);
      },
    },
    {
      check: "an entry with the secret key in a page's script does not build",
      version,
      async run(t) {
        const { project } = await open(t, "node");
        const script = 'import { createConnect } from "stripe-connect-oauth/edge";\n\nconsole.log(createConnect);\n';
        project.write({ "src/pages/secret.astro": `<script>\n${script}</script>\n` });
        await buildRefused(project, "astro", ["build"]);
      },
    },
  ],
};

// Next on Cloudflare, by OpenNext. Its server evaluates every module inside a request, where nothing can be compiled, and
// takes up no condition of Cloudflare's: so the modules are handed in.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { NODE, WRANGLER, appWorks, openApp } from "../suite/framework.mjs";

const version = "1.20.17";
const DEPENDENCIES = { ...NODE, ...WRANGLER, next: "16.4.6", react: "19.3.1", "react-dom": "19.3.1", "@opennextjs/cloudflare": version };

const HANDED_IN = `export async function register() {
  await import("stripe-connect-oauth/wasm/front");
  await import("stripe-connect-oauth/wasm/server");
}
`;

const files = (build) => ({
  "open-next.config.ts": 'import { defineCloudflareConfig } from "@opennextjs/cloudflare";\n\nexport default defineCloudflareConfig();\n',
  "next.config.mjs": "export default {};\n",
  "wrangler.jsonc": {
    name: "shop",
    main: ".open-next/worker.js",
    compatibility_date: "2026-10-01",
    compatibility_flags: ["nodejs_compat"],
    assets: { directory: ".open-next/assets", binding: "ASSETS" },
  },
  ...build.files,
});

/** Waits until a server has said something. */
async function until(isSo) {
  for (const end = Date.now() + 20_000; !isSo(); await new Promise((wake) => setTimeout(wake, 100))) {
    if (Date.now() > end) throw new Error(`not so: ${isSo}`);
  }
}

/** The app, built and run in workerd. */
async function open(t, { scripts = { build: "next build" }, ...build }) {
  const project = t.project({ dependencies: DEPENDENCIES, manifest: { scripts }, files: files(build) });
  const shop = await openApp(t, project, "next");
  rmSync(`${project.dir}/app/edge`, { recursive: true }); // OpenNext wants a configuration of its own for the edge runtime
  await project.run("opennextjs-cloudflare", ["build"]);
  const { output } = await project.start("wrangler", ["dev", `--port=${shop.port}`, "--inspector-port=0"], { url: shop.origin });
  return { shop, output };
}

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Next on Cloudflare (OpenNext)",
  group: "Frameworks",
  cells: [
    {
      check: "route and pages in workerd (Turbopack)",
      version,
      setting: '`register` of `instrumentation.js` imports `stripe-connect-oauth/wasm/front` and `/wasm/server`',
      async run(t) {
        const { shop } = await open(t, { files: { "instrumentation.js": HANDED_IN } });
        await appWorks(t, shop);
      },
    },
    {
      check: "route and pages in workerd (webpack)",
      version,
      setting: '`serverExternalPackages: ["stripe-connect-oauth"]` in next.config',
      async run(t) {
        const config = 'export default { serverExternalPackages: ["stripe-connect-oauth"] };\n';
        const { shop } = await open(t, { scripts: { build: "next build --webpack" }, files: { "next.config.mjs": config } });
        await appWorks(t, shop);
      },
    },
    {
      check: "with no setting",
      version,
      cannot: "its server takes up no condition of Cloudflare's, and compiles inside a request, which Cloudflare forbids; the error says so",
      async run(t) {
        const { shop, output } = await open(t, {});
        for (const [path, module] of [["/", "front"], ["/connect/connections", "server"]]) {
          assert.equal((await fetch(shop.origin + path)).status, 500);
          await until(() => output().includes(`stripe-connect-oauth/wasm/${module}`));
        }
      },
    },
  ],
};

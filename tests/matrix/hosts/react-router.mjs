// React Router as a framework, built for Node and, by Cloudflare's plugin for Vite, for workerd, and its development server.
import { NODE, WRANGLER, appWorks, buildRefused, openApp } from "../suite/framework.mjs";

const version = "7.18.4";
const DEPENDENCIES = {
  ...NODE,
  ...WRANGLER,
  "react-router": version,
  "@react-router/dev": version,
  "@react-router/node": version,
  "@react-router/serve": version,
  "@cloudflare/vite-plugin": "1.64.0",
  isbot: "5.2.3",
  react: "19.3.1",
  "react-dom": "19.3.1",
  vite: "8.3.8",
};

const VITE = `import { reactRouter } from "@react-router/dev/vite";

export default { plugins: [reactRouter()] };
`;

/** As Cloudflare's template has it. */
const ON_CLOUDFLARE = {
  "vite.config.js": `import { cloudflare } from "@cloudflare/vite-plugin";
import { reactRouter } from "@react-router/dev/vite";

export default { plugins: [cloudflare({ viteEnvironment: { name: "ssr" } }), reactRouter()] };
`,
  "react-router.config.js": "export default { ssr: true, future: { v8_viteEnvironmentApi: true } };\n",
  "workers/app.js": `import { createRequestHandler } from "react-router";

const handler = createRequestHandler(() => import("virtual:react-router/server-build"), import.meta.env.MODE);

export default { fetch: (request) => handler(request) };
`,
  "app/entry.server.jsx": `import { isbot } from "isbot";
import { renderToReadableStream } from "react-dom/server";
import { ServerRouter } from "react-router";

export default async function handleRequest(request, status, headers, context) {
  const body = await renderToReadableStream(<ServerRouter context={context} url={request.url} />);
  if (isbot(request.headers.get("user-agent") ?? "")) await body.allReady;
  headers.set("content-type", "text/html");
  return new Response(body, { headers, status });
}
`,
  "wrangler.jsonc": { name: "shop", main: "./workers/app.js", compatibility_date: "2026-10-01" },
};

async function open(t, files = { "vite.config.js": VITE }) {
  const project = t.project({ dependencies: DEPENDENCIES, files });
  return { project, shop: await openApp(t, project, "react-router", "app") };
}

/** @type {import("../tables.mjs").Host} */
export default {
  title: "React Router",
  group: "Frameworks",
  cells: [
    {
      check: "route and pages (react-router-serve)",
      version,
      async run(t) {
        const { project, shop } = await open(t);
        await project.run("react-router", ["build"]);
        await project.start("react-router-serve", ["build/server/index.js"], { url: shop.origin, env: { PORT: String(shop.port) } });
        await appWorks(t, shop);
      },
    },
    {
      check: "route and pages in workerd (Cloudflare's Vite plugin)",
      version,
      async run(t) {
        const { project, shop } = await open(t, ON_CLOUDFLARE);
        await project.run("react-router", ["build"]);
        await project.start("vite", ["preview", `--port=${shop.port}`, "--strictPort"], { url: shop.origin });
        await appWorks(t, shop);
      },
    },
    {
      check: "route and pages in strict mode, in development, in workerd (Cloudflare's Vite plugin)",
      version,
      async run(t) {
        const { project, shop } = await open(t, ON_CLOUDFLARE);
        await project.start("react-router", ["dev", `--port=${shop.port}`, "--strictPort"], { url: shop.origin });
        await appWorks(t, shop, { times: 2 });
      },
    },
    {
      check: "an entry with the secret key in a page does not build",
      version,
      async run(t) {
        const { project } = await open(t);
        const page = 'import { createConnect } from "stripe-connect-oauth/edge";\n\nexport default () => String(createConnect);\n';
        project.write({ "app/routes/home.jsx": page });
        await buildRefused(project, "react-router", ["build"]);
      },
    },
  ],
};

// Next's App Router: a route handler in Node and one at the edge, a server component with the button, and a client
// component, with both of its bundlers.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { flow } from "../suite/flow.mjs";
import { NODE, appWorks, buildRefused, openApp } from "../suite/framework.mjs";

const version = "16.4.6";
const DEPENDENCIES = { ...NODE, next: version, react: "19.3.1", "react-dom": "19.3.1" };

const BUNDLERS = [
  { name: "Turbopack", flags: [], edge: "/edge" },
  { name: "webpack", flags: ["--webpack"], edge: false },
];

/** The app; its route at the edge only where Next builds one. */
async function open(t, edge) {
  const project = t.project({ dependencies: DEPENDENCIES });
  const shop = await openApp(t, project, "next");
  if (!edge) rmSync(`${project.dir}/app/edge`, { recursive: true });
  return { project, shop };
}

const IN_A_PAGE = {
  "named import": 'import { createConnect } from "stripe-connect-oauth/edge";\nconst used = createConnect;',
  "namespace import": 'import * as used from "stripe-connect-oauth/server";',
};

const cells = BUNDLERS.flatMap(({ name, flags, edge }) => [
  {
    check: `${edge ? "routes in Node and at the edge" : "route"}, pages (${name})`,
    version,
    fixed: Boolean(edge),
    async run(t) {
      const { project, shop } = await open(t, edge);
      await project.run("next", ["build", ...flags]);
      await project.start("next", ["start", `--port=${shop.port}`], { url: shop.origin });
      await appWorks(t, shop);
      if (edge) await flow({ ...shop, prefix: edge });
    },
  },
  {
    check: `${edge ? "routes in Node and at the edge" : "route"}, pages in strict mode, in development (${name})`,
    version,
    async run(t) {
      const { project, shop } = await open(t, edge);
      await project.start("next", ["dev", `--port=${shop.port}`, ...flags], { url: shop.origin });
      await appWorks(t, shop, { times: 2 });
      if (edge) await flow({ ...shop, prefix: edge });
    },
  },
  ...Object.entries(IN_A_PAGE).map(([kind, script]) => ({
    check: `an entry with the secret key in a client component does not build: ${kind} (${name})`,
    version,
    async run(t) {
      const { project } = await open(t, edge);
      project.write({ "app/secret/page.js": `"use client";\n\n${script}\n\nexport default () => Object.keys(used);\n` });
      await buildRefused(project, "next", ["build", ...flags]);
    },
  })),
]);

cells.push({
  check: "route at the edge (webpack)",
  version,
  cannot: "Next's own webpack build fails over any route at the edge, with or without the package",
  async run(t) {
    const project = t.project({ dependencies: DEPENDENCIES });
    project.write({
      "app/layout.js": "export default ({ children }) => <html><body>{children}</body></html>;\n",
      "app/edge/route.js": 'export const runtime = "edge";\n\nexport const GET = () => new Response("without the package");\n',
    });
    const { code, output } = await project.run("next", ["build", "--webpack"], { fails: true });
    assert.notEqual(code, 0);
    assert.match(output, /route_client-reference-manifest/);
  },
});

/** @type {import("../tables.mjs").Host} */
export default { title: "Next", group: "Frameworks", cells };

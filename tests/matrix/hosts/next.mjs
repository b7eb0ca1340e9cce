// Next's App Router: a route handler in Node and one at the edge, a server component with the button, and a client
// component, with both of its bundlers.
import { NODE, appWorks, buildRefused, openApp, routeWorks } from "../suite/framework.mjs";

const version = "16.4.6";
const DEPENDENCIES = { ...NODE, next: version, react: "19.3.1", "react-dom": "19.3.1" };

const BUNDLERS = [
  { name: "Turbopack", flags: [], fixed: true },
  { name: "webpack", flags: ["--webpack"] },
];

const IN_A_PAGE = {
  "named import": 'import { createConnect } from "stripe-connect-oauth/edge";\nconst used = createConnect;',
  "namespace import": 'import * as used from "stripe-connect-oauth/server";',
};

const cells = BUNDLERS.flatMap(({ name, flags, fixed }) => [
  {
    check: `routes in Node and at the edge, pages (${name})`,
    version,
    fixed,
    async run(t) {
      const project = t.project({ dependencies: DEPENDENCIES });
      const shop = await openApp(t, project, "next");
      await project.run("next", ["build", ...flags]);
      await project.start("next", ["start", "-p", shop.port], { url: shop.origin });
      await appWorks(t, shop);
      await routeWorks(shop, "/edge");
    },
  },
  {
    check: `pages in development, in strict mode (${name})`,
    version,
    async run(t) {
      const project = t.project({ dependencies: DEPENDENCIES });
      const shop = await openApp(t, project, "next");
      await project.start("next", ["dev", "-p", shop.port, ...flags], { url: shop.origin });
      await appWorks(t, shop, { times: 2 });
      await routeWorks(shop, "/edge");
    },
  },
  ...Object.entries(IN_A_PAGE).map(([kind, script]) => ({
    check: `an entry with the secret key in a client component does not build: ${kind} (${name})`,
    version,
    async run(t) {
      const project = t.project({ dependencies: DEPENDENCIES });
      await openApp(t, project, "next");
      project.write({ "app/secret/page.js": `"use client";\n\n${script}\n\nexport default () => Object.keys(used);\n` });
      await buildRefused(project, "next", ["build", ...flags]);
    },
  })),
]);

/** @type {import("../tables.mjs").Host} */
export default { title: "Next", group: "Frameworks", cells };

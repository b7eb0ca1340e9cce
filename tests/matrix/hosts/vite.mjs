// Vite: its build and its development server, as they are without a configuration.
import { APP, html, openShop, pageWorks } from "../suite/page.mjs";

const DEPENDENCIES = { vite: "8.3.8" };

async function page(t) {
  const script = '<script type="module" src="/main.js"></script>';
  const files = { "index.html": html(script), "main.js": 'import "stripe-connect-oauth/button.css";\nimport "./page-app.js";\n' };
  const project = t.project({ dependencies: DEPENDENCIES, files });
  project.copy(APP, "page-app.js");
  return { project, shop: await openShop(t, project) };
}

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Vite",
  group: "Bundlers",
  cells: [
    {
      check: "page, built",
      version: "8.3.8",
      fixed: true,
      async run(t) {
        const { project, shop } = await page(t);
        await project.run("vite", ["build"]);
        shop.folder = `${project.dir}/dist`;
        await pageWorks(t, shop);
      },
    },
  ],
};

// Angular's pages; the platform is another server.
import assert from "node:assert/strict";
import { NODE, appOf, buildRefused } from "../suite/framework.mjs";
import { openPage, openShop, pageWorks } from "../suite/page.mjs";

const version = "22.2.6";
const DEPENDENCIES = {
  ...NODE,
  "@angular/core": version,
  "@angular/common": version,
  "@angular/compiler": version,
  "@angular/compiler-cli": version,
  "@angular/platform-browser": version,
  "@angular/build": "22.2.7",
  "@angular/cli": "22.2.7",
  rxjs: "7.8.2",
  typescript: "6.0.3",
};

async function open(t) {
  const project = t.project({ dependencies: DEPENDENCIES });
  project.copy(appOf("angular"), ".");
  return { project, shop: await openShop(t, project) };
}

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Angular",
  group: "Frameworks",
  cells: [
    {
      check: "page, with the button as a form and as a link",
      version,
      setting: "`bypassSecurityTrustHtml(connectButton(…))`: a plain `[innerHTML]` drops the form",
      async run(t) {
        const { project, shop } = await open(t);
        await project.run("ng", ["build"]);
        shop.folder = `${project.dir}/dist`;
        await pageWorks(t, shop);
        const { page } = await openPage(t);
        await page.goto(shop.origin);
        assert.equal(await page.locator("section form button").count(), 1);
        assert.equal(await page.locator("aside form").count(), 0);
      },
    },
    {
      check: "an entry with the secret key in a page does not build",
      version,
      async run(t) {
        const { project } = await open(t);
        project.write({ "src/main.ts": 'import { createConnect } from "stripe-connect-oauth/edge";\n\nconsole.log(createConnect);\n' });
        await buildRefused(project, "ng", ["build"]);
      },
    },
  ],
};

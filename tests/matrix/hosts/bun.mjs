// Bun, by npm's own package of it.
import assert from "node:assert/strict";
import { PLATFORM, flow, openStripe } from "../suite/flow.mjs";
import { addSmoke, nothingFailed } from "../suite/programs.mjs";
import { serverOf } from "../suite/server.mjs";

const cell = (check, run) => ({
  check,
  fixed: true,
  async run(t) {
    const shop = t.project({ dependencies: { bun: "1.4.5" }, scripts: true });
    addSmoke(shop);
    await run(shop, t);
    return { version: shop.versionOf("bun") };
  },
});

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Bun",
  group: "Runtimes",
  cells: [
    cell("import", async (shop) => nothingFailed(await shop.run("bun", ["main.mjs"]))),
    cell("require", async (shop) => nothingFailed(await shop.run("bun", ["main.cjs"]))),
    cell("Bun.serve", async (shop, t) => {
      shop.copy(PLATFORM, "platform.mjs");
      shop.copy(serverOf("bun.js"), "serve.js");
      const place = await openStripe(t, shop);
      await shop.start("bun", ["serve.js"], { url: place.origin });
      await flow(place);
    }),
    cell("bun build, for a server and as one file that runs", async (shop) => {
      await shop.run("bun", ["build", "--target=bun", "--outfile=built/server.js", "main.mjs"]);
      nothingFailed(await shop.run("bun", ["built/server.js"]));
      await shop.run("bun", ["build", "--compile", "--outfile=built/alone", "main.mjs"]);
      nothingFailed(await shop.run("./built/alone", []));
    }),
    cell("bun add", async (shop, t) => {
      shop.write({ "new/package.json": { name: "new", private: true, type: "module" }, "new/main.js": 'import { newState } from "stripe-connect-oauth";\nconsole.log(newState().length);\n' });
      await shop.run("bun", ["add", "--cwd", "new", t.tarball()]);
      assert.equal((await shop.run("bun", ["new/main.js"])).output, "43\n");
    }),
  ],
};

// Deno, by npm's own package of it: it takes the modules that npm installed.
import { fileURLToPath } from "node:url";
import { PLATFORM, flow, openStripe } from "../suite/flow.mjs";
import { addSmoke, beginRefuses, nothingFailed } from "../suite/programs.mjs";
import { serverOf } from "../suite/server.mjs";

const WORKER = fileURLToPath(new URL("../suite/types/worker.ts", import.meta.url));

const cell = (check, run, more) => ({
  check,
  fixed: true,
  ...more,
  async run(t) {
    const shop = t.project({ dependencies: { deno: "2.9.6" }, scripts: true, files: { "deno.json": { nodeModulesDir: "manual" } } });
    addSmoke(shop);
    await run(shop, t);
    return { version: shop.versionOf("deno") };
  },
});

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Deno",
  group: "Runtimes",
  cells: [
    // No permission is needed.
    cell("import", async (shop) => nothingFailed(await shop.run("deno", ["run", "--no-prompt", "main.mjs"]))),
    cell("require", async (shop) => nothingFailed(await shop.run("deno", ["run", "--no-prompt", "--allow-read", "main.cjs"]))),
    // It says itself where it is wrong.
    cell("deno check", async (shop) => {
      shop.copy(WORKER, "worker.ts");
      await shop.run("deno", ["check", "worker.ts"]);
    }),
    cell("deno serve", async (shop, t) => {
      shop.copy(PLATFORM, "platform.mjs");
      shop.copy(serverOf("deno.ts"), "serve.ts");
      const place = await openStripe(t, shop);
      await shop.start("deno", ["serve", "--no-prompt", "--allow-net", `--port=${place.port}`, "serve.ts"], { url: place.origin });
      await flow(place);
    }),
    cell(
      "beginConnect while a server renders",
      async (shop) => beginRefuses(await shop.run("deno", ["run", "--no-prompt", "render.mjs"])),
      { cannot: "its sessionStorage is one for all who are served: beginConnect refuses" },
    ),
  ],
};

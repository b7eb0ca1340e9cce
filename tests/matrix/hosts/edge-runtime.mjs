// edge-runtime, which is what Vercel's edge functions and Next's edge routes run in on a developer's machine.
import { flow, openStripe } from "../suite/flow.mjs";
import { addServing, nothingFailed } from "../suite/programs.mjs";
import { serverOf } from "../suite/server.mjs";

/** @type {import("../tables.mjs").Host} */
export default {
  title: "edge-runtime",
  group: "Runtimes",
  cells: [
    {
      check: "edge-light",
      fixed: true,
      async run(t) {
        const shop = t.project({ dependencies: { "edge-runtime": "4.0.1", esbuild: "0.28.2" } });
        addServing(shop);
        shop.copy(serverOf("edge-runtime.mjs"), "serve.mjs");
        const place = await openStripe(t, shop);
        await shop.start("node", ["serve.mjs"], { url: place.origin });
        nothingFailed({ output: await (await fetch(`${place.origin}/smoke`)).text() });
        await flow(place);
        return { version: shop.versionOf("edge-runtime") };
      },
    },
  ],
};

// workerd, by wrangler: what Cloudflare Workers are, with the oldest compatibility date and the newest.
import { flow, openStripe } from "../suite/flow.mjs";
import { addServing, nothingFailed } from "../suite/programs.mjs";

const cell = (which, dateOf) => ({
  check: `wrangler 4.164.0 dev, the ${which} compatibility date`,
  fixed: true,
  async run(t) {
    const shop = t.project({ dependencies: { wrangler: "4.164.0", node: "24.21.0" }, scripts: true });
    addServing(shop);
    const date = dateOf(shop.versionOf("workerd"));
    shop.write({ "wrangler.jsonc": { name: "shop", main: "serving.mjs", compatibility_date: date } });
    const place = await openStripe(t, shop);
    await shop.start("wrangler", ["dev", `--port=${place.port}`, "--inspector-port=0"], { url: place.origin });
    nothingFailed({ output: await (await fetch(`${place.origin}/smoke`)).text() });
    await flow(place);
    return { version: date };
  },
});

/** @type {import("../tables.mjs").Host} */
export default {
  title: "workerd, by its compatibility date",
  group: "Runtimes",
  cells: [
    cell("oldest", () => "2021-11-01"),
    // It has the day that it was built on in its version.
    cell("newest", (version) => version.replace(/^1\.(\d{4})(\d\d)(\d\d)\..*$/, "$1-$2-$3")),
  ],
};

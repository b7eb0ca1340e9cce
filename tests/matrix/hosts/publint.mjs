// publint: what it says of the packed package.
import assert from "node:assert/strict";

/** @type {import("../tables.mjs").Host} */
export default {
  title: "publint",
  group: "Types",
  cells: [
    {
      check: "the packed package: no error and no warning",
      fixed: true,
      async run(t) {
        const shop = t.project({ dependencies: { publint: "0.3.25" } });
        const { output } = await shop.run("publint", ["run", "--strict", "--level=warning", "node_modules/stripe-connect-oauth"]);
        assert.match(output, /All good/);
        return { version: shop.versionOf("publint") };
      },
    },
  ],
};

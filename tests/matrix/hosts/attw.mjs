// Are the types wrong?, of each entry, by each way to find a module.

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Are the types wrong?",
  group: "Types",
  cells: [
    {
      check: "each entry",
      fixed: true,
      async run(t) {
        const shop = t.project({ dependencies: { "@arethetypeswrong/cli": "0.18.5", node: "24.21.0" }, scripts: true });
        await shop.run("attw", [t.tarball()]);
        return { version: shop.versionOf("@arethetypeswrong/cli") };
      },
    },
  ],
};

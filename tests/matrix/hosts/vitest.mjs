// Vitest, in Node and with either of its documents.
import { addTests } from "../suite/programs.mjs";

const cell = (environment, tests, { dependencies, ...more } = {}) => ({
  check: environment,
  fixed: true,
  ...more,
  async run(t) {
    const shop = t.project({ dependencies: { vitest: "5.1.2", node: "24.21.0", ...dependencies }, scripts: true, name: `vitest-${environment}` });
    addTests(shop, tests);
    await shop.run("vitest", ["run", "--globals", `--environment=${environment}`]);
    return { version: shop.versionOf("vitest") };
  },
});

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Vitest",
  group: "Test runners",
  cells: [
    cell("node", { all: "" }),
    cell("jsdom", { page: "", handler: "" }, { dependencies: { jsdom: "31.0.1" } }),
    cell("happy-dom", { page: "", handler: "// @vitest-environment node" }, {
      dependencies: { "happy-dom": "21.0.4" },
      setting: "tests of the handler begin with `// @vitest-environment node`: happy-dom's Request has no `Sec-Fetch-Site`, and the start is refused",
    }),
  ],
};

// Jest, whose tests are CommonJS unless it is told otherwise, in Node and with jsdom.
import assert from "node:assert/strict";
import { addTests } from "../suite/programs.mjs";

const DEPENDENCIES = { jest: "30.5.2", "jest-environment-jsdom": "30.5.2", node: "24.21.0" };
const IN_NODE = "/** @jest-environment node */";
const FOR_MODULES = "`NODE_OPTIONS=--experimental-vm-modules`, as for every ES module in Jest";
const FOR_TEXT = "a setup file that takes TextEncoder and TextDecoder from `node:util`, which Jest's jsdom has not";
const FOR_HANDLER = "tests of the handler begin with `@jest-environment node`: Jest's jsdom has no Request";

async function jest(t, kind, environment, tests, options) {
  const config = `module.exports = { testMatch: ["**/*.test.${kind}"], setupFiles: ${environment === "jsdom" && kind === "mjs" ? '["./text.cjs"]' : "[]"} };`;
  const files = { "jest.config.cjs": config, "text.cjs": 'Object.assign(globalThis, { TextEncoder, TextDecoder } = require("node:util"));' };
  const shop = t.project({ dependencies: DEPENDENCIES, scripts: true, files });
  addTests(shop, tests, kind);
  const env = kind === "mjs" ? { NODE_OPTIONS: "--experimental-vm-modules" } : {};
  const { output } = await shop.run("jest", [`--env=${environment}`], { env, ...options });
  return { output, version: shop.versionOf("jest") };
}

const cell = (check, kind, environment, tests, setting) => ({
  ...{ check, setting },
  fixed: true,
  run: (t) => jest(t, kind, environment, tests),
});

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Jest",
  group: "Test runners",
  cells: [
    cell("CommonJS, node", "cjs", "node", { all: "" }),
    cell("CommonJS, jsdom", "cjs", "jsdom", { page: "", handler: IN_NODE }, FOR_HANDLER),
    cell("ES modules, node", "mjs", "node", { all: "" }, FOR_MODULES),
    cell("ES modules, jsdom", "mjs", "jsdom", { page: "", handler: IN_NODE }, `${FOR_MODULES}; ${FOR_HANDLER}`),
    {
      check: "ES modules, jsdom, /edge in the page's own tests",
      fixed: true,
      cannot: "it takes what a browser's bundler takes, which is refused",
      async run(t) {
        const { output, version } = await jest(t, "mjs", "jsdom", { handler: "" }, { fails: true });
        assert.match(output, /this entry works with the secret key and must not be in a browser, import it in server code only/);
        return { version };
      },
    },
  ],
};

// Hono, in Node.
import { serves } from "../suite/server.mjs";

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Hono",
  group: "Servers",
  cells: [
    serves({
      check: "edge style",
      framework: "hono",
      dependencies: { hono: "4.13.19", "@hono/node-server": "2.1.9" },
    }),
  ],
};

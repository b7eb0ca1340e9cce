// Express 5.
import { serves } from "../suite/server.mjs";

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Express",
  group: "Servers",
  cells: [
    serves({
      check: "edge style",
      framework: "express",
      dependencies: { express: "5.3.0" },
      setting: "the handler before `express.json()` and `express.urlencoded()`, which read its bodies",
    }),
  ],
};

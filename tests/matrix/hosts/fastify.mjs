// Fastify.
import { serves } from "../suite/server.mjs";

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Fastify",
  group: "Servers",
  cells: [
    serves({
      check: "edge style",
      framework: "fastify",
      dependencies: { fastify: "5.12.8" },
      setting: "a content type parser in the handler's scope that leaves each body as it is",
    }),
  ],
};

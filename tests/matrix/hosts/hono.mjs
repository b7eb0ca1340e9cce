// Hono in Node: its requests and responses are the handler's own.
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
      source: `
        import { serve } from "@hono/node-server";
        import { Hono } from "hono";
        import { connect } from "./platform.mjs";

        const app = new Hono();
        app.all("/connect/*", async (context, next) => (await connect.fetch(context.req.raw)) ?? next());
        app.get("/", (context) => context.text("Shop"));
        serve({ fetch: app.fetch, port: Number(process.env.PORT) });`,
    }),
  ],
};

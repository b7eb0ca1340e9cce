// Hono in Node: its requests and responses are the handler's own.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { connect } from "./platform.mjs";

const app = new Hono();
app.all("/connect/*", async (context, next) => (await connect.fetch(context.req.raw)) ?? next());
app.get("/", (context) => context.text("Shop"));
serve({ fetch: app.fetch, port: Number(process.env.PORT) });

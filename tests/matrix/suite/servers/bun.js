// Bun, by `Bun.serve`.
import { connect } from "./platform.mjs";
import { origin } from "./addresses.js";

Bun.serve({
  port: new URL(origin).port,
  fetch: async (request) => (await connect.fetch(request)) ?? new Response("Shop"),
});

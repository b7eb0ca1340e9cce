// Cloudflare's own types: its database, and what outlives a request.
import { createConnect } from "stripe-connect-oauth/edge";
import { d1Store } from "stripe-connect-oauth/stores/d1";
import { options } from "./worker.js";

export default {
  async fetch(request, env, context) {
    const connect = createConnect({ ...options, store: d1Store(env.DB) });
    return (await connect.fetch(request, context)) ?? new Response(null, { status: 404 });
  },
} satisfies ExportedHandler<{ DB: D1Database }>;

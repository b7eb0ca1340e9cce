// Deno, by `deno serve`.
import { connect } from "./platform.mjs";

export default {
  fetch: async (request: Request): Promise<Response> => (await connect.fetch(request)) ?? new Response("Shop"),
};

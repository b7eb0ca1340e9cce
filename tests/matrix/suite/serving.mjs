// A platform as a module with `fetch`, as workerd and edge-light take one. At /smoke it says what failed.
import { connect } from "./platform.mjs";
import * as entries from "./entries.mjs";
import { smoke } from "./smoke.mjs";

export default {
  async fetch(request) {
    if (new URL(request.url).pathname === "/smoke") return new Response(`failed: ${JSON.stringify(await smoke(entries), null, 1)}\n`);
    return (await connect.fetch(request)) ?? new Response("Shop");
  },
};

// Deno, by npm's own package of it: it takes the modules that npm installed.
import { PLATFORM, flow, openStripe } from "../suite/flow.mjs";
import { addSmoke, beginRefuses, nothingFailed } from "../suite/programs.mjs";

function project(t, files) {
  const project = t.project({ dependencies: { deno: "2.9.6" }, scripts: true, files: { "deno.json": { nodeModulesDir: "manual" }, ...files } });
  addSmoke(project);
  return project;
}

/** As a person writes it, the handler before what is the site's own. */
const SERVE = `
  import { connect } from "./platform.mjs";

  export default {
    fetch: async (request: Request): Promise<Response> => (await connect.fetch(request)) ?? new Response("Shop"),
  };`;

const cell = (check, run, more) => ({
  check,
  fixed: true,
  ...more,
  async run(t) {
    const shop = project(t, { "serve.ts": SERVE });
    await run(shop, t);
    return { version: shop.versionOf("deno") };
  },
});

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Deno",
  group: "Runtimes",
  cells: [
    // No permission is needed.
    cell("import", async (shop) => nothingFailed(await shop.run("deno", ["run", "--no-prompt", "main.mjs"]))),
    cell("require", async (shop) => nothingFailed(await shop.run("deno", ["run", "--no-prompt", "--allow-read", "main.cjs"]))),
    cell("deno check", async (shop) => {
      shop.write({ "checked.ts": CHECKED, "wrong.ts": CHECKED.replace('"read_write"', '"everything"') });
      await shop.run("deno", ["check", "checked.ts"]);
      const { code, output } = await shop.run("deno", ["check", "wrong.ts"], { fails: true });
      if (code === 0 || !output.includes("everything")) throw new Error(`its types are not looked at\n${output}`);
    }),
    cell("deno serve", async (shop, t) => {
      shop.copy(PLATFORM, "platform.mjs");
      const place = await openStripe(t, shop);
      await shop.start("deno", ["serve", "--no-prompt", "--allow-net", `--port=${place.port}`, "serve.ts"], { url: place.origin });
      await flow(place);
    }),
    cell(
      "beginConnect while a server renders",
      async (shop) => beginRefuses(await shop.run("deno", ["run", "--no-prompt", "render.mjs"])),
      { cannot: "its sessionStorage is one for all who are served: beginConnect refuses" },
    ),
  ],
};

const CHECKED = `
  import { authorizeUrl, newState } from "stripe-connect-oauth";
  import { createConnect } from "stripe-connect-oauth/edge";
  import { memoryStore } from "stripe-connect-oauth/stores/memory";

  export const url: string = authorizeUrl({ client_id: "ca_123", state: newState(), scope: "read_write" });
  export const connect = createConnect({
    client_id: "ca_123",
    secret_key: "sk_test_123",
    redirect_uri: "https://shop.example/connect/callback",
    cookie_secrets: ["a cookie secret of 32 characters"],
    store: memoryStore(),
    identify: () => "ada",
  });`;

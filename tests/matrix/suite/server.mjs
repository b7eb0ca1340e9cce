// Servers that a person has written around the handler.
import { fileURLToPath } from "node:url";
import { flow, openStripe, PLATFORM } from "./flow.mjs";

const ADAPTER = fileURLToPath(new URL("node-adapter.mjs", import.meta.url));

/** A server of suite/servers/ by its path. */
export const serverOf = (name) => fileURLToPath(new URL(`servers/${name}`, import.meta.url));

/** A cell that connects an account by the framework's server of suite/servers/. */
export const serves = ({ check, framework, dependencies, setting }) => ({
  check,
  setting,
  fixed: true,
  async run(t) {
    const shop = t.project({ dependencies });
    shop.copy(serverOf(`${framework}.mjs`), "server.mjs");
    shop.copy(PLATFORM, "platform.mjs");
    shop.copy(ADAPTER, "node-adapter.mjs");
    const place = await openStripe(t, shop);
    await shop.start("node", ["server.mjs"], { url: place.origin, env: { PORT: String(place.port) } });
    await flow(place);
    return { version: shop.versionOf(framework) };
  },
});

// A server of Node's that a person has written around the handler.
import { fileURLToPath } from "node:url";
import { flow, openStripe, PLATFORM } from "./flow.mjs";

const ADAPTER = fileURLToPath(new URL("node-adapter.mjs", import.meta.url));

/** A cell that connects an account by the server `source`, which listens on `port`. */
export const serves = ({ check, framework, dependencies, source, setting }) => ({
  check,
  setting,
  fixed: true,
  async run(t) {
    const shop = t.project({ dependencies, files: { "server.mjs": source } });
    shop.copy(PLATFORM, "platform.mjs");
    shop.copy(ADAPTER, "node-adapter.mjs");
    const place = await openStripe(t, shop);
    await shop.start("node", ["server.mjs"], { url: place.origin, env: { PORT: String(place.port) } });
    await flow(place);
    return { version: shop.versionOf(framework) };
  },
});

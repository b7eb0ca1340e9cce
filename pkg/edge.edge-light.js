import core from "./dist/server.edge-light.js";
import { handler } from "./handler.js";
import { waitUntil } from "./wait-until.js";

export const createConnect = handler(core, waitUntil);

// Looked up when it is needed: workerd has `waitUntil` here since August 2025.
import * as workers from "cloudflare:workers";
import core from "./dist/server.workerd.js";
import { handler } from "./handler.js";

export const createConnect = handler(core, (work) => workers.waitUntil?.(work));

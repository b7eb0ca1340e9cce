import core from "./dist/server.edge-light.js";
import { handler } from "./handler.js";

export const createConnect = handler(core);

import core from "./dist/server.inline.js";
import { handler } from "./handler.js";

export const createConnect = handler(core);

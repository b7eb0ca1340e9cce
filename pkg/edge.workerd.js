import core from "./dist/server.workerd.js";
import { handler } from "./handler.js";

export const createConnect = handler(core);

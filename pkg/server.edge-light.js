import core from "./dist/server.edge-light.js";
import { back } from "./back.js";

export const { exchangeCode } = back(core);

import core from "./dist/server.inline.js";
import { back } from "./back.js";

export const { exchangeCode } = back(core);

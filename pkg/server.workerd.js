import core from "./dist/server.workerd.js";
import { back } from "./back.js";

export const { exchangeCode } = back(core);

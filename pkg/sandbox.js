import core from "./dist/sandbox.inline.js";
import { standIn } from "./stand-in.js";

export const createSandbox = standIn(core);

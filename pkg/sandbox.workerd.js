import core from "./dist/sandbox.workerd.js";
import { standIn } from "./stand-in.js";

export const createSandbox = standIn(core);

import core from "./dist/sandbox.edge-light.js";
import { standIn } from "./stand-in.js";

export const createSandbox = standIn(core);

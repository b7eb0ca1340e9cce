import core from "./dist/prefill.edge-light.js";
import { cleaner } from "./clean.js";

export const { cleanPrefill } = cleaner(core);

import core from "./dist/prefill.workerd.js";
import { cleaner } from "./clean.js";

export const { cleanPrefill } = cleaner(core);

import core from "./dist/prefill.inline.js";
import { cleaner } from "./clean.js";

export const { cleanPrefill } = cleaner(core);

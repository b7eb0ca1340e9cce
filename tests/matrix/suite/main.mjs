// A host that runs a program: prints what failed.
import * as entries from "./entries.mjs";
import { smoke } from "./smoke.mjs";

console.log(`failed: ${JSON.stringify(await smoke(entries), null, 1)}`);

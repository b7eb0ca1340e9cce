// In Node: everything.
import * as entries from "./entries.mjs";
import { smoke } from "./smoke.mjs";

test("all that a host is asked", async () => expect(await smoke(entries)).toEqual([]));

// The same by `require`.
const entries = require("./entries.cjs");
const { smoke } = require("./smoke.cjs");

smoke(entries).then((failed) => console.log(`failed: ${JSON.stringify(failed, null, 1)}`));

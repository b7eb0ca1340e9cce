// TypeScript, from the oldest that is promised to the newest, by each way to find a module, with a document and without.
// Strict, and with the libraries' own declarations looked at.
import { fileURLToPath } from "node:url";

const PROGRAMS = fileURLToPath(new URL("../suite/types", import.meta.url));

/** Each with types of Node and of Cloudflare of its time: newer ones are not for older compilers. */
const VERSIONS = [
  { version: "5.0.4", node: "20.10.0", workers: "4.20240208.0" },
  { version: "5.4.5", node: "20.10.0", workers: "4.20240208.0" },
  { version: "5.9.3", node: "22.19.3", workers: "4.20250906.0" },
  { version: "6.0.3", node: "26.6.7", workers: "4.20260416.1" },
  { version: "7.0.2", node: "26.6.7", workers: "4.20260416.1" },
];
const RESOLUTIONS = [
  { name: "node16", module: "node16", required: true },
  { name: "nodenext", module: "nodenext", required: true },
  { name: "bundler", module: "esnext" },
  { name: "node10", module: "esnext", until: 6 },
];

/** What is global, and the programs that need no more. `worker.cts` is the worker in CommonJS. */
const LIBRARIES = {
  dom: { lib: ["es2022", "dom", "dom.iterable"], types: [], files: ["worker.ts", "page.ts"] },
  node: { lib: ["es2022"], types: ["node"], files: ["worker.ts", "node.ts"] },
  webworker: { lib: ["es2022", "webworker"], types: [], files: ["worker.ts"] },
  cloudflare: { lib: ["es2022"], types: ["@cloudflare/workers-types"], files: ["worker.ts", "cloudflare.ts"] },
};

const cells = VERSIONS.flatMap(({ version, node, workers }) =>
  RESOLUTIONS.filter(({ until = Infinity }) => Number.parseInt(version) <= until).map(({ name, module, required }) => ({
    check: `${name}, with the DOM, Node's types, a web worker's and Cloudflare's`,
    version,
    // The ends of it: the rest agrees with them.
    fixed: ["5.0.4", "7.0.2"].includes(version) && name !== "node16",
    async run(t) {
      const dependencies = { typescript: version, "@types/node": node, "@cloudflare/workers-types": workers };
      const shop = t.project({ dependencies, name: `typescript-${version}` });
      for (const file of ["worker.ts", "page.ts", "cloudflare.ts", "node.ts"]) shop.copy(`${PROGRAMS}/${file}`, file);
      shop.write({ "worker.cts": shop.read("worker.ts") });
      for (const [library, { files, lib, types }] of Object.entries(LIBRARIES)) {
        const compilerOptions = {
          ...{ module, moduleResolution: name, lib, types, target: "es2022", noEmit: true },
          ...{ strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
          ...(name === "node10" && version.startsWith("6") && { ignoreDeprecations: "6.0" }),
        };
        shop.write({ [`tsconfig.${library}.json`]: { compilerOptions, files: [...files, ...(required ? ["worker.cts"] : [])] } });
        await shop.run("tsc", ["-p", `tsconfig.${library}.json`]);
      }
    },
  })),
);

/** @type {import("../tables.mjs").Host} */
export default { title: "TypeScript", group: "Types", cells };

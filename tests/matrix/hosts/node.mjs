// Node, by npm's own packages of it.
import assert from "node:assert/strict";
import { addSmoke, beginRefuses, nothingFailed } from "../suite/programs.mjs";

/** The oldest that it works in, the newest of each line, and what could not require an ES module. */
const VERSIONS = ["20.3.0", "20.20.2", "22.0.0", "22.23.3", "24.21.0", "26.10.0"];

/** The package where it was installed by a person. */
const HELLO = 'import { newState } from "stripe-connect-oauth";\nconsole.log(newState().length);\n';

function project(t, version) {
  const project = t.project({ dependencies: { node: version }, scripts: true, name: `node-${version}` });
  addSmoke(project);
  return project;
}

const works = (version) =>
  ["import", "require"].map((check) => ({
    check,
    version,
    fixed: true,
    async run(t) {
      const ran = await project(t, version).run("node", [check === "import" ? "main.mjs" : "main.cjs"]);
      nothingFailed(ran);
      assert.doesNotMatch(ran.output, /Warning/);
    },
  }));

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Node",
  group: "Runtimes",
  cells: [
    ...VERSIONS.flatMap(works),
    {
      check: "beginConnect while a server renders",
      version: "26.10.0",
      fixed: true,
      cannot: "its sessionStorage is one for all who are served: beginConnect refuses",
      async run(t) {
        const shop = project(t, "26.10.0");
        beginRefuses(await shop.run("node", ["render.mjs"]));
      },
    },
    {
      check: "npm install, and the sandbox's command",
      version: "22.23.3",
      fixed: true,
      async run(t) {
        const shop = project(t, "22.23.3");
        shop.write({ "new/package.json": { name: "new", private: true, type: "module" }, "new/main.mjs": HELLO });
        const { output } = await shop.run("npm", ["install", "--prefix", "new", "--offline", "--no-audit", "--no-fund", t.tarball()]);
        assert.match(output, /^added 1 package/m);
        assert.equal((await shop.run("node", ["new/main.mjs"])).output, "43\n");
        const port = await t.port();
        const url = `http://127.0.0.1:${port}/oauth/authorize?response_type=code&client_id=ca_sandbox123`;
        await shop.start("new/node_modules/.bin/stripe-connect-oauth", ["sandbox", "--port", String(port)], { url });
        assert.match(await (await fetch(url)).text(), /Acme Platform/);
      },
    },
    {
      check: "pnpm install",
      version: "22.23.3",
      fixed: true,
      async run(t) {
        const shop = t.project({ dependencies: { node: "22.23.3", pnpm: "12.21.0" }, scripts: true, name: "node-pnpm" });
        shop.write({ "new/package.json": { name: "new", private: true, type: "module" }, "new/main.mjs": HELLO });
        await shop.run("pnpm", ["--dir", "new", "add", "--offline", t.tarball()]);
        assert.equal((await shop.run("node", ["new/main.mjs"])).output, "43\n");
      },
    },
    {
      check: "import",
      version: "18.20.8",
      cannot: "it has no global crypto; npm says that the package wants Node 20.3 or newer",
      async run(t) {
        const shop = project(t, "18.20.8");
        shop.write({ "new/package.json": { name: "new", private: true, type: "module" }, "new/main.mjs": HELLO });
        const { output } = await shop.run("npm", ["install", "--prefix", "new", "--offline", "--no-audit", "--no-fund", t.tarball()]);
        assert.match(output, /EBADENGINE[^]*node: '>=20\.3'/);
        assert.match((await shop.run("node", ["new/main.mjs"], { fails: true })).output, /ReferenceError: crypto is not defined/);
      },
    },
  ],
};

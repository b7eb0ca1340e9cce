// Node, by npm's own packages of it.

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Node",
  group: "Runtimes",
  cells: ["20.20.2"].map((version) => ({
    check: "import",
    version,
    fixed: true,
    async run(t) {
      const project = t.project({ files: { "main.mjs": 'import { newState } from "stripe-connect-oauth"; console.log(newState().length)' } });
      const { output } = await project.run("node", ["main.mjs"]);
      if (output !== "43\n") throw new Error(output);
    },
  })),
};

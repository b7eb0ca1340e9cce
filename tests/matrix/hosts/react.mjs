// React by Vite, in strict mode: the second effect gets the first one's result.
import { page, pageInDevelopment } from "../suite/page-bundler.mjs";
import { vite } from "../suite/page-vite.mjs";

const version = "19.3.1";
const react = {
  ...vite,
  dependencies: { ...vite.dependencies, react: version, "react-dom": version, "@vitejs/plugin-react": "6.3.0" },
  files: { "vite.config.js": 'import react from "@vitejs/plugin-react";\n\nexport default { plugins: [react()] };\n' },
  app: "page-react.jsx",
};

/** @type {import("../tables.mjs").Host} */
export default {
  title: "React (Vite)",
  group: "Bundlers",
  cells: [
    { check: "page in strict mode, built", version, fixed: true, run: page(react, { times: 2 }) },
    { check: "page in strict mode, in development", version, fixed: true, run: pageInDevelopment(react, { times: 4 }) },
    { check: "page under Trusted Types", version, run: page(react, { times: 2, trusted: ["stripe-connect"] }) },
  ],
};

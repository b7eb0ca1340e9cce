// Vite: its build and its development server, without a configuration.
import { page, pageInDevelopment, refusedInDevelopment, refusedWhenBuilt } from "../suite/page-bundler.mjs";
import { trusted } from "../suite/page-trusted.mjs";
import { VITE, vite } from "../suite/page-vite.mjs";

/** @type {import("../tables.mjs").Host} */
export default {
  title: "Vite",
  group: "Bundlers",
  cells: [
    { check: "page, built", version: VITE, fixed: true, run: page(vite) },
    { check: "page, in development", version: VITE, run: pageInDevelopment(vite) },
    { check: "secret-key entries are refused as a page is built", version: VITE, fixed: true, run: refusedWhenBuilt(vite) },
    { check: "the button under Trusted Types, as docs/trusted-types.md has it", version: VITE, fixed: true, run: trusted(vite) },
    { check: "secret-key entries are refused in development", version: VITE, run: refusedInDevelopment(vite) },
  ],
};

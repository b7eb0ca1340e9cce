// A file of its own, so that the page's policy needs no inline script.
import init from "./page.js";

await init();

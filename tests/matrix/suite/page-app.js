// A page without a framework.

import { button } from "./page-button.js";
import { begin, complete } from "./page-shop.js";

const main = document.querySelector("main");
main.innerHTML = button;
main.firstElementChild.addEventListener("click", begin);
complete().then(({ outcome }) => (document.querySelector("output").textContent = outcome));

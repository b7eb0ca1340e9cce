// The page style, first half: pressing the button begins the flow here and goes to Stripe.

import { beginConnect, isConnectError } from "stripe-connect-oauth";
import { config } from "./config.js";

const section = document.getElementById("page-style");
const button = section.querySelector(".stripe-connect");
const problem = section.querySelector("[role=alert]");

button.addEventListener("click", begin);
button.dataset.style = "page";

function begin(event) {
  // A new tab has no part in this tab's session storage: there the link's own address, the edge style, works.
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const { params, options } = config;
  try {
    const { url } = beginConnect(params, options);
    event.preventDefault();
    location.assign(url);
  } catch (error) {
    // Anything else leaves the link to its own address: so does a browser without storage or WebAssembly for this page.
    if (!isConnectError(error)) throw error;
    if (["storage_unavailable", "wasm_unavailable"].includes(error.code)) return;
    event.preventDefault();
    problem.textContent = `This button is set up wrongly: ${error.message}`;
  }
}

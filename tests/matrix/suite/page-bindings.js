// page-app.js over what wasm-pack packed of the feature `bindings`, which has no completeConnect: the page sends the code to
// the worker itself.

import { beginConnect, connectButton, finishConnect } from "./bindings.js";
import { connect_base } from "./addresses.js";

const subject = "ada";
const main = document.querySelector("main");

main.innerHTML = connectButton({ href: "/connect/start" });
main.firstElementChild.addEventListener("click", (event) => {
  event.preventDefault();
  const redirect_uri = location.origin + location.pathname;
  location.href = beginConnect({ client_id: "ca_sandbox123", redirect_uri, scope: "read_write" }, { subject, connect_base }).url;
});

async function complete(callback) {
  // Who went back to Stripe's page after it had worked.
  if (callback.reason === "already_used") return { outcome: "connected" };
  if (callback.outcome !== "authorized") return callback;
  const { code, state, subject } = callback;
  const headers = { "content-type": "application/json" };
  const response = await fetch("/connect/exchange", { method: "POST", headers, body: JSON.stringify({ code, state, subject }) });
  return response.json();
}

const callback = finishConnect(undefined, { subject });
globalThis.completing = [complete(callback)];
globalThis.heard = [finishConnect(undefined, { subject })];
completing[0].then(({ outcome }) => (document.querySelector("output").textContent = outcome));

// What a page does in any bundler: its button begins a flow, and it finishes the one that Stripe sent the browser back
// from. What it was given is kept for the test: by each call of completeConnect, and by each of finishConnect.

import { beginConnect, connectButton, finishConnect } from "stripe-connect-oauth";
import { completeConnect } from "stripe-connect-oauth/complete";
import { connect_base } from "./addresses.js";

const subject = "ada";
const main = document.querySelector("main");

main.innerHTML = connectButton({ href: "/connect/start" });
main.firstElementChild.addEventListener("click", (event) => {
  event.preventDefault();
  const redirect_uri = location.origin + location.pathname;
  location.href = beginConnect({ client_id: "ca_sandbox123", redirect_uri, scope: "read_write" }, { subject, connect_base }).url;
});

globalThis.completing = [completeConnect({ subject })];
globalThis.heard = [finishConnect(undefined, { subject })];
completing[0].then(({ outcome }) => (document.querySelector("output").textContent = outcome));

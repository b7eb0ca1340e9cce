// What each page of the matrix does with the package; how it shows it is its framework's. What it was given is kept for
// the test: by each call of completeConnect, and by each of finishConnect.

import { beginConnect, finishConnect } from "stripe-connect-oauth";
import { completeConnect } from "stripe-connect-oauth/complete";
import { connect_base } from "./addresses.js";

const subject = "ada";

/** For a click on the button. */
export function begin(event) {
  event.preventDefault();
  const redirect_uri = location.origin + location.pathname;
  location.href = beginConnect({ client_id: "ca_sandbox123", redirect_uri, scope: "read_write" }, { subject, connect_base }).url;
}

globalThis.completing = [];
globalThis.heard = [];

/** For a page that loads. */
export function complete() {
  const completion = completeConnect({ subject });
  completing.push(completion);
  heard.push(finishConnect(undefined, { subject }));
  return completion;
}

// A page that uses all of it.
import { type Finished, beginConnect, connectButton, finishConnect, parseCallback } from "stripe-connect-oauth";
import { completeConnect } from "stripe-connect-oauth/complete";
import "stripe-connect-oauth/button.css";

const button = document.querySelector<HTMLElement>("#connect")!;
const { client_id, connect_base, subject } = button.dataset;
button.innerHTML = connectButton({ href: "/connect/start", look: "slate" });
button.onclick = () => {
  const redirect_uri = location.origin + location.pathname;
  location.href = beginConnect({ client_id: client_id!, redirect_uri, scope: "read_write" }, { subject: subject!, connect_base }).url;
};

completeConnect({ subject, signal: AbortSignal.timeout(5000) }).then((ending) => {
  if (ending.outcome === "connected") location.replace(`/payouts?account=${ending.connection?.account_id}`);
  else if (ending.outcome !== "none") button.textContent = ending.hint;
});

const finished: Finished = finishConnect(location, { subject });
if (finished.outcome === "authorized") document.title = finished.state + finished.subject;
parseCallback(location, { state: "" });

// @ts-expect-error an element is no address
parseCallback(button, { state: "" });

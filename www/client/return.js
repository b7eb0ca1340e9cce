// The page style, second half: reads Stripe's answer, has the server exchange the code, and says how it went.

import { finishConnect } from "stripe-connect-oauth";
import language from "stripe-connect-oauth/languages/en";
import { config } from "./config.js";

/**
 * What a person reads of an outcome, or of why it was rejected. The page style has words of its own where a reload of
 * the handler's page would help: here the code has left the address.
 */
const text = (name, part) => language[`page_style.${name}.${part}`] ?? language[`${name}.${part}`];

const result = document.getElementById("result");

finish().catch((error) => {
  console.error(error);
  show({ outcome: "broken" });
});

async function finish() {
  const callback = finishConnect(undefined, { subject: config.subject });
  const ending = callback.outcome === "authorized" ? await exchange(callback) : callback;
  if (ending.outcome === "connected") return location.replace("/");
  show(ending);
}

/** One request, never a second: Stripe revokes the connection when a code is used twice. */
async function exchange({ code, state, subject }) {
  try {
    const reply = await fetch("/connect/exchange", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code, state, subject }),
    });
    return await reply.json();
  } catch {
    // The network broke, perhaps after the code had arrived.
    return { outcome: "unknown" };
  }
}

function show({ outcome, reason }) {
  const name = reason ?? outcome;
  const title = text(name, "title");
  document.title = `${title} · Fairground`;
  result.dataset.outcome = outcome;
  result.querySelector("h1").textContent = title;
  result.querySelector("p").textContent = text(name, "hint");
}

// The page style, second half: reads Stripe's answer, has the server exchange the code, and says how it went.

import { finishConnect } from "stripe-connect-oauth";
import { config } from "./config.js";

const TITLES = {
  denied: "You cancelled",
  failed: "Stripe could not connect your account",
  rejected: "That link did not work",
  expired: "That took too long",
  already_used: "Already finished",
  none: "There is nothing to finish",
  refused: "Stripe could not connect your account",
  code_used: "Please connect again",
  code_expired: "Please connect again",
  another_subject: "Another user started this",
  not_signed_in: "You are signed out",
  store_unavailable: "Please connect again in a moment",
  not_saved: "Almost done",
  still_working: "Still connecting",
  unknown: "We are not sure it worked",
};

// The code left the address bar, so a reload can't finish: these say what helps here instead of the server's hint.
const HINTS = {
  not_signed_in: "Nothing was connected. Sign in, then connect again.",
  store_unavailable: "We could not reach our own records. Nothing was connected.",
  still_working: "It may take a few seconds. Then look at your payouts.",
  broken: "This page failed before anything was sent. Nothing was connected. Please connect again.",
  unknown: "Look at your payouts first: if the account is not there, connect again.",
};

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

function show({ outcome, reason, hint }) {
  const title = TITLES[reason] ?? TITLES[outcome] ?? "We could not connect your account";
  document.title = `${title} · Fairground`;
  result.dataset.outcome = outcome;
  result.querySelector("h1").textContent = title;
  result.querySelector("p").textContent = HINTS[outcome] ?? hint;
}

// The page style, second half: reads Stripe's answer, has the server exchange the code, and says how it went.

import { completeConnect } from "stripe-connect-oauth/complete";
import language from "stripe-connect-oauth/languages/en";
import "./begin.js"; // for who wants to try again
import { config } from "./config.js";

const result = document.getElementById("result");

completeConnect({ subject: config.options.subject, language }).catch(broken).then(show);

/** This page's own failure, before anything was sent. */
function broken(error) {
  console.error(error);
  return { outcome: "broken", title: language["page_style.broken.title"], hint: language["page_style.broken.hint"] };
}

function show({ outcome, title, hint, cause }) {
  if (outcome === "connected") return location.replace("/");
  if (cause) console.error(cause);
  document.title = `${title} · Fairground`;
  result.dataset.outcome = outcome;
  result.querySelector("h1").textContent = title;
  result.querySelector("p").textContent = hint;
  document.getElementById("page-style").hidden = false;
}

// A page in React, in strict mode: in development each effect runs twice. Two components ask, so that there is a second
// effect in production too.

import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { button } from "./page-button.js";
import { begin, complete } from "./page-shop.js";

function Ending() {
  const [outcome, setOutcome] = useState();
  useEffect(() => void complete().then((ending) => setOutcome(ending.outcome)), []);
  return <output>{outcome}</output>;
}

createRoot(document.querySelector("main")).render(
  <StrictMode>
    <div onClick={begin} dangerouslySetInnerHTML={{ __html: button }} />
    <Ending />
    <Ending />
  </StrictMode>,
);

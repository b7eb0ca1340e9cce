"use client";

import { useEffect, useState } from "react";
import { beginConnect, finishConnect } from "stripe-connect-oauth";
import { completeConnect } from "stripe-connect-oauth/complete";
import { connect_base } from "../../addresses.js";

const subject = "ada";

export default function Page() {
  const [outcome, setOutcome] = useState();
  useEffect(() => {
    const completing = completeConnect({ subject });
    completing.then((ending) => setOutcome(ending.outcome));
    (globalThis.completing ??= []).push(completing);
    (globalThis.heard ??= []).push(finishConnect(undefined, { subject }));
  }, []);

  function begin() {
    const redirect_uri = location.origin + location.pathname;
    location.href = beginConnect({ client_id: "ca_sandbox123", redirect_uri, scope: "read_write" }, { subject, connect_base }).url;
  }

  return (
    <main>
      <button onClick={begin}>Connect</button>
      <output>{outcome}</output>
    </main>
  );
}

// The sandbox on a free port of this machine, as a client would meet Stripe.

import { once } from "node:events";
import { createServer } from "node:net";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { serveSandbox } from "stripe-connect-oauth/sandbox/node";

/** The registration that every client is given. */
export const PLATFORM = {
  client_id: "ca_interop123",
  name: "Interop",
  secret_keys: ["sk_test_interop123", "sk_live_interop123"],
};

/** Another platform at the same Stripe. */
export const OTHERS = { client_id: "ca_others456", name: "Others", secret_keys: ["sk_test_others456"] };

/** Starts one, where both platforms have registered `redirect_uris`. */
export async function startStandIn(redirect_uris) {
  let offset = 0;
  const sandbox = createSandbox({
    ...PLATFORM,
    redirect_uris,
    other_platforms: [{ ...OTHERS, redirect_uris }],
    now: () => Date.now() + offset,
  });
  const { origin, close } = await serveSandbox(sandbox);
  /** What `act` gives when it is done `seconds` from now. */
  const at = async (seconds, act) => {
    offset = seconds * 1000;
    return act().finally(() => (offset = 0));
  };
  return { origin, sandbox, at, close };
}

/** A port that nobody listens on. */
export async function freePort() {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

// The sandbox on a free port of this machine, as a client would meet Stripe.

import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { createSandbox } from "stripe-connect-oauth/sandbox";

/** The registration that every client is given. */
export const PLATFORM = {
  client_id: "ca_interop123",
  name: "Interop",
  secret_keys: ["sk_test_interop123", "sk_live_interop123"],
};

/** Another platform at the same Stripe. */
export const OTHERS = { client_id: "ca_others456", name: "Others", secret_keys: ["sk_test_others456"] };

/** Starts one, with what `createSandbox` takes besides. */
export async function startStandIn(options) {
  let offset = 0;
  const sandbox = createSandbox({
    ...PLATFORM,
    ...options,
    other_platforms: [{ ...OTHERS, redirect_uris: options.redirect_uris }],
    now: () => Date.now() + offset,
  });
  const server = createServer((incoming, outgoing) => {
    answer(sandbox, origin, incoming, outgoing).catch((error) => {
      // A connection that a fault asks to be lost is.
      if (error.code !== "ECONNRESET") console.error(error);
      outgoing.destroy();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  const stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  /** What `act` gives when it is done `seconds` from now. */
  const at = async (seconds, act) => {
    offset = seconds * 1000;
    return act().finally(() => (offset = 0));
  };
  const control = (path, body) => post(`${origin}/_sandbox/${path}`, body);
  return { origin, at, control, stop, connections: () => json(`${origin}/_sandbox/ledger`) };
}

async function answer(sandbox, origin, incoming, outgoing) {
  const { method, url, headers } = incoming;
  const body = method === "GET" || method === "HEAD" ? undefined : incoming;
  const response = await sandbox.fetch(new Request(origin + url, { method, headers, body, duplex: "half" }));
  outgoing.writeHead(response.status, [...response.headers].flat());
  outgoing.end(await response.text());
}

async function post(url, body) {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
}

const json = async (url) => (await fetch(url)).json();

/** A port that nobody listens on. */
export async function freePort() {
  const server = createTcpServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

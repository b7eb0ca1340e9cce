// @ts-check
// The sandbox over Node's HTTP server, for those whose code or browser calls it by an address.
import { once } from "node:events";
import { createServer } from "node:http";

const LOOPBACK = /^(localhost|[\w-]+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** @type {typeof import("./sandbox-node.d.ts").serveSandbox} */
export async function serveSandbox(sandbox, { port = 0, host = "127.0.0.1" } = {}) {
  const shown = host.includes(":") ? `[${host}]` : host;
  const isPrivate = LOOPBACK.test(shown);
  const server = createServer((incoming, outgoing) => {
    answer(sandbox, isPrivate, shown, incoming, outgoing).catch((error) => {
      // What a fault asked for needs no word.
      if (error?.code !== "ECONNRESET") console.error(error);
      incoming.socket.resetAndDestroy();
    });
  });
  server.listen({ host, port });
  await once(server, "listening");
  const { port: found } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://${shown}:${found}`,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

/**
 * @param {import("./sandbox.d.ts").Sandbox} sandbox
 * @param {boolean} isPrivate
 * @param {string} host
 * @param {import("node:http").IncomingMessage} incoming
 * @param {import("node:http").ServerResponse} outgoing
 */
async function answer(sandbox, isPrivate, host, incoming, outgoing) {
  const { method = "GET", url = "/", headers } = incoming;
  const request = requestOf(`http://${headers.host ?? host}${url}`, method, incoming);
  if (!request) {
    outgoing.writeHead(400, { "content-type": "text/plain" }).end("The request's address can't be read.\n");
    return;
  }
  if (isPrivate && !isFromHere(request.url, headers.origin)) {
    outgoing.writeHead(403, { "content-type": "text/plain" }).end("Another site's page may not use this stand-in.\n");
    return;
  }
  const response = await sandbox.fetch(request);
  outgoing.writeHead(response.status, [...response.headers].flat());
  outgoing.end(await response.text());
  // What is left of a body that is too long flows off, so that its sender comes to read the answer.
  incoming.resume();
}

/**
 * Whether a page of this machine sent it, or no page. A site that names itself after this machine's address (DNS
 * rebinding) is of the same origin, and still not from here: the `Host` tells, of a read too, which has no `Origin`.
 *
 * @param {string} url
 * @param {string | undefined} origin
 */
function isFromHere(url, origin) {
  const isHere = (/** @type {string} */ address) => URL.canParse(address) && LOOPBACK.test(new URL(address).hostname);
  return isHere(url) && (origin === undefined || origin === "null" || isHere(origin));
}

/**
 * @param {string} url
 * @param {string} method
 * @param {import("node:http").IncomingMessage} incoming
 */
function requestOf(url, method, incoming) {
  const body = method === "GET" || method === "HEAD" ? undefined : incoming.iterator({ destroyOnReturn: false });
  /** @type {[string, string][]} */
  const headers = [];
  for (const [name, value] of Object.entries(incoming.headers)) headers.push([name, String(value)]);
  try {
    return new Request(url, /** @type {any} */ ({ method, headers, body, duplex: "half" }));
  } catch {
    return undefined;
  }
}

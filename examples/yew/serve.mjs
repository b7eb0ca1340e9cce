// The platform around the page, and a stand-in for Stripe beside it. `make example` builds the page and runs this file; the
// test of the page starts the same through `startExample`. Nothing here reaches the network.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { serveSandbox } from "stripe-connect-oauth/sandbox/node";
import { memoryStore } from "stripe-connect-oauth/stores/memory";

const CLIENT_ID = "ca_sandbox123";
// A real platform has a session here. Without one everybody is Ada.
const SUBJECT = "ada";

/** What is served, and from where. */
const FILES = {
  "/": ["text/html; charset=utf-8", new URL("index.html", import.meta.url)],
  "/start.js": ["text/javascript", new URL("start.js", import.meta.url)],
  "/page.js": ["text/javascript", new URL("../../target/yew/page/page.js", import.meta.url)],
  "/page_bg.wasm": ["application/wasm", new URL("../../target/yew/page/page_bg.wasm", import.meta.url)],
  "/button.css": ["text/css", import.meta.resolve("stripe-connect-oauth/button.css")],
};

/** Starts the platform; port 0, the default, means any. */
export async function startExample({ port = 0 } = {}) {
  const server = createServer();
  server.listen(port, "localhost");
  await once(server, "listening");
  const origin = `http://localhost:${server.address().port}`;
  const redirect_uri = `${origin}/`;
  const stripe = createSandbox({ client_id: CLIENT_ID, redirect_uris: [redirect_uri, `${origin}/connect/callback`] });
  const sandbox = await serveSandbox(stripe);
  const connect = createConnect({
    client_id: CLIENT_ID,
    secret_key: stripe.platform.secret_keys[0],
    // The edge style's, which the button leads to where the page can't begin a flow.
    redirect_uri: `${origin}/connect/callback`,
    cookie_secrets: ["a cookie secret of 32 characters"],
    connect_base: sandbox.origin,
    scope: "read_write",
    store: memoryStore(),
    identify: () => SUBJECT,
    page_style: true,
  });
  const platform = { client_id: CLIENT_ID, redirect_uri, connect_base: sandbox.origin, subject: SUBJECT };
  server.on("request", (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const body = method === "POST" ? incoming : undefined;
    const request = new Request(origin + url, { method, headers, body, duplex: "half" });
    answer(connect, platform, request)
      .catch((error) => new Response(String(error), { status: 500 }))
      .then(async (response) => {
        outgoing.writeHead(response.status, [...response.headers].flat());
        outgoing.end(Buffer.from(await response.arrayBuffer()));
      });
  });
  const stop = async () => {
    server.closeAllConnections();
    await Promise.all([new Promise((done) => server.close(done)), sandbox.close()]);
  };
  return { origin, sandboxOrigin: sandbox.origin, stop };
}

async function answer(connect, platform, request) {
  const handled = await connect.fetch(request);
  if (handled) return handled;
  const { pathname } = new URL(request.url);
  if (!Object.hasOwn(FILES, pathname)) return new Response("There is no such page.", { status: 404 });
  const [type, path] = FILES[pathname];
  const bytes = await readFile(fileURLToPath(path));
  if (pathname !== "/") return new Response(bytes, { headers: { "content-type": type } });
  const page = String(bytes).replace(/\{(\w+)\}/g, (_, name) => platform[name]);
  return new Response(page, { headers: { "content-type": type, "content-security-policy": policy(platform), "referrer-policy": "strict-origin" } });
}

/** `wasm-unsafe-eval` lets the page compile its WebAssembly, and nothing else. */
const policy = ({ connect_base }) =>
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src data:; " +
  `form-action 'self' ${connect_base}; base-uri 'none'; frame-ancestors 'none'`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { origin, sandboxOrigin } = await startExample({ port: 8787 });
  console.log(`\n  The page:                ${origin}\n  The stand-in for Stripe: ${sandboxOrigin}\n\n  Ctrl-C stops it.\n`);
}

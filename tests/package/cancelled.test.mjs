// A client that goes away while Stripe is at work: what Stripe did is kept all the same. How Cloudflare ends such a
// request is in tests/e2e/cancelled.test.mjs.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect as dial } from "node:net";
import { test } from "node:test";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { APPLICATION } from "./shop.mjs";
import { platform, rejection, withGlobals } from "./support.mjs";

const shop = (options) => platform({ createConnect, createSandbox, store: memoryStore(), options });

test("a callback whose client resets the connection keeps what Stripe connected, in Node", async (t) => {
  const store = memoryStore();
  const asked = deferred();
  const answered = deferred();
  const world = platform({
    createConnect,
    createSandbox,
    store,
    options: {
      fetch: async (url, init) => {
        asked.resolve();
        await answered.promise;
        return world.sandbox.fetch(new Request(url, init));
      },
    },
  });
  const callback = new URL(await world.toStripeAndBack());
  const cookie = [...world.jar].map(([name, value]) => `${name}=${value}`).join("; ");

  // As adapters do: the request's signal ends with its connection.
  const ended = deferred();
  const server = createServer(async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on("close", () => gone.abort());
    const request = new Request(world.origin + incoming.url, { headers: incoming.headers, signal: gone.signal });
    const response = await world.connect.fetch(request);
    ended.resolve([gone.signal.aborted, response.headers.get("location")]);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());

  const socket = dial(server.address().port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(`GET ${callback.pathname}${callback.search} HTTP/1.1\r\nhost: shop.example\r\ncookie: ${cookie}\r\n\r\n`);
  await asked.promise;
  socket.resetAndDestroy();
  await once(socket, "close");
  await new Promise((wake) => setTimeout(wake, 100));
  answered.resolve();

  assert.deepEqual(await ended.promise, [true, "/"]);
  assert.equal((await store.connections(APPLICATION, "user-1")).length, 1);
});

/** What a host was asked to wait for. */
function waiting() {
  const works = [];
  return { works, waitUntil: (work) => void works.push(work) };
}

test("the host is asked to wait for each request of the handler's, and for no other", async () => {
  const { connect, origin } = shop({});
  const context = waiting();
  const answer = await connect.fetch(new Request(`${origin}/connect/connections`), context);
  assert.equal(answer.status, 200);
  assert.equal(context.works.length, 1);
  await context.works[0];
  assert.equal(await connect.fetch(new Request(`${origin}/`), context), undefined);
  assert.equal(context.works.length, 1, "a path that is the platform's own");
});

test("what the host waits for never rejects, whatever becomes of the request", async () => {
  const { connect, origin } = shop({ identify: () => Promise.reject(new Error("the sessions are down")) });
  const context = waiting();
  const error = await rejection(connect.fetch(new Request(`${origin}/connect/connections`), context));
  assert.equal(error.message, "the sessions are down");
  await context.works[0];
});

for (const name of ["@next/request-context", "@vercel/request-context"]) {
  test(`the host's own waitUntil is found where it keeps it: ${name}`, async (t) => {
    const context = waiting();
    withGlobals(t, { [Symbol.for(name)]: { get: () => context } });
    const { connect, origin } = shop({});
    await connect.fetch(new Request(`${origin}/connect/connections`));
    assert.equal(context.works.length, 1);

    const given = waiting();
    await connect.fetch(new Request(`${origin}/connect/connections`), given);
    assert.deepEqual([context.works.length, given.works.length], [1, 1], "what came with the request goes first");
  });
}

test("a context that can't wait costs nobody an answer", async () => {
  const { connect, origin } = shop({});
  const over = { waitUntil: () => { throw new Error("the request is over"); } };
  for (const context of [over, {}, null, "env"]) {
    const answer = await connect.fetch(new Request(`${origin}/connect/connections`), context);
    assert.equal(answer.status, 200);
  }
});

function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

// @ts-check
// The sandbox. The Rust core is Stripe; here are its clock, its randomness and its wires.
import { transport } from "../shared/host.js";
import { bodyOf, headersAndBody, headOf, packMessage, responseOf } from "../shared/message.js";
import { takeApart } from "../shared/options.js";
import { connectError, construct, orRefusal, pack, valuesOf } from "../shared/packed.js";

const DEFAULTS = {
  client_id: "ca_sandbox123",
  name: "Acme Platform",
  redirect_uris: ["http://localhost:8787/connect/callback"],
  livemode: false,
  flows: ["standard", "express"],
  // As long as Stripe's, and plainly none of them.
  secret_keys: ["sk_test_EXAMPLE".padEnd(107, "0")],
  api_version: "2025-03-31.basil",
};

/** The limit on a body, in bytes: over this, it is none of the flow's. */
const MAX_BODY = 32_768;

/** The longest wait that a timer can be set to, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * @param {() => any} core
 * @returns {typeof import("./sandbox.d.ts")}
 */
export const sandbox = (core) => ({ createSandbox: (options) => createSandbox(core, options) });

/**
 * @param {() => any} core
 * @param {import("./sandbox.d.ts").SandboxOptions} [options]
 * @returns {import("./sandbox.d.ts").Sandbox}
 */
function createSandbox(core, options = {}) {
  const [given, { now = Date.now, random, fetch, seed, other_platforms, accounts, faults, webhook }] = takeApart(
    options,
    ["now", "random", "fetch"],
    ["seed", "other_platforms", "accounts", "faults", "webhook"],
  );
  const registration = { ...DEFAULTS, ...defined(given) };
  const ledger = construct(core().SandboxCore, pack(registration));
  // The keys can be read, and don't print: one of them may be of live mode.
  const platform = /** @type {any} */ (
    Object.freeze(Object.defineProperty(registration, "secret_keys", { enumerable: false }))
  );
  register(ledger, listed("other_platforms", other_platforms));
  beginWith(ledger, "accounts", listed("accounts", accounts));
  beginWith(ledger, "faults", listed("faults", faults));
  beginWith(ledger, "webhook", webhook === undefined ? [] : [webhook]);

  const seconds = () => Math.floor(now() / 1000);
  const random32 = randomness(random, seed);
  const deliveries = deliveriesOf(ledger, seconds, transport(fetch).send);
  /** How many milliseconds to wait, and the parts of the answer. */
  const serve = (/** @type {string} */ head, /** @type {Uint8Array} */ body) => {
    const [milliseconds, ...answer] = valuesOf(ledger.serve(head, body, seconds(), random32()));
    return { milliseconds: Number(milliseconds), answer };
  };

  return {
    platform,
    async fetch(request) {
      const { milliseconds, answer } = serve(headOf(request), await bodyOf(request, MAX_BODY));
      if (ledger.sendsWebhooksFirst()) await deliveries.due();
      deliveries.soon();
      if (milliseconds) await new Promise((wake) => setTimeout(wake, milliseconds));
      if (!answer.length) throw lost();
      return responseOf(answer);
    },
    control(name, change) {
      const method = change === undefined && name !== "reset" ? "GET" : "POST";
      const body = change === undefined ? "" : jsonOf("body", change);
      const head = packMessage([method, `http://sandbox/_sandbox/${name}`], []);
      const [status, ...parts] = serve(head, new TextEncoder().encode(body)).answer;
      const answer = JSON.parse(headersAndBody(parts)[1]);
      if (status !== "200") throw refusal(answer.error);
      deliveries.soon();
      return answer;
    },
    flush: () => deliveries.flush(),
  };
}

/**
 * Sends webhooks to where they go, and tells the ledger how that went.
 *
 * @param {any} ledger
 * @param {() => number} seconds
 * @param {ReturnType<typeof transport>["send"]} send
 */
function deliveriesOf(ledger, seconds, send) {
  /** @type {Set<Promise<any[]>>} */
  const underWay = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** Sends what is due, or all that waits, one after the other, so that the order is kept. */
  async function deliver(/** @type {boolean} */ all) {
    /** @type {any[]} */
    const sent = [];
    for (const delivery of ledger.takeDeliveries(seconds(), all)) {
      const [id, ...request] = delivery.split("\0");
      const status = statusOf(await send(request.join("\0")));
      ledger.delivered(Number(id), status, seconds());
      const [, url, ...parts] = request;
      const { id: event, type } = JSON.parse(headersAndBody(parts)[1]);
      sent.push({ event, type, url, status: status ?? null });
    }
    wait();
    return sent;
  }

  function started(/** @type {boolean} */ all) {
    const delivering = deliver(all);
    underWay.add(delivering);
    return delivering.finally(() => underWay.delete(delivering));
  }

  /** Sets a timer for the next webhook. A process that has nothing else to do may end meanwhile. */
  function wait() {
    clearTimeout(timer);
    const at = ledger.nextDeliveryAt();
    if (at === undefined) return;
    const milliseconds = Math.min(Math.max(at - seconds(), 0) * 1000, LONGEST_TIMER);
    timer = setTimeout(() => started(false), milliseconds);
    /** @type {any} */ (timer).unref?.();
  }

  return {
    soon: wait,
    due: () => started(false),
    async flush() {
      const before = await Promise.all(underWay);
      return [...before.flat(), ...(await started(true))];
    },
  };
}

/** The status of an answer; `undefined` when none came. */
const statusOf = (/** @type {string} */ answer) => (answer === undefined ? undefined : parseInt(answer));

/** Registers platforms besides the first one. */
function register(/** @type {any} */ ledger, /** @type {unknown[]} */ platforms) {
  for (const each of platforms) {
    const packed = pack({ ...DEFAULTS, ...defined(takeApart(each, [])[0]) });
    orRefusal(() => ledger.register(packed));
  }
}

/** Gives the options of one kind to the ledger. */
function beginWith(/** @type {any} */ ledger, /** @type {string} */ what, /** @type {unknown[]} */ settings) {
  for (const each of settings) {
    const json = jsonOf(what, each);
    orRefusal(() => ledger.beginWith(what, json));
  }
}

function jsonOf(/** @type {string} */ name, /** @type {unknown} */ value) {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    throw connectError("invalid_type", name, `${name} must be what JSON can hold`);
  }
}

function listed(/** @type {string} */ name, /** @type {unknown} */ value = []) {
  if (!Array.isArray(value)) throw connectError("invalid_type", name, `${name} must be a list`);
  return value;
}

/** What gives 32 bytes for each request. Of a seed they are always the same: the core counts requests itself. */
function randomness(/** @type {any} */ random, /** @type {unknown} */ seed) {
  if (seed === undefined) return random ? () => filled(random) : () => crypto.getRandomValues(new Uint8Array(32));
  if (random) throw connectError("invalid_value", "seed", "seed goes without random: give one of the two");
  if (typeof seed !== "string" && typeof seed !== "number") {
    throw connectError("invalid_type", "seed", "seed must be a string or a number");
  }
  const bytes = new Uint8Array(32);
  new TextEncoder().encode(String(seed)).forEach((byte, at) => {
    bytes[at % 32] = (bytes[at % 32] * 31 + byte + 1) % 256;
  });
  return () => bytes;
}

/** 32 bytes of the caller's own randomness. */
function filled(/** @type {(bytes: Uint8Array) => void} */ random) {
  const bytes = new Uint8Array(32);
  random(bytes);
  return bytes;
}

/** As `fetch` reports it. */
const lost = () =>
  Object.assign(new TypeError("the sandbox closed the connection without an answer, as a fault asked it to"), {
    code: "ECONNRESET",
  });

const refusal = (/** @type {any} */ { code = "invalid_value", param = "name", message }) =>
  connectError(code, param, message);

/** An option that is `undefined` is one left out. */
const defined = (/** @type {object} */ options) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

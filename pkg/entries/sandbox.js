// @ts-check
import { takeApart } from "../shared/options.js";
import { partsOf, responseOf } from "../shared/message.js";
import { connectError, made, pack, rethrow } from "../shared/packed.js";
import { sender } from "../shared/host.js";

const DEFAULTS = {
  client_id: "ca_sandbox123",
  name: "Acme Platform",
  redirect_uris: ["http://localhost:8787/connect/callback"],
  livemode: false,
  flows: ["standard", "express"],
  secret_keys: ["sk_test_sandbox123"],
};

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
  const platform = /** @type {any} */ (Object.freeze({ ...DEFAULTS, ...defined(given) }));
  const ledger = made(core().SandboxCore, pack(platform));
  register(ledger, listed("other_platforms", other_platforms));
  beginWith(ledger, "accounts", listed("accounts", accounts));
  beginWith(ledger, "faults", listed("faults", faults));
  beginWith(ledger, "webhook", webhook === undefined ? [] : [webhook]);

  const seconds = () => Math.floor(now() / 1000);
  const drawn = drawer(random, seed);
  const post = courier(ledger, seconds, fetch);
  const serve = (/** @type {[string, string, string[], Uint8Array]} */ parts) => ledger.serve(...parts, seconds(), drawn());

  return {
    platform,
    async fetch(request) {
      const [milliseconds, answer] = serve(await partsOf(request));
      post.soon();
      if (milliseconds) await new Promise((wake) => setTimeout(wake, milliseconds));
      if (!answer) throw lost();
      return responseOf(answer);
    },
    control(name, change) {
      const method = change === undefined && name !== "reset" ? "GET" : "POST";
      const body = change === undefined ? "" : written("body", change);
      const [, [status, , json]] = serve([method, `http://sandbox/_sandbox/${name}`, [], new TextEncoder().encode(body)]);
      const answer = JSON.parse(json);
      if (status !== 200) throw refusal(answer.error);
      post.soon();
      return answer;
    },
    flush: () => post.flush(),
  };
}

/**
 * What carries webhooks to where they go, and tells the ledger how that went.
 *
 * @param {any} ledger
 * @param {() => number} seconds
 * @param {typeof globalThis.fetch} [fetch]
 */
function courier(ledger, seconds, fetch) {
  // Called late and on the global, as some hosts want it.
  const send = sender(fetch ?? ((url, init) => globalThis.fetch(url, init)));
  /** @type {Set<Promise<any[]>>} */
  const underWay = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** Sends what is due, or all that waits, one after the other, so that the order is kept. */
  async function deliver(/** @type {boolean} */ all) {
    /** @type {any[]} */
    const sent = [];
    for (const [id, method, url, headers, body] of ledger.takeDeliveries(seconds(), all)) {
      const answer = await send(method, url, headers, body);
      const status = answer?.[0];
      ledger.delivered(id, status, seconds());
      const { id: event, type } = JSON.parse(body);
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
    async flush() {
      const before = await Promise.all(underWay);
      return [...before.flat(), ...(await started(true))];
    },
  };
}

/** Registers platforms besides the first one. */
function register(/** @type {any} */ ledger, /** @type {unknown[]} */ platforms) {
  try {
    for (const each of platforms) ledger.register(pack({ ...DEFAULTS, ...defined(takeApart(each, [])[0]) }));
  } catch (refusal) {
    rethrow(refusal);
  }
}

/** Gives the options of one kind to the ledger. */
function beginWith(/** @type {any} */ ledger, /** @type {string} */ what, /** @type {unknown[]} */ settings) {
  try {
    for (const each of settings) ledger.beginWith(what, written(what, each));
  } catch (refusal) {
    rethrow(refusal);
  }
}

function written(/** @type {string} */ name, /** @type {unknown} */ value) {
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
function drawer(/** @type {any} */ random, /** @type {unknown} */ seed) {
  const bytes = new Uint8Array(32);
  if (seed === undefined) {
    return () => {
      (random ?? fill)(bytes);
      return bytes;
    };
  }
  if (random) throw connectError("invalid_value", "seed", "seed goes without random: give one of the two");
  if (typeof seed !== "string" && typeof seed !== "number") {
    throw connectError("invalid_type", "seed", "seed must be a string or a number");
  }
  new TextEncoder().encode(String(seed)).forEach((byte, at) => {
    bytes[at % 32] = (bytes[at % 32] * 31 + byte + 1) % 256;
  });
  return () => bytes;
}

/** @param {Uint8Array} bytes */
function fill(bytes) {
  crypto.getRandomValues(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
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

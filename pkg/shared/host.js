// @ts-check
// What JavaScript does for the core: it sends and waits, and asks the platform's own code. The core decides.
import { eventOf } from "./event.js";
import { bodyOf, headersAndBody, packMessage } from "./message.js";
import { pack } from "./packed.js";

/** How long a request to Stripe may take, in milliseconds. */
const TIMEOUT = 30_000;

/**
 * What ends a call as a whole: a signal, and why it ended, which stands in an answer's place then.
 *
 * @typedef {{ signal(): AbortSignal, why(): "aborted" | "timed_out" | undefined }} Limit
 */

/**
 * What sends to Stripe and waits (`Transport` in src/js/transport.rs). Without a limit of the whole call, each
 * request has one of its own.
 *
 * @param {typeof globalThis.fetch} [fetch] by default the global one, looked up late and called on the global, as some
 *   hosts want it
 * @param {Limit} [limit]
 */
export const transport = (fetch = (url, init) => globalThis.fetch(url, init), limit) => ({
  async send(/** @type {string} */ request) {
    try {
      return await exchanged(fetch, limit?.signal() ?? AbortSignal.timeout(TIMEOUT), request);
    } catch {
      return limit?.why();
    }
  },
  sleep: (/** @type {number} */ milliseconds) =>
    new Promise((resolve) => {
      const until = limit?.signal();
      const wake = () => {
        clearTimeout(timer);
        until?.removeEventListener("abort", wake);
        resolve(limit?.why());
      };
      const timer = setTimeout(wake, milliseconds);
      until?.addEventListener("abort", wake, { once: true });
    }),
});

/**
 * One request to Stripe and its answer, both packed. Redirects are not followed: the secret key would go along.
 * When `signal` aborts, the waiting ends, also with a `fetch` that does not look at it.
 *
 * @param {typeof globalThis.fetch} fetch
 * @param {AbortSignal} signal
 * @param {string} request
 * @returns {Promise<string>}
 */
function exchanged(fetch, signal, request) {
  const [method, url, ...parts] = request.split("\0");
  const [headers, body] = headersAndBody(parts);
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    (async () => {
      const response = await fetch(url, { method, headers, body: body || undefined, redirect: "manual", signal });
      const text = await response.text();
      if (typeof text !== "string") throw new TypeError("a body that is no text");
      resolve(packMessage([response.status], response.headers, text));
    })()
      .catch(reject)
      .finally(() => signal.removeEventListener("abort", stop));
  });
}

/**
 * The limit of one call, with its timeout and the caller's signal.
 *
 * @param {number} [timeout] in milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Limit}
 */
export function callLimit(timeout = TIMEOUT, signal) {
  /** @type {AbortSignal | undefined} */
  let deadline;
  /** @type {AbortSignal | undefined} */
  let both;
  return {
    // Set up at the first use, when the core has looked at the timeout.
    signal() {
      deadline ??= AbortSignal.timeout(timeout);
      both ??= signal ? firstOf([signal, deadline]) : deadline;
      return both;
    },
    why: () => (signal?.aborted ? "aborted" : deadline?.aborted ? "timed_out" : undefined),
  };
}

/**
 * A signal of this realm that aborts as the first of these does. `AbortSignal.any` takes none of another realm, and
 * edge-light has none.
 *
 * @param {any[]} signals
 * @returns {AbortSignal}
 */
function firstOf(signals) {
  if (AbortSignal.any && signals.every((signal) => signal instanceof AbortSignal)) return AbortSignal.any(signals);
  const first = new AbortController();
  for (const signal of signals) {
    const follow = () => first.abort(signal.reason);
    if (signal.aborted) follow();
    else signal.addEventListener("abort", follow, { once: true, signal: first.signal });
  }
  return first.signal;
}

/**
 * All that JavaScript does for one request to the handler (`EdgeHost` in src/js/host.rs).
 *
 * @param {ReturnType<typeof transport>} toStripe
 * @param {import("../stores/store.d.ts").Store} store
 * @param {Pick<import("../entries/edge.d.ts").ConnectOptions, "identify" | "start" | "prefill" | "onEvent" | "report">} hooks
 * @param {any} [request] none where the platform's own code asks: then no hook is asked that takes it
 */
export function edgeHost(toStripe, store, { identify, start, prefill, onEvent, report }, request) {
  /** What `start` fills in, if it says so. */
  /** @type {unknown} */
  let filled;
  return {
    ...toStripe,
    body: (/** @type {number} */ limit) => bodyOf(request, limit),
    async identify() {
      return packSubject((await identify(request)) ?? undefined);
    },
    async start(/** @type {string} */ subject) {
      const given = /** @type {any} */ ((await start?.(request, subject)) ?? {});
      if (typeof given !== "object") return pack(given);
      const { stripe_user, ...own } = given;
      filled = stripe_user;
      return pack(own);
    },
    prefill: (/** @type {string} */ subject) =>
      orWhatItSays(async () => pack({ stripe_user: filled ?? (await prefill?.(subject, request)) ?? {} })),
    onEvent: (/** @type {string} */ body, /** @type {string | undefined} */ account) =>
      orWhatItSays(async () => void (await onEvent?.(eventOf(body, account)))),
    store: (/** @type {keyof typeof METHODS} */ method, /** @type {string} */ list) =>
      orWhatItSays(async () => METHODS[method](await /** @type {any} */ (store)[method]?.(...JSON.parse(list)))),
    report: (/** @type {import("../entries/edge.d.ts").Outcome} */ outcome, /** @type {string} */ detail) =>
      void reportTo(report, { outcome, detail }),
  };
}

/** Who it is. Lone surrogates would all cross as U+FFFD, and people whose ids differ in them be one. */
export const packSubject = (/** @type {unknown} */ subject) =>
  pack({ subject: typeof subject === "string" ? subject.replace(/\p{Surrogate}/gu, "\0") : subject });

/** The fields of the rows that a store gives back. */
export const FIELDS = [
  ...["flow", "code", "subject", "claimed_at", "outcome"],
  ...["client_id", "account_id", "livemode", "scope", "connected_at", "disconnected_at", "refresh_token"],
];

/**
 * What a store gave back, as JSON; nothing for nothing, and `null` for what JSON has no word for. By the names of
 * their fields, which rows of a class may have from its prototype.
 */
const json = (/** @type {unknown} */ given) =>
  given === undefined || given === null ? undefined : (JSON.stringify(given, FIELDS) ?? "null");

/** What such a method gives is nobody's concern. */
const nothing = () => undefined;

/**
 * The store's methods, and what is made of their answers.
 *
 * @type {Record<keyof import("../stores/store.d.ts").Store, (given: unknown) => string | undefined>}
 */
export const METHODS = {
  check: nothing,
  claim: json,
  claimed: json,
  claimsSince: json,
  settle: nothing,
  connections: json,
  disconnected: json,
  connectionsOf: json,
  disconnect: nothing,
  forget: nothing,
  erase: nothing,
  beginEvent: json,
  finishEvent: nothing,
  releaseEvent: nothing,
};

/**
 * What `ask` gives, and a text in place of its error, which is reported. The platform's own code may throw
 * anything.
 *
 * @template T
 * @param {() => Promise<T>} ask
 */
async function orWhatItSays(ask) {
  try {
    return await ask();
  } catch (error) {
    throw textAt(error, "message") || textAt(error, "code") || "it rejected without an Error";
  }
}

/** A text of an error, which may throw when it is looked at. */
function textAt(/** @type {any} */ error, /** @type {string} */ name) {
  try {
    const text = error[name];
    return typeof text === "string" ? text : "";
  } catch {
    return "";
  }
}

/**
 * A report that fails, at once or later, must not keep the person waiting, nor end the process.
 *
 * @param {import("../entries/edge.d.ts").ConnectOptions["report"]} report
 * @param {import("../entries/edge.d.ts").Problem} problem
 */
async function reportTo(report, problem) {
  const line = `stripe-connect-oauth: ${problem.outcome}: ${problem.detail}`;
  try {
    if (report) await report(problem);
    else console.error(line);
  } catch (error) {
    complain(line, error);
  }
}

/** The console looks into what it shows, and that may throw as well. */
function complain(/** @type {string} */ line, /** @type {unknown} */ error) {
  try {
    console.error(line, error);
  } catch {
    console.error(line);
  }
}

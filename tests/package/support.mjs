// What the tests share: a page's storage and address, a console that listens, the sandbox as `fetch`.

/** A `sessionStorage` of its own, with nothing in it. */
export function memoryStorage() {
  const items = new Map();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, String(value)),
    removeItem: (key) => void items.delete(key),
  };
}

/** The value of a global that is not there at all. */
export const ABSENT = Symbol("absent");

/**
 * Gives values to globals for the length of a test.
 *
 * @param {import("node:test").TestContext} t
 * @param {Record<string, unknown>} values
 */
export function withGlobals(t, values) {
  for (const name of Reflect.ownKeys(values)) {
    const value = values[name];
    restoreAfter(t, name);
    if (value === ABSENT) delete globalThis[name];
    else Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

/** A global that is computed, such as one that throws when it is looked at. */
export function withGetter(t, name, get) {
  restoreAfter(t, name);
  Object.defineProperty(globalThis, name, { get, configurable: true });
}

function restoreAfter(t, name) {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  t.after(() => (before ? Object.defineProperty(globalThis, name, before) : delete globalThis[name]));
}

/** A page at `address`: its document, storage, location and history. What `replaceState` was called with is kept. */
export function page(t, address) {
  const storage = memoryStorage();
  const location = { href: address };
  const history = {
    state: { scroll: 7 },
    replaced: [],
    replaceState(state, title, url) {
      history.replaced.push({ state, title, url: String(url) });
      location.href = String(url);
    },
  };
  withGlobals(t, { document: {}, sessionStorage: storage, location, history });
  return { storage, location, history };
}

/** Sets the clock; returns a function that moves it by seconds. */
export function clock(t, seconds = 1_700_000_000) {
  const real = Date.now;
  let now = seconds * 1000;
  Date.now = () => now;
  t.after(() => (Date.now = real));
  return (by) => (now += by * 1000);
}

/** Everything written to the console during a test, as one text. */
export function consoleText(t) {
  const written = [];
  for (const name of ["log", "info", "warn", "error", "debug", "trace"]) {
    const real = console[name];
    console[name] = (...args) => written.push(args.map(String).join(" "));
    t.after(() => (console[name] = real));
  }
  return () => written.join("\n");
}

/** The sandbox as a `fetch`, with the calls it took. */
export function fetchOf(sandbox) {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push({ url: String(url), ...init });
    return sandbox.fetch(new Request(url, init));
  };
  return Object.assign(fetch, { calls });
}

/** Presses a button of the sandbox's consent page; resolves to the URL the browser is sent back to. */
export async function consent(sandbox, authorizeUrl, decision = "connect") {
  const answer = await sandbox.fetch(
    new Request(authorizeUrl, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ decision, account: "new" }),
    }),
  );
  if (answer.status !== 303) throw new Error(`the sandbox answered ${answer.status}: ${await answer.text()}`);
  return answer.headers.get("location");
}

/** What rejected, for a closer look. */
export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not reject");
}

/**
 * A platform with its handler, its sandbox and one browser: a cookie jar and who is signed in.
 *
 * @param {{ createConnect: Function, createSandbox: Function, store: object, options?: object, sandbox?: object, looks?: boolean }} parts
 */
export function platform({ createConnect, createSandbox, store, options = {}, sandbox: sandboxOptions = {}, looks = false }) {
  const origin = "https://shop.example";
  const sandbox = createSandbox({ redirect_uris: [`${origin}/connect/callback`], ...sandboxOptions });
  const stripe = fetchOf(sandbox);
  const reports = [];
  const world = { user: "user-1" };
  // What Stripe is asked before the first one leaves, whether id and key belong together, is no test's but those' that say so.
  let starting = false;
  const { fetch = stripe } = options;
  const together = async () => Response.json({ error: "invalid_client", error_description: "No such user: acct_made_up" }, { status: 401 });
  const toStripe = (url, init) => (starting && !looks ? together() : fetch(url, init));
  const connect = createConnect({
    client_id: "ca_sandbox123",
    secret_key: sandbox.platform.secret_keys[0],
    redirect_uri: `${origin}/connect/callback`,
    cookie_secrets: ["a cookie secret of 32 characters"],
    connect_base: "https://stripe.example",
    page_style: true,
    deferred_accounts: true,
    when_done: "return",
    store,
    identify: () => world.user,
    report: (problem) => void reports.push(problem),
    ...options,
    fetch: "fetch" in options && !options.fetch ? undefined : toStripe,
  });
  const jar = new Map();

  /** A request of this browser's; cookies go along and are kept. */
  async function request(path, { headers, ...init } = {}) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await connect.fetch(
      new Request(new URL(path, origin), { headers: { ...(cookie && { cookie }), ...headers }, ...init }),
    );
    for (const set of response?.headers.getSetCookie() ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      if (/max-age=0/i.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** The press of the button, as a form of the platform's own page sends it. */
  const start = async (body = {}) => {
    starting = true;
    const response = request("/connect/start", {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
      body: String(new URLSearchParams(body)),
    });
    return response.finally(() => (starting = false));
  };

  /** The page style's post. */
  const exchange = (body, headers = {}) =>
    request("/connect/exchange", {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin", "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...(body instanceof ReadableStream && { body, duplex: "half" }),
    });

  /** Starts, and decides at Stripe: the callback's URL. */
  const toStripeAndBack = async (decision) => consent(sandbox, (await start()).headers.get("location"), decision);

  return { origin, sandbox, stripe, connect, reports, world, jar, request, start, exchange, toStripeAndBack };
}

/** Keeps errors that nobody awaits away from the test runner, and collects them. */
export function strayErrors(t) {
  const stray = [];
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    const before = process.listeners(event);
    const listen = (error) => stray.push(error);
    process.removeAllListeners(event).on(event, listen);
    t.after(() => {
      process.removeListener(event, listen);
      for (const listener of before) process.on(event, listener);
    });
  }
  return stray;
}

/** What `promise` gives, or `"no answer"` when it takes too long. */
export const soon = (promise, milliseconds = 500) =>
  Promise.race([promise, new Promise((late) => setTimeout(late, milliseconds, "no answer"))]);

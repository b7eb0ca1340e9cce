// What the package does in any host: language and Web APIs only, nothing is imported. entries.mjs gives it the entries.

const ORIGIN = "https://shop.example";
const STRIPE = "https://stripe.example";
const KEY = `sk_test_EXAMPLE${"0".repeat(92)}`;
const WEBHOOK_SECRET = "whsec_matrix123";
const PLACE = { account: "acct_1", livemode: false, secrets: ["a sealing secret of 32 characters"] };

/**
 * Checks each entry, and a whole flow through the handler against the stand-in.
 *
 * @param {Record<"front" | "prefill" | "complete" | "edge" | "server" | "sandbox" | "memory" | "language", any>} entries
 *   their namespaces
 * @returns {Promise<string[]>} what failed; nothing where all is well
 */
export async function smoke(entries) {
  const failed = [];
  const world = {};
  for (const [name, check] of CHECKS) {
    try {
      const found = await check(entries, world);
      if (found !== true) failed.push(`${name}: ${JSON.stringify(found)}`);
    } catch (error) {
      failed.push(`${name}: ${error}; ${String(error?.stack).split("\n").slice(0, 4).join(" ")}`);
    }
  }
  return failed;
}

/** A check gives `true`, or what it found instead. What one leaves for the next stands in `world`. */
const CHECKS = [
  ["the button is markup", ({ front }) => front.connectButton({ action: "/connect/start" }).startsWith("<form") || "no form"],
  ["a state is new", ({ front }) => same([front.newState().length, front.newState() === front.newState()], [43, false])],
  ["the authorize URL has what is filled in", ({ front }) => {
    const stripe_user = { email: "ada@example.com", country: "US", state: "NY" };
    const url = new URL(front.authorizeUrl({ client_id: "ca_123", state: front.newState(), stripe_user }));
    return same([url.origin, url.searchParams.get("stripe_user[email]")], ["https://connect.stripe.com", "ada@example.com"]);
  }],
  ["each flow has its own address", ({ front }) => {
    const of = (flow) => new URL(front.authorizeUrl({ client_id: "ca_123", state: front.newState() }, { flow })).pathname;
    return same([of("standard"), of("express")], ["/oauth/authorize", "/express/oauth/authorize"]);
  }],
  ["an error names code and parameter", ({ front }) => {
    const error = thrown(() => front.authorizeUrl({ client_id: "pk_test_123", state: front.newState() }));
    return same([error.code, error.param, front.isConnectError(error)], ["wrong_credential", "client_id", true]);
  }],
  ["a callback that was authorized", ({ front }) => outcome(front, "?code=ac_1&state=STATE", "authorized")],
  ["a callback that was denied", ({ front }) => outcome(front, "?error=access_denied&state=STATE", "denied")],
  ["a callback of another flow", ({ front }) => outcome(front, `?code=ac_1&state=${"A".repeat(43)}`, "rejected")],
  ["what people typed is put right", ({ prefill }) => {
    const { stripe_user, dropped } = prefill.cleanPrefill({ url: "www.ada.example", country: "gb", phone_number: "+44 20 7946 0958" });
    return same([stripe_user.url, stripe_user.country, dropped.length], ["https://www.ada.example", "GB", 1]);
  }],
  ["the page's other half is there", ({ complete }) => same(typeof complete.completeConnect, "function")],
  ["a refresh token is sealed, and opened", ({ server }) =>
    same(server.openRefreshToken(server.sealRefreshToken("rt_1", PLACE), PLACE), "rt_1")],
  ["no other opens it", ({ server }) =>
    same(thrown(() => server.openRefreshToken(server.sealRefreshToken("rt_1", PLACE), { ...PLACE, account: "acct_2" })) !== undefined, true)],
  ["a body that Stripe did not sign is refused", ({ server }) =>
    same(thrown(() => server.verifyWebhook("{}", "t=1,v1=00", WEBHOOK_SECRET)).name, "WebhookError")],
  ["a callback that nobody verified is not exchanged", async ({ server }) =>
    same((await rejected(server.exchangeCode({ outcome: "authorized", code: "ac_1" }, { secret_key: KEY }))).code, "unverified_callback")],

  ["the handler refuses a setting before anything begins", ({ edge, memory }) =>
    same(thrown(() => edge.createConnect({ ...settings(memory), redirect_uri: "http://shop.example/connect/callback" })).param, "redirect_uri")],
  ["a start leads to Stripe with a cookie", async (entries, world) => {
    Object.assign(world, await shop(entries));
    const { response, location } = await world.start();
    world.asked = location;
    return same([response.status, new URL(location).origin, world.jar.size], [303, STRIPE, 1]);
  }],
  ["a press on another site's page is not taken", async (_, { post }) => {
    const response = await post("/connect/start", "", { "sec-fetch-site": "cross-site" });
    return same(response.headers.get("location")?.startsWith(STRIPE) ?? false, false);
  }],
  ["the consent page is shown", async (_, { sandbox, asked }) => {
    const page = await sandbox.fetch(new Request(asked));
    return same([page.status, /Acme Platform/.test(await page.text())], [200, true]);
  }],
  ["the callback connects, on a clean address", async (_, world) => {
    world.callback = await world.consent(world.asked);
    const response = await world.get(world.callback);
    return same([response.status, response.headers.get("location")], [303, "/connect/result/connected"]);
  }],
  ["the result's page is in the language", async (_, { get }) => {
    const page = await get("/connect/result/connected");
    return same([page.status, /lang="de"/.test(await page.text())], [200, true]);
  }],
  ["the same callback again sends no code", async (_, { get, sandbox, callback }) => {
    const response = await get(callback);
    return same([response.headers.get("location"), sandbox.control("log").length], ["/connect/result/connected", 1]);
  }],
  ["a callback that nothing began", async (_, { get }) => {
    const response = await get(`/connect/callback?code=ac_1&state=${"A".repeat(43)}`);
    return same(response.headers.get("location"), "/connect/result/not_started");
  }],
  ["the connection is listed", async (_, world) => {
    const { connections } = await (await world.get("/connect/connections")).json();
    world.account = connections[0].account_id;
    return same([connections.length, /^acct_/.test(world.account)], [1, true]);
  }],
  ["the account is read", async (_, { get, account }) => {
    const read = await (await get(`/connect/account?account=${account}`)).json();
    return same([read.account?.account_id ?? read, typeof read.account?.status], [account, "string"]);
  }],
  ["another path is the platform's", async (_, { get }) => same(await get("/payouts"), undefined)],
  ["access that ended at Stripe is off the list, by a webhook", async ({ server }, { sandbox, toStripe, get, account, heard }) => {
    const ended = { client_id: "ca_sandbox123", stripe_user_id: account };
    await server.deauthorize(ended, { secret_key: KEY, connect_base: STRIPE, fetch: toStripe });
    await sandbox.flush();
    const { connections } = await (await get("/connect/connections")).json();
    return same([connections.filter((one) => !one.disconnected_at).length, heard.includes("account.application.deauthorized")], [0, true]);
  }],
  ["a server of one's own exchanges a code, once", async ({ front, server }, { sandbox, consent, toStripe }) => {
    const state = front.newState();
    const asked = front.authorizeUrl({ client_id: "ca_sandbox123", state }, { connect_base: STRIPE });
    const callback = front.parseCallback(await consent(asked), { state });
    const options = { secret_key: KEY, connect_base: STRIPE, fetch: toStripe };
    const { stripe_user_id } = await server.exchangeCode(callback, options);
    const again = await rejected(server.exchangeCode(callback, options));
    return same([/^acct_/.test(stripe_user_id), again.code], [true, "unverified_callback"]);
  }],
];

const settings = ({ memoryStore }) => ({
  client_id: "ca_sandbox123",
  secret_key: KEY,
  redirect_uri: `${ORIGIN}/connect/callback`,
  cookie_secrets: ["a cookie secret of 32 characters"],
  connect_base: STRIPE,
  store: memoryStore(),
  identify: () => "ada",
});

/** A platform, its Stripe, and one browser with a cookie jar. */
async function shop({ edge, sandbox: { createSandbox }, memory, language }) {
  const heard = [];
  const webhook = { url: `${ORIGIN}/connect/webhook`, secret: WEBHOOK_SECRET };
  const sandbox = createSandbox({
    redirect_uris: [`${ORIGIN}/connect/callback`],
    webhook,
    fetch: (url, init) => connect.fetch(new Request(url, init)),
  });
  const toStripe = (url, init) => sandbox.fetch(new Request(url, init));
  const connect = edge.createConnect({
    ...settings(memory),
    language: language.default,
    webhook_secrets: [WEBHOOK_SECRET],
    onEvent: ({ type }) => void heard.push(type),
    fetch: toStripe,
  });
  const jar = new Map();

  async function request(path, init = {}) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(cookie && { cookie }), ...init.headers };
    const response = await connect.fetch(new Request(new URL(path, ORIGIN), { ...init, headers }));
    for (const set of response ? cookiesOf(response) : []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      if (/max-age=0/i.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  const post = (path, body, headers) =>
    request(path, { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded", ...headers } });

  return {
    ...{ sandbox, toStripe, heard, jar, post },
    get: (path) => request(path),
    async start() {
      const response = await post("/connect/start", "", { "sec-fetch-site": "same-origin" });
      return { response, location: response.headers.get("location") };
    },
    /** Agrees on the consent page; gives where the browser is sent back to. */
    async consent(asked) {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const answer = await sandbox.fetch(new Request(asked, { method: "POST", headers, body: "decision=connect&account=new" }));
      return answer.headers.get("location");
    },
  };
}

/** Hosts of before 2023 have them as one text. */
const cookiesOf = ({ headers }) => headers.getSetCookie?.() ?? headers.get("set-cookie")?.split(/, (?=__Host-)/) ?? [];

function outcome(front, query, wanted) {
  const state = front.newState();
  return same(front.parseCallback(query.replace("STATE", state), { state }).outcome, wanted);
}

/** `true`, or what was found in place of what was wanted. */
function same(found, wanted) {
  return JSON.stringify(found) === JSON.stringify(wanted) || { found, wanted };
}

function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("it was taken");
}

async function rejected(promise) {
  return promise.then(
    () => { throw new Error("it was taken"); },
    (error) => error,
  );
}

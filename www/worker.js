// Fairground, a small platform: it signs stall keepers in, and lets them connect their Stripe accounts.

import { connectButton } from "stripe-connect-oauth";
import { createConnect } from "stripe-connect-oauth/edge";
import { stripeAccountHeaders } from "stripe-connect-oauth/server";
import { d1Store } from "stripe-connect-oauth/stores/d1";
import { messagePage, payoutsPage, returnPage, signInPage } from "./views.js";

const SCOPE = "read_write";

// The demo's users. A real platform has accounts of its own.
const SELLERS = [
  {
    id: "ada",
    first_name: "Ada",
    last_name: "Birch",
    email: "ada@apples.example",
    stall: "Ada’s Apples",
    sells: "apples and cider",
    url: "https://apples.example",
    country: "GB",
  },
  {
    id: "grace",
    first_name: "Grace",
    last_name: "Lund",
    email: "grace@glass.example",
    stall: "Grace’s Glass",
    sells: "blown glass",
    url: "https://glass.example",
    country: "GB",
  },
];

export default {
  async fetch(request, env) {
    const site = siteOf(env);
    return (await site.connect.fetch(request)) ?? route(request, site);
  },
};

let shared;

/** What stays the same from request to request, made once an isolate. */
const siteOf = (env) => (shared ??= createSite(env));

function createSite(env) {
  const connect = createConnect({
    client_id: env.CLIENT_ID,
    secret_key: env.SECRET_KEY,
    redirect_uri: `${env.ORIGIN}/connect/callback`,
    cookie_secrets: [env.COOKIE_SECRET],
    webhook_secrets: [env.WEBHOOK_SECRET],
    connect_base: env.CONNECT_BASE,
    flow_lifetime: flowLifetime(env),
    scope: SCOPE,
    store: d1Store(env.DB),
    identify: async (request) => signedIn(request)?.id ?? null,
    prefill: (subject) => prefill(sellerBy(subject)),
    page_style: true,
    deferred_accounts: true,
    prefix: "/connect",
    platform_name: "Fairground",
    return_to: "/",
    when_done: "return",
    sign_in_url: "/",
    stylesheets: ["/button.css", "/style.css"],
  });
  return { env, connect, policies: policies(env) };
}

function route(request, site) {
  const { pathname } = new URL(request.url);
  switch (`${request.method === "HEAD" ? "GET" : request.method} ${pathname}`) {
    case "GET /":
      return home(request, site);
    case "GET /return":
      return finish(request, site);
    case "POST /sign-in":
      return signIn(request, site);
    case "POST /sign-out":
      return signOut(request, site);
    default:
      return message(site, 404, "There is no such page", "The address may be mistyped, or the page may have moved.");
  }
}

async function home(request, site) {
  const standIn = site.env.CONNECT_BASE;
  const seller = signedIn(request);
  if (!seller) {
    const return_to = wayBack(new URL(request.url).searchParams);
    return page(site.policies.plain, signInPage({ sellers: SELLERS, return_to, standIn }));
  }
  const done = cookieOf(request, DONE_COOKIE);
  return page(
    site.policies.scripted,
    payoutsPage({
      done,
      seller,
      others: SELLERS.filter((other) => other !== seller),
      ...(await readAccounts(request, site)),
      edgeButton: connectButton({ action: "/connect/start", size: "large" }),
      pageButton: pageButton(),
      config: pageStyleConfig(site.env, seller),
      standIn,
    }),
    // Said once.
    done && { headers: { "set-cookie": `${DONE_COOKIE}=; Path=/; Max-Age=0; Secure` } },
  );
}

/** What the handler has just done for the person, who it leads here then (`when_done`). */
const DONE_COOKIE = "__Host-stripe-connect-done";

/**
 * The seller's accounts as they are now. The handler's own route answers for the person who asks, so it is asked with
 * their request's session. When the store can't be read, the page says so and its buttons still stand.
 */
async function readAccounts(request, site) {
  const url = new URL("/connect/connections?expand=account", site.env.ORIGIN);
  const list = await (await site.connect.fetch(new Request(url, { headers: request.headers }))).json();
  if (list.outcome) return { accounts: null };
  const accounts = list.connections.map((connection) => withBalance(site.env, connection));
  return { accounts: await Promise.all(accounts), ended: list.disconnected };
}

const withBalance = async (env, connection) => ({
  ...connection,
  balance: await readBalance(env, connection.account_id),
  dashboard: dashboardOf(env, connection.account_id),
});

/** A call on the account's behalf, such as any other that a platform makes. Without an answer the page still stands. */
async function readBalance(env, account_id) {
  const headers = stripeAccountHeaders(account_id, { secret_key: env.SECRET_KEY });
  const url = new URL("/v1/balance", env.CONNECT_BASE ?? "https://api.stripe.com");
  try {
    const reply = await fetch(url, { headers, redirect: "manual" });
    const { available } = await reply.json();
    return available.map(({ amount, currency }) => money(amount, currency)).join(", ");
  } catch {
    return undefined;
  }
}

/** Stripe counts in the currency's smallest unit. */
function money(amount, currency) {
  const format = new Intl.NumberFormat("en-GB", { style: "currency", currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

const dashboardOf = (env, account_id) =>
  env.CONNECT_BASE ? `${env.CONNECT_BASE}/dashboard/${account_id}` : "https://dashboard.stripe.com/";

function finish(request, site) {
  const seller = signedIn(request);
  if (!seller) return message(site, 401, "You are signed out", "Nothing was connected. Sign in, then connect again.");
  return page(
    site.policies.scripted,
    returnPage({ config: pageStyleConfig(site.env, seller), pageButton: pageButton(), standIn: site.env.CONNECT_BASE }),
  );
}

const pageButton = () => connectButton({ href: "/connect/start", look: "white", size: "large" });

/** What the script needs to begin and finish a flow. All of it is public. */
function pageStyleConfig(env, seller) {
  return {
    params: {
      client_id: env.CLIENT_ID,
      redirect_uri: `${env.ORIGIN}/return`,
      scope: SCOPE,
      stripe_user: prefill(seller),
    },
    options: { subject: seller.id, connect_base: env.CONNECT_BASE, flow_lifetime: flowLifetime(env) },
  };
}

const flowLifetime = (env) => (env.FLOW_LIFETIME ? Number(env.FLOW_LIFETIME) : undefined);

const prefill = ({ email, url, country, stall, first_name, last_name }) => ({
  email,
  url,
  country,
  business_name: stall,
  first_name,
  last_name,
});

const sellerBy = (id) => SELLERS.find((seller) => seller.id === id);

// A real platform has a session of its own here: signed, kept on the server, and behind a password.
const USER_COOKIE = "fairground_user";

const signedIn = (request) => sellerBy(cookieOf(request, USER_COOKIE));

function cookieOf(request, name) {
  const cookies = request.headers.get("cookie")?.split("; ") ?? [];
  return cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
}

async function signIn(request, site) {
  if (isCrossSite(request, site)) return refuseCrossSite(site);
  const form = new URLSearchParams(await request.text());
  const seller = sellerBy(form.get("seller"));
  if (!seller) return message(site, 400, "We don’t know that stall", "Please choose one of the stalls on the first page.");
  return goTo(wayBack(form), userCookie(site, seller.id, 86_400));
}

function signOut(request, site) {
  if (isCrossSite(request, site)) return refuseCrossSite(site);
  return goTo("/", userCookie(site, "", 0));
}

/**
 * Another site must not choose who is signed in here: the account would be connected for the wrong user. A browser
 * without Sec-Fetch-Site names its page's origin.
 */
function isCrossSite({ headers }, { env }) {
  const site = headers.get("sec-fetch-site");
  return site === null ? ![env.ORIGIN, null].includes(headers.get("origin")) : site !== "same-origin";
}

const refuseCrossSite = (site) =>
  message(site, 403, "That came from another site", "Nothing has changed. Please sign in here.");

// Lax, for the way back from Stripe is a navigation from another site.
function userCookie({ env }, value, seconds) {
  const secure = env.ORIGIN.startsWith("https:") ? "; Secure" : "";
  return `${USER_COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** Where to go after signing in, as the handler asks for it: a path of this site, and no other's. */
function wayBack(fields) {
  const path = fields.get("return_to") ?? "/";
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : "/";
}

const goTo = (path, cookie) => new Response(null, { status: 303, headers: { location: path, "set-cookie": cookie } });

const message = ({ env, policies }, status, title, text) =>
  page(policies.plain, messagePage({ title, text, standIn: env.CONNECT_BASE }), { status });

/**
 * Not `no-referrer`: a form's Origin would be null, and some browsers have no Sec-Fetch-Site. Nor `same-origin`: while a
 * page stands on an address with a code in it, the request for its stylesheet would tell of it.
 */
function page(policy, body, { status = 200, headers } = {}) {
  return new Response(body, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "cache-control": "no-store",
      "referrer-policy": "strict-origin",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}

/**
 * `form-action` names Stripe because Chromium holds it against the redirect that answers the form as well.
 * `wasm-unsafe-eval` lets the page style's script compile WebAssembly, and nothing else.
 */
function policies(env) {
  const stripe = new URL(env.CONNECT_BASE ?? "https://connect.stripe.com").origin;
  const plain = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    `form-action 'self' ${stripe}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return { plain, scripted: `${plain}; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'` };
}

// The server entry's calls, for what must hold of each, and Stripes that answer them.
import { createServer } from "node:http";
import { once } from "node:events";
import {
  createAccount,
  createAccountLink,
  deauthorize,
  exchangeCode,
  refreshToken,
  retrieveAccount,
} from "stripe-connect-oauth/server";
import { verified } from "./refusals.mjs";

export const KEY = "sk_test_EXAMPLE".padEnd(107, "0");

/** A `fetch` that gives one answer, and counts. */
export function answering(status, body, headers = { "request-id": "req_1" }) {
  const fetch = async (url, init) => {
    fetch.calls.push({ url, ...init });
    return new Response(body || null, { status, headers });
  };
  fetch.calls = [];
  return fetch;
}

/** A server on this machine that gives every request the same answer, and what it saw. */
export async function listening(t, status, headers = {}, body = "") {
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.writeHead(status, headers).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return { seen, origin: `http://127.0.0.1:${server.address().port}` };
}

/** What Stripe answers about a connection, and about an account. */
export const token = { stripe_user_id: "acct_1", livemode: false, scope: "read_write" };
export const account = { id: "acct_1", object: "account", type: "standard", charges_enabled: true, payouts_enabled: true, details_submitted: true };

/** Every call, with what a right one needs, and its path and answer at Stripe. */
export const CALLS = {
  exchangeCode: { run: (options) => exchangeCode(verified(), options), path: "/oauth/token", answer: token },
  refreshToken: { run: (options) => refreshToken("rt_1", options), path: "/oauth/token", answer: token },
  "refreshToken of an app": { run: (options) => refreshToken("rt_1", { ...options, flow: "app" }), path: "/v1/oauth/token", answer: { ...token, refresh_token: "rt_2" } },
  deauthorize: { run: (options) => deauthorize({ client_id: "ca_1", stripe_user_id: "acct_1" }, options), path: "/oauth/deauthorize", answer: { stripe_user_id: "acct_1" } },
  retrieveAccount: { run: (options) => retrieveAccount("acct_1", options), path: "/v1/accounts/acct_1", answer: account },
  createAccount: { run: (options) => createAccount({ country: "FR", email: "ada@example.com" }, options), path: "/v1/accounts", answer: account },
  createAccountLink: {
    run: (options) => createAccountLink({ account: "acct_1", refresh_url: "https://shop.example/again", return_url: "https://shop.example/back" }, options),
    path: "/v1/account_links",
    answer: { url: "https://connect.stripe.com/setup/s/1", expires_at: 1_700_000_300 },
  },
};

/** What must not be sent twice, and so has an outcome that nobody knows. */
export const ONCE = ["exchangeCode", "refreshToken of an app"];

/** A `fetch` that never answers, until its signal says to stop. */
export const hanging = (url, { signal }) =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
  });

/** Time passes at once: what the calls wait, and how random it is. */
export function fastTime(t, random = 0) {
  const waits = [];
  t.mock.method(globalThis, "setTimeout", (wake, milliseconds) => {
    waits.push(milliseconds);
    queueMicrotask(wake);
  });
  t.mock.method(Math, "random", () => random);
  return waits;
}

/** A `fetch` that gives one answer after the other, the last one for good; an error is thrown. */
export function script(...answers) {
  const fetch = async (url, init) => {
    fetch.calls.push({ url, ...init });
    const answer = answers[Math.min(fetch.calls.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    const [status, body = "", headers = {}] = answer;
    return new Response(body || null, { status, headers });
  };
  fetch.calls = [];
  return fetch;
}

/** No answer at all. */
export const LOST = new TypeError("fetch failed");

/** Node ends while only a timeout waits; a real connection would keep it up. */
export function awake(t) {
  const beat = setInterval(() => {}, 1000);
  t.after(() => clearInterval(beat));
}

/** An error as Stripe writes it on its OAuth addresses, and on those of its API. */
export const oauth = (error, error_description) => JSON.stringify({ error, error_description });
export const api = (code, message) => JSON.stringify({ error: { type: "invalid_request_error", code, message } });

/** What Stripe answers about an account that is not connected any more. */
export const GONE = JSON.stringify({
  error: "invalid_client",
  error_description: "This application is not connected to stripe account acct_1, or that account does not exist.",
});

// The pages of Fairground as HTML text. Nothing here knows of a request or a store.

import { COUNTRIES } from "./countries.js";

const DATE = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

const PERMISSIONS = {
  read_write: "Take payments for your stall, and see the account",
  read_only: "See the account, and change nothing",
};

/** Markup that needs no escaping any more. */
class Markup {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

/** A template whose values are escaped, unless they are markup already. */
function html(strings, ...values) {
  return new Markup(String.raw({ raw: strings }, ...values.map(render)));
}

/** Marks text as markup: for what connectButton wrote, which is escaped. */
const trusted = (text) => new Markup(text);

function render(value) {
  if (Array.isArray(value)) return value.map(render).join("");
  if (value instanceof Markup) return value.text;
  return value === undefined || value === null || value === false ? "" : escape(String(value));
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escape = (text) => text.replace(/[&<>"']/g, (character) => ENTITIES[character]);

/** Nobody is signed in: choose one of the demo's stall keepers. */
export function signInPage({ sellers, return_to, standIn }) {
  return layout({
    title: "Fairground",
    standIn,
    main: html`
      <div class="hero">
        <h1>Sell at the fair. Be paid by Friday.</h1>
        <p class="lead">Fairground takes card payments for market stalls, and pays each one into the stall keeper’s own Stripe account.</p>
      </div>
      <h2>Whose stall is it?</h2>
      <ul class="sellers">${sellers.map((seller) => signInCard(seller, return_to))}</ul>`,
  });
}

const signInCard = (seller, return_to) => html`
        <li class="card seller">
          <span class="initial" aria-hidden="true">${seller.first_name[0]}</span>
          <p><strong>${seller.stall}</strong><br>${seller.first_name} ${seller.last_name}, ${seller.sells}</p>
          ${signInForm(seller, `Sign in as ${seller.first_name}`, return_to)}
        </li>`;

const signInForm = (seller, label, return_to = "/") => html`<form method="post" action="/sign-in">
            <input type="hidden" name="return_to" value="${return_to}">
            <button class="plain" name="seller" value="${seller.id}">${label}</button>
          </form>`;

/**
 * The signed-in seller's page. `done` is what was done a moment ago, if anything. `accounts` is null when the store can't be read; `ended` are the connections that
 * are no more. `edgeButton` and `pageButton` are markup by connectButton; `config` is what the page style's script
 * needs to know.
 */
export function payoutsPage({ done, seller, others, accounts, ended, edgeButton, pageButton, config, standIn }) {
  return layout({
    title: "Payouts · Fairground",
    standIn,
    user: userBar(seller, others),
    script: "/client/begin.js",
    config,
    main: html`
      ${DONE[done] && html`<p class="status done" role="status">${DONE[done]}</p>`}
      <h1>Payouts</h1>
      <section class="card" aria-labelledby="payouts">
        ${payouts(accounts, ended)}
        <div class="ways">
          ${edgeStyle(edgeButton)}
          ${pageStyle(pageButton)}
          ${accounts?.length === 0 && laterStyle(seller)}
        </div>
        <p class="fine">Fairground never sees your Stripe password. You can end the connection at any time in your Stripe Dashboard.</p>
      </section>`,
  });
}

/** What the handler has done, said where it leads. */
const DONE = {
  connected: "Your Stripe account is connected.",
  disconnected: "Your Stripe account is disconnected. Fairground no longer has access to it.",
  forgotten: "Fairground no longer uses this Stripe account for you.",
};

const userBar = (seller, others) => html`
      <div class="user">
        <p><strong>${seller.first_name}</strong> <span class="quiet">${seller.stall}</span></p>
        ${others.map((other) => signInForm(other, `Switch to ${other.first_name}`))}
        <form method="post" action="/sign-out"><button class="plain">Sign out</button></form>
      </div>`;

function payouts(accounts, ended) {
  if (accounts === null) return unreadable;
  return accounts.length === 0 ? notConnected(ended) : connected(accounts, ended);
}

const status = (kind, text) => html`<p class="status ${kind}">${text}</p>`;

const unreadable = html`
        <header>
          <h2 id="payouts">Your Stripe accounts</h2>
          ${status("broken", "Unavailable")}
        </header>
        <p>We can’t read our own records at the moment. What you connected is still connected. Please reload this page in a minute.</p>`;

const notConnected = (ended) => html`
        <header>
          <h2 id="payouts">Connect Stripe to get paid</h2>
          ${status("waiting", "Not connected")}
        </header>
        <p>Your takings go straight into a Stripe account that belongs to you. Use the one you have, or make one on the way.</p>
        <ol class="steps">
          <li>You go to Stripe.</li>
          <li>You log in or sign up there, and agree.</li>
          <li>You come back here, ready to be paid.</li>
        </ol>
        ${endings(ended)}`;

const connected = (accounts, ended) => html`
        <header>
          <h2 id="payouts">Your Stripe accounts</h2>
          ${overall(accounts)}
        </header>
        <ul class="accounts">${accounts.map(accountCard)}</ul>
        ${endings(ended)}
        <h2 class="another">Connect another account</h2>`;

// What Stripe says of an account, in a word or two (`status` of /connect/account, or the `outcome` without one): the
// worst first.
const STATUSES = {
  rejected: ["broken", "Closed"],
  disabled: ["broken", "Disabled"],
  paused: ["broken", "Paused"],
  charges_paused: ["broken", "Payments paused"],
  payouts_paused: ["broken", "Payouts paused"],
  restricted: ["broken", "Restricted"],
  information_overdue: ["broken", "Limited"],
  finish_onboarding: ["waiting", "Not finished"],
  information_due: ["waiting", "Information wanted"],
  capabilities_needed: ["waiting", "Being enabled"],
  in_review: ["waiting", "In review"],
  unknown: ["waiting", "Unknown"],
  stripe_unavailable: ["waiting", "No answer from Stripe"],
  active: ["done", "Active"],
};

/** `account` is what Stripe says of it, or null, and `outcome` why. */
const statusOf = ({ account, outcome }) => {
  const name = account?.status ?? outcome;
  return name in STATUSES ? name : "unknown";
};

/** When nothing was asked of Stripe but how the account is. */
const NO_ANSWER = "Stripe doesn’t answer at the moment. Nothing has changed; please look again later.";

/** The badge over the list: the worst that is to be said of one of them. */
function overall(accounts) {
  const all = accounts.map(statusOf);
  const [kind, word] = STATUSES[Object.keys(STATUSES).find((name) => all.includes(name))];
  return status(kind, kind === "done" ? "Connected" : `Connected · ${word}`);
}

/** One connected account, headed by its name. */
const accountCard = ({ account_id, account, outcome, hint, livemode, scope, connected_at, balance, dashboard }) => html`
          <li>
            <header>
              <h3 id="${account_id}">${account?.display_name ?? "Stripe account"}</h3>
              ${status(...STATUSES[statusOf({ account, outcome })])}
            </header>
            <p class="fine"><code>${account_id}</code></p>
            <p>${account?.hint ?? (outcome === "stripe_unavailable" ? NO_ANSWER : hint)}</p>
            <dl>
              <div><dt>Balance</dt><dd>${balance ?? "Stripe did not say"}</dd></div>
              ${account?.country && html`<div><dt>Business in</dt><dd>${place(account)}</dd></div>`}
              <div><dt>Since</dt><dd>${date(connected_at)}</dd></div>
              <div><dt>Fairground may</dt><dd>${PERMISSIONS[scope] ?? scope}</dd></div>
              <div><dt>Mode</dt><dd>${livemode ? "Live" : "Test: no real money"}</dd></div>
            </dl>
            <div class="actions">
              ${nextStep(account_id, account, dashboard)}
              <form method="post" action="/connect/disconnect">
                <input type="hidden" name="account" value="${account_id}">
                <button class="plain" aria-describedby="${account_id}">Disconnect</button>
              </form>
            </div>
          </li>`;

const place = ({ country, default_currency }) =>
  [IN_ENGLISH.of(country), default_currency?.toUpperCase()].filter(Boolean).join(", ");

// An account that was opened here is finished through a link of ours; any other in its own dashboard.
function nextStep(account_id, account, dashboard) {
  if (!account || account.next_step === "nothing") return html`<a href="${dashboard}">Your Stripe Dashboard</a>`;
  if (account.details_submitted) return html`<a class="plain" href="${dashboard}">Open your Stripe Dashboard</a>`;
  return html`<a class="plain" href="/connect/onboard?account=${account_id}&return_to=/">Finish at Stripe</a>`;
}

/** The connections that are no more, the last to end first. */
const endings = (ended) =>
  ended?.length > 0 &&
  html`
        <section class="endings" aria-labelledby="endings">
          <h3 id="endings">No longer connected</h3>
          <ul>${ended.map(ending)}</ul>
          <p class="fine">To use one of them again, connect it again.</p>
        </section>`;

const ending = ({ account_id, disconnected_at }) => html`
            <li><code>${account_id}</code> since ${date(disconnected_at)}</li>`;

function date(seconds) {
  const time = new Date(seconds * 1000);
  return html`<time datetime="${time.toISOString()}">${DATE.format(time)}</time>`;
}

const edgeStyle = (button) => html`<section class="way" id="edge-style" aria-labelledby="edge-style-name">
            <h3 id="edge-style-name">Edge style <span>— works without script</span></h3>
            <p>A plain form. The server begins the flow, keeps it in a sealed cookie, and finishes it.</p>
            ${trusted(button)}
          </section>`;

// The link leads to the edge style, so that it works before the script is there and without it.
const pageStyle = (button) => html`<section class="way" id="page-style" aria-labelledby="page-style-name">
            <h3 id="page-style-name">Page style <span>— runs in the browser</span></h3>
            <p>A script begins the flow and finishes it. The server only exchanges the code for the account.</p>
            ${trusted(button)}
            <noscript><p class="fine">Script is off in this browser, so this button takes the edge style.</p></noscript>
            <p class="problem" role="alert"></p>
          </section>`;

const IN_ENGLISH = new Intl.DisplayNames("en", { type: "region" });
const COUNTRY_NAMES = COUNTRIES.map((code) => [code, IN_ENGLISH.of(code)]).sort(([, one], [, other]) => one.localeCompare(other, "en"));

const countryOption = (code, name, chosen) => html`
                <option value="${code}"${code === chosen && trusted(" selected")}>${name}</option>`;

// Deferred activation: the account is opened with two facts, and finished whenever its owner likes.
const laterStyle = ({ email, country }) => html`<section class="way later" aria-labelledby="later">
            <h3 id="later">No Stripe account yet? <span>— open one now, finish it later</span></h3>
            <p>Fairground opens it for you with these two. Stripe asks you for the rest, now or when you come back.</p>
            <form method="post" action="/connect/create">
              <label>E-mail <input type="email" name="email" value="${email}" required autocomplete="email"></label>
              <label>Country <select name="country" required autocomplete="country">${COUNTRY_NAMES.map(([code, name]) => countryOption(code, name, country))}</select></label>
              <button class="plain">Open an account</button>
            </form>
          </section>`;

/** Where Stripe sends the browser back to in the page style. The script finishes the flow and says how it went. */
export function returnPage({ config, pageButton, standIn }) {
  return layout({
    title: "Connecting · Fairground",
    standIn,
    script: "/client/return.js",
    config,
    main: html`
      <div class="result" id="result" aria-live="polite">
        <h1>Connecting your account</h1>
        <p>One moment, please.</p>
        <noscript><p>This page needs script to finish, and script is off in this browser. Nothing was connected.</p></noscript>
        <div id="page-style" hidden>${trusted(pageButton)}<p class="problem" role="alert"></p></div>
        <p class="actions"><a href="/">Back to Fairground</a></p>
      </div>`,
  });
}

/** Something short to say, and the way home. */
export function messagePage({ title, text, standIn }) {
  return layout({
    title: `${title} · Fairground`,
    standIn,
    main: html`
      <div class="result">
        <h1>${title}</h1>
        <p>${text}</p>
        <p class="actions"><a href="/">Back to Fairground</a></p>
      </div>`,
  });
}

function layout({ title, user, main, script, config, standIn }) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/button.css">
    <link rel="stylesheet" href="/style.css">
    ${script && clientScript(script, config)}
  </head>
  <body>
    <header class="site">
      <a class="brand" href="/">Fairground</a>${user}
    </header>
    <main>${standIn && standInNotice(standIn)}${main}
    </main>
    <footer class="site">
      <p>Fairground is made up, to show stripe-connect-oauth at work. It is not affiliated with Stripe, nor endorsed by it; Stripe’s name and mark are its trademarks.</p>
    </footer>
  </body>
</html>
`.text;
}

const standInNotice = (address) => html`
      <p class="notice"><strong>This is a demo.</strong> Its Stripe is <a href="${address}">a stand-in</a>: no account is real, and no money moves.</p>`;

// A data block is no script: the policy lets it stand inline. Only `<` could end it early.
const clientScript = (script, config) => html`<script type="application/json" id="config">${trusted(JSON.stringify(config).replaceAll("<", "\\u003c"))}</script>
    <script type="module" src="${script}"></script>`;

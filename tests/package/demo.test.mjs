// The demo's pages, which need no browser to be read.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { COUNTRIES } from "../../www/countries.js";
import { payoutsPage } from "../../www/views.js";

const SELLER = { id: "ada", first_name: "Ada", last_name: "Birch", email: "ada@apples.example", stall: "Ada’s Apples", country: "NL" };

/** The payouts page of a seller whose accounts the handler's list says this of. */
function payouts(...told) {
  const accounts = told.map((of, at) => ({
    account_id: `acct_${at}`,
    livemode: false,
    scope: "read_write",
    connected_at: 1_700_000_000,
    ...of,
    dashboard: "https://dashboard.stripe.com/",
  }));
  return payoutsPage({ seller: SELLER, others: [], accounts, ended: [], edgeButton: "", pageButton: "", config: {} });
}

const badges = (page) => [...page.matchAll(/<p class="status (\w+)">([^<]*)<\/p>/g)].map(([, kind, text]) => [kind, text]);
const account = (status) => ({ account: { status, hint: "…", next_step: "nothing", details_submitted: true } });

test("the badge over the list says the worst of its accounts", () => {
  const [active, due, limited, closed] = ["active", "information_due", "information_overdue", "rejected"].map(account);
  for (const [accounts, kind, text] of [
    [[active], "done", "Connected"],
    [[active, active], "done", "Connected"],
    [[active, due], "waiting", "Connected · Information wanted"],
    [[due, limited, active], "broken", "Connected · Limited"],
    [[limited, closed], "broken", "Connected · Closed"],
    [[active, { account: null, outcome: "stripe_unavailable", hint: "…" }], "waiting", "Connected · No answer from Stripe"],
    [[active, account("a_word_of_next_year")], "waiting", "Connected · Unknown"],
    [[active, { account: null, outcome: "unreachable", hint: "…" }], "waiting", "Connected · Unknown"],
  ]) {
    assert.deepEqual(badges(payouts(...accounts))[0], [kind, text]);
  }
});

test("when Stripe does not answer, the account's card says that, and not that something was done", () => {
  const page = payouts({ account: null, outcome: "stripe_unavailable", hint: "Please try again in a moment. Nothing is done twice." });
  assert.deepEqual(badges(page)[1], ["waiting", "No answer from Stripe"]);
  assert.match(page, /Stripe doesn’t answer at the moment\. Nothing has changed/);
  assert.doesNotMatch(page, /Unknown|done twice/);
});

test("the country of a new account is chosen from Stripe's, by name, and begins with the seller's own", () => {
  const page = payouts();
  const [, options] = /<select name="country" required autocomplete="country">([^]*?)<\/select>/.exec(page);
  const shown = [...options.matchAll(/<option value="(\w\w)"( selected)?>([^<]+)<\/option>/g)];
  assert.deepEqual(shown.map(([, code]) => code).sort(), [...COUNTRIES].sort());
  assert.deepEqual(shown.filter(([, , selected]) => selected).map(([, code, , name]) => [code, name]), [["NL", "Netherlands"]]);
  const names = shown.map(([, , , name]) => name);
  assert.deepEqual(names, [...names].sort((one, other) => one.localeCompare(other, "en")));
});

test("the demo's countries are those in which the stand-in makes accounts", () => {
  const source = readFileSync(new URL("../../src/sandbox/account.rs", import.meta.url), "utf8");
  const [, list] = /const COUNTRIES: &str = "([A-Z \\\n]+)";/.exec(source);
  assert.deepEqual(COUNTRIES, list.replaceAll("\\", "").trim().split(/\s+/));
});

// What comes after connecting: how the account is, the end of a connection, and an account that is opened here.

import assert from "node:assert/strict";
import { STYLES, chooseLogIn, connect, consent, listed, press, signIn, told, useDemo } from "./support.mjs";

const check = useDemo();

/** Ada, with one account connected; its id. */
async function connected({ world, page, origin }) {
  await signIn(page, origin);
  await connect(page, "edge");
  const [{ account_id }] = await world.connections();
  return account_id;
}

const ended = (page) => page.getByRole("heading", { name: "No longer connected" }).waitFor();
/** Presses the button on the platform's page, and the one on the page that asks. */
async function disconnect(page) {
  await page.getByRole("button", { name: "Disconnect" }).click();
  await told(page, "Do you want to disconnect Stripe?");
  await page.getByRole("button", { name: "Disconnect", exact: true }).click();
}

/** Opens an account here. Stripe gives the same one to the same facts, so each test has an address of its own. */
async function open({ page, origin }, email) {
  await signIn(page, origin);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Open an account" }).click();
  await page.getByRole("button", { name: "Save for later" }).waitFor();
}

/** Presses the button in the account's own dashboard that ends the connection. */
async function revokeAtStripe({ world, context }, account_id) {
  const dashboard = await context.newPage();
  await dashboard.goto(`${world.demo.sandboxOrigin}/dashboard/${account_id}`);
  await dashboard.getByRole("button", { name: "Disconnect this platform" }).click();
  await dashboard.getByText("No platform is connected.").waitFor();
  await dashboard.close();
}

/** How Stripe's side sees the connections. */
async function atStripe({ demo }) {
  return (await fetch(`${demo.sandboxOrigin}/_sandbox/ledger`)).json();
}

/** Changes something on Stripe's side. */
async function control({ demo }, name, change) {
  const headers = { "content-type": "application/json" };
  const reply = await fetch(`${demo.sandboxOrigin}/_sandbox/${name}`, { method: "POST", headers, body: JSON.stringify(change) });
  assert.equal(reply.status, 200);
}

check("the page says how the account is, and what is in it", async (test) => {
  await connected(test);
  await test.page.getByText("Active", { exact: true }).waitFor();
  await test.page.getByText("Your Stripe account is ready.").waitFor();
  // Its name, and where it is.
  await test.page.getByRole("heading", { name: "Ada’s Apples" }).waitFor();
  await test.page.getByText("United Kingdom, GBP", { exact: true }).waitFor();
  // A call on the account's behalf.
  await test.page.getByText(/^£[\d,]+\.\d\d$/).waitFor();
});

const STATES = {
  information_due: ["Information wanted", "Open your Stripe Dashboard"],
  restricted: ["Limited", "Open your Stripe Dashboard"],
  onboarding: ["Not finished", "Finish at Stripe"],
  in_review: ["In review", "Open your Stripe Dashboard"],
  payouts_paused: ["Payouts paused", "Open your Stripe Dashboard"],
  paused: ["Paused", "Open your Stripe Dashboard"],
  rejected: ["Closed", "Open your Stripe Dashboard"],
};
check("each state of an account is said in words, with the next step", async (test) => {
  const account_id = await connected(test);
  for (const [state, [word, step]] of Object.entries(STATES)) {
    await control(test.world, "accounts", { id: account_id, state });
    await test.page.goto(test.origin);
    await test.page.getByText(word, { exact: true }).waitFor();
    await test.page.getByRole("link", { name: step }).waitFor();
  }
});

check("when Stripe gives no sensible answer, the account is listed all the same", async (test) => {
  const account_id = await connected(test);
  for (const [fault, path] of [["truncated", "/v1/balance"], ["500", "/v1/balance"], ["500", "/v1/accounts"]]) {
    await control(test.world, "faults", { fault, path });
    await test.page.goto(test.origin);
    await test.page.getByText(account_id, { exact: true }).waitFor();
    const said = path === "/v1/balance" ? "Stripe did not say" : "No answer from Stripe";
    await test.page.getByText(said, { exact: true }).waitFor();
    await control(test.world, "faults", { clear: true });
  }
});

for (const javaScriptEnabled of [true, false]) {
  check(
    `disconnecting ends the connection at Stripe and in D1, with scripts turned ${javaScriptEnabled ? "on" : "off"}`,
    async (test) => {
      const account_id = await connected(test);
      await disconnect(test.page);
      await ended(test.page);
      await test.page.getByText("Your Stripe account is disconnected.").waitFor();
      await test.page.reload();
      assert.equal(await test.page.getByText("Your Stripe account is disconnected.").count(), 0, "it is said once");
      await test.page.getByText("Not connected", { exact: true }).waitFor();

      const [row] = await test.world.connections();
      assert.deepEqual([row.account_id, row.disconnected_at > 0], [account_id, true]);
      const [entry] = (await atStripe(test.world)).filter(({ stripe_user_id }) => stripe_user_id === account_id);
      assert.deepEqual([entry.revoked, entry.revoked_by], [true, "platform"]);
    },
    { javaScriptEnabled },
  );
}

for (const style of STYLES) {
  check(`${style}: an account that was disconnected is connected again`, async ({ world, page, origin }) => {
    await signIn(page, origin);
    const logIn = async () => {
      await press(page, style);
      await chooseLogIn(page);
      await consent(page);
      await listed(page);
    };
    await logIn();
    await disconnect(page);
    await ended(page);
    await logIn();
    assert.equal(await page.getByRole("heading", { name: "No longer connected" }).count(), 0);
    const [row, ...others] = await world.connections();
    assert.deepEqual([row.disconnected_at, others], [null, []]);
  });
}

check("what the owner ended at Stripe is off the list at once, by a webhook", async (test) => {
  const account_id = await connected(test);
  await revokeAtStripe(test, account_id);
  await test.world.until(async () => {
    const [row] = await test.world.connections();
    return row.disconnected_at !== null;
  });
  await test.page.goto(test.origin);
  await ended(test.page);
});

check("what the owner ended at Stripe shows when the account is looked at, though no webhook came", async (test) => {
  const account_id = await connected(test);
  // As if it had been lost: the row is live again.
  await revokeAtStripe(test, account_id);
  const live = test.world.demo.database.prepare("UPDATE stripe_connect_connections SET disconnected_at = NULL");
  await test.world.until(async () => (await test.world.connections())[0].disconnected_at !== null);
  await live.run();

  await test.page.goto(test.origin);
  await ended(test.page);
  const [row] = await test.world.connections();
  assert.notEqual(row.disconnected_at, null);
});

check("another user can't disconnect the account, nor see it", async (test) => {
  const account_id = await connected(test);
  const { page } = test;
  await page.getByRole("button", { name: "Switch to Grace" }).click();
  await page.getByText("Grace’s Glass").waitFor();
  const outcomes = await page.evaluate(async (account) => {
    const accept = "application/json";
    const posted = { method: "POST", headers: { accept }, body: new URLSearchParams({ account }) };
    const replies = [await fetch("/connect/disconnect", posted), await fetch(`/connect/account?account=${account}`)];
    return Promise.all(replies.map(async (reply) => [reply.status, (await reply.json()).outcome]));
  }, account_id);
  assert.deepEqual(outcomes, [
    [404, "not_connected"],
    [404, "not_connected"],
  ]);
  const [row] = await test.world.connections();
  assert.equal(row.disconnected_at, null);
});

check("another site can't disconnect the account", async (test) => {
  const account_id = await connected(test);
  const { page, origin, world } = test;
  await page.route("http://elsewhere.example/", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method="post" action="${origin}/connect/disconnect"><input name="account" value="${account_id}"><button>Go</button></form>`,
    }),
  );
  await page.goto("http://elsewhere.example/");
  await page.getByRole("button", { name: "Go" }).click();
  await told(page, "That came from another website");
  const [row] = await world.connections();
  assert.equal(row.disconnected_at, null);
});

check("an account is opened here with two facts, and finished later", async (test) => {
  const { page, origin, world } = test;
  await open(test, "later@apples.example");
  await page.getByRole("button", { name: "Save for later" }).click();
  await page.getByText("Not finished", { exact: true }).waitFor();
  await world.assertConnections(["ada"]);

  await page.getByRole("link", { name: "Finish at Stripe" }).click();
  await page.getByRole("button", { name: "Finish" }).click();
  await page.getByText("Active", { exact: true }).waitFor();
  assert.equal(page.url(), `${origin}/`);
});

check("a link that was used leads on to a new one", async (test) => {
  const { page } = test;
  await open(test, "used@apples.example");
  const link = page.url();
  await page.getByRole("button", { name: "Save for later" }).click();
  await page.getByText("Not finished", { exact: true }).waitFor();

  await page.goto(link);
  await page.getByRole("button", { name: "Finish" }).waitFor();
  assert.notEqual(page.url(), link);
});

check("opening twice with the same facts opens one account", async (test) => {
  const { page, origin, world } = test;
  await signIn(page, origin);
  const ids = await page.evaluate(async () => {
    const body = new URLSearchParams({ email: "twice@apples.example", country: "GB" });
    const open = () => fetch("/connect/create", { method: "POST", headers: { accept: "application/json" }, body });
    const replies = await Promise.all([open(), open()]);
    return Promise.all(replies.map(async (reply) => (await reply.json()).connection.account_id));
  });
  assert.equal(ids[0], ids[1]);
  await world.assertConnections(["ada"]);
});

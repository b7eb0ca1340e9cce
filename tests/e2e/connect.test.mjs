// The flow when nobody means harm: connecting, cancelling, reloading, going back, and two tabs at once.

import assert from "node:assert/strict";
import {
  STYLES,
  atConsent,
  cancel,
  chooseLogIn,
  connect,
  consent,
  follow,
  heldCallback,
  listed,
  press,
  signIn,
  told,
  useDemo,
} from "./support.mjs";

const check = useDemo();

/** Every address the page was sent to at the platform with an answer from Stripe. */
function callbacksOf(page) {
  const callbacks = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest() && /[?&](code|error)=/.test(request.url())) callbacks.push(request.url());
  });
  return callbacks;
}

for (const style of STYLES) {
  check(`${style}: consent ends with the account in D1 and on the page`, async ({ world, page, origin }) => {
    await signIn(page, origin);
    await press(page, style);
    assert.equal(await page.getByLabel("E-mail").inputValue(), "ada@apples.example");
    await consent(page);
    await listed(page);

    assert.equal(page.url(), `${origin}/`);
    const [row, ...others] = await world.connections();
    assert.deepEqual(others, []);
    assert.equal(row.subject, "ada");
    assert.match(row.account_id, /^acct_\w+$/);
    assert.deepEqual([row.livemode, row.scope], [0, "read_write"]);
    await page.getByText(row.account_id, { exact: true }).waitFor();
    assert.deepEqual((await world.tokenRequests()).map(({ status }) => status), [200]);
  });

  check(`${style}: cancelling connects nothing, and says so kindly`, async ({ world, page, origin }) => {
    await signIn(page, origin);
    await press(page, style);
    await cancel(page);
    await told(page, "You cancelled");
    await page.getByText("Nothing was connected.").waitFor();
    await world.assertUntouched();
  });

  check(`${style}: who cancelled finds the button there, and connects`, async ({ world, page, origin }) => {
    await signIn(page, origin);
    await press(page, style);
    await cancel(page);
    await told(page, "You cancelled");
    assert.equal(new URL(page.url()).search, "");
    await page.locator(".stripe-connect").click();
    await atConsent(page);
    await consent(page);
    await listed(page);
    await world.assertConnections(["ada"]);
  });

  check(`${style}: who goes back after success, and agrees or cancels there, is told that it is connected`, async ({ world, page, origin }) => {
    await signIn(page, origin);
    await connect(page, style);
    for (const decide of [consent, cancel]) {
      await page.goBack();
      await atConsent(page);
      await decide(page);
      await listed(page);
      assert.equal(page.url(), `${origin}/`);
    }
    assert.equal((await world.tokenRequests()).length, 1);
    await world.assertConnections(["ada"]);
  });

  check(`${style}: the callback again shows the first result, with one token request`, async ({ world, page, origin }) => {
    await signIn(page, origin);
    const callbacks = callbacksOf(page);
    await connect(page, style);
    assert.equal(callbacks.length, 1);

    await page.goto(callbacks[0]);
    await listed(page);
    await page.reload();
    await listed(page);
    assert.equal((await world.tokenRequests()).length, 1);
    await world.assertConnections(["ada"]);
  });

  check(`${style}: going back and connecting again gives a second account`, async ({ world, page, origin }) => {
    await signIn(page, origin);
    await connect(page, style);
    await page.goBack();
    await atConsent(page);
    await page.goBack();
    await connect(page, style);
    assert.deepEqual((await world.tokenRequests()).map(({ status }) => status), [200, 200]);
    await world.assertConnections(["ada", "ada"]);
  });

  check(`${style}: the same account again stays one connection`, async ({ world, page, origin }) => {
    await signIn(page, origin);
    for (const _ of [1, 2]) {
      await press(page, style);
      await chooseLogIn(page);
      await consent(page);
      await listed(page);
    }
    assert.equal((await world.tokenRequests()).length, 2);
    await world.assertConnections(["ada"]);
  });

  for (const order of ["first", "second"]) {
    check(`${style}: of two tabs the ${order} may finish first`, async ({ world, page, context, origin }) => {
      await signIn(page, origin);
      const other = await context.newPage();
      await other.goto(origin);
      await press(page, style);
      await press(other, style);
      for (const tab of order === "first" ? [page, other] : [other, page]) {
        await consent(tab);
        await listed(tab);
      }
      assert.deepEqual((await world.tokenRequests()).map(({ status }) => status), [200, 200]);
      await world.assertConnections(["ada", "ada"]);
    });
  }
}

check("edge: the same callback twice at once spends its code once", async ({ world, page, context, origin }) => {
  await signIn(page, origin);
  await press(page, "edge");
  const callback = await heldCallback(page);
  const other = await context.newPage();
  await Promise.all([follow(page, callback), other.goto(callback)]);
  await Promise.all([listed(page), listed(other)]);
  assert.equal((await world.tokenRequests()).length, 1);
  await world.assertConnections(["ada"]);
});

check("page: the callback's page loaded twice at once spends its code once", async ({ world, page, origin }) => {
  await signIn(page, origin);
  await press(page, "page");
  const callback = await heldCallback(page);
  // The first load is cut off while its exchange is at work, as by an impatient reload.
  const exchanged = page.waitForRequest("**/connect/exchange");
  await follow(page, callback);
  await exchanged;
  await page.goto(callback);
  await listed(page);
  assert.equal((await world.tokenRequests()).length, 1);
  await world.assertConnections(["ada"]);
});

check(
  "edge: it connects with scripts turned off",
  async ({ world, page, origin }) => {
    await signIn(page, origin);
    await connect(page, "edge");
    await world.assertConnections(["ada"]);
  },
  { javaScriptEnabled: false },
);

check(
  "page: with scripts turned off its link takes the edge style",
  async ({ world, page, origin }) => {
    await signIn(page, origin);
    await page.locator("#page-style").getByRole("link", { name: "Connect with Stripe" }).click();
    await atConsent(page);
    await consent(page);
    await listed(page);
    await world.assertConnections(["ada"]);
  },
  { javaScriptEnabled: false },
);

check("an account that D1 did not keep is healed by connecting it again", async ({ world, page, origin }) => {
  await signIn(page, origin);
  await press(page, "edge");
  const rename = (from, to) => world.demo.database.prepare(`ALTER TABLE ${from} RENAME TO ${to}`).run();
  await rename("stripe_connect_connections", "mislaid");
  try {
    await consent(page);
    await told(page, "Almost done");
  } finally {
    await rename("mislaid", "stripe_connect_connections");
  }
  await page.getByRole("button", { name: "Connect with Stripe" }).click();
  await atConsent(page);
  await consent(page);
  await listed(page);
  await world.assertConnections(["ada"]);
});

check("while D1 can't be reached nothing is sent, and a reload finishes", async ({ world, page, origin }) => {
  await signIn(page, origin);
  await press(page, "edge");
  const rename = (from, to) => world.demo.database.prepare(`ALTER TABLE ${from} RENAME TO ${to}`).run();
  await rename("stripe_connect_claims", "mislaid");
  try {
    await consent(page);
    await told(page, "Please try again in a moment");
    await world.assertUntouched();
  } finally {
    await rename("mislaid", "stripe_connect_claims");
  }
  await page.reload();
  await listed(page);
  await world.assertConnections(["ada"]);
});

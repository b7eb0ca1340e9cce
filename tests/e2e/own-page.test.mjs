// Browsers without Sec-Fetch-* and proxies that let Origin and Referer not through: every way a person can take on
// our own pages leads on, at most one press later. And the browser keeps to itself what it should.

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import {
  FETCH_METADATA,
  Proxy,
  atConsent,
  cancel,
  connect,
  connectButton,
  consent,
  heldCallback,
  listed,
  press,
  signIn,
  told,
  useDemo,
} from "./support.mjs";

const proxy = new Proxy();
const check = useDemo({ proxy });

/** What a browser is without, and whether a press on our own pages can still be seen to be one. */
const BROWSERS = {
  "with everything": { without: [], shows: true },
  "without Sec-Fetch-*": { without: FETCH_METADATA, shows: true },
  "without Sec-Fetch-* and Origin": { without: [...FETCH_METADATA, "origin"], shows: true },
  "without Sec-Fetch-*, Origin and Referer": { without: [...FETCH_METADATA, "origin", "referer"], shows: false },
};

/** Result pages with the button; `tests/handler/links.rs` holds that each of its kind has the same. */
const RESULTS = ["expired", "not_started", "unknown", "revoked", "cross_site"];

/** Pages of the platform's, and whether they say where they are from. */
const PAGES = { "our page": true, "a page under no-referrer": false };

const ASKS = {
  start: "Do you want to connect Stripe?",
  disconnect: "Do you want to disconnect Stripe?",
  create: "Do you want a new Stripe account?",
};

const connectHere = (page) => page.getByRole("button", { name: "Connect with Stripe", exact: true }).click();

/** Presses on where we ask first. */
async function confirm(page, asks, button) {
  await told(page, asks);
  await page.getByRole("button", { name: button, exact: true }).click();
}

/** A page of the platform's own, which tells nobody where it is from. */
async function visitNoReferrerPage({ page, origin }, body) {
  const headers = { "content-type": "text/html", "referrer-policy": "no-referrer" };
  await page.route(`${origin}/plain`, (route) => route.fulfill({ headers, body }));
  await page.goto(`${origin}/plain`);
}

const form = (action, fields, button = "Go") => {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`);
  return `<form method="post" action="/connect/${action}">${inputs.join("")}<button>${button}</button></form>`;
};

const flowCookies = async (context) =>
  (await context.cookies()).filter(({ name }) => name.startsWith("__Host-stripe-connect."));

for (const [browser, { without, shows }] of Object.entries(BROWSERS)) {
  /** A test in this browser. */
  const within = (name, body, profile) =>
    check(
      `${browser}: ${name}`,
      async (test) => {
        proxy.without = without;
        proxy.passed.length = 0;
        await body(test);
        assert.notEqual(proxy.passed.length, 0);
        for (const { names } of proxy.passed) for (const name of without) assert.ok(!names.includes(name), name);
      },
      profile,
    );

  /** After the press of a button of ours that starts: at Stripe, at most one press later. */
  async function atStripe(page) {
    if (!shows) await confirm(page, ASKS.start, "Connect with Stripe");
    await atConsent(page);
  }

  within("the edge style's button connects", async ({ world, page, origin }) => {
    await signIn(page, origin);
    await (await connectButton(page, "edge")).click();
    await atStripe(page);
    await consent(page);
    await listed(page);
    await world.assertConnections(["ada"]);
  });

  within(
    "a link that starts connects with scripts turned off",
    async ({ world, page, origin }) => {
      await signIn(page, origin);
      await page.locator("#page-style").getByRole("link", { name: "Connect with Stripe" }).click();
      await atStripe(page);
      await consent(page);
      await listed(page);
      await world.assertConnections(["ada"]);
    },
    { javaScriptEnabled: false },
  );

  within("the page style connects, and its exchange is taken", async ({ world, page, origin }) => {
    await signIn(page, origin);
    await connect(page, "page");
    await world.assertConnections(["ada"]);
  });

  within("who cancelled tries again", async ({ world, page, origin }) => {
    await signIn(page, origin);
    await (await connectButton(page, "edge")).click();
    await atStripe(page);
    await cancel(page);
    await told(page, "You cancelled");
    await connectHere(page);
    await atStripe(page);
    await consent(page);
    await listed(page);
    await world.assertConnections(["ada"]);
  });

  within("another user, who came back in the first one's place, connects for themselves", async ({ world, page, context, origin }) => {
    await signIn(page, origin);
    await (await connectButton(page, "edge")).click();
    await atStripe(page);
    const other = await context.newPage();
    await other.goto(origin);
    await other.getByRole("button", { name: "Switch to Grace" }).click();
    await other.getByText("Grace’s Glass").waitFor();
    await consent(page);
    await told(page, "Another user started this");
    await connectHere(page);
    await atStripe(page);
    await consent(page);
    await listed(page);
    await world.assertConnections(["grace"]);
  });

  within("a result page's button starts", async ({ page, origin }) => {
    await signIn(page, origin);
    for (const outcome of RESULTS) {
      await page.goto(`${origin}/connect/result/${outcome}`);
      await connectHere(page);
      await atStripe(page);
    }
  });

  within("an address that was typed, or opened by another app, is asked about, and keeps where to go", async ({ world, page, context, origin }) => {
    await signIn(page, origin);
    await page.goto(`${origin}/connect/start?return_to=/?from=app`);
    assert.deepEqual(await flowCookies(context), []);
    await confirm(page, ASKS.start, "Connect with Stripe");
    await atConsent(page);
    await consent(page);
    await listed(page);
    assert.equal(page.url(), `${origin}/?from=app`);
    await world.assertConnections(["ada"]);
  });

  within("another site's link is asked about, and one press starts", async ({ page, context, origin }) => {
    await signIn(page, origin);
    const body = `<a href="${origin}/connect/start">Go</a>`;
    await page.route("http://127.0.0.1:1/", (route) => route.fulfill({ contentType: "text/html", body }));
    await page.goto("http://127.0.0.1:1/");
    await page.getByText("Go").click();
    await told(page, ASKS.start);
    assert.deepEqual(await flowCookies(context), []);
    await connectHere(page);
    await atConsent(page);
    assert.equal((await flowCookies(context)).length, 1);
  });

  /** Whether a page under `no-referrer` is seen to be ours: by Sec-Fetch-Site alone. */
  const isSeen = without.length === 0;

  within("a platform's page under no-referrer starts, at most one press later", async (test) => {
    const { world, page, origin } = test;
    await signIn(page, origin);
    await visitNoReferrerPage(test, form("start", { return_to: "/?from=plain" }));
    await page.getByText("Go").click();
    if (!isSeen) await confirm(page, ASKS.start, "Connect with Stripe");
    await atConsent(page);
    await consent(page);
    await listed(page);
    assert.equal(page.url(), `${origin}/?from=plain`);
    await world.assertConnections(["ada"]);
  });

  for (const [whose, own] of Object.entries(PAGES)) {
    within(`an account is disconnected from ${whose}`, async (test) => {
      const { world, page, origin } = test;
      await signIn(page, origin);
      await connect(page, "page");
      const [{ account_id }] = await world.connections();
      if (own) await page.getByRole("button", { name: "Disconnect" }).click();
      else {
        await visitNoReferrerPage(test, form("disconnect", { account: account_id }));
        await page.getByText("Go").click();
      }
      await told(page, ASKS.disconnect);
      const isDoubted = await page.getByText("could not see that this request came from our own page").count();
      assert.equal(isDoubted, Number(own ? !shows : !isSeen));
      assert.equal((await world.connections())[0].disconnected_at, null);
      await page.getByRole("button", { name: "Disconnect", exact: true }).click();
      await page.getByRole("heading", { name: "No longer connected" }).waitFor();
      assert.notEqual((await world.connections())[0].disconnected_at, null);
    });

    within(`an account is opened from ${whose}`, async (test) => {
      const { world, page, origin } = test;
      await signIn(page, origin);
      const email = `${own ? "own" : "plain"}${without.length}@apples.example`;
      if (own) {
        await page.getByLabel("E-mail").fill(email);
        await page.getByRole("button", { name: "Open an account" }).click();
      } else {
        await visitNoReferrerPage(test, form("create", { email, country: "GB" }));
        await page.getByText("Go").click();
      }
      if (own ? !shows : !isSeen) {
        await told(page, ASKS.create);
        assert.deepEqual(await world.connections(), []);
        await page.getByRole("button", { name: "Open an account", exact: true }).click();
      }
      await page.getByRole("button", { name: "Save for later" }).click();
      await page.getByText("Not finished", { exact: true }).waitFor();
      await world.assertConnections(["ada"]);
    });
  }

  within("another site's frame that hides where it is from disconnects nothing", async ({ world, page, origin }) => {
    await signIn(page, origin);
    await connect(page, "page");
    const [{ account_id }] = await world.connections();
    const inner = form("disconnect", { account: account_id }).replace("<form", '<form target="_top"').replace("/connect", `${origin}/connect`);
    const sandbox = "allow-forms allow-top-navigation";
    const body = `<iframe sandbox="${sandbox}" srcdoc="${inner.replaceAll('"', "&quot;")}"></iframe>`;
    await page.route("http://127.0.0.1:1/", (route) => route.fulfill({ contentType: "text/html", body }));
    await page.goto("http://127.0.0.1:1/");
    await page.frameLocator("iframe").getByText("Go").click();
    // SameSite=Lax: the person's session does not come along.
    await page.getByRole("heading", { level: 1 }).filter({ hasText: /That came from another website|Please sign in/ }).waitFor();
    const [row] = await world.connections();
    assert.equal(row.disconnected_at, null);
  });
}

check("another site can't choose who is signed in, though the browser has no Sec-Fetch-*", async ({ page, context, origin }) => {
  proxy.without = FETCH_METADATA;
  await signIn(page, origin);
  const body = `<form method="post" action="${origin}/sign-in"><button name="seller" value="grace">Go</button></form>`;
  await page.route("http://127.0.0.1:1/", (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto("http://127.0.0.1:1/");
  await page.getByText("Go").click();
  await told(page, "That came from another site");
  const [user] = (await context.cookies()).filter(({ name }) => name === "fairground_user");
  assert.equal(user.value, "ada");
});

check("no Referer tells of the address of a page that stands on a callback", async ({ world, page, context, origin }) => {
  proxy.without = [];
  for (const style of ["edge", "page"]) {
    await signIn(page, origin);
    await press(page, style);
    const callback = await heldCallback(page);
    await page.goto(origin);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("Whose stall is it?").waitFor();
    proxy.passed.length = 0;
    await page.goto(callback);
    await told(page, style === "edge" ? "Please sign in" : "You are signed out");
    await page.reload();
    assert.equal(new URL(page.url()).searchParams.has("code"), true);
    const styles = proxy.passed.filter(({ url }) => url.endsWith(".css"));
    assert.ok(styles.length >= 2, `${styles.length}`);
    for (const { url, referer } of proxy.passed) assert.doesNotMatch(referer, /code|state|callback|return/, url);
  }
  // The page style's own return page, where the code leaves the address by script.
  await signIn(page, origin);
  await press(page, "page");
  proxy.passed.length = 0;
  await consent(page);
  await listed(page);
  const exchange = proxy.passed.find(({ url }) => url === "/connect/exchange");
  assert.equal(exchange.referer, `${origin}/`);
  for (const { url, referer } of proxy.passed) assert.doesNotMatch(referer, /code=|state=/, url);
  await context.clearCookies();
  await world.assertConnections(["ada"]);
});

check("what the browser loads on a guess starts no flow, and going there does", async ({ world, page, context, origin }) => {
  proxy.without = [];
  await signIn(page, origin);
  const start = `${origin}/connect/start`;
  const rules = JSON.stringify({ prefetch: [{ urls: [start] }], prerender: [{ urls: [`${start}?return_to=/`] }] });
  const body = `<link rel="prefetch" href="${start}?x"><script type="speculationrules">${rules}</script>
    <a href="${start}">prefetched</a><a href="${start}?return_to=/">prerendered</a>`;
  const headers = { "content-type": "text/html", "referrer-policy": "strict-origin" };
  await page.route(`${origin}/rules`, (route) => route.fulfill({ headers, body }));
  for (const link of ["prefetched", "prerendered"]) {
    proxy.passed.length = 0;
    await page.goto(`${origin}/rules`);
    const starts = () => proxy.passed.filter(({ url }) => url.startsWith("/connect/start"));
    await world.until(() => starts().length >= 2);
    await setTimeout(200);
    assert.ok(starts().every(({ names }) => names.includes("sec-purpose") || names.includes("purpose")));
    assert.deepEqual(await flowCookies(context), []);
    await page.getByText(link).click();
    await atConsent(page);
    assert.equal((await flowCookies(context)).length, 1);
    await context.clearCookies({ name: /^__Host-/ });
  }
});

// The flow when something is wrong or someone means harm: nothing is sent to Stripe that should not be.

import assert from "node:assert/strict";
import {
  STYLES,
  altered,
  atConsent,
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

const NOT_OURS = "That link did not work";
const MARKUP = `<img src=x onerror="alert('canary')"><script>alert("canary")</script>`;

const otherFirstCharacter = (text) => (text[0] === "A" ? "B" : "A") + text.slice(1);

const FORGERIES = {
  "a tampered state": (callback) =>
    altered(callback, { state: otherFirstCharacter(new URL(callback).searchParams.get("state")) }),
  "no state": (callback) => altered(callback, { state: null }),
};

/** A signed-in person who agreed at Stripe, and the way back they have not gone yet. */
async function agreed({ page, origin }, style) {
  await signIn(page, origin);
  await press(page, style);
  return heldCallback(page);
}

const SECRET_KEY = "sk_test_fairground";

/** Spends a code behind the demo's back. */
async function spend(world, callback) {
  const reply = await fetch(`${world.demo.sandboxOrigin}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Bearer ${SECRET_KEY}` },
    body: new URLSearchParams({ grant_type: "authorization_code", code: new URL(callback).searchParams.get("code") }),
  });
  assert.equal(reply.status, 200);
}

for (const style of STYLES) {
  check(`${style}: another user can't finish the flow`, async ({ world, page, context, origin }) => {
    await signIn(page, origin);
    await press(page, style);
    const other = await context.newPage();
    await other.goto(origin);
    await other.getByRole("button", { name: "Switch to Grace" }).click();
    await other.getByText("Grace’s Glass").waitFor();
    await consent(page);
    await told(page, "Another user started this");
    await world.assertUntouched();
  });

  check(`${style}: after another user came back with the code, nobody can use it`, async ({ world, page, origin }) => {
    const callback = await agreed({ page, origin }, style);
    await page.goto(origin);
    await page.getByRole("button", { name: "Switch to Grace" }).click();
    await page.getByText("Grace’s Glass").waitFor();
    await page.goto(callback);
    await told(page, "Another user started this");
    await page.goto(origin);
    await page.getByRole("button", { name: "Switch to Ada" }).click();
    await page.getByText("Ada’s Apples").waitFor();
    await page.goto(callback);
    await told(page, NOT_OURS);
    await world.assertUntouched();
  });

  for (const name of ["Ada", "Grace"]) {
    check(`${style}: a browser that started nothing can't finish ${name}'s flow`, async ({ world, page, origin }) => {
      const callback = await agreed({ page, origin }, style);
      const stranger = await world.newPerson();
      await signIn(stranger, origin, name);
      await stranger.goto(callback);
      await told(stranger, NOT_OURS);
      await world.assertUntouched();
    });
  }

  check(`${style}: a callback is nothing to someone who is not signed in`, async ({ world, page, origin }) => {
    const callback = await agreed({ page, origin }, style);
    const stranger = await world.newPerson();
    await stranger.goto(callback);
    await told(stranger, style === "edge" ? "Please sign in" : "You are signed out");
    await world.assertUntouched();
  });

  for (const [damage, damaged] of Object.entries(FORGERIES)) {
    check(`${style}: a callback with ${damage} is refused, and ends no flow`, async ({ world, page, origin }) => {
      const callback = await agreed({ page, origin }, style);
      await follow(page, damaged(callback));
      await told(page, NOT_OURS);
      await world.assertUntouched();

      await page.goto(callback);
      await listed(page);
      await world.assertConnections(["ada"]);
    });
  }

  check(`${style}: a damaged callback is refused`, async ({ world, page, origin }) => {
    const callback = await agreed({ page, origin }, style);
    for (const damaged of [
      `${callback}&state=second`,
      `${callback}&code=ac_second`,
      `${callback}&scope=%E0%A4%A`,
      altered(callback, { error: "access_denied" }),
      altered(callback, { iss: "https://issuer.example" }),
      altered(callback, { code: MARKUP }),
    ]) {
      await page.goto(damaged);
      await told(page, NOT_OURS);
    }
    await world.assertUntouched();
  });

  check(`${style}: a forged denial ends no flow`, async ({ world, page, origin }) => {
    const callback = await agreed({ page, origin }, style);
    await page.goto(altered(callback, { code: null, state: null, scope: null, error: "access_denied" }));
    await told(page, "You cancelled");
    await page.goto(callback);
    await listed(page);
    await world.assertConnections(["ada"]);
  });

  check(`${style}: a code that was used elsewhere connects nothing, and says what to do`, async ({ world, page, origin }) => {
    const callback = await agreed({ page, origin }, style);
    await spend(world, callback);
    await follow(page, callback);
    await told(page, "Please connect again");
    await page.getByText("had been used before").waitFor();
    assert.deepEqual((await world.tokenRequests()).map(({ status }) => status), [200, 400]);
    await world.assertConnections([]);

    await page.goto(callback);
    await told(page, "Please connect again");
    assert.equal((await world.tokenRequests()).length, 2);
  });

  const answers = {
    "a denial": { title: "You cancelled", error: "access_denied" },
    "a denial without state": { title: "You cancelled", error: "access_denied", state: null },
    "another error": { title: "Stripe could not connect your account", error: "invalid_scope" },
  };
  for (const [answer, { title, ...changes }] of Object.entries(answers)) {
    check(`${style}: error_description is shown nowhere, in ${answer}`, async ({ world, page, origin }) => {
      const callback = await agreed({ page, origin }, style);
      await follow(page, altered(callback, { code: null, scope: null, error_description: MARKUP, ...changes }));
      await told(page, title);
      assert.doesNotMatch(await page.content(), /canary/);
      assert.doesNotMatch(await page.title(), /canary/);
      await world.assertUntouched();
    });
  }
}

check("page: a flow that took over an hour is refused", async ({ world, page, origin }) => {
  await signIn(page, origin);
  await press(page, "page");
  const callback = await heldCallback(page);
  await page.clock.setFixedTime(Date.now() + 61 * 60_000);
  await page.goto(callback);
  await told(page, "That took too long");
  await world.assertUntouched();
});

// Another site: any origin whose pages the test writes itself. Nothing listens there.
const ELSEWHERE = "http://127.0.0.1:1/";

async function visitElsewhere(page, body) {
  await page.route(ELSEWHERE, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(ELSEWHERE);
}

const flowCookies = async (context) =>
  (await context.cookies()).filter(({ name }) => name.startsWith("__Host-stripe-connect."));

const crossSiteStarts = {
  "a link": (start) => `<a href="${start}">Go</a>`,
  "a form": (start) => `<form method="post" action="${start}"><button>Go</button></form>`,
};
for (const [means, markup] of Object.entries(crossSiteStarts)) {
  check(`edge: another site can't start a flow with ${means}`, async ({ world, page, context, origin }) => {
    await signIn(page, origin);
    await visitElsewhere(page, markup(`${origin}/connect/start`));
    await page.getByText("Go").click();
    await told(page, "Do you want to connect Stripe?");
    assert.deepEqual(await flowCookies(context), []);

    // The person may still mean it: the page's own button starts.
    await page.getByRole("button", { name: "Connect with Stripe" }).click();
    await atConsent(page);
    assert.equal((await flowCookies(context)).length, 1);
    await world.assertUntouched();
  });
}

check("another site can't choose who is signed in", async ({ page, context, origin }) => {
  await signIn(page, origin);
  await visitElsewhere(
    page,
    `<form method="post" action="${origin}/sign-in"><button name="seller" value="grace">Go</button></form>`,
  );
  await page.getByText("Go").click();
  await told(page, "That came from another site");
  const [user] = (await context.cookies()).filter(({ name }) => name === "fairground_user");
  assert.equal(user.value, "ada");
});

check("page: another site can't have a code exchanged", async ({ world, page, context, origin }) => {
  // Chromium asks before it lets another site reach this machine; the refusal here is to be the server's.
  await context.grantPermissions(["local-network-access"]);
  const callback = await agreed({ page, origin }, "page");
  const { searchParams } = new URL(callback);
  const stolen = JSON.stringify({ code: searchParams.get("code"), state: searchParams.get("state"), subject: "ada" });
  await visitElsewhere(page, "");
  await page.evaluate(
    ([url, body]) => fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body }),
    [`${origin}/connect/exchange`, stolen],
  );
  await world.assertUntouched();
});

check("page: the server compares the user itself, whatever the page says", async ({ world, page, origin }) => {
  const callback = await agreed({ page, origin }, "page");
  const { code, state } = Object.fromEntries(new URL(callback).searchParams);
  await page.goto(origin);
  await page.getByRole("button", { name: "Switch to Grace" }).click();
  await page.getByText("Grace’s Glass").waitFor();
  const outcome = await page.evaluate(async (body) => {
    const headers = { "content-type": "application/json" };
    const reply = await fetch("/connect/exchange", { method: "POST", headers, body: JSON.stringify(body) });
    return (await reply.json()).outcome;
  }, { code, state, subject: "ada" });
  assert.equal(outcome, "another_subject");
  await world.assertUntouched();
});

for (const style of STYLES) {
  check(`${style}: neither history, Referer nor log holds the code`, async ({ world, page, context, origin }) => {
    await signIn(page, origin);
    const referers = [];
    page.on("request", (request) => referers.push(request.headers().referer ?? ""));
    await connect(page, style);

    const devtools = await context.newCDPSession(page);
    const { entries } = await devtools.send("Page.getNavigationHistory");
    assert.ok(entries.length > 1);
    for (const address of [...entries.map(({ url }) => url), ...referers, ...world.log]) {
      assert.doesNotMatch(address, /code=|ac_/);
    }
  });
}

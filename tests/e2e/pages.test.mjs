// Every page a person can meet: named, reachable by keyboard, within its policy, and fit for a narrow screen.

import assert from "node:assert/strict";
import {
  ASKED,
  OUTCOMES,
  Proxy,
  STYLES,
  asked,
  atConsent,
  chooseLogIn,
  connect,
  connectButton,
  press,
  sayDone,
  signIn,
  useDemo,
} from "./support.mjs";

const proxy = new Proxy();
const check = useDemo({ proxy });

/** Each brings `page` to some of them, one after another, and calls `look` at each with its name. */
const WALKS = {
  async "the platform's pages and Stripe's consent"({ page, origin }, look) {
    await page.goto(origin);
    await look("signed out");
    await signIn(page, origin);
    await look("not connected");
    await press(page, "edge");
    await look("consent, new account");
    await chooseLogIn(page);
    await look("consent, log in");
    await page.goto(origin);
    await connect(page, "page");
    await look("connected");
    await visit(page, origin, look, {
      "returned with nothing": "/return",
      "returned refused": "/return?error=access_denied&state=unknown",
      "not found": "/nowhere",
    });
  },
  "the result pages, first half": ({ page, origin }, look) => visit(page, origin, look, resultPages(0, OUTCOMES.length / 2)),
  "the result pages, second half": ({ page, origin }, look) => visit(page, origin, look, resultPages(OUTCOMES.length / 2)),
  async "the pages that ask, and the sandbox's"({ page, origin, world }, look) {
    await visit(page, origin, look, { "asked to sign in": "/connect/start" });
    await signIn(page, origin);
    await connect(page, "edge");
    await look("told that it is connected");
    const [{ account_id: account }] = await world.connections();
    for (const [action, fields] of Object.entries({ ...ASKED, disconnect: { account } })) {
      await asked(page, origin, proxy, action, fields);
      await look(`asked to ${action}`);
    }
    // The same, asked for by a page that shows where it is from.
    await page.goto(origin);
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByRole("heading", { name: "Do you want to disconnect Stripe?" }).waitFor();
    await look("asked to disconnect, by our own page");
    for (const done of ["connected", "disconnected", "forgotten"]) {
      await sayDone(page, done);
      await visit(page, origin, look, { [`told that it is ${done}`]: `/connect/result/${done}` });
    }
    await visit(page, world.demo.sandboxOrigin, look, {
      "sandbox": "/",
      "sandbox, dashboards": "/dashboard",
      "sandbox, a dashboard": "/dashboard/acct_1SandboxBakery01",
      "sandbox, requests": "/_sandbox/requests",
    });
  },
};

const resultPages = (from, to) => Object.fromEntries(OUTCOMES.slice(from, to).map((outcome) => [outcome, `/connect/result/${outcome}`]));

async function visit(page, origin, look, paths) {
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(origin + path);
    await look(name);
  }
}

const NARROW = { viewport: { width: 320, height: 640 } };

// One walk for all that is asked of a page: going there is what takes the time.
for (const [which, walk] of Object.entries(WALKS)) {
  check(
    `${which} keep their own policy, fit into 320 px, and have a title, a language and one first heading`,
    async (test) => {
      await walk(test, async (name) => {
        assert.deepEqual(test.world.complaints, [], name);
        const seen = await test.page.evaluate(() => ({
          width: document.documentElement.scrollWidth,
          isTitled: document.title !== "",
          lang: document.documentElement.lang,
          headings: document.querySelectorAll("h1").length,
        }));
        assert.ok(seen.width <= 320, `${name} is ${seen.width} px wide`);
        assert.deepEqual([seen.isTitled, seen.lang, seen.headings], [true, "en", 1], name);
      });
    },
    NARROW,
  );
}

check("both buttons are named Connect with Stripe", async ({ page, origin }) => {
  await signIn(page, origin);
  for (const style of STYLES) assert.equal(await (await connectButton(page, style)).count(), 1);
});

for (const style of STYLES) {
  check(`${style}: Tab reaches the button, its focus shows, and Enter starts`, async ({ page, origin }) => {
    await signIn(page, origin);
    const button = await connectButton(page, style);
    await tabTo(page, button);
    const ring = await button.evaluate((element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return { shown: element.matches(":focus-visible"), outlineStyle, width: parseFloat(outlineWidth) };
    });
    assert.deepEqual([ring.shown, ring.outlineStyle], [true, "solid"]);
    assert.ok(ring.width >= 2);
    await page.keyboard.press("Enter");
    await atConsent(page);
  });
}

async function tabTo(page, target) {
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail("Tab does not reach it");
}

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
  signIn,
  useDemo,
} from "./support.mjs";

const proxy = new Proxy();
const check = useDemo({ proxy });

/** Brings `page` to one page after another, and calls `look` at each with its name. */
async function everyPage({ page, origin, world }, look) {
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
  for (const [name, path] of [
    ["returned with nothing", "/return"],
    ["returned refused", "/return?error=access_denied&state=unknown"],
    ["not found", "/nowhere"],
    ...OUTCOMES.map((outcome) => [outcome, `/connect/result/${outcome}`]),
  ]) {
    await page.goto(origin + path);
    await look(name);
  }
  for (const [action, fields] of Object.entries(ASKED)) {
    await asked(page, origin, proxy, action, fields);
    await look(`asked to ${action}`);
  }
  for (const [name, path] of [
    ["sandbox", "/"],
    ["sandbox, dashboards", "/dashboard"],
    ["sandbox, a dashboard", "/dashboard/acct_1SandboxBakery01"],
    ["sandbox, requests", "/_sandbox/requests"],
  ]) {
    await page.goto(world.demo.sandboxOrigin + path);
    await look(name);
  }
}

check("no page breaks its own Content-Security-Policy", async (test) => {
  await everyPage(test, () => assert.deepEqual(test.world.complaints, []));
});

const NARROW = { viewport: { width: 320, height: 640 } };

check(
  "no page scrolls sideways at 320 px",
  async (test) => {
    await everyPage(test, async (name) => {
      const width = await test.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 320, `${name} is ${width} px wide`);
    });
  },
  NARROW,
);

check("every page has a title, a language and one first heading", async (test) => {
  await everyPage(test, async (name) => {
    assert.notEqual(await test.page.title(), "", name);
    assert.equal(await test.page.locator("html").getAttribute("lang"), "en", name);
    assert.equal(await test.page.getByRole("heading", { level: 1 }).count(), 1, name);
  });
});

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

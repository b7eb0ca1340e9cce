// The button where pages are narrow, large of text, dark, or written from right to left.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { connectButton } from "stripe-connect-oauth";
import { launchBrowser } from "./support.mjs";

const css = readFileSync(new URL(import.meta.resolve("stripe-connect-oauth/button.css")), "utf8");

const LABELS = [undefined, "Mit Stripe verbinden", "Stripe-Zahlungskontoverbindung einrichten", "الربط مع Stripe"];
const SIZES = ["official", "large"];

/** Buttons in a column of this width: a link and a form of each size and label. */
function column(width, { dir = "ltr", text = "100%" } = {}) {
  const buttons = LABELS.flatMap((label) => SIZES.flatMap((size) => [connectButton({ href: "/", size, label }), connectButton({ action: "/", size, label })]));
  return `<!doctype html><html dir="${dir}" style="font-size: ${text}"><meta name="viewport" content="width=device-width"><style>${css}</style>
    <body style="margin: 0"><main style="inline-size: ${width}">${buttons.map((button) => `<p>${button}</p>`).join("")}</main>`;
}

/** What is in each button's way: where it and its label stand in the column. */
const places = (page) =>
  page.evaluate(() => {
    const outer = document.querySelector("main").getBoundingClientRect();
    const isIn = (one, other) => one.left >= other.left - 0.5 && one.right <= other.right + 0.5 && one.top >= other.top - 0.5 && one.bottom <= other.bottom + 0.5;
    return [...document.querySelectorAll(".stripe-connect")].map((button) => {
      const [box, label, mark] = [button, button.querySelector("span"), button.querySelector(".stripe-mark")].map((element) => element.getBoundingClientRect());
      const fits = isIn(box, outer) && [label, mark].every((part) => isIn(part, box)) && button.scrollWidth <= box.width;
      return { fits, width: box.width, height: box.height, name: button.textContent, isRight: box.left + box.right < mark.left + mark.right };
    });
  });

let browser, page;
before(async () => {
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 320, height: 640 } });
});
after(() => browser?.close());

for (const dir of ["ltr", "rtl"]) {
  for (const text of ["100%", "200%"]) {
    test(`in a narrow column nothing overflows, ${dir}, with text of ${text}`, async () => {
      for (const width of ["300px", "160px", "120px"]) {
        if (text === "200%" && width === "120px") continue; // narrower than the mark of the large button
        await page.setContent(column(width, { dir, text }));
        for (const { fits, name } of await places(page)) assert.ok(fits, `${name} in ${width}`);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, width);
      }
    });
  }
}

test("where there is room the button has Stripe's own size", async () => {
  await page.setContent(column("300px"));
  const [link, form] = await places(page);
  assert.deepEqual([link.height, link.width, form.height, form.width].map(Math.round), [38, 180, 38, 180]);
  for (const { name, height } of (await places(page)).slice(2, 4)) assert.equal(height, 48, `${name} is on one line`);
});

for (const dir of ["ltr", "rtl"]) {
  test(`the mark stands at its place in the label, whose own direction counts, ${dir}`, async () => {
    await page.setContent(column("300px", { dir }));
    const last = (await places(page)).filter(({ name }) => name.endsWith("Stripe"));
    assert.equal(last.length, 8);
    for (const { name, isRight } of last) assert.equal(isRight, name === "Connect with Stripe", name);
  });
}

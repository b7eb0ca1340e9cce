// The button's style sheet keeps what it says about itself.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

const css = readFileSync(new URL(import.meta.resolve("stripe-connect-oauth/button.css")), "utf8");
const rules = css.replace(/\/\*[\s\S]*?\*\//g, "");

/** The custom properties of the rule with this selector, outside of any @media. */
function properties(selector) {
  const start = rules.startsWith(`${selector} {`) ? 0 : rules.indexOf(`\n${selector} {`);
  assert.ok(start >= 0, selector);
  const body = rules.slice(rules.indexOf("{", start) + 1, rules.indexOf("\n}", start));
  return Object.fromEntries([...body.matchAll(/--stripe-connect-([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]));
}

const base = properties(".stripe-connect");
const LOOKS = {
  blurple: base,
  slate: { ...base, ...properties(".stripe-connect:where(.slate)") },
  white: { ...base, ...properties(".stripe-connect:where(.white)") },
};

/** `#abc` or `#aabbcc` as three numbers from 0 to 1. */
function channels(colour) {
  const [, hex] = /^#([0-9a-f]{3}|[0-9a-f]{6})$/.exec(colour) ?? assert.fail(`${colour} is no plain colour`);
  const pairs = hex.length === 3 ? [...hex].map((digit) => digit + digit) : hex.match(/../g);
  return pairs.map((pair) => parseInt(pair, 16) / 255);
}

/** WCAG 2.2's relative luminance. */
function luminance(colour) {
  const [red, green, blue] = channels(colour).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const full = (colour) => (colour.length === 4 ? colour.replace(/[0-9a-f]/g, "$&$&") : colour);

test("the contrast is WCAG's own", () => {
  assert.equal(contrast("#000", "#fff").toFixed(2), "21.00");
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
});

test("text has at least 4.5:1 in every state of every look", () => {
  for (const [look, colours] of Object.entries(LOOKS)) {
    for (const state of ["rest", "hover", "active"]) {
      const ratio = contrast(colours.text, colours[state]);
      assert.ok(ratio >= 4.5, `${look} ${state}: ${ratio.toFixed(2)}`);
    }
  }
});

test("the table in the style sheet says what the colours are", () => {
  let look;
  let rows = 0;
  for (const [, name, state, text, fill, ratio] of css.matchAll(/^ \* {3}(\w*) +(rest|hover|active)\b.*?(#[0-9a-f]{6}) +(#[0-9a-f]{6}) +([\d.]+)$/gm)) {
    look = name || look;
    rows++;
    assert.deepEqual([text, fill], [full(LOOKS[look].text), full(LOOKS[look][state])], `${look} ${state}`);
    assert.equal(contrast(text, fill).toFixed(2), ratio, `${look} ${state}`);
  }
  assert.equal(rows, 9);
  for (const [, a, b, ratio] of css.matchAll(/(#[0-9a-f]{6}) on (#[0-9a-f]{6}) +([\d.]+)/g)) {
    assert.equal(contrast(a, b).toFixed(2), ratio, `${a} on ${b}`);
  }
});

test("what is not text has at least 3:1: white's border, and the two bands of the focus ring", () => {
  assert.ok(contrast(LOOKS.white.border, LOOKS.white.rest) >= 3);
  for (const [look, colours] of Object.entries(LOOKS)) {
    assert.ok(contrast(colours["ring-inner"], colours["ring-outer"]) >= 3, look);
  }
});

test("the wordmark is the icon package's drawing, unchanged", () => {
  const icons = createRequire(import.meta.url)("@iconify-json/logos/icons.json");
  const icon = icons.icons.stripe;
  const mark = decodeURIComponent(/url\("data:image\/svg\+xml,([^"]+)"\)/.exec(css)[1]);
  const path = (svg) => / d=["']([^"']+)["']/.exec(svg)[1];
  assert.equal(path(mark), path(icon.body));
  assert.equal(/viewBox='([^']+)'/.exec(mark)[1], `0 0 ${icon.width ?? icons.width} ${icon.height ?? icons.height}`);
  assert.ok(!/script|href|on\w+=/i.test(mark));
});

test("it loads nothing from elsewhere", () => {
  assert.doesNotMatch(rules, /@import|url\((?!"data:)|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
});

test("every class the markup uses has a rule", () => {
  for (const name of ["stripe-connect", "stripe-connect-form", "stripe-mark", "slate", "white", "large"]) {
    assert.match(rules, new RegExp(`\\.${name}\\b`));
  }
});

test("the large size is a comfortable target, whatever the reader's text size", () => {
  const height = /\.stripe-connect:where\(\.large\) \{[^}]*min-block-size: ([\d.]+)rem/.exec(rules)[1];
  assert.ok(height * 16 >= 44);
});

test("focus is visible, forced colours and reduced motion are respected", () => {
  assert.match(rules, /:focus-visible \{[^}]*outline: [^;]*solid/);
  assert.doesNotMatch(rules, /outline: (none|0);/);
  assert.match(rules, /@media \(forced-colors: active\)/);
  assert.match(rules, /@media \(prefers-reduced-motion: no-preference\) \{\s*\.stripe-connect \{\s*transition/);
});

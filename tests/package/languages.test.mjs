// What people read, in the languages that the package has and in a platform's own words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCallback } from "stripe-connect-oauth";
import { createConnect } from "stripe-connect-oauth/edge";
import { createSandbox } from "stripe-connect-oauth/sandbox";
import de from "stripe-connect-oauth/languages/de";
import en from "stripe-connect-oauth/languages/en";
import { memoryStore } from "stripe-connect-oauth/stores/memory";
import { platform } from "./support.mjs";

const shop = (language) => platform({ createConnect, createSandbox, store: memoryStore(), options: { language } });
const page = async (language, outcome) => (await shop(language).request(`/connect/result/${outcome}`)).text();
const names = (part) => Object.keys(en).flatMap((name) => (name.endsWith(part) ? [name.slice(0, -part.length)] : []));

test("every language has the same texts, and nothing in English", () => {
  assert.ok(Object.keys(en).length > 120);
  assert.deepEqual(Object.keys(de), Object.keys(en));
  assert.deepEqual([de.lang, de.dir, en.lang, en.dir], ["de", "ltr", "en", "ltr"]);
  for (const name of Object.keys(en).filter((name) => name !== "dir")) assert.notEqual(de[name], en[name], name);
});

test("a page in another language", async () => {
  const denied = await page(de, "denied");
  assert.match(denied, /<html lang="de">/);
  assert.ok(denied.includes(`<h1>${de["denied.title"]}</h1><p>${de["denied.hint"]}</p>`), denied);
  assert.match(denied, /Mit <span class="stripe-mark">Stripe<\/span> verbinden/);
  assert.match(denied, />Zurück: /);
});

test("the English that is given is the English that is there", async () => {
  for (const outcome of names(".title")) {
    const { request } = shop(undefined);
    const page = await request(`/connect/result/${outcome}`);
    const given = await shop(en).request(`/connect/result/${outcome}`);
    assert.equal(await given?.text(), await page?.text(), outcome);
  }
});

test("a reply in another language", async () => {
  const { request, world } = shop(de);
  world.user = null;
  const { outcome, hint } = await (await request("/connect/connections")).json();
  assert.deepEqual([outcome, hint], ["not_signed_in", de["not_signed_in.hint"]]);
});

test("a platform's own words, beside a language's", async () => {
  const own = { ...de, "denied.hint": "<b>Schade</b>" };
  const denied = await page(own, "denied");
  assert.ok(denied.includes(`<h1>${de["denied.title"]}</h1><p>&lt;b&gt;Schade&lt;/b&gt;</p>`), denied);
});

test("what a language leaves out is in English", async () => {
  const denied = await page({ lang: "ar", dir: "rtl", "denied.title": "ألغيت" }, "denied");
  assert.match(denied, /<html lang="ar" dir="rtl">/);
  assert.ok(denied.includes(`<h1>ألغيت</h1><p>${en["denied.hint"]}</p>`), denied);
});

test("a page finds the text of a callback by its outcome or its reason", () => {
  const text = (name, part) => en[`page_style.${name}.${part}`] ?? en[`${name}.${part}`];
  const callbacks = ["", "?error=access_denied", "?code=ac_1", "?code=ac_1&error=x&state=y", "?error=server_error&state=s"];
  for (const query of callbacks) {
    const callback = parseCallback(query, { state: "s".repeat(43) });
    const name = callback.reason ?? callback.outcome;
    assert.equal(text(name, "hint"), callback.hint, name);
    assert.ok(text(name, "title"), name);
  }
});

// The button is exactly this markup, whatever text it is given.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectButton } from "stripe-connect-oauth";

const MARK = '<span>Connect with <span class="stripe-mark">Stripe</span></span>';

test("a link and a form are exactly this markup", () => {
  assert.equal(connectButton({ href: "/connect/start" }), `<a href="/connect/start" class="stripe-connect" dir="ltr">${MARK}</a>`);
  assert.equal(
    connectButton({ action: "/connect/start" }),
    `<form class="stripe-connect-form" method="post" action="/connect/start"><button type="submit" class="stripe-connect" dir="ltr">${MARK}</button></form>`,
  );
  assert.equal(
    connectButton({ action: "/connect/start", look: "white", size: "large", label: "Mit Stripe verbinden" }),
    '<form class="stripe-connect-form" method="post" action="/connect/start">' +
      '<button type="submit" class="stripe-connect white large"><span>Mit <span class="stripe-mark">Stripe</span> verbinden</span></button></form>',
  );
});

test("each look and size is a class, the defaults none", () => {
  for (const [look, name] of [["blurple", ""], ["slate", " slate"], ["white", " white"]]) {
    for (const [size, height] of [["official", ""], ["large", " large"]]) {
      const markup = connectButton({ href: "/", look, size });
      assert.ok(markup.includes(`class="stripe-connect${name}${height}"`), markup);
    }
  }
});

test("an address that leads to a page is accepted", () => {
  for (const href of ["/", "/connect/start?x=1#y", "https://connect.stripe.com/oauth/authorize?a=b&c=d", "http://localhost:8787/", "/%2f%2fevil"]) {
    assert.ok(connectButton({ href }).startsWith(`<a href="${href.replaceAll("&", "&amp;")}" class=`));
  }
});

const POLYGLOTS = [
  `"><script>alert(1)</script>`,
  `' onmouseover='alert(1)`,
  `" autofocus onfocus="alert(1)`,
  "</button></form><img src=x onerror=alert(1)>",
  "&quot;&#34;&lt;script&gt;",
  "<!-- --> <![CDATA[ ]]>",
  "`${alert(1)}` {{7*7}}",
  "\u2028\u2029\ufeff",
];

/** Takes markup apart: tags with their attributes, and the text between, entities resolved. */
function takeApart(markup) {
  const plain = (text) =>
    text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name]);
  const tags = [];
  let text = "";
  const rest = markup.replace(/<(\/?[a-z]+)((?: [a-z]+="[^"<>]*")*)>|([^<>"]+)/g, (_, tag, attributes, run) => {
    if (run !== undefined) text += plain(run);
    else tags.push({ tag, attributes: Object.fromEntries([...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, name, value]) => [name, plain(value)])) });
    return "";
  });
  assert.equal(rest, "", `it is not well-formed: ${markup}`);
  return { tags, text };
}

test("no text given to the button becomes markup", () => {
  const form = takeApart(connectButton({ action: "/a" })).tags.map(({ tag }) => tag);
  for (const text of POLYGLOTS) {
    const { tags, text: shown } = takeApart(
      connectButton({ action: `/${text}`, label: `${text} Stripe ${text}` }),
    );
    assert.deepEqual(tags.map(({ tag }) => tag), form);
    assert.deepEqual(tags[0].attributes, { class: "stripe-connect-form", method: "post", action: `/${text}` });
    assert.deepEqual(tags[1].attributes, { type: "submit", class: "stripe-connect" });
    assert.equal(shown, `${text} Stripe ${text}`);

    const link = takeApart(connectButton({ href: `https://shop.example/${text}` }));
    assert.deepEqual(link.tags[0].attributes, { href: `https://shop.example/${text}`, class: "stripe-connect", dir: "ltr" });
  }
});

test("the accessible name is the whole text: the mark is a word, not a picture", () => {
  assert.equal(takeApart(connectButton({ href: "/" })).text, "Connect with Stripe");
});

// The parameters that are accepted, and the URL that comes of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { authorizeUrl, newState, parseCallback } from "stripe-connect-oauth";
import { CALLBACK, STATE } from "./refusals.mjs";

const HOSTILE = [
  "plain",
  "with space",
  "a+b",
  "a&b=c;d",
  "50% off",
  "%20",
  "#?/\\",
  "é ü 漢字 🍣",
  "\u202Eevil",
  `"'<>&\``,
  "a,b~c!d*e(f)g",
  "\ud800 lone",
];

// authorizeUrl

test("the authorize URL holds what was given, in Stripe's names, and nothing else", () => {
  const url = authorizeUrl(
    {
      client_id: "ca_123",
      state: STATE,
      redirect_uri: "https://shop.example/connect/callback?from=stripe",
      response_type: "code",
      scope: "read_write",
      stripe_landing: "register",
      always_prompt: true,
      stripe_user: { email: "ada+pay@example.com", url: "https://ada.example/?a=b&c", country: "GB", first_name: "Ada" },
    },
    { flow: "standard", livemode: false },
  );
  assert.equal(
    url,
    "https://connect.stripe.com/oauth/authorize?response_type=code&client_id=ca_123" +
      "&redirect_uri=https%3A%2F%2Fshop.example%2Fconnect%2Fcallback%3Ffrom%3Dstripe" +
      `&state=${STATE}&scope=read_write&stripe_landing=register&always_prompt=true` +
      "&stripe_user%5Bemail%5D=ada%2Bpay%40example.com&stripe_user%5Burl%5D=https%3A%2F%2Fada.example%2F%3Fa%3Db%26c" +
      "&stripe_user%5Bcountry%5D=GB&stripe_user%5Bfirst_name%5D=Ada",
  );
});

test("an absent scope stays absent, and so does everything else that is optional", () => {
  const bare = `https://connect.stripe.com/oauth/authorize?response_type=code&client_id=ca_123&state=${STATE}`;
  const nothing = Object.fromEntries(
    ["redirect_uri", "response_type", "scope", "stripe_landing", "always_prompt", "stripe_user"].map((name) => [name, undefined]),
  );
  assert.equal(authorizeUrl({ client_id: "ca_123", state: STATE }), bare);
  assert.equal(authorizeUrl({ ...nothing, client_id: "ca_123", state: STATE }, undefined), bare);
  assert.equal(authorizeUrl({ client_id: "ca_123", state: STATE, stripe_user: { email: undefined } }, { livemode: undefined }), bare);
});

test("a URL, read back, holds the very text that was given", () => {
  for (const text of HOSTILE) {
    const url = new URL(authorizeUrl({ client_id: "ca_123", state: STATE, stripe_user: { business_name: text, last_name: text } }));
    assert.equal(url.origin + url.pathname, "https://connect.stripe.com/oauth/authorize");
    const expected = text.toWellFormed?.() ?? text.replace("\ud800", "\ufffd");
    assert.equal(url.searchParams.get("stripe_user[business_name]"), expected);
    assert.equal(url.searchParams.get("stripe_user[last_name]"), expected);
    assert.equal([...url.searchParams].length, 5);
    // The same bytes as the platform's own encoder.
    assert.equal(url.search, `?${url.searchParams}`);
  }
});

test("the first registered redirect URI is the default, and any registered one may be asked for", () => {
  const asked = (redirect_uri, redirect_uris) =>
    new URL(authorizeUrl({ client_id: "ca_123", state: STATE, redirect_uri }, { redirect_uris })).searchParams.get("redirect_uri");
  const [first, second] = [CALLBACK, "https://shop.example/b?x=1"];
  assert.equal(asked(undefined, [first, second]), first);
  assert.equal(asked(second, [first, second]), second);
  assert.equal(asked(second, undefined), second);
  assert.equal(asked("https://SHOP.example:443/%7E", undefined), "https://SHOP.example:443/%7E");
});

test("http is for this machine, outside live mode", () => {
  for (const redirect_uri of ["http://localhost/cb", "http://localhost:3000/cb", "http://127.0.0.1:1/cb", "http://[::1]:8787/cb"]) {
    const url = authorizeUrl({ client_id: "ca_123", state: STATE, redirect_uri }, { livemode: false });
    assert.equal(new URL(url).searchParams.get("redirect_uri"), redirect_uri);
  }
});

test("a stand-in for Stripe is an origin", () => {
  for (const connect_base of ["http://localhost:12111", "https://stripe.example"]) {
    assert.ok(authorizeUrl({ client_id: "ca_123", state: STATE }, { connect_base }).startsWith(`${connect_base}/oauth/authorize?`));
  }
});

/** An authorize URL's address and its decoded parameters but the required ones. */
function sent(params, options) {
  const { origin, pathname, searchParams } = new URL(authorizeUrl({ client_id: "ca_123", state: STATE, ...params }, options));
  const { client_id, state, ...rest } = Object.fromEntries(searchParams);
  assert.deepEqual([client_id, state], ["ca_123", STATE]);
  assert.equal([...searchParams].length, 2 + Object.keys(rest).length, "no parameter stands twice");
  return [origin + pathname, rest];
}

const CODE = { response_type: "code" };

test("each flow has its own address and parameters", () => {
  const table = [
    [{}, {}, "https://connect.stripe.com/oauth/authorize", CODE],
    [{}, { flow: "standard" }, "https://connect.stripe.com/oauth/authorize", CODE],
    [CODE, { flow: "standard" }, "https://connect.stripe.com/oauth/authorize", CODE],
    [{}, { flow: "express" }, "https://connect.stripe.com/express/oauth/authorize", CODE],
    [CODE, { flow: "express" }, "https://connect.stripe.com/express/oauth/authorize", CODE],
    [
      { suggested_capabilities: ["card_payments", "transfers"] },
      { flow: "express" },
      "https://connect.stripe.com/express/oauth/authorize",
      { ...CODE, "suggested_capabilities[0]": "card_payments", "suggested_capabilities[1]": "transfers" },
    ],
    [{ redirect_uri: CALLBACK }, { flow: "app" }, "https://marketplace.stripe.com/oauth/v2/authorize", { redirect_uri: CALLBACK }],
    [{}, { flow: "app", redirect_uris: [CALLBACK] }, "https://marketplace.stripe.com/oauth/v2/authorize", { redirect_uri: CALLBACK }],
    [{}, { flow: "app", channel_link: "chnlink_61Pr" }, "https://marketplace.stripe.com/oauth/v2/chnlink_61Pr/authorize", {}],
  ];
  for (const [params, options, address, rest] of table) assert.deepEqual(sent(params, options), [address, rest]);
});

test("a stand-in stands for every host of Stripe's", () => {
  const connect_base = "http://localhost:12111";
  assert.equal(sent({}, { connect_base })[0], `${connect_base}/oauth/authorize`);
  assert.equal(sent({}, { connect_base, flow: "express" })[0], `${connect_base}/express/oauth/authorize`);
  assert.equal(sent({}, { connect_base, flow: "app" })[0], `${connect_base}/oauth/v2/authorize`);
  assert.equal(sent({}, { connect_base, flow: "app", channel_link: "chnlink_1" })[0], `${connect_base}/oauth/v2/chnlink_1/authorize`);
  const own = { connect_base: "https://connect.stripe.com", flow: "app" };
  assert.equal(sent({}, own)[0], "https://marketplace.stripe.com/oauth/v2/authorize", "Stripe's own origin is no stand-in");
});

test("a list or an object with nothing in it is left out", () => {
  assert.deepEqual(sent({ stripe_user: {} }, {})[1], CODE);
  for (const flow of ["standard", "express", "app"]) {
    assert.deepEqual(sent({ suggested_capabilities: [], stripe_user: {} }, { flow })[1], flow === "app" ? {} : CODE);
  }
});

test("a list is its items, whatever else hangs on the array", () => {
  const suggested_capabilities = Object.assign(["transfers"], { x: "card_payments" });
  assert.deepEqual(sent({ suggested_capabilities }, { flow: "express" })[1], { ...CODE, "suggested_capabilities[0]": "transfers" });
});

/** Every prefill field with a right value, of every type it may have, and how it is sent. */
const PREFILL = [
  ["email", "ada@example.com"],
  ["url", "https://ada.example/?a=b&c"],
  ["country", "JP"],
  ["phone_number", "4155552671"],
  ["business_name", "Jeanine & Jerome's Jellies"],
  ["business_type", "non_profit"],
  ["first_name", "Ada"],
  ["last_name", "Lovelace"],
  ["dob_day", 10],
  ["dob_day", "10"],
  ["dob_month", 12],
  ["dob_month", "12"],
  ["dob_year", 1985],
  ["dob_year", "1985"],
  ["street_address", "1-2-3 Jingūmae"],
  ["city", "Tokyo"],
  ["state", "NY"],
  ["zip", "150-0001"],
  ["zip", "1500001"],
  ["physical_product", true],
  ["physical_product", false],
  ["physical_product", "true"],
  ["physical_product", "false"],
  ["product_description", "Engines"],
  ["currency", "jpy"],
  ["first_name_kana", "エイダ"],
  ["first_name_kanji", "太郎"],
  ["last_name_kana", "ラブレス"],
  ["last_name_kanji", "山田"],
  ["gender", "female"],
  ["gender", "male"],
  ["block_kana", "1-2"],
  ["block_kanji", "一番"],
  ["building_kana", "ビル 3F"],
  ["building_kanji", "館"],
];
const ALL_OF_PREFILL = Object.fromEntries(PREFILL.toReversed?.() ?? [...PREFILL].reverse());

test("every prefill field is sent as it was given", () => {
  assert.equal(Object.keys(ALL_OF_PREFILL).length, 27);
  for (const [name, value] of PREFILL) {
    const stripe_user = { ...ALL_OF_PREFILL, [name]: value };
    const expected = Object.fromEntries(Object.entries(stripe_user).map(([name, value]) => [`stripe_user[${name}]`, String(value)]));
    assert.deepEqual(sent({ stripe_user }, {})[1], { ...CODE, ...expected });
  }
});

test("a prefill field that needs no other stands alone", () => {
  const alone = ["email", "url", "country", "business_name", "business_type", "first_name", "last_name", "street_address", "city", "zip",
    "physical_product", "product_description"];
  for (const name of alone) {
    assert.deepEqual(sent({ stripe_user: { [name]: ALL_OF_PREFILL[name] } }, {})[1], { ...CODE, [`stripe_user[${name}]`]: String(ALL_OF_PREFILL[name]) });
  }
});

test("the express flow takes the prefill fields that are not for Standard accounts alone", () => {
  const { street_address, city, state, zip, physical_product, currency, block_kana, block_kanji, building_kana, building_kanji, ...rest } =
    ALL_OF_PREFILL;
  for (const business_type of ["individual", "company"]) {
    const stripe_user = { ...rest, business_type };
    const [, pairs] = sent({ stripe_user }, { flow: "express" });
    assert.equal(Object.keys(pairs).length, 1 + Object.keys(stripe_user).length);
    assert.equal(pairs["stripe_user[business_type]"], business_type);
  }
});

// What Stripe shows on a page of JSON, and never sends back, is refused before anyone goes there.

test("Stripe never answers invalid_scope: only its two scopes are sent", () => {
  for (const scope of ["read_write", "read_only"]) assert.equal(sent({ scope }, {})[1].scope, scope);
  assert.throws(() => sent({ scope: "admin" }, {}), { code: "invalid_value", param: "scope" });
});

test("Stripe never answers invalid_redirect_uri for a URI that is no URL or not in redirect_uris", () => {
  assert.equal(sent({ redirect_uri: CALLBACK }, { redirect_uris: [CALLBACK] })[1].redirect_uri, CALLBACK);
  assert.throws(() => sent({ redirect_uri: "shop.example" }, {}), { code: "invalid_value", param: "redirect_uri" });
  assert.throws(() => sent({ redirect_uri: `${CALLBACK}/` }, { redirect_uris: [CALLBACK] }), { code: "redirect_uri_not_allowed" });
});

test("Stripe never answers invalid_request for want of a response_type", () => {
  for (const flow of ["standard", "express"]) assert.equal(sent({}, { flow })[1].response_type, "code");
});

test("Stripe never answers unsupported_response_type: code is the only one sent", () => {
  for (const flow of ["standard", "express"]) {
    assert.throws(() => sent({ response_type: "token" }, { flow }), { code: "invalid_value", param: "response_type" });
  }
});

test("Stripe never answers that no application matches a key or an account id", () => {
  for (const client_id of ["pk_test_123", "sk_test_123", "rk_test_123", "acct_123"]) {
    assert.throws(() => sent({ client_id }, {}), { code: "wrong_credential", param: "client_id" });
  }
});

test("a code challenge, which Connect has not, is no parameter", () => {
  for (const name of ["code_challenge", "code_challenge_method", "nonce", "prompt"]) {
    assert.throws(() => sent({ [name]: "x" }, {}), { code: "unknown_parameter", param: name });
  }
});

test("always_prompt is sent as it was given", () => {
  for (const always_prompt of [true, false]) {
    const url = new URL(authorizeUrl({ client_id: "ca_123", state: STATE, always_prompt }));
    assert.equal(url.searchParams.get("always_prompt"), String(always_prompt));
  }
});

test("fields a prototype brings along don't count", () => {
  const heir = Object.assign(Object.create({ scope: "read_write" }), { client_id: "ca_123", state: STATE });
  assert.ok(!authorizeUrl(heir).includes("scope"));
});

// newState

test("a state is 43 base64url characters and never the same", () => {
  const states = Array.from({ length: 200 }, newState);
  for (const state of states) {
    assert.match(state, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(Buffer.from(state, "base64url").toString("base64url"), state);
  }
  assert.equal(new Set(states).size, states.length);
});

test("a state is the host's random bytes and nothing else", (t) => {
  for (const byte of [0, 1, 0x7f, 0xfb, 0xff]) {
    const mocked = t.mock.method(crypto, "getRandomValues", (bytes) => bytes.fill(byte));
    assert.equal(newState(), Buffer.alloc(32, byte).toString("base64url"));
    mocked.mock.restore();
  }
});

test("ten thousand calls leave the core as it was", () => {
  const first = authorizeUrl({ client_id: "ca_123", state: STATE });
  for (let i = 0; i < 10_000; i++) parseCallback(`?code=ac_${i}&state=${STATE}`, { state: STATE });
  assert.equal(authorizeUrl({ client_id: "ca_123", state: STATE }), first);
});

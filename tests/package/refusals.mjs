// Every input the package refuses, and word for word what it says. A better wording is an edit here and, where Rust
// users read it too, in tests/front/refusals.rs.
//
// A row is { call, label, args, code, param, message }. `args` is a function where each try needs fresh
// ones; `storage` says what becomes of sessionStorage.
//
// Longer than 400 lines: it is one table, whose calls share the lists of what each parameter refuses.

import { parseCallback } from "stripe-connect-oauth";

/** 32 bytes in base64url, as newState() makes them. */
export const STATE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
export const CALLBACK = "https://shop.example/connect/callback";

/** An authorized callback nobody has spent. */
export const verified = () => parseCallback(`?code=ac_123&state=${STATE}`, { state: STATE });

const a = (count) => "a".repeat(count);

// What the messages say after the parameter's name.

const CA = "copy the one that begins with ca_ from the dashboard's Connect settings";
const SK = "give the platform's key that begins with sk_test_ or sk_live_, from the server's environment";
const NEW_STATE = "use a value from newState()";
const ROLL = "(roll it if a browser has seen it)";
const TEXT = "must be a string";
const TYPE = "has the wrong type";
const BOOLEAN = "must be true or false";
const UNKNOWN = "is not a parameter here: check its spelling";
const ASSERTED = "assert_capabilities";
const ASSERT = "belongs to the code exchange: leave it out here";
const ABSOLUTE = "must be absolute and begin with https://";
const CHARACTER = "has a character that must be percent-encoded (a host: in its xn-- form)";
const PERCENT = "has a % without two hexadecimal digits";
const FRAGMENT = "must not have a fragment";
const USER = "must not hold a user name or password";
const HOST = "has no valid host and port";
const PUNYCODE = "has an xn-- label that is no Punycode: let new URL() write the host";
const LINE = "must be text on one line, not blank";
const SITE_PATH = "must be a path of this site that begins with one slash, such as /payouts";
const DESTINATION = "must be an http or https URL, or a path that begins with one slash";
const PREFIX = "must be a path such as /connect, without a slash at its end";

/** What a person reads when a callback holds no code. */
export const HINTS = {
  denied: "You cancelled at Stripe. Nothing was connected.",
  failed: "Stripe could not connect the account. Please start again.",
  foreign: "This page was not reached from a connection started in this browser. Nothing was connected. Please start again.",
  damaged: "The link back from Stripe is damaged. Nothing was connected. Please start again.",
  expired: "Connecting took too long. Nothing was connected. Please start again.",
  another_subject: "Another user started this connection. Nothing was connected. Please start again.",
  already_used: "Your account may be connected already. If not, please start again.",
  none: "Nothing came back from Stripe.",
};

// What each parameter refuses, wherever it stands: [value, code, what].

const cyclic = { name: "loop" };
cyclic.self = cyclic;

/** Not a text. None of these may be turned into one and so slip through. */
const notText = [
  [42, "invalid_type", TEXT],
  [42n, "invalid_type", TEXT],
  [NaN, "invalid_type", TEXT],
  [true, "invalid_type", TEXT],
  [null, "invalid_type", TEXT],
  [Symbol("ca_123"), "invalid_type", TEXT],
  [() => "ca_123", "invalid_type", TEXT],
  [["ca_123"], "invalid_type", TEXT],
  [{ toString: () => "ca_123" }, "invalid_type", TEXT],
  [cyclic, "invalid_type", TEXT],
];

/** Objects without fields of their own: read as if they were absent, they would silently widen. */
const emptyObjects = [
  [{}, "invalid_type", TEXT],
  [[], "invalid_type", TEXT],
  [new URL(CALLBACK), "invalid_type", TEXT],
  [new Map([["x", "y"]]), "invalid_type", TEXT],
];

const notBoolean = [
  ["true", "invalid_type", BOOLEAN],
  [1, "invalid_type", BOOLEAN],
  [null, "invalid_type", BOOLEAN],
  [[true], "invalid_type", BOOLEAN],
  [{}, "invalid_type", BOOLEAN],
  [new Boolean(true), "invalid_type", BOOLEAN],
];

const notClientId = [
  [undefined, "missing_parameter", `is missing: ${CA}`],
  ["", "missing_parameter", `is missing: ${CA}`],
  ["sk_live_canary", "wrong_credential", `is a secret key ${ROLL}, not a client id: ${CA}`],
  ["rk_test_canary", "wrong_credential", `is a secret key ${ROLL}, not a client id: ${CA}`],
  ["pk_test_canary", "wrong_credential", `is a publishable key, not a client id: ${CA}`],
  ["acct_canary", "wrong_credential", `is an account id, not a client id: ${CA}`],
  ["whsec_canary", "wrong_credential", `is a webhook signing secret, not a client id: ${CA}`],
  ...["ca_", "CA_123", " ca_123", "ca_123\n", "ca_1-2", "ca_é", "ca_1\0", "ca_1&scope=x", "client"].map((value) => [
    value,
    "invalid_value",
    "must be ca_ and then only letters and digits",
  ]),
  [`ca_${a(253)}`, "too_long", "is longer than 255 bytes"],
  ...notText,
];

const notState = [
  [undefined, "missing_parameter", `is missing: ${NEW_STATE}`],
  ["", "missing_parameter", `is missing: ${NEW_STATE}`],
  // A constant, a user's id, base64 with padding, 31 or 33 bytes, and 43 characters that 32 bytes never make.
  ...["x", "user-1", `${STATE}=`, STATE.slice(1), `${STATE}A`, STATE.replace("A", "+"), `${STATE.slice(0, 42)}9`].map(
    (value) => [value, "invalid_value", `must be 32 random bytes in 43 base64url characters: ${NEW_STATE}`],
  ),
  ...notText,
];

const notHttpUrl = [
  ["shop.example/cb", "invalid_value", ABSOLUTE],
  ["/connect/callback", "invalid_value", ABSOLUTE],
  ["//shop.example/cb", "invalid_value", ABSOLUTE],
  ["HTTPS://shop.example/cb", "invalid_value", ABSOLUTE],
  [" https://shop.example/cb", "invalid_value", ABSOLUTE],
  ["javascript:alert(1)//https://", "invalid_value", ABSOLUTE],
  ["https://shop.example/a b", "invalid_value", CHARACTER],
  ["https://shop.example/cb\n", "invalid_value", CHARACTER],
  ["https://shop.example/\tcb", "invalid_value", CHARACTER],
  ["https://shop.example/\0cb", "invalid_value", CHARACTER],
  ["https://shop.example\\@evil.example/", "invalid_value", CHARACTER],
  ["https://bücher.example/cb", "invalid_value", CHARACTER],
  ["https://shop。example/cb", "invalid_value", CHARACTER],
  ["https://shop.example/%", "invalid_value", PERCENT],
  ["https://shop.example/%zz", "invalid_value", PERCENT],
  ["https://shop.example/cb#done", "invalid_value", FRAGMENT],
  ["https://shop.example#@evil.example/", "invalid_value", FRAGMENT],
  ["https://me:pw@shop.example/cb", "invalid_value", USER],
  ["https://shop.example@evil.example/", "invalid_value", USER],
  ["https://", "invalid_value", HOST],
  ["https:///cb", "invalid_value", HOST],
  ["https://shop..example/cb", "invalid_value", HOST],
  ["https://-shop.example/cb", "invalid_value", HOST],
  ["https://shop.example:/cb", "invalid_value", HOST],
  ["https://shop.example:0/cb", "invalid_value", HOST],
  ["https://shop.example:65536/cb", "invalid_value", HOST],
  ["https://127.1/cb", "invalid_value", HOST],
  ["https://0x7f000001/cb", "invalid_value", HOST],
  ["https://[::2]/cb", "invalid_value", HOST],
  ["https://xn--a.example/cb", "invalid_value", PUNYCODE],
  ["https://shop.XN--9.example/cb", "invalid_value", PUNYCODE],
];

const notRedirectUri = [
  ["", "missing_parameter", "is missing: leave it out, or give a registered URL"],
  [`https://shop.example/${a(2028)}`, "too_long", "is longer than 2048 bytes"],
  ...["http://shop.example/cb", "http://localhost.evil.example/cb", "http://127.0.0.2/cb"].map((value) => [
    value,
    "invalid_value",
    "must use https, or http on localhost",
  ]),
  ...["state=CA", "scope=admin", "error=0", "%63ode=1", "shop=7&iss=x", "error_description"].map((query) => [
    `https://shop.example/connect/callback?${query}`,
    "invalid_value",
    "has a parameter of Stripe's answer in its query: rename it",
  ]),
  ...notHttpUrl,
];

const notConnectBase = [
  ...notHttpUrl,
  ["http://stripe.example", "invalid_value", "must use https, or http on localhost"],
  ...["https://stripe.example/", "http://localhost:12111/oauth", "https://stripe.example?x"].map((value) => [
    value,
    "invalid_value",
    "must be an origin, with nothing after the port",
  ]),
  ...notText,
  ...emptyObjects,
];

const notScope = [
  ...["", "readonly", "READ_WRITE", "read_write read_only", "express"].map((value) => [
    value,
    "invalid_value",
    "must be read_write or read_only",
  ]),
  ...notText,
  ...emptyObjects,
];

const notLanding = [
  ...["", "signup", "Login"].map((value) => [value, "invalid_value", "must be login or register"]),
  ...notText,
];

const notSubject = [
  [undefined, "missing_parameter", "is missing: give the id of the signed-in user"],
  ["", "missing_parameter", "is missing: give the id of the signed-in user"],
  [a(256), "too_long", "is longer than 255 bytes"],
  ...["user\n1", "user\0", "user\x7f"].map((value) => [value, "invalid_value", "must not hold control characters"]),
  ...notText,
];

const notSecretKey = [
  [undefined, "missing_parameter", `is missing: ${SK}`],
  ["", "missing_parameter", `is missing: ${SK}`],
  ["pk_live_canary", "wrong_credential", `is a publishable key, not a secret key: ${SK}`],
  ["ca_canary", "wrong_credential", `is a client id, not a secret key: ${SK}`],
  ["acct_canary", "wrong_credential", `is an account id, not a secret key: ${SK}`],
  ["whsec_canary", "wrong_credential", `is a webhook signing secret, not a secret key: ${SK}`],
  ...["secret", "sk_canary", "Bearer sk_test_canary", " sk_test_canary"].map((value) => [
    value,
    "invalid_value",
    `is not a secret key: ${SK}`,
  ]),
  ...["sk_test_", "sk_live_can ary", "sk_test_canary\n", "rk_test_canary\0", "sk_test_…"].map((value) => [
    value,
    "invalid_value",
    "must be letters and digits after its prefix: it may be cut off or have a space",
  ]),
  [`sk_test_${a(248)}`, "too_long", "is longer than 255 bytes"],
  ...notText,
];

const CODE = "must be a code of two capital letters such as CA";
const BUSINESS = "must be sole_prop, corporation, non_profit, partnership, llc, individual or company";
const values = (what, ...refused) => refused.map((value) => [value, "invalid_value", what]);
const types = (what, ...refused) => refused.map((value) => [value, "invalid_type", what]);
const notLine = [
  ...values(LINE, "", " ", "\t", "Acme\nInc", "Acme\0"),
  ["é".repeat(251), "too_long", "is longer than 500 bytes"],
  ...types(TEXT, 42, true, null, ["x"]),
];

/** `stripe_user[…]`, by inner name. */
const notPrefill = {
  email: [
    ...values(
      "must be an e-mail address such as ada@example.com",
      "", "ada", "ada@", "@example.com", "a@b@c.co", "ada@localhost", "ada@.com", "ada@example.", "a da@example.com",
    ),
    [`${a(490)}@example.com`, "too_long", "is longer than 500 bytes"],
    ...types(TEXT, 42, null, ["ada@example.com"], { toString: () => "ada@example.com" }, cyclic),
    // One that can't become a text throws a TypeError to whoever tries.
    [Object.create(null), "invalid_type", TEXT],
  ],
  url: [...notHttpUrl, ["example.com", "invalid_value", ABSOLUTE]],
  country: values(CODE, "", "us", "USA", "U1", "ÜS", "JAPAN"),
  phone_number: [
    ...values("must be 10 digits and nothing else", "", "415555267", "41555526710", "415-555-2671", "+14155552671", "415555267x", "４155552671"),
    ...types(TEXT, 4155552671),
  ],
  business_type: values(BUSINESS, "", "Restaurant", "sole prop", "LLC", "llc,", "or", "government_entity"),
  dob_day: [
    ...values("must be a number from 1 to 31", "", "0", "32", "07", "-1", "1.5", "x", " 1", 0, 32, 1.5, -1, NaN, Infinity, 1e21),
    ...types(TEXT, true, null, [1], 1n),
  ],
  dob_month: [...values("must be a number from 1 to 12", "0", "13", "07", "July", 0, 13), ...types(TEXT, false)],
  dob_year: [...values("must be a number from 1901 to 9999", "1900", "10000", "85", "01985", 1900, 85), ...types(TEXT, null)],
  state: values(CODE, "", "ny", "New York", "N", "N1"),
  physical_product: [...values(BOOLEAN, "", "True", "yes", "1", "Food"), ...types(TEXT, 1, null, [true])],
  currency: values("must be a code of three small letters such as usd", "", "USD", "us", "usdt", "u5d", "€"),
  gender: values("must be male or female", "", "Male", "f", "other"),
};
for (const name of [
  "business_name", "first_name", "last_name", "street_address", "city", "zip", "product_description",
  "first_name_kana", "first_name_kanji", "last_name_kana", "last_name_kanji",
  "block_kana", "block_kanji", "building_kana", "building_kanji",
]) notPrefill[name] = notLine;

/** What Stripe's form took once. */
const RETIRED = ["shipping_days", "product_category", "average_payment", "past_year_volume"];

/** Fields that lack what they need: [stripe_user, code, param, what]. */
const NEEDY = [
  ...["phone_number", "state", "currency"].map((name) => [
    { [name]: { phone_number: "4155552671", state: "NY", currency: "usd" }[name] },
    "missing_parameter",
    "country",
    `is missing: stripe_user[${name}] needs it`,
  ]),
  [{ dob_day: 1 }, "missing_parameter", "dob_month", "is missing: stripe_user[dob_day] needs it"],
  [{ dob_day: 1, dob_month: 2 }, "missing_parameter", "dob_year", "is missing: stripe_user[dob_day] needs it"],
  [{ dob_month: 2, dob_year: 1985 }, "missing_parameter", "dob_day", "is missing: stripe_user[dob_month] needs it"],
  [{ dob_year: "1985", dob_day: "1" }, "missing_parameter", "dob_month", "is missing: stripe_user[dob_year] needs it"],
  ...["first_name_kana", "first_name_kanji", "last_name_kana", "last_name_kanji", "gender", "block_kana", "block_kanji",
    "building_kana", "building_kanji"].flatMap((name) => {
    const what = `must be JP: stripe_user[${name}] needs it`;
    const given = { [name]: name === "gender" ? "female" : "ビル", zip: "150-0001" };
    return [
      [given, "missing_parameter", "country", what],
      [{ ...given, country: "US" }, "invalid_value", "country", what],
    ];
  }),
  ...["block_kana", "block_kanji", "building_kana", "building_kanji"].flatMap((name) => {
    const what = `must be a Japanese postal code such as 150-0001: stripe_user[${name}] needs it`;
    const given = { country: "JP", [name]: "ビル" };
    return [
      [given, "missing_parameter", "zip", what],
      ...["94103", "1500-001", "150-00010", "15O-0001", "150-0001 ", "150 0001", "15000010"].map((zip) => [
        { ...given, zip },
        "invalid_value",
        "zip",
        what,
      ]),
    ];
  }),
];

const notCapability = [
  ...values(
    "must be transfers, card_payments, tax_reporting_us_1099_k or tax_reporting_us_1099_misc",
    "", "Transfers", "transfer", "or", "legacy_payments",
  ),
  ...types(TEXT, 42, null, undefined, ["transfers"]),
];

const notChannelLink = [
  ...values("must be chnlink_ and then only letters and digits", "", "chnlink_", "ca_123", "chnlink_1/authorize?x", "chnlink_1\0"),
  [`chnlink_${a(248)}`, "too_long", "is longer than 255 bytes"],
  ...notText,
];

/** Parameters with right values, which these flows do not have. */
const NOT_IN_FLOW = {
  standard: { suggested_capabilities: ["transfers"] },
  express: { scope: "read_write", stripe_landing: "login", always_prompt: true },
  app: {
    scope: "read_write",
    stripe_landing: "login",
    always_prompt: false,
    response_type: "code",
    suggested_capabilities: ["transfers"],
  },
};
const notIn = (flow) => `is not part of the ${flow} flow: leave it out`;
const STANDARD_TYPES = "sole_prop, corporation, non_profit, partnership or llc";
const JAPAN = { country: "JP" };
/** Prefill fields of the Standard flow alone. */
const STANDARD_ONLY = {
  street_address: "1 Main St", city: "Tokyo", state: "NY", zip: "150-0001", physical_product: true, currency: "jpy",
  block_kana: "ビル", block_kanji: "番", building_kana: "ビル", building_kanji: "番",
};

const path512 = (param) => [
  [`/${a(512)}`, "too_long", "is longer than 512 bytes"],
  ...["", "payouts", "https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "/\0", "/é"].map(
    (value) => [value, "invalid_value", SITE_PATH],
  ),
];

// The rows.

export const refusals = [];

const add = (call, label, args, code, param, what, more) =>
  refusals.push({ call, label, args, code, param, message: `${param} ${told(call, param, what)}`, ...more });

/** Lists that the browser's module has none of, or no room for: elsewhere a wrong one is told by what it should be. */
const LISTS = ["secrets", "secret_keys", "flows", "stylesheets", "redirect_uris", "suggested_capabilities", "assert_capabilities"];
const BROWSER = ["authorizeUrl", "beginConnect"];
/** Likewise the name that an unknown one is near to. */
const NEAR = { clientId: "client_id", secretKey: "secret_key", secret: "secrets", toleranse: "tolerance" };
const told = (call, param, what) => {
  if (BROWSER.includes(call)) return what;
  const near = { ...NEAR, ...(call === "createSandbox" && { secret_key: "secret_keys" }) };
  if (what === UNKNOWN && Object.hasOwn(near, param)) return `is not a parameter here: did you mean ${near[param]}?`;
  if (!(LISTS.includes(param) || param.endsWith("_secrets"))) return what;
  if (what === TYPE) return "must be a list of texts: of one, [text]";
  return what === TEXT ? "must be a list of texts, and one of them is no text" : what;
};

/** One row for each refused value; `args` puts it in its place. */
const each = (call, param, values, args) => {
  for (const [value, code, what] of values) {
    add(call, `${param} ${show(value)}`, args(value), code, param, what);
  }
};

function show(value) {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value !== "object" || value === null) return typeof value === "function" ? "function" : String(value?.description ?? value);
  return Object.prototype.toString.call(value) + (value === cyclic ? " cyclic" : "");
}

/** An argument that should be an object and is none. */
const NOT_AN_OBJECT = [null, 42, "ca_123", true, Symbol("options"), () => ({})];

// authorizeUrl and beginConnect share their parameters.

for (const [call, params, options] of [
  ["authorizeUrl", { client_id: "ca_123", state: STATE }, {}],
  ["beginConnect", { client_id: "ca_123" }, { subject: "user-1" }],
]) {
  const withParam = (name) => (value) => [{ ...params, [name]: value }, options];
  const withOption = (name) => (value) => [params, { ...options, [name]: value }];

  for (const value of NOT_AN_OBJECT) {
    add(call, `params ${show(value)}`, [value, options], "invalid_type", "options", TYPE);
    add(call, `options ${show(value)}`, [params, value], "invalid_type", "options", TYPE);
  }
  each(call, "client_id", notClientId, withParam("client_id"));
  each(call, "redirect_uri", [...notRedirectUri, ...notText, ...emptyObjects], withParam("redirect_uri"));
  each(call, "scope", notScope, withParam("scope"));
  each(call, "stripe_landing", notLanding, withParam("stripe_landing"));
  each(call, "always_prompt", notBoolean, withParam("always_prompt"));
  each(
    call,
    "response_type",
    [...["", "token", "CODE"].map((value) => [value, "invalid_value", "must be code, the only one Stripe has"]), ...notText],
    withParam("response_type"),
  );
  for (const [name, values] of Object.entries(notPrefill)) {
    each(call, `stripe_user[${name}]`, values, (value) => withParam("stripe_user")({ [name]: value }));
  }
  for (const name of RETIRED) {
    const param = `stripe_user[${name}]`;
    add(call, param, withParam("stripe_user")({ [name]: "1" }), "unknown_parameter", param, "is no longer a field of Stripe's: leave it out");
  }
  for (const [given, code, name, what] of NEEDY) {
    add(call, `stripe_user ${JSON.stringify(given)}`, withParam("stripe_user")(given), code, `stripe_user[${name}]`, what);
  }
  for (const name of ["name", "phone", "Email", "", "email]", "email][x", "__proto__x", "email\0string\0ada@example.com\0"]) {
    const param = `stripe_user[${name.replaceAll("\0", "\x01")}]`;
    add(call, param, withParam("stripe_user")({ [name]: "x" }), "unknown_parameter", param, UNKNOWN);
  }
  for (const value of ["ada@example.com", 42, null, true, [], ["ada@example.com"]]) {
    add(call, `stripe_user ${show(value)}`, withParam("stripe_user")(value), "invalid_type", "stripe_user", TYPE);
  }
  add(call, "stripe_user Map", withParam("stripe_user")(new Map([["email", "x"]])), "invalid_type", "stripe_user", TYPE);

  for (const name of ["clientId", "Scope", "code_challenge", "state ", "__proto__x", "x\0state", "toString"]) {
    const param = name.replaceAll("\0", "\x01");
    add(call, `params.${param}`, withParam(name)("x"), "unknown_parameter", param, UNKNOWN);
    add(call, `options.${param}`, withOption(name)("x"), "unknown_parameter", param, UNKNOWN);
  }
  // A NUL separates the packed fields: neither a name nor a value may bring one along.
  const smuggled = "client_id\0string\0ca_evil\0scope";
  add(call, "a field in a field's name", withParam(smuggled)("read_write"), "unknown_parameter", smuggled.replaceAll("\0", "\x01"), UNKNOWN);
  // Stripe's own spelling of a nested field is one; half of it is a mistake.
  add(call, "half a nested name", withParam("stripe_user[email")("x"), "unknown_parameter", "stripe_user[email", UNKNOWN);

  each(call, "livemode", notBoolean, withOption("livemode"));
  each(
    call,
    "flow",
    [...["", "custom", "Express", "or"].map((value) => [value, "invalid_value", "must be standard, express or app"]), ...notText],
    withOption("flow"),
  );

  // Each flow refuses what is another's.
  const inFlow = (flow) => (name) => (value) => [{ ...params, [name]: value }, { ...options, flow }];
  for (const [flow, others] of Object.entries(NOT_IN_FLOW)) {
    for (const [name, value] of Object.entries(others)) {
      add(call, `${name} in the ${flow} flow`, inFlow(flow)(name)(value), "unknown_parameter", name, notIn(flow));
    }
  }
  // Whatever its value, as in the URL of an app's marketplace.
  for (const [flow, name] of [["app", "scope"], ["express", "scope"], ["app", "stripe_landing"]]) {
    add(call, `${name} stripe_apps in the ${flow} flow`, inFlow(flow)(name)("stripe_apps"), "unknown_parameter", name, notIn(flow));
  }
  for (const [name, value] of Object.entries(STANDARD_ONLY)) {
    add(call, `${name} in the express flow`, inFlow("express")("stripe_user")({ ...JAPAN, [name]: value }), "unknown_parameter", `stripe_user[${name}]`, notIn("express"));
  }
  for (const [name, value] of Object.entries({ ...JAPAN, email: "ada@example.com" })) {
    add(call, `${name} in the app flow`, inFlow("app")("stripe_user")({ [name]: value }), "unknown_parameter", `stripe_user[${name}]`, notIn("app"));
  }
  for (const flow of ["standard", "express"]) {
    add(call, `channel_link in the ${flow} flow`, [params, { ...options, flow, channel_link: "chnlink_1" }], "unknown_parameter", "channel_link", notIn(flow));
    const [own, others] = flow === "standard" ? [STANDARD_TYPES, ["individual", "company"]] : ["individual or company", ["llc", "sole_prop"]];
    for (const business_type of others) {
      add(call, `${business_type} in the ${flow} flow`, inFlow(flow)("stripe_user")({ business_type }), "invalid_value", "stripe_user[business_type]", `must be ${own}`);
    }
  }
  each(call, "channel_link", notChannelLink, (value) => [params, { ...options, flow: "app", channel_link: value }]);
  each(call, "suggested_capabilities", notCapability, (value) => inFlow("express")("suggested_capabilities")([value]));
  for (const value of ["transfers", 42, null, true, {}, { 0: "transfers" }, new Set(["transfers"])]) {
    add(call, `suggested_capabilities ${show(value)}`, inFlow("express")("suggested_capabilities")(value), "invalid_type", "suggested_capabilities", TYPE);
  }
  // A capability is asserted when the code is exchanged.
  add(call, "assert_capabilities", inFlow("express")("assert_capabilities")(["transfers"]), "unknown_parameter", "assert_capabilities", ASSERT);

  each(call, "connect_base", notConnectBase, withOption("connect_base"));

  // redirect_uris: each of them is one; `redirect_uri` must equal one.
  each(call, "redirect_uri", notRedirectUri, (value) => withOption("redirect_uris")([value]));
  for (const value of [42, null, true, [], {}]) {
    add(call, `redirect_uris [${show(value)}]`, withOption("redirect_uris")([value]), "invalid_type", "redirect_uris", TEXT);
  }
  for (const value of [CALLBACK, 42, null, () => [], {}, { 0: CALLBACK }]) {
    add(call, `redirect_uris ${show(value)}`, withOption("redirect_uris")(value), "invalid_type", "redirect_uris", TYPE);
  }
  // An allowlist that came out empty would allow everything.
  add(call, "redirect_uris Set", withOption("redirect_uris")(new Set([CALLBACK])), "invalid_type", "redirect_uris", TYPE);
  add(call, "redirect_uris [undefined]", withOption("redirect_uris")([undefined]), "invalid_type", "redirect_uris", TEXT);
  add(call, "redirect_uris empty", withOption("redirect_uris")([]), "invalid_value", "redirect_uris", "must list a URI");

  const live = { ...options, livemode: true };
  add(call, "http in live mode", [{ ...params, redirect_uri: "http://localhost/cb" }, live], "invalid_value", "redirect_uri", "must use https in live mode");
  for (const value of ["https://shop.example/CB", `${CALLBACK}/`, `${CALLBACK}?a=1`, "https://shop.example:443/connect/callback", "https://evil.example/"]) {
    add(
      call,
      `redirect_uri ${value} beside redirect_uris`,
      [{ ...params, redirect_uri: value }, { ...options, redirect_uris: [CALLBACK, "https://shop.example/b"] }],
      "redirect_uri_not_allowed",
      "redirect_uri",
      "must equal one of redirect_uris, character for character",
    );
  }
}

each("authorizeUrl", "state", [...notState, ...emptyObjects.slice(0, 2)], (value) => [{ client_id: "ca_123", state: value }]);
add("authorizeUrl", "nothing", [], "missing_parameter", "state", `is missing: ${NEW_STATE}`);

each("beginConnect", "subject", notSubject, (value) => [{ client_id: "ca_123" }, { subject: value }]);
add("beginConnect", "no options", [{ client_id: "ca_123" }], "missing_parameter", "subject", notSubject[0][2]);
add("beginConnect", "a state", [{ client_id: "ca_123", state: STATE }, { subject: "user-1" }], "invalid_value", "state", "is made and kept by beginConnect: leave it out");

for (const value of [0, 3601, 0.5, -1, NaN, Infinity]) {
  add("beginConnect", `flow_lifetime ${value}`, [{ client_id: "ca_123" }, { subject: "user-1", flow_lifetime: value }], "invalid_value", "flow_lifetime", "must be 1 to 3600 seconds");
}
for (const value of ["60", null, true, 60n, [60], {}]) {
  add("beginConnect", `flow_lifetime ${typeof value} ${show(value)}`, [{ client_id: "ca_123" }, { subject: "user-1", flow_lifetime: value }], "invalid_type", "flow_lifetime", "has the wrong type");
}

// finishConnect

each("finishConnect", "subject", notSubject.slice(1), (value) => ["?code=ac_1", { subject: value }]);
for (const value of NOT_AN_OBJECT) {
  add("finishConnect", `options ${show(value)}`, ["?code=ac_1", value], "invalid_type", "options", TYPE);
}
add("finishConnect", "a state", ["?code=ac_1", { state: STATE }], "unknown_parameter", "state", UNKNOWN);

const STORAGE = "is blocked or this is no page: allow site data, call it in the page or use the edge style";
for (const [call, args] of [
  ["beginConnect", [{ client_id: "ca_123" }, { subject: "user-1" }]],
  ["finishConnect", ["?code=ac_1"]],
]) {
  for (const storage of ["absent", "denied", "null", "full", "of no page"]) {
    add(call, `storage ${storage}`, args, "storage_unavailable", "sessionStorage", STORAGE, { storage });
  }
}

// parseCallback

each("parseCallback", "state", notState, (value) => ["?code=ac_1", { state: value }]);
add("parseCallback", "no options", ["?code=ac_1"], "missing_parameter", "state", `is missing: ${NEW_STATE}`);
for (const value of NOT_AN_OBJECT) {
  add("parseCallback", `options ${show(value)}`, ["?code=ac_1", value], "invalid_type", "options", TYPE);
}
add("parseCallback", "a scope", ["?code=ac_1", { state: STATE, scope: "read_write" }], "unknown_parameter", "scope", UNKNOWN);

const INPUT = "must be a URL or its query";
for (const value of [undefined, null, 42, true, {}, [], () => "", Symbol("?"), { href: 42 }, { href: {} }]) {
  add("parseCallback", `input ${show(value)}`, [value, { state: STATE }], "invalid_type", "input", INPUT);
}

// connectButton

const GIVE = "is missing: give href for a link, or action for a form";
add("connectButton", "nothing", [], "missing_parameter", "href", GIVE);
for (const value of NOT_AN_OBJECT) {
  add("connectButton", `options ${show(value)}`, [value], "invalid_type", "options", TYPE);
}
add("connectButton", "neither", [{ look: "slate" }], "missing_parameter", "href", GIVE);
add("connectButton", "both", [{ href: "/a", action: "/b" }], "invalid_value", "action", "can't stand beside href: give one of them");
for (const param of ["href", "action"]) {
  each(
    "connectButton",
    param,
    [
      ["", "missing_parameter", "is missing: give the address the button leads to"],
      [`/${a(8192)}`, "too_long", "is longer than 8192 bytes"],
      ...["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example", "/\\evil.example",
        "\\\\evil.example", "connect", "?x", "#x", "HTTP://shop.example", " /connect", "/\t/evil.example", "/\n", "/\0", "https:evil.example",
      ].map((value) => [value, "invalid_value", DESTINATION]),
      ...notText,
      [new URL(CALLBACK), "invalid_type", TEXT],
    ],
    (value) => [{ [param]: value }],
  );
}
const withButton = (name) => (value) => [{ href: "/connect/start", [name]: value }];
each("connectButton", "look", [...["", "blue", "Slate"].map((value) => [value, "invalid_value", "must be blurple, slate or white"]), ...notText], withButton("look"));
each("connectButton", "size", [...["", "small", "38px"].map((value) => [value, "invalid_value", "must be official or large"]), ...notText], withButton("size"));
each(
  "connectButton",
  "label",
  [
    ...["", "Connect", "stripe", "STRIPE", "Stripe or Stripe"].map((value) => [
      value,
      "invalid_value",
      "must hold the word Stripe once",
    ]),
    [`Stripe ${a(8192)}`, "too_long", "is longer than 8192 bytes"],
    ...notText,
  ],
  withButton("label"),
);
add("connectButton", "fields", withButton("fields")({ x: "y" }), "unknown_parameter", "fields", UNKNOWN);
for (const name of ["style", "class", "onclick", "hreff"]) {
  add("connectButton", name, withButton(name)("x"), "unknown_parameter", name, UNKNOWN);
}

// exchangeCode

const SPENT =
  "is not an authorized result of parseCallback, or its code was spent already: a code is exchanged once";
const KEY = { secret_key: "sk_test_canary" };
for (const [label, value] of [
  ["a code", "ac_123"],
  ["a look-alike", { outcome: "authorized", code: "ac_123" }],
  ["undefined", undefined],
  ["null", null],
  ["a number", 42],
  ["a symbol", Symbol("ac_123")],
]) {
  add("exchangeCode", label, [value, KEY], "unverified_callback", "callback", SPENT);
}
for (const [label, args] of [
  ["a copy", () => [{ ...verified() }, KEY]],
  ["a JSON round trip", () => [JSON.parse(JSON.stringify(verified())), KEY]],
  ["a structured clone", () => [structuredClone(verified()), KEY]],
  ["an heir", () => [Object.create(verified()), KEY]],
  ["a denial", () => [parseCallback(`?error=access_denied&state=${STATE}`, { state: STATE }), KEY]],
  ["a rejection", () => [parseCallback("?code=ac_123&state=x", { state: STATE }), KEY]],
]) {
  add("exchangeCode", label, args, "unverified_callback", "callback", SPENT);
}
each("exchangeCode", "secret_key", notSecretKey, (value) => () => [verified(), { secret_key: value }]);
each("exchangeCode", "connect_base", notConnectBase, (value) => () => [verified(), { ...KEY, connect_base: value }]);
for (const name of ["client_id", "apiKey", "idempotency_key"]) {
  add("exchangeCode", name, () => [verified(), { ...KEY, [name]: "x" }], "unknown_parameter", name, UNKNOWN);
}
add("exchangeCode", "no options", () => [verified()], "missing_parameter", "secret_key", `is missing: ${SK}`);
for (const value of NOT_AN_OBJECT) {
  add("exchangeCode", `options ${show(value)}`, () => [verified(), value], "invalid_type", "options", TYPE);
}
for (const value of [42, "x", {}]) {
  add("exchangeCode", `fetch ${show(value)}`, () => [verified(), { ...KEY, fetch: value }], "invalid_type", "fetch", "must be a function");
  add("exchangeCode", `signal ${show(value)}`, () => [verified(), { ...KEY, signal: value }], "invalid_type", "signal", "must be an AbortSignal");
}

// createConnect

/** Options that are right; the store and `identify` are never reached. */
export const CONNECT = {
  client_id: "ca_123",
  secret_key: "sk_test_canary",
  redirect_uri: CALLBACK,
  cookie_secrets: ["a cookie secret of 32 characters"],
  store: {
    ...{ claim() {}, claimed() {}, claimsSince() {}, settle() {}, connections() {}, disconnected() {}, connectionsOf() {} },
    ...{ disconnect() {}, forget() {}, erase() {}, beginEvent() {}, finishEvent() {}, releaseEvent() {} },
  },
  identify: () => null,
};
const withConnect = (name) => (value) => [{ ...CONNECT, [name]: value }];
each("createConnect", "client_id", notClientId, withConnect("client_id"));
each("createConnect", "secret_key", notSecretKey, withConnect("secret_key"));
const GIVE_CALLBACK = "is missing: give the registered URL of the handler's callback";
each(
  "createConnect",
  "redirect_uri",
  [
    [undefined, "missing_parameter", GIVE_CALLBACK],
    ["", "missing_parameter", GIVE_CALLBACK],
    ...notRedirectUri.slice(1),
    ...["https://shop.example/", "https://shop.example/connect", `${CALLBACK}/`, "https://shop.example/Connect/callback"].map(
      (value) => [value, "invalid_value", "must have the path /connect/callback, where the handler listens"],
    ),
    ...notText,
  ],
  withConnect("redirect_uri"),
);
add("createConnect", "http with a live key", [{ ...CONNECT, secret_key: "sk_live_canary", redirect_uri: "http://localhost/connect/callback" }], "invalid_value", "redirect_uri", "must use https in live mode");
add("createConnect", "a prefix beside it", withConnect("prefix")("/pay"), "invalid_value", "redirect_uri", "must have the path /pay/callback, where the handler listens");
each("createConnect", "prefix", [...["", "/", "connect", "/connect/", "//connect", "/a b", "/a?b", "/a#b", "/a%2f", "/é", "/\\a", "/a\0"].map((value) => [value, "invalid_value", PREFIX]), ...notText], withConnect("prefix"));
each("createConnect", "scope", notScope, withConnect("scope"));
each("createConnect", "stripe_landing", notLanding, withConnect("stripe_landing"));
each("createConnect", "always_prompt", notBoolean, withConnect("always_prompt"));
each("createConnect", "page_style", notBoolean, withConnect("page_style"));
each("createConnect", "deferred_accounts", notBoolean, withConnect("deferred_accounts"));
each("createConnect", "flow", [...values("must be standard, express or app", "", "custom"), ...notText], withConnect("flow"));
each("createConnect", "suggested_capabilities", notCapability, (value) => [{ ...CONNECT, flow: "express", suggested_capabilities: [value] }]);
for (const value of ["transfers", 42, null]) {
  add("createConnect", `suggested_capabilities ${show(value)}`, withConnect("suggested_capabilities")(value), "invalid_type", "suggested_capabilities", TYPE);
}
each("createConnect", "assert_capabilities", notCapability, (value) => [{ ...CONNECT, flow: "express", assert_capabilities: [value] }]);
add("createConnect", "a capability that is not asserted", [{ ...CONNECT, flow: "express", assert_capabilities: ["tax_reporting_us_1099_k"] }], "invalid_value", ASSERTED, "may hold transfers and card_payments only");
for (const flow of ["standard", "app"]) {
  add("createConnect", `assert_capabilities in the ${flow} flow`, [{ ...CONNECT, flow, assert_capabilities: ["transfers"] }], "invalid_value", ASSERTED, "belongs to the express flow only: leave it out");
}
each("createConnect", "channel_link", notChannelLink, (value) => [{ ...CONNECT, flow: "app", channel_link: value }]);
for (const [flow, name] of [["app", "scope"], ["express", "scope"], ["app", "stripe_landing"]]) {
  add("createConnect", `${name} stripe_apps in the ${flow} flow`, [{ ...CONNECT, flow, [name]: "stripe_apps" }], "unknown_parameter", name, notIn(flow));
}
for (const [flow, others] of Object.entries({ ...NOT_IN_FLOW, standard: { ...NOT_IN_FLOW.standard, channel_link: "chnlink_1" } })) {
  for (const [name, value] of Object.entries(others).filter(([name]) => name !== "response_type")) {
    add("createConnect", `${name} in the ${flow} flow`, [{ ...CONNECT, flow, [name]: value }], "unknown_parameter", name, notIn(flow));
  }
}
each("createConnect", "connect_base", notConnectBase, withConnect("connect_base"));
each("createConnect", "platform_name", notText, withConnect("platform_name"));
const withText = (name) => (value) => withConnect("language")({ [name]: value });
for (const value of ["de", 42, null]) add("createConnect", `language ${show(value)}`, withConnect("language")(value), "invalid_type", "language", TYPE);
add("createConnect", "a text that is none", withText("deneid.title")("No"), "unknown_parameter", "language[deneid.title]", UNKNOWN);
each("createConnect", "language[denied.title]", [["", "invalid_value", "must be a line of text"], ["a\nb", "invalid_value", "must be a line of text"], [a(1001), "too_long", "is longer than 1000 bytes"], ...notText], withText("denied.title"));
each("createConnect", "language[button.label]", values("must hold the word Stripe once", "Connect", "Stripe or Stripe"), withText("button.label"));
each("createConnect", "language[lang]", [...values("must be a language tag such as en or de-AT", "", "d", "de\"", a(36)), ...notText], withText("lang"));
each("createConnect", "language[dir]", [...values("must be ltr or rtl", "", "up"), ...notText], withText("dir"));
each("createConnect", "return_to", [...path512("return_to"), ...notText], withConnect("return_to"));
each("createConnect", "when_done", [...values("must be page or return", "", "redirect", "Page"), ...notText], withConnect("when_done"));
const SIGN_IN = "must be a path of this site, such as /login, or an https URL";
each("createConnect", "sign_in_url", [...values(SIGN_IN, "login", "//evil.example", "/login#top", "http://shop.example/login", "javascript:alert(1)"), ...notText], withConnect("sign_in_url"));
each("createConnect", "stylesheets", path512("stylesheets"), (value) => withConnect("stylesheets")([value]));
const GIVE_SECRET = "give the endpoint's signing secret, which begins with whsec_";
each(
  "createConnect",
  "webhook_secrets",
  [
    ["", "missing_parameter", `is missing: ${GIVE_SECRET}`],
    ["undefined", "invalid_value", "must have 10 characters or more: it may be the word undefined, or a placeholder"],
    ["whsec_123 456", "invalid_value", "must be visible ASCII characters: it may have a space or a line break"],
    [a(256), "too_long", "is longer than 255 bytes"],
    ["sk_test_canary", "wrong_credential", `is a secret key (roll it if a browser has seen it), not a signing secret: ${GIVE_SECRET}`],
  ],
  (value) => withConnect("webhook_secrets")([value]),
);
// redirect_uris stands in place of redirect_uri.
const withUris = (value) => [{ ...CONNECT, redirect_uri: undefined, redirect_uris: value }];
const LIST = "is a list with commas, as the dashboard has it: give redirect_uris, a text for each URI";
each("createConnect", "redirect_uris", notRedirectUri.slice(1), (value) => withUris([value]));
add("createConnect", "redirect_uris a pasted list", withUris(`${CALLBACK},https://shop.example/b`), "invalid_type", "redirect_uris", LIST);
add("createConnect", "redirect_uris [a pasted list]", withUris([`${CALLBACK}, https://shop.example/b`]), "invalid_value", "redirect_uris", LIST);
add("createConnect", "redirect_uri a pasted list", withConnect("redirect_uri")(`${CALLBACK},https://shop.example/b`), "invalid_value", "redirect_uri", LIST);
add("createConnect", "redirect_uris empty", withUris([]), "missing_parameter", "redirect_uri", GIVE_CALLBACK);
add("createConnect", "redirect_uris beside redirect_uri", withConnect("redirect_uris")([CALLBACK]), "invalid_value", "redirect_uri", "can't stand beside redirect_uris: list it there");
add("createConnect", "redirect_uris at another route", withUris(["https://shop.example/connect/start"]), "invalid_value", "redirect_uris", "must not have the path of another route of the handler's");
add("createConnect", "redirect_uris at the first page", withUris(["https://shop.example/"]), "invalid_value", "redirect_uris", "must each have a path: the handler answers there, and no page of yours");
for (const value of [42, null]) add("createConnect", `redirect_uris ${show(value)}`, withUris(value), "invalid_type", "redirect_uris", TYPE);
for (const value of [42, null, ["x"]]) add("createConnect", `redirect_uris [${show(value)}]`, withUris([value]), "invalid_type", "redirect_uris", TEXT);
for (const name of ["cookie_secrets", "refresh_token_secrets", "stylesheets", "webhook_secrets"]) {
  for (const value of ["/style.css and more than 32 letters", 42, null]) {
    add("createConnect", `${name} ${show(value)}`, withConnect(name)(value), "invalid_type", name, TYPE);
  }
  for (const value of [42, null, ["x"]]) {
    add("createConnect", `${name} [${show(value)}]`, withConnect(name)([value]), "invalid_type", name, TEXT);
  }
}
for (const value of [undefined, []]) {
  add("createConnect", `cookie_secrets ${show(value)}`, withConnect("cookie_secrets")(value), "missing_parameter", "cookie_secrets", "is missing: give at least one random text of 32 characters or more");
}
for (const name of ["cookie_secrets", "refresh_token_secrets"]) {
  for (const value of [[""], [a(31)], [a(32), "short"]]) {
    add("createConnect", `${name} of ${value.map((text) => text.length)}`, withConnect(name)(value), "invalid_value", name, "must each have 32 random characters or more");
  }
}
for (const value of [0, 3601, 1e9]) {
  add("createConnect", `flow_lifetime ${value}`, withConnect("flow_lifetime")(value), "invalid_value", "flow_lifetime", "must be 1 to 3600 seconds");
}
for (const value of [1.5, -1, NaN, Infinity, 1e21]) {
  add("createConnect", `flow_lifetime ${value}`, withConnect("flow_lifetime")(value), "invalid_type", "flow_lifetime", "must be a whole number");
}
for (const value of ["60", true, null, 60n]) {
  add("createConnect", `flow_lifetime ${typeof value} ${value}`, withConnect("flow_lifetime")(value), "invalid_type", "flow_lifetime", "must be a whole number");
}
for (const name of ["secretKey", "livemode", "subject", "toString"]) {
  add("createConnect", name, withConnect(name)("x"), "unknown_parameter", name, UNKNOWN);
}
for (const value of [undefined, ...NOT_AN_OBJECT]) {
  add("createConnect", `options ${show(value)}`, [value], "invalid_type", "options", TYPE);
}
// What the handler calls is looked at before a person depends on it.
add("createConnect", "no store", withConnect("store")(undefined), "missing_parameter", "store", "is missing: give memoryStore(), d1Store(database), postgresStore(pool) or your own");
add("createConnect", "half a store", withConnect("store")({ claim() {} }), "invalid_type", "store", "must have the methods of Store: it lacks claimed, claimsSince, settle, connections, disconnected, connectionsOf, disconnect, forget, erase, beginEvent, finishEvent, releaseEvent");
add("createConnect", "no identify", withConnect("identify")(undefined), "missing_parameter", "identify", "is missing: give a function that says who is signed in");
for (const name of ["identify", "start", "prefill", "onEvent", "report", "fetch"]) {
  add("createConnect", `${name} a text`, withConnect(name)("x"), "invalid_type", name, "must be a function");
}

// createSandbox

each("createSandbox", "client_id", notClientId.slice(1), (value) => [{ client_id: value }]);
each("createSandbox", "name", notText, (value) => [{ name: value }]);
for (const value of ["", "latest", "2019-2-19", "2025-03-31", "2018-11-08.basil"]) {
  add("createSandbox", `api_version ${show(value)}`, [{ api_version: value }], "invalid_value", "api_version", "must be a version of Stripe's API such as 2018-11-08 or 2025-03-31.basil");
}
each("createSandbox", "api_version", notText, (value) => [{ api_version: value }]);
each("createSandbox", "livemode", notBoolean.filter(([value]) => !Array.isArray(value)), (value) => [{ livemode: value }]);
each("createSandbox", "redirect_uri", notRedirectUri, (value) => [{ redirect_uris: [value] }]);
each("createSandbox", "secret_key", notSecretKey.filter(([value]) => typeof value === "string"), (value) => [{ secret_keys: [value] }]);
for (const name of ["redirect_uris", "secret_keys"]) {
  for (const value of ["x", 42, null]) {
    add("createSandbox", `${name} ${show(value)}`, [{ [name]: value }], "invalid_type", name, TYPE);
  }
  for (const value of [42, null, ["x"]]) {
    add("createSandbox", `${name} [${show(value)}]`, [{ [name]: [value] }], "invalid_type", name, TEXT);
  }
}
add("createSandbox", "http in live mode", [{ livemode: true }], "invalid_value", "redirect_uri", "must use https in live mode");
for (const name of ["clientId", "store", "secret_key"]) {
  add("createSandbox", name, [{ [name]: "x" }], "unknown_parameter", name, UNKNOWN);
}
for (const value of NOT_AN_OBJECT) {
  add("createSandbox", `options ${show(value)}`, [value], "invalid_type", "options", TYPE);
}
for (const [value, code, what] of [
  ["ca_", "invalid_value", "must be ca_ and then only letters and digits"],
  ["sk_test_canary", "wrong_credential", `is a secret key ${ROLL}, not a client id: ${CA}`],
  [42, "invalid_type", TEXT],
]) {
  add("createSandbox", `live_client_id ${show(value)}`, [{ live_client_id: value }], code, "live_client_id", what);
}
add("createSandbox", "two live client ids", [{ livemode: true, redirect_uris: [CALLBACK], live_client_id: "ca_1" }], "invalid_value", "live_client_id", "goes with livemode false: client_id is the live one already");
for (const [value, code, what] of [
  [[], "missing_parameter", "is missing: give standard, express, both, or app alone"],
  [["app", "standard"], "invalid_value", "must have app alone, or not at all"],
  ["standard", "invalid_type", TYPE],
  [[42], "invalid_type", TEXT],
]) {
  add("createSandbox", `flows ${show(value)}`, [{ flows: value }], code, "flows", what);
}
add("createSandbox", "a flow there is not", [{ flows: ["custom"] }], "invalid_value", "flow", "must be standard, express or app");
for (const value of [true, null, {}, 42n]) add("createSandbox", `seed ${show(value)}`, [{ seed: value }], "invalid_type", "seed", "must be a string or a number");
add("createSandbox", "seed beside random", [{ seed: 1, random() {} }], "invalid_value", "seed", "goes without random: give one of the two");
const OBJECT = "must be a JSON object";
for (const value of ["x", 42, null, {}]) {
  add("createSandbox", `accounts ${show(value)}`, [{ accounts: value }], "invalid_type", "accounts", "must be a list");
  add("createSandbox", `faults ${show(value)}`, [{ faults: value }], "invalid_type", "faults", "must be a list");
}
for (const value of ["x", 42, null, []]) {
  add("createSandbox", `account ${show(value)}`, [{ accounts: [value] }], "invalid_type", "accounts", OBJECT);
  add("createSandbox", `fault ${show(value)}`, [{ faults: [value] }], "invalid_type", "faults", OBJECT);
  add("createSandbox", `webhook ${show(value)}`, [{ webhook: value }], "invalid_type", "webhook", OBJECT);
}
for (const [name, value] of [["accounts", [cyclic]], ["faults", [cyclic]], ["webhook", cyclic]]) {
  add("createSandbox", `cyclic ${name}`, [{ [name]: value }], "invalid_type", name, "must be what JSON can hold");
}
for (const [option, value, code, param, what] of [
  ["accounts", [{}], "missing_parameter", "id", "is missing: a connected account's id begins with acct_"],
  ["accounts", [{ id: "acct_1", state: "good" }], "invalid_value", "state", "must be active, onboarding, information_due, restricted, in_review, payouts_paused, paused or rejected"],
  ["accounts", [{ id: "acct_1", owner: "x" }], "unknown_parameter", "owner", UNKNOWN],
  ["faults", [{}], "missing_parameter", "fault", "is missing: give delay, reset_before, reset_after, 429, 500, 502, truncated, content_type, redirect, standard_oauth_disabled, not_signed_up, losses_not_acknowledged, requirements_not_acknowledged, profile_not_completed, not_activated, accounts_v1_closed, account_token_required, controller_not_supported or not_a_platform"],
  ["faults", [{ fault: "500", share: 2 }], "invalid_type", "share", "must be a number from 0 to 1"],
  ["webhook", { url: "localhost", secret: "whsec_canary1" }, "invalid_value", "url", ABSOLUTE],
  ["webhook", { secret: "whsec_canary1" }, "missing_parameter", "url", "is missing: give the endpoint's"],
  ["webhook", { url: "http://localhost/", duplicates: 11 }, "invalid_value", "duplicates", "must be 10 or less"],
]) {
  add("createSandbox", `${option} ${show(value)}`, [{ [option]: value }], code, param, what);
}
for (const name of ["now", "random", "fetch"]) {
  add("createSandbox", `${name} a number`, [{ [name]: 42 }], "invalid_type", name, "must be a function");
}

// The other calls of /server share their options.

const CREATE = { ...KEY, idempotency_key: "canary" };
const LINK = { account: "acct_1", refresh_url: "https://shop.example/again", return_url: "https://shop.example/back" };
const SERVER_CALLS = {
  exchangeCode: { first: verified, options: KEY },
  refreshToken: { first: () => "rt_canary", options: KEY },
  deauthorize: { first: () => ({ client_id: "ca_123", stripe_user_id: "acct_1" }), options: KEY, named: "connection" },
  retrieveAccount: { first: () => "acct_1", options: KEY },
  createAccount: { first: () => ({ country: "FR", email: "ada@example.com" }), options: CREATE, named: "account" },
  createAccountLink: { first: () => LINK, options: CREATE, named: "link" },
};
const notTimeout = [
  ...[0, 600_001, 2 ** 40].map((value) => [value, "invalid_value", "must be from 1 to 600000 milliseconds"]),
  ...[-1, 1.5, NaN, Infinity, "30000", null, true, 30n].map((value) => [value, "invalid_type", "must be a whole number"]),
];

/** The calls whose `revoked` is proven by a client id. */
const PROVING = ["retrieveAccount", "createAccountLink"];

for (const [call, { first, options, named }] of Object.entries(SERVER_CALLS)) {
  const withOption = (name) => (value) => () => [first(), { ...options, [name]: value }];
  each(call, "timeout", notTimeout, withOption("timeout"));
  if (call === "exchangeCode") continue;
  add(call, "no options", () => [first()], "missing_parameter", "secret_key", `is missing: ${SK}`);
  for (const value of NOT_AN_OBJECT) add(call, `options ${show(value)}`, () => [first(), value], "invalid_type", "options", TYPE);
  each(call, "secret_key", notSecretKey, withOption("secret_key"));
  each(call, "connect_base", notConnectBase, withOption("connect_base"));
  for (const value of [42, "x", {}]) {
    add(call, `fetch ${show(value)}`, withOption("fetch")(value), "invalid_type", "fetch", "must be a function");
  }
  for (const value of [42, "x", {}, { aborted: false, addEventListener() {} }]) {
    add(call, `signal ${show(value)}`, withOption("signal")(value), "invalid_type", "signal", "must be an AbortSignal");
  }
  const others = [
    ...["apiKey", "assert_capabilities", "refresh_token"],
    ...(options === CREATE ? [] : ["idempotency_key"]),
    ...(PROVING.includes(call) ? [] : ["client_id"]),
  ];
  for (const name of others) add(call, name, withOption(name)("x"), "unknown_parameter", name, name === ASSERTED ? ASSERT : UNKNOWN);
  if (!named) continue;
  for (const value of [undefined, ...NOT_AN_OBJECT]) {
    add(call, `${named} ${show(value)}`, [value, options], "invalid_type", named, "must be an object");
  }
  add(call, `a field in ${named}`, () => [{ ...first(), type: "custom" }, options], "unknown_parameter", "type", UNKNOWN);
}

// What only some of them have.

const notFlow = [...["", "Standard", "apps"].map((value) => [value, "invalid_value", "must be standard, express or app"]), ...notText];
each("exchangeCode", "flow", notFlow, (value) => () => [verified(), { ...KEY, flow: value }]);
each("refreshToken", "flow", notFlow, (value) => () => ["rt_canary", { ...KEY, flow: value }]);

const asserting = (assert_capabilities, flow = "express") => () => [verified(), { ...KEY, flow, assert_capabilities }];
for (const flow of ["standard", "app", undefined]) {
  add("exchangeCode", `${ASSERTED} in ${flow}`, () => [verified(), { ...KEY, flow, assert_capabilities: ["transfers"] }], "invalid_value", ASSERTED, "belongs to the express flow only: leave it out");
}
for (const value of [["tax_reporting_us_1099_k"], ["transfers", "tax_reporting_us_1099_misc"]]) {
  add("exchangeCode", `${ASSERTED} ${value}`, asserting(value), "invalid_value", ASSERTED, "may hold transfers and card_payments only");
}
for (const value of [["payments"], [""], ["transfers", "Transfers"], ["transfers,card_payments"]]) {
  add("exchangeCode", `${ASSERTED} ${value}`, asserting(value), "invalid_value", ASSERTED, "may hold transfers and card_payments only");
}
for (const value of [42, null, true, {}]) {
  add("exchangeCode", `${ASSERTED} [${show(value)}]`, asserting([value]), "invalid_type", ASSERTED, TEXT);
}
for (const value of ["transfers", 42, null, new Set(["transfers"])]) {
  add("exchangeCode", `${ASSERTED} ${show(value)}`, asserting(value), "invalid_type", ASSERTED, TYPE);
}
for (const name of ["refresh_token", "tokens"]) each("exchangeCode", name, notBoolean, (value) => () => [verified(), { ...KEY, [name]: value }]);
each("refreshToken", "tokens", notBoolean, (value) => ["rt_canary", { ...KEY, tokens: value }]);

const RT = "give the one that came with the account, which begins with rt_";
const notRefreshToken = [
  [undefined, "missing_parameter", `is missing: ${RT}`],
  ["", "missing_parameter", `is missing: ${RT}`],
  ["sk_test_canary", "wrong_credential", `is a secret key ${ROLL}, not a refresh token: ${RT}`],
  ["acct_canary", "wrong_credential", `is an account id, not a refresh token: ${RT}`],
  ...["rt_", "canary", " rt_canary", "rt_canary\n", "rt_canary&scope=x", "RT_canary"].map((value) => [value, "invalid_value", `is not a refresh token: ${RT}`]),
  [`rt_${a(253)}`, "too_long", "is longer than 255 bytes"],
  ...notText,
];
each("refreshToken", "refresh_token", notRefreshToken, (value) => [value, KEY]);
each("refreshToken", "scope", notScope, (value) => ["rt_canary", { ...KEY, scope: value }]);
for (const flow of ["express", "app"]) {
  add("refreshToken", `scope in ${flow}`, ["rt_canary", { ...KEY, flow, scope: "read_only" }], "invalid_value", "scope", "belongs to the standard flow only: leave it out");
}

const ACCT = "a connected account's id begins with acct_";
const notAccount = [
  [undefined, "missing_parameter", `is missing: ${ACCT}`],
  ["", "missing_parameter", `is missing: ${ACCT}`],
  ...["acct_", "acct_1/../../x", "acct_1\n", "acct_1?x", " acct_1", "ca_123", "sk_test_canary", "me"].map((value) => [value, "invalid_value", "must be acct_ and then only letters, digits and underscores"]),
  [`acct_${a(251)}`, "too_long", "is longer than 255 bytes"],
  ...notText,
];
each("deauthorize", "client_id", notClientId, (value) => [{ client_id: value, stripe_user_id: "acct_1" }, KEY]);
each("deauthorize", "stripe_user_id", notAccount, (value) => [{ client_id: "ca_123", stripe_user_id: value }, KEY]);
each("retrieveAccount", "account", notAccount, (value) => [value, KEY]);
// Absent, nothing is proven by it.
for (const call of PROVING) each(call, "client_id", notClientId.slice(1), (value) => [SERVER_CALLS[call].first(), { ...KEY, client_id: value }]);
each("createAccountLink", "account", notAccount, (value) => [{ ...LINK, account: value }, CREATE]);
for (const value of [undefined, null, "acct_1", [], {}, { id: "acct_1" }, { object: "event" }]) {
  const rule = "must be an account as Stripe gives it, such as data.object of the event account.updated";
  add("readAccount", `what is no account: ${show(value)}`, [value], "invalid_value", "account", rule);
}

each("stripeAccountHeaders", "stripe_account", notAccount, (value) => [value, KEY]);
each("stripeAccountHeaders", "secret_key", notSecretKey, (value) => ["acct_1", { secret_key: value }]);
add("stripeAccountHeaders", "no options", ["acct_1"], "missing_parameter", "secret_key", `is missing: ${SK}`);
for (const value of NOT_AN_OBJECT) add("stripeAccountHeaders", `options ${show(value)}`, ["acct_1", value], "invalid_type", "options", TYPE);
for (const name of ["fetch", "timeout", "connect_base"]) {
  add("stripeAccountHeaders", name, ["acct_1", { ...KEY, [name]: "x" }], "unknown_parameter", name, UNKNOWN);
}

const NEEDED = "is missing: a new account needs country and email";
const withAccount = (name) => (value) => [{ country: "FR", email: "ada@example.com", [name]: value }, CREATE];
for (const name of ["country", "email"]) {
  each("createAccount", name, [[undefined, "missing_parameter", NEEDED], ["", "missing_parameter", NEEDED], ...notText], withAccount(name));
}
for (const value of ["fr", "FRA", "F1", "France"]) {
  add("createAccount", `country ${value}`, withAccount("country")(value), "invalid_value", "country", "must be a code of two capital letters such as CA");
}
for (const value of ["ada", "ada@example", "ada @example.com", "ada@example.com\n"]) {
  add("createAccount", `email ${show(value)}`, withAccount("email")(value), "invalid_value", "email", "must be an e-mail address such as ada@example.com");
}

const SITE_URL = "is missing: give an absolute URL of your site";
for (const name of ["refresh_url", "return_url"]) {
  const rows = [[undefined, "missing_parameter", SITE_URL], ["", "missing_parameter", SITE_URL], ...notRedirectUri.slice(1), ...notText, ...emptyObjects];
  each("createAccountLink", name, rows, (value) => [{ ...LINK, [name]: value }, CREATE]);
  add("createAccountLink", `${name} without https in live mode`, [{ ...LINK, [name]: "http://localhost:8787/x" }, { secret_key: "sk_live_canary" }], "invalid_value", name, "must use https in live mode");
}

const notIdempotencyKey = [
  ["", "missing_parameter", "is missing: leave it out, or give a text that is this operation's alone"],
  [a(256), "too_long", "is longer than 255 characters"],
  ...["a b", "a\r\nx-evil: 1", "é", "a\0"].map((value) => [value, "invalid_value", "must be visible ASCII characters, without spaces"]),
  ...notText,
];
for (const call of ["createAccount", "createAccountLink"]) {
  each(call, "idempotency_key", notIdempotencyKey, (value) => [SERVER_CALLS[call].first(), { ...KEY, idempotency_key: value }]);
}

// Webhooks: the request is no matter here, only what the program brings.

const WHSEC = "whsec_canary7h3s3cr3t";
const SIGNING = "give the endpoint's signing secret, which begins with whsec_";
const notSigningSecret = [
  ["", "missing_parameter", `is missing: ${SIGNING}`],
  ["sk_live_canary", "wrong_credential", `is a secret key ${ROLL}, not a signing secret: ${SIGNING}`],
  ["acct_canary", "wrong_credential", `is an account id, not a signing secret: ${SIGNING}`],
  // The words of an absent environment variable, and placeholders.
  ...["undefined", "null", "whsec_", "canary"].map((value) => [value, "invalid_value", "must have 10 characters or more: it may be the word undefined, or a placeholder"]),
  ...[`${WHSEC}\n`, ` ${WHSEC}`, `${WHSEC}\0`, `${WHSEC}é`, "[object Object]"].map((value) => [value, "invalid_value", "must be visible ASCII characters: it may have a space or a line break"]),
  [`whsec_${a(250)}`, "too_long", "is longer than 255 bytes"],
];
const notTextInList = [undefined, ...notText.map(([value]) => value)].map((value) => [value, "invalid_type", TEXT]);
const notNumber = [-1, 0.5, NaN, Infinity, "300", null, true, 30n, new Date(0)].map((value) => [value, "invalid_type", "must be a whole number"]);
const notTolerance = [0, 86_401, 2 ** 40].map((value) => [value, "invalid_value", "must be from 1 to 86400 seconds: the check of the time can't be switched off"]);
const notNow = [1_700_000_000_000, 100_000_000_000].map((value) => [value, "invalid_value", "must be Unix time in seconds: Date.now() has milliseconds"]);
const RAW = "must be the body as it came, in text or bytes: await request.text(), or express.raw(), and not what a JSON parser made of it";
const parsed = [{ id: "canary" }, { type: "Buffer", data: [1] }, ["canary"], [], undefined, null, 1, true, Symbol("canary"), () => "", new String("canary")];

for (const call of ["verifyWebhook", "verifyWebhookSignature"]) {
  each(call, "secrets", notSigningSecret, (value) => ["", "", value]);
  each(call, "secrets", [...notSigningSecret, ...notTextInList], (value) => ["", "", [WHSEC, value]]);
  for (const value of [undefined, []]) add(call, `secrets ${show(value)}`, ["", "", value], "missing_parameter", "secrets", `is missing: ${SIGNING}`);
  for (const value of [null, 42, true, new Map([[WHSEC, WHSEC]]), new Set([WHSEC]), () => WHSEC]) {
    add(call, `secrets ${show(value)}`, ["", "", value], "invalid_type", "secrets", TYPE);
  }
  each(call, "tolerance", [...notNumber, ...notTolerance], (tolerance) => ["", "", WHSEC, { tolerance }]);
  each(call, "now", [...notNumber, ...notNow], (now) => ["", "", WHSEC, { now }]);
  for (const value of NOT_AN_OBJECT) add(call, `options ${show(value)}`, ["", "", WHSEC, value], "invalid_type", "options", TYPE);
  for (const name of ["toleranse", "secrets", "receivedAt"]) {
    add(call, name, ["", "", WHSEC, { [name]: 1 }], "unknown_parameter", name, UNKNOWN);
  }
  for (const value of [...parsed, new Request("https://shop.example/"), Promise.resolve("canary"), new Blob(["canary"]), new URLSearchParams("a=canary")]) {
    add(call, `rawBody ${show(value)}`, [value, "", WHSEC], "invalid_type", "rawBody", RAW);
  }
  for (const value of [1, {}, true, new Headers(), [1], ["", undefined]]) {
    add(call, `signatureHeader ${show(value)}`, ["", value, WHSEC], "invalid_type", "signatureHeader", "must be the text of the header Stripe-Signature");
  }
}

// Sealed refresh tokens.

const PLACE = { account: "acct_1", livemode: false, secrets: ["canary, a secret of 32 characters"] };
const notSealingSecrets = [
  ...[undefined, []].map((value) => [value, "missing_parameter", "is missing: give at least one random text of 32 characters or more"]),
  ...[[""], ["canary, only 31 characters long"], [...PLACE.secrets, "canary"]].map((value) => [value, "invalid_value", "must each have 32 random characters or more"]),
  ...[PLACE.secrets[0], 42, null, new Set(PLACE.secrets)].map((value) => [value, "invalid_type", TYPE]),
  ...[[42], [null], [undefined]].map((value) => [value, "invalid_type", TEXT]),
];
const notMode = [[undefined, "missing_parameter", "is missing: say the mode of the account's connection"], ...notBoolean];
each("sealRefreshToken", "refresh_token", notRefreshToken, (value) => [value, PLACE]);
each(
  "openRefreshToken",
  "sealed",
  [
    ...[undefined, "", "canary", a(62)].map((value) => [value, "invalid_value", "does not open: it must be whole, of the same account and mode, and sealed with one of the secrets"]),
    ...notText,
  ],
  (value) => [value, PLACE],
);
for (const [call, first] of [["sealRefreshToken", "rt_canary"], ["openRefreshToken", "canary"]]) {
  each(call, "account", notAccount, (account) => [first, { ...PLACE, account }]);
  each(call, "livemode", notMode, (livemode) => [first, { ...PLACE, livemode }]);
  each(call, "secrets", notSealingSecrets, (secrets) => [first, { ...PLACE, secrets }]);
  for (const name of ["secret", "cookie_secrets", "stripe_user_id"]) {
    add(call, name, [first, { ...PLACE, [name]: "x" }], "unknown_parameter", name, UNKNOWN);
  }
  for (const value of NOT_AN_OBJECT) add(call, `options ${show(value)}`, [first, value], "invalid_type", "options", TYPE);
  add(call, "no options", [first], "missing_parameter", "account", `is missing: ${ACCT}`);
}

// exchangeCode, when Stripe gives no connection: what it answered, and the ExchangeError that comes of it.

const MIXED = "use a client_id and a secret_key of the same mode, both test or both live";
const AGAIN = "do not send the code again: let the person connect once more, which heals either case";
const NO_SUCH_KEY = "Stripe knows no such key: secret_key is deleted, cut off, or not a Stripe key";
const CHECK_KEY = "check secret_key: Stripe does not accept it";
const grant = (error_description) => JSON.stringify({ error: "invalid_grant", error_description });

export const EXCHANGE_FAILURES = [
  {
    label: "a used code",
    answer: [400, grant("This authorization code has already been used. All tokens issued with this code have been revoked.")],
    error: {
      code: "refused",
      problem: "code_used",
      status: 400,
      error: "invalid_grant",
      hint: "the code was used before, and Stripe has revoked what it gave: let the person connect again",
      message:
        "Stripe answered 400 invalid_grant: This authorization code has already been used. All tokens issued with this code have been revoked. (request req_1)",
    },
  },
  {
    label: "an expired code",
    answer: [400, grant("Authorization code expired")],
    error: {
      code: "refused",
      problem: "code_expired",
      status: 400,
      error: "invalid_grant",
      hint: "a code lives for five minutes: let the person connect again",
      message: "Stripe answered 400 invalid_grant: Authorization code expired (request req_1)",
    },
  },
  {
    label: "an unknown code, which Stripe repeats",
    answer: [400, grant("Authorization code does not exist: ac_canary")],
    error: {
      code: "refused",
      problem: "code_unknown",
      status: 400,
      error: "invalid_grant",
      hint: "the code is not known to Stripe: let the person connect again",
      message: "Stripe answered 400 invalid_grant: Authorization code does not exist: ac_[redacted] (request req_1)",
    },
  },
  {
    label: "another platform's code",
    answer: [400, grant("Authorization code provided does not belong to you")],
    error: {
      code: "refused",
      problem: "code_not_yours",
      status: 400,
      error: "invalid_grant",
      hint: "secret_key and client_id belong to different platforms",
      message: "Stripe answered 400 invalid_grant: Authorization code provided does not belong to you (request req_1)",
    },
  },
  {
    label: "a code of the other mode",
    answer: [400, grant("Passed in testmode API key but authorization code only supports returning live keys. livemode")],
    error: {
      code: "refused",
      problem: "mode_mismatch",
      status: 400,
      error: "invalid_grant",
      hint: MIXED,
      message:
        "Stripe answered 400 invalid_grant: Passed in testmode API key but authorization code only supports returning live keys. livemode (request req_1)",
    },
  },
  {
    label: "a bad key, in OAuth's shape",
    answer: [401, JSON.stringify({ error: "invalid_client", error_description: "No such API key: sk_test_canary" })],
    error: {
      code: "refused",
      status: 401,
      error: "invalid_client",
      problem: "unknown_key",
      hint: NO_SUCH_KEY,
      message: "Stripe answered 401 invalid_client: No such API key: sk_[redacted] (request req_1)",
    },
  },
  {
    label: "a bad key, in the API's shape",
    answer: [401, JSON.stringify({ error: { type: "invalid_request_error", message: "Invalid API Key provided" } })],
    error: {
      code: "refused",
      problem: "invalid_key",
      status: 401,
      error: "invalid_request_error",
      hint: CHECK_KEY,
      message: "Stripe answered 401 invalid_request_error: Invalid API Key provided (request req_1)",
    },
  },
  {
    label: "too many requests",
    answer: [429, JSON.stringify({ error: { type: "rate_limit_error", code: "rate_limit", message: "Too many" } })],
    error: {
      code: "refused",
      problem: "rate_limited",
      status: 429,
      error: "rate_limit",
      hint: "Stripe asks for fewer requests at a time: try again in a moment",
      message: "Stripe answered 429 rate_limit: Too many (request req_1)",
    },
  },
  {
    label: "a server error",
    answer: [500, JSON.stringify({ error: "server_error" })],
    error: { code: "unknown", status: 500, error: "server_error", hint: AGAIN, message: "Stripe answered 500 server_error (request req_1)" },
  },
  {
    label: "a gateway's page",
    answer: [502, "<html>Bad gateway sk_test_canary</html>"],
    error: { code: "unknown", status: 502, error: undefined, hint: AGAIN, message: "Stripe answered 502 without a readable error (request req_1)" },
  },
  {
    label: "a success that can't be read",
    answer: [200, "<html>ok</html>"],
    error: { code: "unknown", status: 200, error: undefined, hint: AGAIN, message: "Stripe answered 200 and its JSON is missing or odd (request req_1)" },
  },
  {
    label: "a success without an account",
    answer: [200, JSON.stringify({ livemode: false, scope: "read_write", access_token: "sk_test_canary" })],
    error: { code: "unknown", status: 200, error: undefined, hint: AGAIN, message: "Stripe answered 200 and stripe_user_id is missing or odd (request req_1)" },
  },
  {
    label: "a redirect",
    answer: [302, ""],
    error: { code: "unknown", status: 302, error: undefined, hint: AGAIN, message: "Stripe answered 302 without a readable error (request req_1)" },
  },
  {
    label: "a live connection for a test key",
    answer: [200, JSON.stringify({ stripe_user_id: "acct_1", livemode: true, scope: "read_write", access_token: "sk_live_canary" })],
    error: {
      code: "mode_mismatch",
      status: undefined,
      error: undefined,
      request_id: undefined,
      hint: MIXED,
      message: "Stripe connected the account with livemode true, the key's is the other",
    },
  },
].map(({ label, answer, error }) => ({
  label,
  answer,
  error: { name: "ExchangeError", request_id: "req_1", problem: undefined, ...error, message: `${error.message}; ${error.hint}` },
}));

/** No answer at all: a timeout, a lost connection, the caller's own signal. */
export const NO_ANSWER = {
  name: "ExchangeError",
  code: "unknown",
  status: 0,
  problem: undefined,
  error: undefined,
  request_id: undefined,
  hint: AGAIN,
  message: `Stripe did not answer; ${AGAIN}`,
};

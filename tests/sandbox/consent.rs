//! The consent page.

use super::*;

#[test]
fn every_page_says_that_it_is_a_stand_in() {
    for path in [
        "/",
        "/oauth/authorize?client_id=ca_test&response_type=code",
        "/oauth/v2/authorize?client_id=ca_test&response_type=code",
    ] {
        let page = get(&mut sandbox(), path);
        assert_eq!(page.status, 200);
        assert!(page.body.contains("<strong>Stand-in for Stripe</strong> <span>This is not Stripe."), "{path}");
        assert!(page.body.contains("Acme &lt;Platform&gt;") && !page.body.contains("<Platform>"), "{path}");
    }
}

#[test]
fn every_page_carries_its_security_headers_and_no_script() {
    let csp = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    let with_form_action = [csp, "; form-action 'none'"].concat();
    for (path, policy) in
        [("/", &*with_form_action), ("/oauth/authorize?client_id=ca_test&response_type=code", csp)]
    {
        let page = get(&mut sandbox(), path);
        assert_eq!(page.header("content-security-policy"), Some(policy));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.header("referrer-policy"), Some("strict-origin"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert!(!page.body.contains("<script") && !page.body.contains(" style=") && !page.body.contains("<style"));
    }
}

#[test]
fn an_absent_scope_is_read_only() {
    let may_take_payments = |query: &str| authorize(query).body.contains("take payments and give refunds");
    assert!(!may_take_payments("client_id=ca_test&response_type=code"));
    assert!(!may_take_payments("client_id=ca_test&response_type=code&scope=read_only"));
    assert!(may_take_payments("client_id=ca_test&response_type=code&scope=read_write"));
}

#[test]
fn the_landing_decides_which_panel_is_shown() {
    let cases = [
        ("", "Log in as"),
        ("&scope=read_only", "Log in as"),
        ("&scope=read_write", "E-mail"),
        ("&scope=read_write&stripe_landing=login", "Log in as"),
        ("&scope=read_only&stripe_landing=register", "E-mail"),
        ("&scope=read_write&stripe_landing=bogus", "E-mail"),
    ];
    for (query, shown) in cases {
        let body = authorize(&["client_id=ca_test&response_type=code", query].concat()).body;
        for panel in ["Log in as", "E-mail"] {
            assert_eq!(body.contains(panel), panel == shown, "{query}: {panel}");
        }
    }
}

#[test]
fn the_other_panel_is_a_link_that_keeps_the_query() {
    let body = authorize("client_id=ca_test&response_type=code&state=a%26b&stripe_landing=login").body;
    let link = "href=\"?client_id=ca_test&amp;response_type=code&amp;state=a%26b&amp;stripe_landing=register\"";
    assert!(body.contains(link));
}

#[test]
fn prefill_is_shown_in_the_form() {
    let body = authorize(
        "client_id=ca_test&response_type=code&scope=read_write&stripe_user%5Bemail%5D=a%2Bb%40example.com\
         &stripe_user[url]=https%3A%2F%2Fexample.com&stripe_user[country]=NO&stripe_user[first_name]=Ada\
         &stripe_user[last_name]=Lovelace&stripe_user[business_name]=Jeanine+%26+Jerome%27s+Jellies",
    )
    .body;
    let shown = [
        ("email", "a+b@example.com"),
        ("url", "https://example.com"),
        ("country", "NO"),
        ("first_name", "Ada"),
        ("last_name", "Lovelace"),
        ("business_name", "Jeanine &amp; Jerome&#39;s Jellies"),
    ];
    for (field, value) in shown {
        assert!(body.contains(&format!("name=\"stripe_user[{field}]\" value=\"{value}\"")), "{field}");
    }
}

/// Each field, its value, and whether it is Standard's alone.
const EVERY_FIELD: [(&str, &str, bool); 27] = [
    ("email", "ada@example.com", false),
    ("url", "https://example.com", false),
    ("country", "JP", false),
    ("phone_number", "5551234567", false),
    ("business_name", "Ada", false),
    ("business_type", "llc", true), // Express has other words for it
    ("first_name", "Ada", false),
    ("last_name", "Lovelace", false),
    ("dob_day", "10", false),
    ("dob_month", "12", false),
    ("dob_year", "1915", false),
    ("street_address", "1 Main St", true),
    ("city", "Tokyo", true),
    ("state", "TK", true),
    ("zip", "150-0001", true),
    ("physical_product", "true", true),
    ("product_description", "Apples", false),
    ("currency", "jpy", true),
    ("first_name_kana", "ア", false),
    ("first_name_kanji", "愛", false),
    ("last_name_kana", "イ", false),
    ("last_name_kanji", "井", false),
    ("gender", "female", false),
    ("block_kana", "ウ", true),
    ("block_kanji", "雨", true),
    ("building_kana", "エ", true),
    ("building_kanji", "絵", true),
];

#[test]
fn every_prefill_field_of_the_flow_is_in_place() {
    let fields = EVERY_FIELD.map(|(name, value, _)| (format!("stripe_user[{name}]"), value));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let shown = |path: &str| {
        get(&mut sandbox(), &format!("{path}?client_id=ca_test&response_type=code&scope=read_write&{query}")).body
    };
    let (standard, express) = (shown("/oauth/authorize"), shown("/express/oauth/authorize"));
    for (name, value, is_standard_only) in EVERY_FIELD {
        let field = format!("name=\"stripe_user[{name}]\" value=\"{value}\"");
        assert!(standard.contains(&field), "{name}");
        assert_eq!(express.contains(&field), !is_standard_only, "{name}");
    }
}

#[test]
fn a_prefill_field_without_what_it_needs_is_ignored() {
    for alone in ["phone_number=5551234567", "state=NY", "currency=usd", "dob_day=1", "gender=male"] {
        let (name, value) = alone.split_once('=').unwrap();
        let query = format!("client_id=ca_test&response_type=code&scope=read_write&stripe_user[{name}]={value}");
        let page = authorize(&query);
        assert_eq!(page.status, 200);
        assert!(!page.body.contains(&format!("stripe_user[{name}]\" value")), "{name}");
    }
}

#[test]
fn what_the_person_filled_in_is_the_accounts() {
    let mut sandbox = sandbox();
    let form = "account=new&decision=connect&stripe_user[business_name]=Ada&stripe_user[business_type]=llc\
                &stripe_user[product_description]=Apples&stripe_user[url]=https://a.example&stripe_user[country]=NO";
    let code = code_of(&decide(&mut sandbox, "client_id=ca_test", form));
    let id = ok(&exchange(&mut sandbox, &code))["stripe_user_id"].as_str().unwrap().to_owned();
    let read = ok(&call(&mut sandbox, &with_key(Method::Get, &["/v1/accounts/", &*id].concat(), &[], ""), NOW));
    let shown = (&read["business_type"], &read["country"], &read["default_currency"]);
    assert_eq!(shown, (&json!("llc"), &json!("NO"), &json!("nok")));
    let profile = &read["business_profile"];
    assert_eq!((&profile["name"], &profile["url"]), (&json!("Ada"), &json!("https://a.example")));
    assert_eq!(profile["product_description"], "Apples");
}

#[test]
fn markup_is_shown_nowhere_as_markup() {
    let attack = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for landing in ["login", "register"] {
        let query = format!(
            "client_id=ca_test&response_type=code&state={attack}&{attack}={attack}&stripe_landing={landing}\
             &stripe_user[business_name]={attack}"
        );
        let body = authorize(&query).body;
        assert!(!body.contains("<script") && !body.contains("\">alert"), "{landing}");
    }
    let shown = authorize(&format!(
        "client_id=ca_test&response_type=code&scope=read_write&stripe_user[first_name]={attack}"
    ))
    .body;
    assert!(shown.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""));
}

#[test]
fn a_bad_prefill_value_is_ignored() {
    let query = "client_id=ca_test&response_type=code&scope=read_write&stripe_user[email]=nobody&stripe_user[country]=us&stripe_user[dob]=1";
    let page = authorize(query);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("name=\"stripe_user[email]\" value=\"\""));
    assert!(page.body.contains("name=\"stripe_user[country]\" value=\"\""));
}

#[test]
fn an_account_made_here_can_be_logged_in_to() {
    let mut sandbox = sandbox();
    let form =
        "account=new&decision=connect&stripe_user[business_name]=Ada%27s&stripe_user[email]=ada%40example.com";
    decide(&mut sandbox, "client_id=ca_test", form);
    let body = get(&mut sandbox, "/oauth/authorize?client_id=ca_test&response_type=code").body;
    assert!(body.contains("Ada&#39;s<small>ada@example.com "));
}

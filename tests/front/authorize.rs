//! The authorize URL.

use super::{test, *};

#[test]
fn the_smallest_authorize_url_has_three_parameters_and_no_scope() {
    let (client_id, state) = (ClientId::parse("ca_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb").unwrap(), state());
    assert_eq!(
        AuthorizeUrl::new(&client_id, &state).build().unwrap(),
        "https://connect.stripe.com/oauth/authorize?response_type=code\
         &client_id=ca_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb&state=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"
    );
}

/// The URL of a flow, after `set`.
fn build(flow: Flow, set: impl FnOnce(&mut AuthorizeUrl<'_>)) -> Result<String, ConnectError> {
    let (client_id, state) = (ClientId::parse("ca_123").unwrap(), state());
    let mut url = AuthorizeUrl::new(&client_id, &state);
    url.flow = flow;
    set(&mut url);
    url.build()
}

const STATE_PARAM: &str = "&state=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

#[test]
fn each_flow_has_its_own_address_and_the_standard_one_is_the_default() {
    let urls = [
        (Flow::Standard, "https://connect.stripe.com/oauth/authorize?response_type=code&client_id=ca_123"),
        (Flow::Express, "https://connect.stripe.com/express/oauth/authorize?response_type=code&client_id=ca_123"),
        (Flow::App, "https://marketplace.stripe.com/oauth/v2/authorize?client_id=ca_123"),
    ];
    for (flow, url) in urls {
        assert_eq!(build(flow, |_| {}).unwrap(), [url, STATE_PARAM].concat());
        let base = ConnectBase::stand_in("http://localhost:12111").unwrap();
        let stand_in = build(flow, |url| url.base = base).unwrap();
        let path = url.split_once(".com").unwrap().1;
        assert_eq!(stand_in, ["http://localhost:12111", path, STATE_PARAM].concat(), "a stand-in is all of Stripe");
    }
    assert_eq!(ConnectBase::stripe().marketplace(), "https://marketplace.stripe.com");
}

#[test]
fn response_type_is_code_in_connect_and_absent_in_apps() {
    for (flow, times) in [(Flow::Standard, 1), (Flow::Express, 1), (Flow::App, 0)] {
        assert_eq!(build(flow, |_| {}).unwrap().matches("response_type=code&").count(), times);
    }
}

#[test]
fn a_redirect_uri_is_part_of_every_flow() {
    for flow in [Flow::Standard, Flow::Express, Flow::App] {
        let url = build(flow, |url| url.redirect_uri = RedirectUri::parse(CALLBACK, None).ok()).unwrap();
        assert!(url.contains("&redirect_uri=https%3A%2F%2Fshop.example%2Fconnect%2Fcallback&state="), "{url}");
    }
}

/// `set` is accepted in one flow, and refused by name in the others.
#[track_caller]
fn belongs_to(own: Flow, param: &str, sent: &str, set: impl Fn(&mut AuthorizeUrl<'_>)) {
    assert!(build(own, &set).unwrap().contains(sent));
    for other in [Flow::Standard, Flow::Express, Flow::App] {
        if other != own {
            let what = format!("is not part of the {} flow: leave it out", other.as_str());
            assert_refused(build(other, &set), UnknownParameter, param, &what);
        }
    }
}

#[test]
fn a_scope_is_part_of_the_standard_flow_alone() {
    belongs_to(Flow::Standard, "scope", "&scope=read_write", |url| url.scope = Some(Scope::ReadWrite));
    belongs_to(Flow::Standard, "scope", "&scope=read_only", |url| url.scope = Some(Scope::ReadOnly));
}

#[test]
fn stripe_landing_is_part_of_the_standard_flow_alone() {
    belongs_to(Flow::Standard, "stripe_landing", "&stripe_landing=register", |url| {
        url.stripe_landing = Some(StripeLanding::Register);
    });
}

#[test]
fn always_prompt_is_part_of_the_standard_flow_alone() {
    belongs_to(Flow::Standard, "always_prompt", "&always_prompt=false", |url| url.always_prompt = Some(false));
    belongs_to(Flow::Standard, "always_prompt", "&always_prompt=true", |url| url.always_prompt = Some(true));
}

#[test]
fn suggested_capabilities_are_an_indexed_list_of_the_express_flow_alone() {
    let sent = "&suggested_capabilities%5B0%5D=card_payments&suggested_capabilities%5B1%5D=transfers";
    belongs_to(Flow::Express, "suggested_capabilities", sent, |url| {
        url.suggested_capabilities = vec![Capability::CardPayments, Capability::Transfers];
    });
}

#[test]
fn a_channel_link_is_part_of_an_apps_path_alone() {
    belongs_to(Flow::App, "channel_link", "/oauth/v2/chnlink_1/authorize?client_id=ca_123&state=", |url| {
        url.channel_link = ChannelLink::parse("chnlink_1").ok();
    });
}

#[test]
fn an_app_has_three_parameters_only() {
    let link = build(Flow::App, |url| {
        url.channel_link = ChannelLink::parse("chnlink_1").ok();
        url.redirect_uri = RedirectUri::parse(CALLBACK, None).ok();
    });
    assert_eq!(
        link.unwrap(),
        "https://marketplace.stripe.com/oauth/v2/chnlink_1/authorize?client_id=ca_123\
         &redirect_uri=https%3A%2F%2Fshop.example%2Fconnect%2Fcallback\
         &state=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"
    );
}

#[test]
fn prefill_is_checked_as_a_whole_when_the_url_is_built() {
    let refused = build(Flow::Standard, |url| {
        url.stripe_user = {
            let mut prefill = Prefill::default();
            prefill.set(PrefillField::State, "NY").unwrap();
            prefill
        }
    });
    let what = "is missing: stripe_user[state] needs it";
    assert_refused(refused, MissingParameter, "stripe_user[country]", what);
}

#[test]
fn the_fullest_authorize_url_is_encoded_as_url_search_params_would() {
    let (client_id, state) = (ClientId::parse("ca_123").unwrap(), state());
    let mut url = AuthorizeUrl::new(&client_id, &state);
    url.base = ConnectBase::stand_in("http://localhost:12111").unwrap();
    url.redirect_uri = Some(RedirectUri::parse("https://shop.example/cb?next=/a%20b&x=1", None).unwrap());
    url.scope = Some(Scope::ReadWrite);
    url.stripe_landing = Some(StripeLanding::Login);
    url.always_prompt = Some(false);
    let fields = [
        (PrefillField::Email, "a+b@example.com"),
        (PrefillField::Url, "https://example.com/profile/test"),
        (PrefillField::Country, "US"),
        (PrefillField::BusinessName, "Jeanine & Jerome's Jellies~*"),
        (PrefillField::FirstName, "太郎"),
        (PrefillField::LastName, "ビル 3F"),
    ];
    for (field, value) in fields {
        url.stripe_user.set(field, value).unwrap();
    }
    assert_eq!(
        url.build().unwrap(),
        "http://localhost:12111/oauth/authorize?response_type=code&client_id=ca_123\
         &redirect_uri=https%3A%2F%2Fshop.example%2Fcb%3Fnext%3D%2Fa%2520b%26x%3D1\
         &scope=read_write&state=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc\
         &stripe_landing=login&always_prompt=false\
         &stripe_user%5Bemail%5D=a%2Bb%40example.com\
         &stripe_user%5Burl%5D=https%3A%2F%2Fexample.com%2Fprofile%2Ftest\
         &stripe_user%5Bcountry%5D=US\
         &stripe_user%5Bbusiness_name%5D=Jeanine+%26+Jerome%27s+Jellies%7E*\
         &stripe_user%5Bfirst_name%5D=%E5%A4%AA%E9%83%8E\
         &stripe_user%5Blast_name%5D=%E3%83%93%E3%83%AB+3F"
    );
}

#[test]
fn a_prefilled_field_set_again_stands_once_with_its_last_value() {
    let (client_id, state) = (ClientId::parse("ca_123").unwrap(), state());
    let mut url = AuthorizeUrl::new(&client_id, &state);
    url.stripe_user.set(PrefillField::Country, "US").unwrap();
    url.stripe_user.set(PrefillField::Country, "CA").unwrap();
    assert!(url.stripe_user.set(PrefillField::Country, "x").is_err());
    assert!(url.build().unwrap().ends_with("&stripe_user%5Bcountry%5D=CA"));
    assert_eq!(url.build().unwrap().matches("country").count(), 1);
}

/// Prefill fields that stand together in every flow of Connect, with values they take.
fn prefilled() -> impl Strategy<Value = Vec<(PrefillField, String)>> {
    let line = "[^\\x00-\\x1f\\x7f]{0,20}[!-~é太😀]";
    let maybe = |field: PrefillField, value: BoxedStrategy<String>| {
        prop::option::of(value).prop_map(move |value| value.map(|value| (field, value)))
    };
    (
        maybe(PrefillField::Email, "[!-?A-~é]{1,12}@[a-z]{1,8}\\.[a-z]{2,5}".boxed()),
        maybe(PrefillField::Url, "https?://[a-z]{1,10}\\.example(/[!$&-;=?-Z_a-z~]{0,20})?".boxed()),
        maybe(PrefillField::Country, "[A-Z]{2}".boxed()),
        maybe(PrefillField::BusinessName, line.boxed()),
        maybe(PrefillField::FirstName, line.boxed()),
        maybe(PrefillField::LastName, line.boxed()),
    )
        .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].into_iter().flatten().collect())
}

proptest! {
    #![proptest_config(often())]

    /// What goes in comes out at Stripe, in order, and nothing else does.
    #[test]
    fn an_authorize_url_decodes_to_exactly_what_was_put_in(
        client in "ca_[A-Za-z0-9]{1,40}",
        random: [u8; 32],
        redirect in prop::option::of("https://[a-z]{1,10}\\.example(:[1-9][0-9]{0,3})?(/[!$&-;=?-Z_a-z~]{0,30})?"),
        scope in prop::option::of(prop::sample::select(vec![Scope::ReadWrite, Scope::ReadOnly])),
        landing in prop::option::of(prop::sample::select(vec![StripeLanding::Login, StripeLanding::Register])),
        always in prop::option::of(any::<bool>()),
        fields in prefilled(),
    ) {
        let (client_id, state) = (ClientId::parse(&client).unwrap(), State::from_random(random));
        let mut url = AuthorizeUrl::new(&client_id, &state);
        url.redirect_uri = redirect.as_ref().map(|uri| RedirectUri::parse(uri, None).unwrap());
        url.scope = scope;
        url.stripe_landing = landing;
        url.always_prompt = always;
        for (field, value) in &fields {
            url.stripe_user.set(*field, value).unwrap();
        }
        let mut expected = vec![("response_type", "code".to_owned()), ("client_id", client)];
        expected.extend(redirect.map(|uri| ("redirect_uri", uri)));
        expected.extend(scope.map(|scope| ("scope", scope.as_str().to_owned())));
        expected.push(("state", state.as_str().to_owned()));
        expected.extend(landing.map(|landing| ("stripe_landing", landing.as_str().to_owned())));
        expected.extend(always.map(|always| ("always_prompt", always.to_string())));
        expected.extend(fields.into_iter().map(|(field, value)| (field.as_str(), value)));

        let read = Url::parse(&url.build().unwrap()).unwrap();
        prop_assert_eq!(&read[..url::Position::AfterPath], "https://connect.stripe.com/oauth/authorize");
        prop_assert_eq!(read.fragment(), None);
        let pairs: Vec<_> = read.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let expected: Vec<_> = expected.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        prop_assert_eq!(pairs, expected);
    }

    #[test]
    fn a_state_is_its_32_bytes_in_base64url_and_verifies_itself_only(random: [u8; 32], other: [u8; 32]) {
        let state = State::from_random(random);
        prop_assert!(State::parse(state.as_str()).is_ok());
        prop_assert!(state.verify(state.as_str()));
        prop_assert_eq!(state.verify(State::from_random(other).as_str()), random == other);
    }
}

//! Whatever comes.

use super::*;

proptest! {
    #[test]
    fn no_answer_of_stripes_makes_a_reader_panic_or_repeat_it(status in 0_u16..1000, body in body(), header in ".*") {
        let reply = Response::json(status, format!("{body}canary"))
            .with_header("request-id", &*header)
            .with_header("stripe-should-retry", &*header);
        let mut errors = Vec::new();
        errors.extend(read_token(&reply, Livemode::Test).err().map(|error| error.to_string()));
        for flow in [Flow::Standard, Flow::Express, Flow::App] {
            errors.extend(read_refreshed_token(&reply, Livemode::Live, flow).err().map(|error| error.to_string()));
        }
        errors.extend(read_deauthorization(&reply, &account_id()).err().map(|error| error.to_string()));
        errors.extend(read_probe(&reply).err().map(|error| error.to_string()));
        errors.extend(read_account(&reply).map(|account| account.status()).err().map(|error| error.to_string()));
        errors.extend(read_account_link(&reply).err().map(|error| error.to_string()));
        prop_assert!(errors.iter().all(|error| !error.contains("canary")));
        prop_assert!(retries(RetryKind::ApiGet, Some(&reply)) <= 2);
        prop_assert_eq!(retries(RetryKind::CodeExchange, Some(&reply)), 0);
    }

    #[test]
    fn only_a_whole_token_is_a_token(status in 200_u16..600, body in body()) {
        let reply = Response::json(status, &*body);
        if let Ok(token) = read_token(&reply, Livemode::Test) {
            prop_assert_eq!(status, 200);
            prop_assert!(body.contains(token.stripe_user_id.as_str()));
        }
    }
}

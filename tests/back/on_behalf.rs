//! On behalf of an account.

use super::*;

#[test]
fn a_call_on_behalf_of_an_account_carries_the_platforms_key_and_the_account() {
    let headers = on_behalf_of(&test_key(), &account_id());
    let headers: Vec<_> = headers.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(headers, [("authorization", "Bearer sk_test_123"), ("stripe-account", "acct_1")]);
}

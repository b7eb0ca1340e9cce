//! Calls on behalf of a connected account: the platform's key, and whose account it is.

use super::secret::SecretKey;
use crate::vocabulary::ids::AccountId;

/// The headers that make any call to Stripe's API one on behalf of `account`, names in lower case. The
/// first holds the key: don't log them (`docs.stripe.com/connect/authentication`). Your own calls stay in your own version
/// of the API: no `Stripe-Version` is among them.
///
/// ```
/// use stripe_connect_oauth::{AccountId, server::{SecretKey, on_behalf_of}};
///
/// let headers = on_behalf_of(&SecretKey::parse("sk_test_123")?, &AccountId::parse("acct_1")?);
/// let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
/// assert_eq!(names, ["authorization", "stripe-account"]);
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub fn on_behalf_of(key: &SecretKey, account: &AccountId) -> Vec<(String, String)> {
    vec![("authorization".to_owned(), key.bearer()), ("stripe-account".to_owned(), account.as_str().to_owned())]
}

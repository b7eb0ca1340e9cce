//! [`NewAccount`]: an account that the platform has made, for someone who has none.

use super::http::Request;
use super::idempotency_key::IdempotencyKey;
use super::secret::SecretKey;
use crate::front::prefill::{Prefill, PrefillField};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::origin::ConnectBase;

/// A Standard account to be made (deferred activation): its owner finishes it later, through a link.
///
/// ```
/// use stripe_connect_oauth::server::NewAccount;
///
/// assert!(NewAccount::new("FR", "ada@example.com").is_ok());
/// assert_eq!(NewAccount::new("fr", "ada@example.com").unwrap_err().param(), "country");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    country: String,
    email: String,
    claim: Option<String>,
}

/// Where an account that the handler had made keeps what tells it from others, so that it is found again.
pub(super) const CLAIM: &str = "connect_claim";

impl NewAccount {
    /// `country` is two capital letters (ISO 3166-1), where the business is. Stripe does not let it change.
    pub fn new(country: &str, email: &str) -> Result<NewAccount, ConnectError> {
        Ok(NewAccount {
            country: checked("country", PrefillField::Country, country)?,
            email: checked("email", PrefillField::Email, email)?,
            claim: None,
        })
    }

    /// Has Stripe keep `claim` in the account's metadata, for `read_claimed_account`.
    #[cfg(feature = "edge")]
    pub(crate) fn with_claim(self, claim: &str) -> NewAccount {
        NewAccount { claim: Some(claim.to_owned()), ..self }
    }
}

/// The prefill field's rule, under the parameter's own name.
fn checked(param: &str, field: PrefillField, value: &str) -> Result<String, ConnectError> {
    if value.is_empty() {
        return Err(ConnectError::missing(param, "a new account needs country and email"));
    }
    Prefill::default().set(field, value).map_err(|error| error.renamed(param))?;
    Ok(value.to_owned())
}

/// The request that makes a Standard account. Read its answer with [`read_account`](super::read_account).
///
/// ```
/// use stripe_connect_oauth::ConnectBase;
/// use stripe_connect_oauth::server::{IdempotencyKey, NewAccount, SecretKey, create_account};
///
/// let key = SecretKey::parse("sk_test_123")?;
/// let account = NewAccount::new("FR", "ada@example.com")?;
/// let once = IdempotencyKey::parse("account-of-user-42")?; // however often it is pressed, one account
/// let request = create_account(&ConnectBase::stripe(), &key, &account, &once);
/// assert_eq!(request.header("idempotency-key"), Some("account-of-user-42"));
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
pub fn create_account(
    base: &ConnectBase,
    key: &SecretKey,
    account: &NewAccount,
    idempotency_key: &IdempotencyKey,
) -> Request {
    let mut fields = vec![("type", "standard"), ("country", &*account.country), ("email", &*account.email)];
    let metadata = ["metadata[", CLAIM, "]"].concat();
    fields.extend(account.claim.as_deref().map(|claim| (&*metadata, claim)));
    Request::form([base.api(), "/v1/accounts"].concat(), key, &fields)
        .with_header("idempotency-key", idempotency_key.as_str())
}

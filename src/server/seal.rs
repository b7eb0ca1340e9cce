//! Texts that a platform keeps outside and only it can read: sealed refresh tokens, and the flow cookie.

use super::secret::{Secret, leaving_no_key};
use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use base64ct::{Base64UrlUnpadded, Encoding};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use std::fmt;

/// How many random bytes each sealing takes. So many never repeat by chance.
pub(crate) const NONCE_BYTES: usize = 24;

/// The keys for one purpose, one for each of the platform's secrets: the first seals, every one opens.
pub(crate) struct SealingKeys(Vec<XChaCha20Poly1305>);

impl SealingKeys {
    /// The `purpose` goes into each key, so that what was sealed for one opens for no other, though the
    /// platform gives the same secret to both. `param` is the name of the option that holds the secrets.
    pub(crate) fn derive(purpose: &str, param: &str, secrets: &[String]) -> Result<SealingKeys, ConnectError> {
        if secrets.is_empty() {
            return Err(ConnectError::missing(param, "give at least one random text of 32 characters or more"));
        }
        if secrets.iter().any(|secret| secret.len() < 32) {
            return Err(ConnectError::invalid(param, "must each have 32 random characters or more"));
        }
        let key = |secret: &String| {
            let digest = Sha256::new_with_prefix(purpose).chain_update(b"\0").chain_update(secret).finalize();
            XChaCha20Poly1305::new(&digest)
        };
        Ok(SealingKeys(leaving_no_key(|| secrets.iter().map(key).collect())))
    }

    /// Seals `text` for `place`. The nonce is fresh from the host's randomness.
    pub(crate) fn seal(&self, place: &str, text: &[u8], nonce: [u8; NONCE_BYTES]) -> Option<String> {
        let payload = Payload { msg: text, aad: place.as_bytes() };
        let key = self.0.first()?;
        let sealed = leaving_no_key(|| key.encrypt(&XNonce::from(nonce), payload)).ok()?;
        Some(Base64UrlUnpadded::encode_string(&[&nonce[..], &sealed].concat()))
    }

    /// Opens a sealed text, or `None` if it was not sealed with these keys, for this place, whole.
    pub(crate) fn open(&self, place: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = Base64UrlUnpadded::decode_vec(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>()?;
        let payload = || Payload { msg: sealed, aad: place.as_bytes() };
        let opened = |key: &XChaCha20Poly1305| key.decrypt(&XNonce::from(*nonce), payload()).ok();
        leaving_no_key(|| self.0.iter().find_map(opened))
    }
}

impl fmt::Debug for SealingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The keys that seal refresh tokens, for a platform that keeps them: XChaCha20-Poly1305, under secrets that
/// the platform gives and keeps elsewhere than the tokens.
///
/// Few platforms need a refresh token: their own key with the `Stripe-Account` header does all of it. A
/// Stripe App does.
///
/// ```
/// use stripe_connect_oauth::server::{RefreshTokenKeys, Secret};
/// use stripe_connect_oauth::{AccountId, Livemode};
///
/// # fn main() -> Result<(), stripe_connect_oauth::ConnectError> {
/// let account = AccountId::parse("acct_1")?;
/// let token = Secret::refresh_token("rt_123")?;
/// let nonce = [7; 24]; // 24 bytes of your host's randomness, fresh for each token
///
/// let keys = RefreshTokenKeys::derive(&["a secret of 32 random characters".to_owned()])?;
/// let sealed = keys.seal(&token, &account, Livemode::Test, nonce)?;
/// assert!(!sealed.contains("rt_123"));
///
/// // To rotate, put the new secret last; once every machine has it, first. What the old one sealed still opens.
/// let [new, old] = ["another secret of 32 random ones".to_owned(), "a secret of 32 random characters".to_owned()];
/// let opened = RefreshTokenKeys::derive(&[new, old])?.open(&sealed, &account, Livemode::Test)?;
/// assert_eq!(opened.expose(), "rt_123");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct RefreshTokenKeys(SealingKeys);

impl RefreshTokenKeys {
    /// One key for each secret of 32 random characters or more. The first seals, every one opens.
    pub fn derive(secrets: &[String]) -> Result<RefreshTokenKeys, ConnectError> {
        SealingKeys::derive("stripe-connect-oauth refresh token 1", "refresh_token_secrets", secrets)
            .map(RefreshTokenKeys)
    }

    /// The token as printable text (base64url), which opens for no other account and in no other mode.
    ///
    /// `nonce` is 24 bytes of the host's cryptographic randomness, never used before. A token of more than
    /// 4096 bytes is refused.
    pub fn seal(
        &self,
        token: &Secret,
        account: &AccountId,
        livemode: Livemode,
        nonce: [u8; NONCE_BYTES],
    ) -> Result<String, ConnectError> {
        let text = Some(token.expose().as_bytes()).filter(|text| text.len() <= 4096);
        let sealed = text.and_then(|text| self.0.seal(&place(account, livemode), text, nonce));
        sealed.ok_or_else(|| ConnectError::new(ErrorCode::TooLong, "refresh_token", "is longer than 4096 bytes"))
    }

    /// The token that [`seal`](RefreshTokenKeys::seal) was given.
    pub fn open(&self, sealed: &str, account: &AccountId, livemode: Livemode) -> Result<Secret, ConnectError> {
        const RULE: &str =
            "does not open: it must be whole, of the same account and mode, and sealed with one of the secrets";
        let text = self.0.open(&place(account, livemode), sealed).and_then(|text| String::from_utf8(text).ok());
        text.map(Secret::new).ok_or_else(|| ConnectError::invalid("sealed", RULE))
    }
}

/// Whose token it is.
fn place(account: &AccountId, livemode: Livemode) -> String {
    let mode = if livemode.as_bool() { " live" } else { " test" };
    [account.as_str(), mode].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::ZeroizeOnDrop;

    #[test]
    fn one_secret_for_two_purposes_makes_two_keys() {
        let keys = |purpose: &str| SealingKeys::derive(purpose, "secrets", &["s".repeat(32)]).unwrap();
        let sealed = keys("one").seal("here", b"text", [1; NONCE_BYTES]).unwrap();
        assert_eq!(keys("one").open("here", &sealed).as_deref(), Some(&b"text"[..]));
        assert_eq!(keys("two").open("here", &sealed), None);
        assert_eq!(keys("one").open("there", &sealed), None);
    }

    #[test]
    fn a_key_leaves_no_copy_in_memory() {
        const fn zeroized<T: ZeroizeOnDrop>() {}
        const { zeroized::<XChaCha20Poly1305>() };
    }
}

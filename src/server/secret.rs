//! Values that must not print: [`Secret`] and [`SecretKey`].

use crate::vocabulary::convert::from_text;
use crate::vocabulary::error::{ConnectError, ErrorCode};
use crate::vocabulary::ids::credential;
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::text::all;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
#[cfg(feature = "sandbox")]
use subtle::ConstantTimeEq;
use zeroize::{Zeroizing, zeroize_stack};

/// Text that neither prints itself nor stays in memory after use. Access and refresh tokens come as one.
///
/// ```
/// use stripe_connect_oauth::server::Secret;
///
/// let token = Secret::new("sk_acct_token".to_owned());
/// assert_eq!(format!("{token:?}"), "[redacted]");
/// assert_eq!(token.expose(), "sk_acct_token");
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes over a secret text.
    pub fn new(text: String) -> Secret {
        Secret(Zeroizing::new(text))
    }

    /// Reads a refresh token, `rt_…`, which a platform kept. The error never repeats the text.
    ///
    /// ```
    /// use stripe_connect_oauth::server::Secret;
    ///
    /// assert_eq!(Secret::refresh_token("rt_123")?.expose(), "rt_123");
    /// assert_eq!(Secret::refresh_token("sk_test_123").unwrap_err().param(), "refresh_token");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    pub fn refresh_token(text: &str) -> Result<Secret, ConnectError> {
        const PARAM: &str = "refresh_token";
        const FIX: &str = "give the one that came with the account, which begins with rt_";
        if text.is_empty() {
            return Err(ConnectError::missing(PARAM, FIX));
        }
        if text.len() > 255 {
            return Err(ConnectError::new(ErrorCode::TooLong, PARAM, "is longer than 255 bytes"));
        }
        match (text.strip_prefix("rt_"), credential(text)) {
            (Some(rest), _) if !rest.is_empty() && all(rest, |b| b.is_ascii_alphanumeric() || b == b'_') => {
                Ok(Secret::new(text.to_owned()))
            }
            (None, Some(other)) => {
                let what = ["is ", other, ", not a refresh token: ", FIX].concat();
                Err(ConnectError::new(ErrorCode::WrongCredential, PARAM, &what))
            }
            _ => Err(ConnectError::invalid(PARAM, &["is not a refresh token: ", FIX].concat())),
        }
    }

    /// The text. Don't log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret::new(text)
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Secret, Infallible> {
        Ok(Secret::new(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What `work` gives, with the stack that it used wiped: hashes and ciphers leave pieces of their keys there.
pub(crate) fn leaving_no_key<T>(work: impl FnOnce() -> T) -> T {
    // In a frame of its own, which ends where the wiping begins.
    #[inline(never)]
    fn apart<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
    let given = apart(work);
    zeroize_stack::<STACK_BYTES>();
    given
}

/// More than any of them takes.
const STACK_BYTES: usize = 8192;

/// The platform's secret or restricted key, `sk_…` or `rk_…`, and the mode it is for.
///
/// ```
/// use stripe_connect_oauth::{Livemode, server::SecretKey};
///
/// let key = SecretKey::parse("sk_test_123")?;
/// assert_eq!(key.livemode(), Livemode::Test);
/// assert_eq!(format!("{key:?}"), "SecretKey { livemode: Test, .. }");
/// # Ok::<(), stripe_connect_oauth::ConnectError>(())
/// ```
#[derive(Clone)]
pub struct SecretKey {
    text: Secret,
    livemode: Livemode,
}

impl SecretKey {
    /// Reads `sk_test_…`, `sk_live_…`, `rk_test_…` or `rk_live_…`. The error never repeats the text.
    pub fn parse(text: &str) -> Result<SecretKey, ConnectError> {
        const PARAM: &str = "secret_key";
        const FIX: &str =
            "give the platform's key that begins with sk_test_ or sk_live_, from the server's environment";
        if text.is_empty() {
            return Err(ConnectError::missing(PARAM, FIX));
        }
        if text.len() > 255 {
            return Err(ConnectError::new(ErrorCode::TooLong, PARAM, "is longer than 255 bytes"));
        }
        let livemode = [
            ("sk_test_", Livemode::Test),
            ("rk_test_", Livemode::Test),
            ("sk_live_", Livemode::Live),
            ("rk_live_", Livemode::Live),
        ]
        .into_iter()
        .find_map(|(prefix, livemode)| Some((text.strip_prefix(prefix)?, livemode)));
        match livemode {
            Some((rest, livemode))
                if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') =>
            {
                Ok(SecretKey { text: Secret::new(text.to_owned()), livemode })
            }
            Some(_) => Err(ConnectError::invalid(
                PARAM,
                "must be letters and digits after its prefix: it may be cut off or have a space",
            )),
            None => Err(match credential(text).filter(|_| !text.starts_with("sk_") && !text.starts_with("rk_")) {
                Some(other) => {
                    let what = ["is ", other, ", not a secret key: ", FIX].concat();
                    ConnectError::new(ErrorCode::WrongCredential, PARAM, &what)
                }
                None => ConnectError::invalid(PARAM, &["is not a secret key: ", FIX].concat()),
            }),
        }
    }

    /// Which mode the key is for; its prefix says so.
    pub fn livemode(&self) -> Livemode {
        self.livemode
    }

    /// Whether `candidate` is this key, in time that does not depend on where they differ.
    #[cfg(feature = "sandbox")]
    pub(crate) fn verify(&self, candidate: &str) -> bool {
        self.text.expose().as_bytes().ct_eq(candidate.as_bytes()).into()
    }

    /// The value of the `Authorization` header. Stripe takes the key itself as a bearer token; the
    /// client id is never a user name there.
    pub(crate) fn bearer(&self) -> String {
        ["Bearer ", self.text.expose()].concat()
    }
}

from_text! { SecretKey: SecretKey::parse; }

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretKey").field("livemode", &self.livemode).finish_non_exhaustive()
    }
}

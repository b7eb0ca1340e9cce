//! [`TokenProblem`]: why the token endpoint refused, one word for each of its errors.

use super::stripe_error::StripeError;
use crate::vocabulary::words::words;

words! {
    /// What was wrong with a request to the token endpoint, as far as Stripe's code and text tell
    /// (`docs.stripe.com/connect/oauth-reference`). [`TokenProblem::hint`] says what to do.
    ///
    /// ```
    /// use stripe_connect_oauth::server::TokenProblem;
    ///
    /// let problem = TokenProblem::CodeExpired; // of `ExchangeError::problem`
    /// assert_eq!(problem.as_str(), "code_expired");
    /// println!("{}", problem.hint()); // for the developers' log
    /// assert_eq!(TokenProblem::parse("code_used"), Some(TokenProblem::CodeUsed));
    /// ```
    #[non_exhaustive]
    pub enum TokenProblem {
        /// `invalid_grant`: Stripe does not know the code.
        CodeUnknown = "code_unknown",
        /// `invalid_grant`: the code was used before, and Stripe has revoked what it gave.
        CodeUsed = "code_used",
        /// `invalid_grant`: the code was older than five minutes.
        CodeExpired = "code_expired",
        /// `invalid_grant`: the code was made for another platform.
        CodeNotYours = "code_not_yours",
        /// `invalid_grant`: the code is of the other mode than the key.
        ModeMismatch = "mode_mismatch",
        /// `invalid_grant`, for a refresh: Stripe does not take the refresh token.
        RefreshTokenUnknown = "refresh_token_unknown",
        /// `invalid_request`: no grant type reached Stripe.
        NoGrantType = "no_grant_type",
        /// `invalid_request`: a capability that was asserted was not granted.
        CapabilityNotGranted = "capability_not_granted",
        /// `unsupported_grant_type`.
        UnsupportedGrantType = "unsupported_grant_type",
        /// `unsupported_response_type`.
        UnsupportedResponseType = "unsupported_response_type",
        /// `invalid_scope`: the scope is unknown, or wider than what was granted.
        InvalidScope = "invalid_scope",
        /// `invalid_client`: no key reached Stripe.
        NoAuthentication = "no_authentication",
        /// `invalid_client`: there is no such key.
        UnknownKey = "unknown_key",
        /// The key is not valid, or has expired.
        InvalidKey = "invalid_key",
        /// A publishable key was sent.
        PublishableKey = "publishable_key",
        /// Too many requests at a time (status 429).
        RateLimited = "rate_limited",
        /// Another code, or a text that tells nothing of the above.
        Other = "other",
    }
}

const MIXED_MODES: &str = "use a client_id and a secret_key of the same mode, both test or both live";

impl TokenProblem {
    /// The problem of an exchange or a refresh that Stripe refused.
    pub(crate) fn of(error: &StripeError) -> TokenProblem {
        match error.error.as_deref() {
            _ if error.status == 429 => TokenProblem::RateLimited,
            Some("invalid_grant") => grant_problem(error),
            Some("invalid_request") if error.says("grant type") => TokenProblem::NoGrantType,
            Some("invalid_request") if error.says("assert_capabilities") => TokenProblem::CapabilityNotGranted,
            Some("unsupported_grant_type") => TokenProblem::UnsupportedGrantType,
            Some("unsupported_response_type") => TokenProblem::UnsupportedResponseType,
            Some("invalid_scope") => TokenProblem::InvalidScope,
            Some("invalid_client" | "invalid_request_error" | "api_key_expired" | "platform_api_key_expired") => {
                key_problem(error)
            }
            _ => TokenProblem::Other,
        }
    }

    /// What the developer should do about it.
    pub const fn hint(self) -> &'static str {
        match self {
            TokenProblem::CodeUnknown => "the code is not known to Stripe: let the person connect again",
            TokenProblem::CodeUsed => {
                "the code was used before, and Stripe has revoked what it gave: let the person connect again"
            }
            TokenProblem::CodeExpired => "a code lives for five minutes: let the person connect again",
            TokenProblem::CodeNotYours => "secret_key and client_id belong to different platforms",
            TokenProblem::ModeMismatch => MIXED_MODES,
            TokenProblem::RefreshTokenUnknown => {
                "the refresh token is revoked, replaced by a newer one, or another platform's: let the person connect again"
            }
            TokenProblem::NoGrantType => {
                "the form's fields did not reach Stripe: send the body with content-type application/x-www-form-urlencoded"
            }
            TokenProblem::CapabilityNotGranted => {
                "the account did not get the capability: let the person connect again, with it in suggested_capabilities \
                 or without asserting it"
            }
            TokenProblem::UnsupportedGrantType => {
                "the body was changed on its way: send the request as it was built"
            }
            TokenProblem::UnsupportedResponseType => {
                "ask for response_type code in the authorize URL, and let the person connect again"
            }
            TokenProblem::InvalidScope => {
                "ask for read_write or read_only, and for no more than the connection was granted"
            }
            TokenProblem::NoAuthentication => {
                "the key did not reach Stripe: send the authorization header, and check what stands in between"
            }
            TokenProblem::UnknownKey => {
                "Stripe knows no such key: secret_key is deleted, cut off, or not a Stripe key"
            }
            TokenProblem::InvalidKey => "check secret_key: Stripe does not accept it",
            TokenProblem::PublishableKey => "secret_key is a publishable key: give the one that begins with sk_",
            TokenProblem::RateLimited => "Stripe asks for fewer requests at a time: try again in a moment",
            TokenProblem::Other => "see Stripe's description, and the request id in the dashboard's logs",
        }
    }
}

/// `invalid_grant` has no finer codes; how Stripe words a bad refresh token is not documented.
fn grant_problem(error: &StripeError) -> TokenProblem {
    let of_refresh_token = ["refresh token", "Refresh token", "refresh_token"].iter().any(|word| error.says(word));
    match () {
        () if error.speaks_of_mode() => TokenProblem::ModeMismatch,
        () if of_refresh_token => TokenProblem::RefreshTokenUnknown,
        () if error.says("already been used") => TokenProblem::CodeUsed,
        () if error.says("expired") => TokenProblem::CodeExpired,
        () if error.says("does not belong to you") => TokenProblem::CodeNotYours,
        () if error.says("does not exist") => TokenProblem::CodeUnknown,
        () => TokenProblem::Other,
    }
}

/// A key that Stripe does not take, in OAuth's shape or in the API's. Another mistake in the API's shape
/// is not about the key.
fn key_problem(error: &StripeError) -> TokenProblem {
    match () {
        () if error.says("No authentication was provided") => TokenProblem::NoAuthentication,
        () if error.says("No such API key") => TokenProblem::UnknownKey,
        () if error.says("Publishable key") => TokenProblem::PublishableKey,
        () if error.status == 401 || error.says("API Key") => TokenProblem::InvalidKey,
        () => TokenProblem::Other,
    }
}

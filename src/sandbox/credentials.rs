//! Who sends a request: the secret key or access token that it carries.

use super::api_version::ApiVersion;
use super::form::Form;
use super::ledger::Ledger;
use super::platform::SandboxPlatform;
use super::refusal::Refusal;
use crate::server::{Request, SecretKey};
use crate::vocabulary::livemode::Livemode;
use base64ct::{Base64, Encoding};

/// The platform that a request to an OAuth endpoint comes from. The header counts before the body.
pub(super) fn platform<'a>(
    request: &Request,
    form: &Form,
    platforms: &'a [SandboxPlatform],
) -> Result<(&'a SandboxPlatform, &'a SecretKey), Refusal> {
    const NONE: &str = "No authentication was provided. Send your secret API key using the Authorization header, \
                        or as a client_secret POST parameter.";
    let sent = request.header("authorization").map(key_in_header);
    let sent = sent
        .or_else(|| form.get("client_secret").map(str::to_owned))
        .filter(|sent| !sent.is_empty())
        .ok_or_else(|| Refusal::oauth(401, "invalid_client", NONE))?;
    if sent.starts_with("pk_") {
        return Err(Refusal::invalid(401, "Publishable key sent, but only secret keys can be used"));
    }
    owner(&sent, platforms)
        .ok_or_else(|| Refusal::oauth(401, "invalid_client", ["No such API key: ", &*masked(&sent)].concat()))
}

fn owner<'a>(sent: &str, platforms: &'a [SandboxPlatform]) -> Option<(&'a SandboxPlatform, &'a SecretKey)> {
    let keys = platforms.iter().flat_map(|platform| platform.secret_keys.iter().map(move |key| (platform, key)));
    keys.into_iter().find(|(_, key)| key.verify(sent))
}

/// Who calls the API, and for which account.
pub(super) struct Caller<'a> {
    /// The platform, unless an account's own access token was sent.
    pub(super) platform: Option<&'a SandboxPlatform>,
    /// The account that the call is about: the platform's own, or a connected one.
    pub(super) account: String,
    pub(super) livemode: Livemode,
    /// The version it is answered in.
    pub(super) version: ApiVersion,
    /// The key as Stripe's messages show it.
    pub(super) key: String,
}

impl Caller<'_> {
    /// The 403 that tells a platform that an account disconnected it.
    pub(super) fn no_access(&self, account: &str) -> Refusal {
        let message = format!(
            "The provided key '{}' does not have access to account '{account}' (or that account does not exist). \
             Application access may have been revoked.",
            self.key
        );
        Refusal::invalid(403, message).with_code("account_invalid")
    }
}

/// The caller of the API: by a platform's key, on its own behalf or with `Stripe-Account` on an account's; or
/// by an access token.
pub(super) fn caller<'a>(
    request: &Request,
    platforms: &'a [SandboxPlatform],
    ledger: &Ledger,
    now: u64,
) -> Result<Caller<'a>, Refusal> {
    let sent = request.header("authorization").map(key_in_header).filter(|sent| !sent.is_empty());
    let mut caller = by_key(&sent.ok_or_else(no_key)?, platforms, ledger, now)?;
    caller.version = version(request, platforms)?;
    let Some(account) = request.header("stripe-account").filter(|account| *account != caller.account) else {
        return Ok(caller);
    };
    match caller.platform {
        Some(platform) if ledger.has_access(platform, account, caller.livemode) => {
            Ok(Caller { account: account.to_owned(), ..caller })
        }
        _ => Err(caller.no_access(account)),
    }
}

/// The version that a call of the API is answered in: the one it names, or its platform's.
pub(super) fn version(request: &Request, platforms: &[SandboxPlatform]) -> Result<ApiVersion, Refusal> {
    if let Some(asked) = request.header("stripe-version") {
        let refusal = |_| Refusal::invalid(400, ["Invalid Stripe API version: ", asked].concat());
        return ApiVersion::parse(asked).map_err(refusal);
    }
    let sent = request.header("authorization").map(key_in_header).unwrap_or_default();
    Ok(owner(&sent, platforms).map(|(platform, _)| platform.api_version.clone()).unwrap_or_default())
}

fn by_key<'a>(
    sent: &str,
    platforms: &'a [SandboxPlatform],
    ledger: &Ledger,
    now: u64,
) -> Result<Caller<'a>, Refusal> {
    let key = masked(sent);
    if sent.starts_with("pk_") {
        const TEXT: &str = "This API call cannot be made with a publishable API key. Please use a secret API key. \
                            You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.";
        return Err(Refusal::invalid(401, TEXT).with_code("secret_key_required"));
    }
    if let Some((platform, secret)) = owner(sent, platforms) {
        let account = platform.account_id();
        let livemode = secret.livemode();
        return Ok(Caller { platform: Some(platform), account, livemode, version: ApiVersion::default(), key });
    }
    let Some(token) = ledger.access_token(sent) else {
        return Err(Refusal::invalid(401, ["Invalid API Key provided: ", &*key].concat()));
    };
    let expired = ["Expired API Key provided: ", &*key].concat();
    if !ledger.stands(token) {
        let message = [&*expired, ". Platform access may have been revoked."].concat();
        return Err(Refusal::invalid(401, message).with_code("platform_api_key_expired"));
    }
    if token.has_expired(now) {
        return Err(Refusal::invalid(401, expired).with_code("api_key_expired"));
    }
    let (account, livemode) = (token.account.clone(), token.livemode);
    Ok(Caller { platform: None, account, livemode, version: ApiVersion::default(), key })
}

fn no_key() -> Refusal {
    const TEXT: &str = "You did not provide an API key. You need to provide your API key in the Authorization \
                        header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See \
                        https://stripe.com/docs/api#authentication for details, or we can help at \
                        https://support.stripe.com/.";
    Refusal::invalid(401, TEXT)
}

/// The key in `Bearer sk_…` or in `Basic base64(sk_…:)`; any other header as a whole, as Stripe reads it:
/// that is how people come to see `No such API key: Bearer`.
pub(super) fn key_in_header(header: &str) -> String {
    match header.trim().split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim().to_owned(),
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("basic") => {
            basic_user(key.trim()).unwrap_or_else(|| key.trim().to_owned())
        }
        _ => header.trim().to_owned(),
    }
}

fn basic_user(encoded: &str) -> Option<String> {
    let decoded = String::from_utf8(Base64::decode_vec(encoded).ok()?).ok()?;
    decoded.split(':').next().map(str::to_owned)
}

/// `sk_test_********************1234`, as Stripe masks a key: its kind, a star for each character that is hidden, and
/// the last four, or six where it is one of today's long keys. Of what is too short for that nothing is shown.
pub(super) fn masked(key: &str) -> String {
    if key.eq_ignore_ascii_case("bearer") || key.eq_ignore_ascii_case("basic") {
        return key.to_owned();
    }
    let words = key.matches('_').count().min(2);
    let kind: String = key.split_inclusive('_').take(words).take_while(|word| word.len() <= 6).collect();
    let secret = key.chars().skip(kind.chars().count());
    let length = secret.clone().count();
    let shown = match length {
        0..8 => 0,
        8..=32 => 4,
        _ => 6,
    };
    let hidden = length.saturating_sub(shown);
    let end: String = secret.skip(hidden).collect();
    [&*kind, &*"*".repeat(hidden), &*end].concat()
}

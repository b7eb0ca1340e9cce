//! [`Fault`]: what goes wrong between a platform and Stripe, when a test asks for it.

use super::authorize::AuthorizePath;
use super::endpoint::Endpoint;
use super::refusal::Refusal;
use super::seed::Seed;
use super::settings::Settings;
use crate::server::{Method, Request, Response};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::words::words;
use serde::{Serialize, Serializer};

words! {
    /// Something that goes wrong with a request.
    ///
    /// ```
    /// use stripe_connect_oauth::sandbox::Fault;
    ///
    /// assert_eq!(Fault::parse("reset_after")?, Fault::ResetAfter);
    /// assert_eq!(Fault::RateLimited.as_str(), "429");
    /// # Ok::<(), stripe_connect_oauth::ConnectError>(())
    /// ```
    #[non_exhaustive]
    pub enum Fault("fault") {
        /// `delay`: the answer comes late.
        Delay = "delay",
        /// `reset_before`: the connection is lost, and Stripe never saw the request.
        ResetBefore = "reset_before",
        /// `reset_after`: the connection is lost, and Stripe did what was asked.
        ResetAfter = "reset_after",
        /// `429`: too many requests.
        RateLimited = "429",
        /// `500`: Stripe fails, and says so in JSON. Under an idempotency key it says so again, for a day.
        ServerError = "500",
        /// `502`: a gateway answers, with a page of HTML.
        BadGateway = "502",
        /// `truncated`: half of the answer's body, after Stripe did what was asked.
        Truncated = "truncated",
        /// `content_type`: the right answer, called `text/html`.
        ContentType = "content_type",
        /// `redirect`: 307 to another address of the sandbox, `/redirected`. Who follows it is in the request log.
        Redirect = "redirect",
        /// `standard_oauth_disabled`: the authorize page says that the platform has not enabled Standard OAuth.
        StandardOauthDisabled = "standard_oauth_disabled",
        /// `not_signed_up`: the platform makes no accounts, for it has not signed up for Connect.
        NotSignedUp = "not_signed_up",
        /// `losses_not_acknowledged`: the same, for its responsibility of managing losses.
        LossesNotAcknowledged = "losses_not_acknowledged",
        /// `requirements_not_acknowledged`: the same, for its responsibility of collecting requirements.
        RequirementsNotAcknowledged = "requirements_not_acknowledged",
        /// `profile_not_completed`: the same, for the questionnaire about it.
        ProfileNotCompleted = "profile_not_completed",
        /// `not_activated`: the same, for its own account is not activated.
        NotActivated = "not_activated",
        /// `accounts_v1_closed`: the same, for it is to make Accounts v2.
        AccountsV1Closed = "accounts_v1_closed",
        /// `account_token_required`: the same, for its country wants account tokens.
        AccountTokenRequired = "account_token_required",
        /// `controller_not_supported`: the same, for such a dashboard and such responsibilities.
        ControllerNotSupported = "controller_not_supported",
        /// `not_a_platform`: the same, for the key is of no platform.
        NotAPlatform = "not_a_platform",
    }
}

impl Fault {
    /// Whether it happens to such a request when no path is given.
    fn is_at(self, request: &Request, endpoint: Option<Endpoint<'_>>) -> bool {
        match (self, endpoint) {
            (Fault::StandardOauthDisabled, _) => {
                matches!(endpoint, Some(Endpoint::Authorize(AuthorizePath::Standard | AuthorizePath::V2)))
            }
            _ if self.of_creation().is_some() => (request.method, request.path()) == (Method::Post, "/v1/accounts"),
            _ => endpoint.is_some_and(Endpoint::is_called_by_platforms),
        }
    }

    /// Whether Stripe keeps it under the request's idempotency key, as any answer of its own but that it is too busy.
    pub(super) fn is_kept(self) -> bool {
        self == Fault::ServerError || self.of_creation().is_some()
    }

    /// What is sent instead of the answer, `None` where that is lost or changed.
    pub(super) fn instead(self, origin: &str) -> Option<Response> {
        match self {
            Fault::RateLimited => {
                const TEXT: &str = "Request rate limit exceeded. You can learn more about rate limits here \
                                    https://stripe.com/docs/rate-limits.";
                Some(Refusal::invalid(429, TEXT).with_code("rate_limit").response())
            }
            Fault::ServerError => {
                let refusal = Refusal::api(500, "An unknown error occurred").with_type("api_error");
                Some(refusal.response())
            }
            Fault::BadGateway => {
                const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center>\
                                    <h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
                Some(Response::new(502, "text/html", PAGE))
            }
            Fault::Redirect => {
                let location = [origin, "/redirected"].concat();
                Some(
                    Response { status: 307, headers: Vec::new(), body: String::new() }
                        .with_header("location", location),
                )
            }
            _ => self.of_settings().map(|refusal| refusal.response()),
        }
    }

    /// The answer, changed.
    pub(super) fn corrupt(self, response: Response) -> Response {
        match self {
            Fault::Truncated => {
                let half = response.body.chars().count() / 2;
                Response { body: response.body.chars().take(half).collect(), ..response }
            }
            Fault::ContentType => {
                let others = response.headers.into_iter().filter(|(name, _)| name != "content-type");
                Response { headers: others.collect(), ..response }.with_header("content-type", "text/html")
            }
            _ => response,
        }
    }
}

/// When a fault happens.
///
/// ```
/// use stripe_connect_oauth::sandbox::{Fault, FaultRule};
///
/// // The answer to the next code exchange is lost.
/// let rule = FaultRule {
///     path: Some("/oauth/token".to_owned()),
///     times: Some(1),
///     ..FaultRule::new(Fault::ResetAfter)
/// };
/// assert_eq!(rule.share, 1.0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaultRule {
    /// What goes wrong.
    #[serde(serialize_with = "name")]
    pub fault: Fault,
    /// The beginning of the paths it happens at; absent, the endpoints that servers call: the token endpoints,
    /// `/oauth/deauthorize` and the API. What comes of a platform's settings happens where Stripe looks at them:
    /// on the authorize page, or when an account is made.
    pub path: Option<String>,
    /// The share of requests it happens to, from 0 to 1, drawn from the request's random bytes.
    pub share: f64,
    /// How often it happens, before it is over; absent, it is never over.
    pub times: Option<u32>,
    /// How long a delay is, in milliseconds.
    pub milliseconds: u32,
    /// Whether Stripe does what was asked before a 429, 500, 502 or redirect.
    pub effect: bool,
}

/// A fault is its name in the sandbox's own JSON, whether serde's traits are wanted or not.
fn name<S: Serializer>(fault: &Fault, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(fault.as_str())
}

impl FaultRule {
    /// Every request, for as long as the sandbox stands; nothing takes effect; a delay is of one second.
    pub fn new(fault: Fault) -> FaultRule {
        FaultRule { fault, path: None, share: 1.0, times: None, milliseconds: 1000, effect: false }
    }

    /// The fields of [`FaultRule::read`].
    pub(super) const FIELDS: [&str; 6] = ["fault", "path", "share", "times", "milliseconds", "effect"];

    /// `{"fault", "path", "share", "times", "milliseconds", "effect"}`, of which only `fault` must be there.
    pub(super) fn read(given: &Settings) -> Result<FaultRule, ConnectError> {
        let number = |name: &str| {
            let small = |number: u64| {
                u32::try_from(number).map_err(|_| ConnectError::invalid(name, "is larger than 4294967295"))
            };
            given.number(name)?.map(small).transpose()
        };
        let missing = || ConnectError::missing("fault", &["give ", Fault::LIST].concat());
        let fault = given.text("fault")?.ok_or_else(missing)?;
        let rule = FaultRule::new(Fault::parse(fault)?);
        Ok(FaultRule {
            path: given.text("path")?.map(str::to_owned),
            share: given.share("share")?.unwrap_or(rule.share),
            times: number("times")?,
            milliseconds: number("milliseconds")?.unwrap_or(rule.milliseconds),
            effect: given.boolean("effect")?.unwrap_or_default(),
            ..rule
        })
    }

    fn happens_to(&self, request: &Request, endpoint: Option<Endpoint<'_>>, seed: &mut Seed) -> bool {
        let fits = match &self.path {
            Some(begin) => request.path().starts_with(&**begin),
            None => self.fault.is_at(request, endpoint),
        };
        // Nothing is drawn for the others, whose ids stay what they are without this rule.
        fits && self.times != Some(0) && (self.share >= 1.0 || seed.fraction() < self.share)
    }
}

/// What happens to one request.
#[derive(Default)]
pub(super) struct Trouble {
    pub(super) milliseconds: u32,
    /// Besides a delay, and whether the request takes effect.
    pub(super) fault: Option<(Fault, bool)>,
}

impl Trouble {
    /// The name for the log.
    pub(super) fn name(&self) -> Option<&'static str> {
        match self.fault {
            Some((fault, _)) => Some(fault.as_str()),
            None => (self.milliseconds > 0).then_some("delay"),
        }
    }

    /// Whether Stripe never sees the request, or does not do what it asks.
    pub(super) fn is_before_the_effect(&self) -> bool {
        match self.fault {
            Some((Fault::ResetAfter | Fault::Truncated | Fault::ContentType, _)) | None => false,
            Some((Fault::ResetBefore, _)) => true,
            Some((fault, effect)) => !effect || fault.of_settings().is_some(),
        }
    }
}

/// The faults that were asked for.
#[derive(Default)]
pub(super) struct Faults {
    rules: Vec<FaultRule>,
}

impl Faults {
    pub(super) fn rules(&self) -> &[FaultRule] {
        &self.rules
    }

    pub(super) fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    pub(super) fn clear(&mut self) {
        self.rules.clear();
    }

    /// What happens to a request: every delay, and of the others the first.
    pub(super) fn trigger(
        &mut self,
        request: &Request,
        endpoint: Option<Endpoint<'_>>,
        seed: &mut Seed,
    ) -> Trouble {
        let mut trouble = Trouble::default();
        for rule in &mut self.rules {
            let is_taken = rule.fault != Fault::Delay && trouble.fault.is_some();
            if is_taken || !rule.happens_to(request, endpoint, seed) {
                continue;
            }
            rule.times = rule.times.map(|times| times.saturating_sub(1));
            match rule.fault {
                Fault::Delay => trouble.milliseconds = trouble.milliseconds.saturating_add(rule.milliseconds),
                fault => trouble.fault = Some((fault, rule.effect)),
            }
        }
        self.rules.retain(|rule| rule.times != Some(0));
        trouble
    }
}

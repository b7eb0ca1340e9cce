//! [`Outcome`]: how a request ended, in the words a person reads.

use super::action::Action;
use crate::front::callback::{Callback, Rejection};
use crate::server::{AccountError, DeauthorizeError, ExchangeError, TokenProblem};

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The person is on the way to Stripe.
    Started,
    /// The account is connected and kept.
    Connected,
    /// The person said no at Stripe.
    Denied,
    /// The callback was refused: nothing was sent to Stripe.
    Rejected(Rejection),
    /// Stripe sent an error of its own instead of a code.
    Failed,
    /// The platform's configuration changed under the flow, or belongs to another flow.
    ConfigMismatch,
    /// The code was used before; Stripe has revoked what it gave.
    CodeUsed,
    /// The code was older than five minutes.
    CodeExpired,
    /// The account did not get a capability that the platform asserts, so Stripe did not connect it.
    CapabilityNotGranted,
    /// Stripe refused the exchange for another reason.
    Refused,
    /// Test and live configuration are mixed.
    ModeMismatch,
    /// Nobody knows whether Stripe connected the account.
    Unknown,
    /// Stripe connected the account, but the store did not keep it.
    NotSaved,
    /// The store did not answer before anything was sent to Stripe.
    StoreUnavailable,
    /// The first request for this callback is still at work.
    StillWorking,
    /// Nobody is signed in at the platform.
    NotSignedIn,
    /// The request to start does not show that it came from the platform's own page.
    CrossSite,
    /// Another site asked for something other than a start.
    Foreign,
    /// The request for something other than a start does not show where it came from.
    Unconfirmed,
    /// The account is disconnected, at Stripe and in the store.
    Disconnected,
    /// The subject has no such live connection; whether another has one is not told.
    NotConnected,
    /// The client id is not an application of the key's platform, so it can disconnect nothing.
    NotOurs,
    /// The platform controls the account, so it can't be disconnected.
    Controlled,
    /// Stripe refused to disconnect the account for another reason.
    NotDisconnected,
    /// Nobody knows whether Stripe disconnected the account.
    DisconnectUnknown,
    /// Stripe disconnected the account, but the store did not note it.
    DisconnectNotSaved,
    /// Access to the account was revoked at Stripe.
    Revoked,
    /// The key has no access to the account, and whether it is the right key is not sure: nothing was ended.
    Unreachable,
    /// The key may not see or change the account. It may be connected all the same.
    MissingPermission,
    /// Stripe refused for a reason of its own; nothing has changed.
    StripeRefused,
    /// Stripe gave no result; trying again is safe.
    StripeUnavailable,
    /// Stripe makes no accounts or links for the platform, until its operator has done something.
    PlatformNotReady,
    /// The country or the e-mail address of a new account is wrong.
    InvalidDetails,
    /// A Standard account was made and kept; its owner has to finish it.
    Created,
    /// Stripe made the account, but the store did not keep it.
    CreatedNotSaved,
    /// A webhook event was taken.
    Received,
    /// The request is no webhook of Stripe's, or not for this endpoint.
    WebhookRejected,
    /// Another request with this webhook event is still at work.
    EventInProgress,
    /// The platform's own hook failed on a webhook event.
    EventFailed,
}

impl Outcome {
    const ALL: [Outcome; 49] = [
        Outcome::Started,
        Outcome::Connected,
        Outcome::Denied,
        Outcome::Rejected(Rejection::StateMismatch),
        Outcome::Rejected(Rejection::StateMissing),
        Outcome::Rejected(Rejection::DuplicateParameter),
        Outcome::Rejected(Rejection::ConflictingParameters),
        Outcome::Rejected(Rejection::Malformed),
        Outcome::Rejected(Rejection::TooLong),
        Outcome::Rejected(Rejection::UnexpectedIssuer),
        Outcome::Rejected(Rejection::NotStarted),
        Outcome::Rejected(Rejection::Expired),
        Outcome::Rejected(Rejection::AnotherSubject),
        Outcome::Rejected(Rejection::AlreadyUsed),
        Outcome::Failed,
        Outcome::ConfigMismatch,
        Outcome::CodeUsed,
        Outcome::CodeExpired,
        Outcome::CapabilityNotGranted,
        Outcome::Refused,
        Outcome::ModeMismatch,
        Outcome::Unknown,
        Outcome::NotSaved,
        Outcome::StoreUnavailable,
        Outcome::StillWorking,
        Outcome::NotSignedIn,
        Outcome::CrossSite,
        Outcome::Foreign,
        Outcome::Unconfirmed,
        Outcome::Disconnected,
        Outcome::NotConnected,
        Outcome::NotOurs,
        Outcome::Controlled,
        Outcome::NotDisconnected,
        Outcome::DisconnectUnknown,
        Outcome::DisconnectNotSaved,
        Outcome::Revoked,
        Outcome::Unreachable,
        Outcome::MissingPermission,
        Outcome::StripeRefused,
        Outcome::StripeUnavailable,
        Outcome::PlatformNotReady,
        Outcome::InvalidDetails,
        Outcome::Created,
        Outcome::CreatedNotSaved,
        Outcome::Received,
        Outcome::WebhookRejected,
        Outcome::EventInProgress,
        Outcome::EventFailed,
    ];

    /// The outcome's name: in JSON, in the store and in the result page's path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Started => "started",
            Outcome::Connected => "connected",
            Outcome::Denied => "denied",
            Outcome::Rejected(rejection) => rejection.as_str(),
            Outcome::Failed => "failed",
            Outcome::ConfigMismatch => "config_mismatch",
            Outcome::CodeUsed => "code_used",
            Outcome::CodeExpired => "code_expired",
            Outcome::CapabilityNotGranted => "capability_not_granted",
            Outcome::Refused => "refused",
            Outcome::ModeMismatch => "mode_mismatch",
            Outcome::Unknown => "unknown",
            Outcome::NotSaved => "not_saved",
            Outcome::StoreUnavailable => "store_unavailable",
            Outcome::StillWorking => "still_working",
            Outcome::NotSignedIn => "not_signed_in",
            Outcome::CrossSite => "cross_site",
            Outcome::Foreign => "foreign",
            Outcome::Unconfirmed => "unconfirmed",
            Outcome::Disconnected => "disconnected",
            Outcome::NotConnected => "not_connected",
            Outcome::NotOurs => "not_ours",
            Outcome::Controlled => "controlled",
            Outcome::NotDisconnected => "not_disconnected",
            Outcome::DisconnectUnknown => "disconnect_unknown",
            Outcome::DisconnectNotSaved => "disconnect_not_saved",
            Outcome::Revoked => "revoked",
            Outcome::Unreachable => "unreachable",
            Outcome::MissingPermission => "missing_permission",
            Outcome::StripeRefused => "stripe_refused",
            Outcome::StripeUnavailable => "stripe_unavailable",
            Outcome::PlatformNotReady => "platform_not_ready",
            Outcome::InvalidDetails => "invalid_details",
            Outcome::Created => "created",
            Outcome::CreatedNotSaved => "created_not_saved",
            Outcome::Received => "received",
            Outcome::WebhookRejected => "webhook_rejected",
            Outcome::EventInProgress => "event_in_progress",
            Outcome::EventFailed => "event_failed",
        }
    }

    /// The outcome by its name.
    pub fn parse(name: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }

    /// Whether a page of its own tells of it. No link can claim that something was done, or ask for it to be
    /// confirmed, and nobody but Stripe hears how a webhook ended.
    pub(crate) const fn has_page(self) -> bool {
        !self.is_success()
            && !matches!(
                self,
                Outcome::Unconfirmed | Outcome::WebhookRejected | Outcome::EventInProgress | Outcome::EventFailed
            )
    }

    /// Whether what was asked for was done.
    pub(crate) const fn is_success(self) -> bool {
        matches!(
            self,
            Outcome::Started | Outcome::Connected | Outcome::Disconnected | Outcome::Created | Outcome::Received
        )
    }

    /// Whether loading the same address again can still finish: then the answer stays there.
    pub(crate) const fn asks_to_reload(self) -> bool {
        matches!(self, Outcome::StoreUnavailable | Outcome::StillWorking)
    }

    /// Whether the way on is to connect, or connect again.
    pub(crate) const fn asks_to_connect(self) -> bool {
        matches!(
            self,
            Outcome::Denied
                | Outcome::Rejected(_)
                | Outcome::Failed
                | Outcome::ConfigMismatch
                | Outcome::CodeUsed
                | Outcome::CodeExpired
                | Outcome::CapabilityNotGranted
                | Outcome::Refused
                | Outcome::ModeMismatch
                | Outcome::Unknown
                | Outcome::NotSaved
                | Outcome::CrossSite
                | Outcome::Revoked
        )
    }

    /// The HTTP status of a reply that says so.
    pub const fn status(self) -> u16 {
        match self {
            Outcome::Started
            | Outcome::Connected
            | Outcome::Denied
            | Outcome::Disconnected
            | Outcome::Created
            | Outcome::Received => 200,
            Outcome::StillWorking => 202,
            Outcome::NotSignedIn => 401,
            Outcome::Rejected(Rejection::AnotherSubject)
            | Outcome::CrossSite
            | Outcome::Foreign
            | Outcome::Unconfirmed => 403,
            Outcome::NotConnected => 404,
            Outcome::CodeUsed
            | Outcome::CapabilityNotGranted
            | Outcome::Rejected(Rejection::AlreadyUsed)
            | Outcome::Controlled
            | Outcome::EventInProgress => 409,
            Outcome::Revoked => 410,
            Outcome::Rejected(_) | Outcome::CodeExpired | Outcome::InvalidDetails | Outcome::WebhookRejected => 400,
            Outcome::Failed
            | Outcome::Refused
            | Outcome::Unknown
            | Outcome::NotDisconnected
            | Outcome::DisconnectUnknown
            | Outcome::Unreachable
            | Outcome::MissingPermission
            | Outcome::StripeRefused => 502,
            Outcome::ConfigMismatch
            | Outcome::ModeMismatch
            | Outcome::NotOurs
            | Outcome::PlatformNotReady
            | Outcome::EventFailed => 500,
            Outcome::NotSaved
            | Outcome::StoreUnavailable
            | Outcome::DisconnectNotSaved
            | Outcome::CreatedNotSaved
            | Outcome::StripeUnavailable => 503,
        }
    }

    /// The page's heading.
    pub const fn title(self) -> &'static str {
        match self {
            Outcome::Started => "On the way to Stripe",
            Outcome::Connected => "Your Stripe account is connected",
            Outcome::Denied => "You cancelled",
            Outcome::Rejected(Rejection::Expired) => "That took too long",
            Outcome::Rejected(Rejection::AnotherSubject) => "Another user started this",
            Outcome::Rejected(Rejection::AlreadyUsed) => "Already finished",
            Outcome::Rejected(_) => "That link did not work",
            Outcome::CodeUsed | Outcome::CodeExpired => "Please connect again",
            Outcome::CapabilityNotGranted => "Your account is not ready for us",
            Outcome::Failed | Outcome::Refused => "Stripe could not connect your account",
            Outcome::ConfigMismatch | Outcome::ModeMismatch | Outcome::NotOurs => "We made a mistake",
            Outcome::Unknown | Outcome::DisconnectUnknown => "We are not sure it worked",
            Outcome::NotSaved | Outcome::DisconnectNotSaved | Outcome::CreatedNotSaved => "Almost done",
            Outcome::StoreUnavailable => "Please try again in a moment",
            Outcome::StillWorking => "Still connecting",
            Outcome::NotSignedIn => "Please sign in",
            Outcome::CrossSite => "Do you want to connect Stripe?",
            Outcome::Foreign => "That came from another website",
            Outcome::Unconfirmed => "Please do that on our own page",
            Outcome::Disconnected => "Your Stripe account is disconnected",
            Outcome::NotConnected => "That account is not connected",
            Outcome::Controlled => "This account can’t be disconnected",
            Outcome::NotDisconnected => "Stripe did not disconnect your account",
            Outcome::Revoked => "This account is no longer connected",
            Outcome::Unreachable => "We can’t reach this account",
            Outcome::MissingPermission => "We may not see this account",
            Outcome::StripeRefused => "Stripe did not accept that",
            Outcome::StripeUnavailable => "Stripe did not answer",
            Outcome::PlatformNotReady => "We are not ready for that yet",
            Outcome::InvalidDetails => "Please check what you entered",
            Outcome::Created => "Your Stripe account is made",
            Outcome::Received => "Received",
            Outcome::WebhookRejected => "Not a webhook of Stripe’s",
            Outcome::EventInProgress => "Still at work",
            Outcome::EventFailed => "The event was not handled",
        }
    }

    /// What happened and what to do, in plain English.
    pub const fn hint(self) -> &'static str {
        match self {
            Outcome::Started => "Stripe’s page comes next.",
            Outcome::Connected => "You can close this page.",
            Outcome::Denied => Callback::Denied { verified: true, untrusted_description: None }.hint(),
            Outcome::Rejected(rejection) => Callback::Rejected(rejection).hint(),
            Outcome::Failed | Outcome::Refused => {
                "Stripe did not accept the request. Nothing was connected. Please try again; if it happens again, tell us."
            }
            Outcome::ConfigMismatch | Outcome::ModeMismatch => {
                "Our connection to Stripe is set up wrongly, and we have been told. Nothing was charged. Please try again later."
            }
            Outcome::CodeUsed => {
                "The answer from Stripe had been used before, so Stripe withdrew it for safety. Please connect again."
            }
            Outcome::CodeExpired => {
                "The answer from Stripe was more than five minutes old. Nothing was connected. Please connect again."
            }
            Outcome::CapabilityNotGranted => {
                "Stripe has not enabled what we need for this account, such as transfers. Nothing was connected. Please try another account, or ask Stripe what is missing."
            }
            Outcome::Unknown => {
                "Stripe did not tell us whether your account is connected. Please connect again: if it already worked, this only confirms it."
            }
            Outcome::NotSaved => {
                "Stripe has connected your account, but we could not save it. Please connect once more to finish; nothing is done twice."
            }
            Outcome::StoreUnavailable => {
                "We could not reach our own records, so nothing was sent to Stripe. Please reload this page."
            }
            Outcome::StillWorking => "Your account is being connected. Please reload this page in a few seconds.",
            Outcome::NotSignedIn => "Sign in first, in another tab if you like, then reload this page.",
            Outcome::CrossSite => {
                "We could not see that this request came from our own page, so nothing was done. If you want to connect your Stripe account, press the button."
            }
            Outcome::Foreign => {
                "The request came from another website, so nothing was done. If you meant it, please do it on our own page."
            }
            Outcome::Unconfirmed => {
                "We could not see that this request came from our own page, so nothing was done. Please do it once more, on our own page."
            }
            Outcome::Disconnected => {
                "We no longer have access to your Stripe account. You can connect it again at any time."
            }
            Outcome::NotConnected => {
                "The account is not connected here, or no longer, or not by you. Nothing has changed."
            }
            Outcome::NotOurs => {
                "Our connection to Stripe is set up wrongly, and we have been told. Your account is still connected. You can also disconnect it in your Stripe Dashboard."
            }
            Outcome::Controlled => {
                "We manage this Stripe account, so it can only be closed, not disconnected. Please ask us to close it."
            }
            Outcome::NotDisconnected => {
                "Stripe did not accept the request, so your account is still connected. Please try again, or disconnect it in your Stripe Dashboard."
            }
            Outcome::DisconnectUnknown => {
                "Stripe did not tell us whether your account is disconnected. Please disconnect it once more: if it already worked, this only confirms it."
            }
            Outcome::DisconnectNotSaved => {
                "Stripe has disconnected your account, but we could not save that. Please disconnect it once more to finish; nothing is done twice."
            }
            Outcome::Revoked => {
                "Our access to this Stripe account has ended at Stripe. If you want to use it here, please connect it again."
            }
            Outcome::Unreachable => {
                "Stripe does not let us see this account at the moment, and we have been told. Nothing has changed, and there is nothing for you to do. Please look again later."
            }
            Outcome::MissingPermission => {
                "Stripe does not let us see or change this account. It may be connected all the same, and we have been told."
            }
            Outcome::StripeRefused => {
                "Stripe did not accept the request, and nothing has changed. Please try again; if it happens again, tell us."
            }
            Outcome::StripeUnavailable => "Please try again in a moment. Nothing is done twice.",
            Outcome::PlatformNotReady => {
                "Stripe still asks something of us before it lets us do this, and we have been told. It is not about you or your account, and nothing has changed."
            }
            Outcome::InvalidDetails => {
                "Stripe needs the country of your business, as two capital letters such as US, and a valid e-mail address. Please go back and check both."
            }
            Outcome::Created => "There are some steps left for you to finish at Stripe.",
            Outcome::CreatedNotSaved => {
                "Stripe has made your account, but we could not save it. Please press the button once more to finish; no second account is made."
            }
            Outcome::Received => "The event was handled, or is none of ours.",
            Outcome::WebhookRejected => {
                "The request is not signed by Stripe for this endpoint, or can't be read. Check webhook_secrets, and that nothing in front changes the body."
            }
            Outcome::EventInProgress => "Another request with this event is at work. Please send it again later.",
            Outcome::EventFailed => "The platform's own hook failed. Please send the event again.",
        }
    }
}

/// What a person is asked before it is done, where the request does not show that it came from our own page.
impl Action {
    /// The page's heading.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Action::Start => Outcome::CrossSite.title(),
            Action::Disconnect => "Do you want to disconnect Stripe?",
            Action::Create => "Do you want a new Stripe account?",
        }
    }

    /// What happened, and what the button does.
    pub(crate) const fn hint(self) -> &'static str {
        match self {
            Action::Start => Outcome::CrossSite.hint(),
            Action::Disconnect => {
                "We could not see that this request came from our own page, so nothing was done. If you want to end our access to your Stripe account, press the button."
            }
            Action::Create => {
                "We could not see that this request came from our own page, so nothing was done. If you want us to open a Stripe account for you, press the button."
            }
        }
    }

    /// The text of the button; a start has the one of [`Button`](crate::Button).
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Action::Start => "Connect with Stripe",
            Action::Disconnect => "Disconnect",
            Action::Create => "Open an account",
        }
    }
}

impl From<&ExchangeError> for Outcome {
    fn from(error: &ExchangeError) -> Outcome {
        match error {
            ExchangeError::ModeMismatch { .. } => Outcome::ModeMismatch,
            ExchangeError::Refused { problem, .. } => match problem {
                TokenProblem::CodeUsed => Outcome::CodeUsed,
                TokenProblem::CodeExpired => Outcome::CodeExpired,
                TokenProblem::ModeMismatch => Outcome::ModeMismatch,
                TokenProblem::CapabilityNotGranted => Outcome::CapabilityNotGranted,
                _ => Outcome::Refused,
            },
            _ => Outcome::Unknown,
        }
    }
}

impl From<&DeauthorizeError> for Outcome {
    fn from(error: &DeauthorizeError) -> Outcome {
        match error {
            DeauthorizeError::NotYours(_) => Outcome::NotOurs,
            DeauthorizeError::Controlled(_) => Outcome::Controlled,
            DeauthorizeError::ModeMismatch(_) => Outcome::ModeMismatch,
            DeauthorizeError::Refused(_) => Outcome::NotDisconnected,
            DeauthorizeError::Unknown(_) => Outcome::DisconnectUnknown,
        }
    }
}

impl From<&AccountError> for Outcome {
    fn from(error: &AccountError) -> Outcome {
        match error {
            AccountError::Revoked(_) => Outcome::Revoked,
            AccountError::Unreachable { .. } => Outcome::Unreachable,
            AccountError::PlatformNotReady { .. } => Outcome::PlatformNotReady,
            AccountError::MissingPermission(_) => Outcome::MissingPermission,
            AccountError::Refused(_) => Outcome::StripeRefused,
            AccountError::Unavailable(_) => Outcome::StripeUnavailable,
        }
    }
}

//! [`Outcome`]: how a request ended. Its table has one row for each.

use super::convert::kept_as_text;
use super::rejection::Rejection;
use super::words::{prints_as_str, words};

words! {
    /// What the person can do next.
    ///
    /// ```
    /// use stripe_connect_oauth::{Next, Outcome};
    ///
    /// assert_eq!(Outcome::NotSignedIn.next(), Next::SignIn);
    /// assert_eq!(Next::Reload.as_str(), "reload");
    /// assert_eq!(Next::parse("connect"), Some(Next::Connect));
    /// ```
    pub enum Next {
        /// Nothing: it is done.
        Done = "done",
        /// Connect, or connect again.
        Connect = "connect",
        /// Load the same address again, which can still finish.
        Reload = "reload",
        /// Sign in.
        SignIn = "sign_in",
        /// Go back to the platform.
        Back = "back",
        /// Do it once more on the platform's own page, or confirm it.
        Confirm = "confirm",
        /// Nothing, for the request was Stripe's own: it sends the event again.
        Resend = "resend",
    }
}

/// What there is to know of an outcome.
struct Row {
    name: &'static str,
    status: u16,
    next: Next,
}

/// Makes [`Outcome`] of its table: name, HTTP status, and what the person can do next. A rejection has its own
/// name. What the person reads stands under the outcome in each file of `texts`.
macro_rules! outcomes {
    (
        Outcome { $($(#[$about:meta])* $outcome:ident = $name:literal, $status:literal, $next:ident;)* }
        Rejected { $($rejection:ident, $rejected:literal, $after:ident;)* }
    ) => {
        /// How a request ended.
        ///
        /// ```
        /// use stripe_connect_oauth::{Language, Next, Outcome};
        ///
        /// let outcome = Outcome::CodeExpired;
        /// assert_eq!((outcome.as_str(), outcome.status(), outcome.next()), ("code_expired", 400, Next::Connect));
        /// assert_eq!(Outcome::parse("code_expired"), Some(outcome));
        ///
        /// println!("{}: {}", outcome.title(), outcome.hint());
        /// let german = Language::GERMAN;
        /// println!("{}: {}", outcome.title_in(&german), outcome.hint_in(&german));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Outcome {
            $($(#[$about])* $outcome,)*
            /// The callback was refused: nothing was sent to Stripe.
            Rejected(Rejection),
        }

        impl Outcome {
            /// Every one of them.
            pub const ALL: &[Outcome] = &[
                $(Outcome::$outcome,)*
                $(Outcome::Rejected(Rejection::$rejection),)*
            ];

            const fn row(self) -> &'static Row {
                match self {
                    $(Outcome::$outcome => &Row { name: $name, status: $status, next: Next::$next },)*
                    $(Outcome::Rejected(Rejection::$rejection) => const {
                        &Row { name: Rejection::$rejection.as_str(), status: $rejected, next: Next::$after }
                    },)*
                }
            }
        }
    };
}

outcomes! {
    Outcome {
        /// The person is on the way to Stripe.
        Started = "started", 200, Done;
        /// The account is connected and kept.
        Connected = "connected", 200, Done;
        /// The person said no at Stripe.
        Denied = "denied", 200, Connect;
        /// Stripe sent an error of its own instead of a code.
        Failed = "failed", 502, Connect;
        /// The platform's configuration changed under the flow, or belongs to another flow.
        ConfigMismatch = "config_mismatch", 500, Connect;
        /// The code was used before; Stripe has revoked what it gave.
        CodeUsed = "code_used", 409, Connect;
        /// The code was older than five minutes.
        CodeExpired = "code_expired", 400, Connect;
        /// The account did not get a capability that the platform asserts, so Stripe did not connect it.
        CapabilityNotGranted = "capability_not_granted", 409, Connect;
        /// Stripe refused the exchange for another reason.
        Refused = "refused", 502, Connect;
        /// Test and live configuration are mixed.
        ModeMismatch = "mode_mismatch", 500, Connect;
        /// Nobody knows whether Stripe connected the account.
        Unknown = "unknown", 502, Connect;
        /// Stripe connected the account, but the store did not keep it.
        NotSaved = "not_saved", 503, Connect;
        /// The store did not answer before anything was sent to Stripe.
        StoreUnavailable = "store_unavailable", 503, Reload;
        /// The first request for this callback is still at work.
        StillWorking = "still_working", 202, Reload;
        /// The user has tried so often that nothing more was sent to Stripe.
        TooMany = "too_many", 429, Back;
        /// Nobody is signed in at the platform.
        NotSignedIn = "not_signed_in", 401, SignIn;
        /// The request to start does not show that it came from the platform's own page.
        CrossSite = "cross_site", 403, Connect;
        /// The page is on another site than the one that Stripe sends people back to.
        WrongSite = "wrong_site", 400, Back;
        /// Another site asked for something other than a start.
        Foreign = "foreign", 403, Back;
        /// The request for something other than a start does not show where it came from.
        Unconfirmed = "unconfirmed", 403, Confirm;
        /// The account is disconnected, at Stripe and in the store.
        Disconnected = "disconnected", 200, Done;
        /// The account is no longer the subject's here. At Stripe nothing has changed.
        Forgotten = "forgotten", 200, Done;
        /// The subject has no such live connection; whether another has one is not told.
        NotConnected = "not_connected", 404, Back;
        /// The client id is not an application of the key's platform, so it can disconnect nothing.
        NotOurs = "not_ours", 500, Back;
        /// The platform controls the account, so it can't be disconnected.
        Controlled = "controlled", 409, Back;
        /// Stripe refused to disconnect the account for another reason.
        NotDisconnected = "not_disconnected", 502, Back;
        /// Nobody knows whether Stripe disconnected the account.
        DisconnectUnknown = "disconnect_unknown", 502, Back;
        /// Stripe disconnected the account, but the store did not note it.
        DisconnectNotSaved = "disconnect_not_saved", 503, Back;
        /// Access to the account was revoked at Stripe.
        Revoked = "revoked", 410, Connect;
        /// The key has no access to the account, and whether it is the right key is not sure: nothing was ended.
        Unreachable = "unreachable", 502, Back;
        /// The key may not see or change the account. It may be connected all the same.
        MissingPermission = "missing_permission", 502, Back;
        /// Stripe refused for a reason of its own; nothing has changed.
        StripeRefused = "stripe_refused", 502, Back;
        /// Stripe gave no result; trying again is safe.
        StripeUnavailable = "stripe_unavailable", 503, Back;
        /// Stripe makes no accounts or links for the platform, until its operator has done something.
        PlatformNotReady = "platform_not_ready", 500, Back;
        /// The country or the e-mail address of a new account is wrong.
        InvalidDetails = "invalid_details", 400, Back;
        /// A Standard account was made and kept; its owner has to finish it.
        Created = "created", 200, Done;
        /// Stripe made the account, but the store did not keep it.
        CreatedNotSaved = "created_not_saved", 503, Back;
        /// A webhook event was taken.
        Received = "received", 200, Done;
        /// The request is no webhook of Stripe's, or not for this endpoint.
        WebhookRejected = "webhook_rejected", 400, Resend;
        /// Another request with this webhook event is still at work.
        EventInProgress = "event_in_progress", 409, Resend;
        /// The platform's own hook failed on a webhook event.
        EventFailed = "event_failed", 500, Resend;
    }
    Rejected {
        StateMismatch, 400, Connect;
        StateMissing, 400, Connect;
        DuplicateParameter, 400, Connect;
        ConflictingParameters, 400, Connect;
        Malformed, 400, Connect;
        TooLong, 400, Connect;
        UnexpectedIssuer, 400, Connect;
        NotStarted, 400, Connect;
        Expired, 400, Connect;
        AnotherSubject, 403, Connect;
        AlreadyUsed, 409, Connect;
    }
}

impl Outcome {
    /// The outcome's name: in JSON, in the store and in the result page's path.
    pub const fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The outcome by its name.
    pub fn parse(name: &str) -> Option<Outcome> {
        Outcome::ALL.iter().find(|outcome| outcome.as_str() == name).copied()
    }

    /// The HTTP status of a reply that says so.
    pub const fn status(self) -> u16 {
        self.row().status
    }

    /// What the person can do next.
    pub const fn next(self) -> Next {
        self.row().next
    }
}

prints_as_str!(Outcome);
kept_as_text!(Outcome: |text| Outcome::parse(text).ok_or_else(|| "must be the name of an outcome".to_owned()));

//! English.

use super::Phrase;
use crate::vocabulary::account_status::AccountStatus;
use crate::vocabulary::outcome::Outcome;
use crate::vocabulary::rejection::Rejection;

/// The heading of each outcome's page.
pub(super) const fn title(outcome: Outcome) -> &'static str {
    use Outcome::*;
    match outcome {
        Started => "On the way to Stripe",
        Connected => "Your Stripe account is connected",
        Denied => "You cancelled",
        Failed | Refused => "Stripe could not connect your account",
        ConfigMismatch | ModeMismatch | NotOurs => "This is our mistake, not yours",
        CodeUsed | CodeExpired => "Please connect again",
        CapabilityNotGranted => "Your account is not ready for us",
        Unknown | DisconnectUnknown => "We are not sure it worked",
        NotSaved | DisconnectNotSaved | CreatedNotSaved => "Almost done",
        StoreUnavailable => "Please try again in a moment",
        StillWorking => "Still connecting",
        TooMany => "Please wait an hour",
        NotSignedIn => "Please sign in",
        CrossSite => "Do you want to connect Stripe?",
        WrongSite => "Please go on at our own address",
        Foreign => "That came from another website",
        Unconfirmed => "Please do that on our own page",
        Disconnected => "Your Stripe account is disconnected",
        Forgotten => "We no longer use this Stripe account for you",
        NotConnected => "That account is not connected",
        Controlled => "This account can’t be disconnected",
        NotDisconnected => "Stripe did not disconnect your account",
        Revoked => "This account is no longer connected",
        Unreachable => "We can’t reach this account",
        MissingPermission => "We may not see this account",
        StripeRefused => "Stripe did not accept that",
        StripeUnavailable => "Stripe did not answer",
        PlatformNotReady => "We are not ready for that yet",
        InvalidDetails => "Please check what you entered",
        Created => "Your Stripe account is made",
        Received => "Received",
        WebhookRejected => "Not a webhook of Stripe’s",
        EventInProgress => "Still at work",
        EventFailed => "The event was not handled",
        Rejected(why) => rejection_title(why),
    }
}

/// What happened, and what to do.
pub(super) const fn hint(outcome: Outcome) -> &'static str {
    use Outcome::*;
    match outcome {
        Started => "Stripe’s page comes next.",
        Connected => "It is saved, and there is nothing more to do here.",
        Denied => "You cancelled at Stripe. Nothing was connected.",
        Failed | Refused => {
            "Stripe did not accept the request. Nothing was connected. Please try again; if it happens again, \
             tell us."
        }
        ConfigMismatch | ModeMismatch => {
            "Something is set up wrongly between us and Stripe, and we have been told. There is nothing for you to \
             put right. Please try again later."
        }
        CodeUsed => {
            "The link back from Stripe had been used before, so Stripe cancelled this connection for your safety. \
             Please connect again."
        }
        CodeExpired => {
            "It took us more than five minutes to hear from you after you agreed at Stripe, which is longer than \
             Stripe allows. Nothing was connected. Please connect again."
        }
        CapabilityNotGranted => {
            "Stripe has not enabled what we need for this account, such as transfers. Nothing was connected. \
             Please try another account, or ask Stripe what is missing."
        }
        Unknown => {
            "Stripe did not tell us whether your account is connected. Please connect again: if it already \
             worked, this only confirms it."
        }
        NotSaved => {
            "Stripe has connected your account, but we could not save it. Please connect once more to finish; \
             nothing is done twice."
        }
        StoreUnavailable => {
            "We could not reach our own records, so nothing was sent to Stripe. Please reload this page."
        }
        TooMany => {
            "You have tried this very often, so nothing more was sent to Stripe. Please wait an hour, then try again."
        }
        StillWorking => {
            "Your account is being connected. Please reload this page in a few seconds."
        }
        NotSignedIn => {
            "Sign in first, in another tab if you like, then reload this page."
        }
        CrossSite => {
            "We could not see that this request came from our own page, so nothing was done. If you want to \
             connect your Stripe account, press the button."
        }
        WrongSite => {
            "This page is open under another address than the one that Stripe sends people back to, so what begins \
             here could not be finished. Nothing was done."
        }
        Foreign => {
            "The request came from another website, so nothing was done. If you meant it, please do it on our \
             own page."
        }
        Unconfirmed => {
            "We could not see that this request came from our own page, so nothing was done. Please do it once \
             more, on our own page."
        }
        Disconnected => {
            "We no longer have access to your Stripe account, and neither has anyone else who had connected it \
             here. You can connect it again at any time."
        }
        Forgotten => {
            "Our access at Stripe stays until you end it there, in your Stripe Dashboard. You can connect the \
             account again at any time."
        }
        NotConnected => {
            "The account is not connected here, or no longer, or not by you. Nothing has changed."
        }
        NotOurs => {
            "Something is set up wrongly between us and Stripe, and we have been told. Your account is still connected. \
             You can also disconnect it in your Stripe Dashboard."
        }
        Controlled => {
            "We manage this Stripe account, so it can only be closed, not disconnected. Please ask us to close it."
        }
        NotDisconnected => {
            "Stripe did not accept the request, so your account is still connected. Please try again, or \
             disconnect it in your Stripe Dashboard."
        }
        DisconnectUnknown => {
            "Stripe did not tell us whether your account is disconnected. Please disconnect it once more: if it \
             already worked, this only confirms it."
        }
        DisconnectNotSaved => {
            "Stripe has disconnected your account, but we could not save that. Please disconnect it once more to \
             finish; nothing is done twice."
        }
        Revoked => {
            "Our access to this Stripe account has ended at Stripe. If you want to use it here, please connect \
             it again."
        }
        Unreachable => {
            "Stripe does not let us see this account at the moment, and we have been told. Nothing has changed, \
             and there is nothing for you to do. Please look again later."
        }
        MissingPermission => {
            "Stripe does not let us see or change this account. It may be connected all the same, and we have \
             been told."
        }
        StripeRefused => {
            "Stripe did not accept the request, and nothing has changed. Please try again; if it happens again, \
             tell us."
        }
        StripeUnavailable => "Please try again in a moment. Nothing is done twice.",
        PlatformNotReady => {
            "Stripe still asks something of us before it lets us do this, and we have been told. It is not about \
             you or your account, and nothing has changed."
        }
        InvalidDetails => {
            "Stripe needs the country of your business, as two capital letters such as US, and a valid e-mail \
             address. Please go back and check both."
        }
        Created => "There are some steps left for you to finish at Stripe.",
        CreatedNotSaved => {
            "Stripe has made your account, but we could not save it. Please press the button once more to \
             finish; no second account is made."
        }
        Received => "The event was handled, or is none of ours.",
        WebhookRejected => {
            "The request is not signed by Stripe for this endpoint, or can't be read. Check webhook_secrets, and \
             that nothing in front changes the body."
        }
        EventInProgress => {
            "Another request with this event is at work. Please send it again later."
        }
        EventFailed => {
            "The platform's own hook failed. Please send the event again."
        }
        Rejected(why) => rejection_hint(why),
    }
}

const fn rejection_title(rejection: Rejection) -> &'static str {
    use Rejection::*;
    match rejection {
        StateMismatch | StateMissing | DuplicateParameter | ConflictingParameters | Malformed | TooLong
        | UnexpectedIssuer | NotStarted => "That link did not work",
        Expired => "That took too long",
        AnotherSubject => "Another user started this",
        AlreadyUsed => "This link has been used already",
    }
}

/// By themselves, for the browser's build has these and no others.
// Inlined, it takes 40 bytes less of the browser build.
#[inline(always)]
pub(crate) const fn rejection_hint(rejection: Rejection) -> &'static str {
    use Rejection::*;
    match rejection {
        StateMismatch | StateMissing | NotStarted => {
            "This page was not reached from a connection started in this browser. Nothing was connected. Please \
             start again."
        }
        DuplicateParameter | ConflictingParameters | Malformed | TooLong | UnexpectedIssuer => {
            "The link back from Stripe is damaged. Nothing was connected. Please start again."
        }
        Expired => {
            "Connecting took too long. Nothing was connected. Please start again."
        }
        AnotherSubject => {
            "Another user started this connection. Nothing was connected. Please start again."
        }
        AlreadyUsed => {
            "If you connected your account a moment ago, it is connected. Else please start again."
        }
    }
}

/// What each status of an account means to its owner, and what to do.
pub(super) const fn account(status: AccountStatus) -> &'static str {
    use AccountStatus::*;
    match status {
        Active => "Your Stripe account is ready.",
        InformationDue => {
            "Your Stripe account works. Stripe needs some more information to keep it so: please give it soon."
        }
        FinishOnboarding => "Your Stripe account is not finished. Please complete the remaining steps with Stripe.",
        InformationOverdue => {
            "Stripe has limited your account until it gets some information. Please give it to Stripe."
        }
        CapabilitiesNeeded => "We have to ask Stripe to enable your account. There is nothing you need to do.",
        InReview => "Stripe is checking your account. This can take some days; please wait.",
        Restricted => {
            "Your Stripe account does not work fully at the moment. Please look into your Stripe dashboard."
        }
        PayoutsPaused => {
            "Your account takes payments, but Stripe does not pay them out. Please look into your Stripe dashboard."
        }
        ChargesPaused => "Your account can't take payments at the moment. Please look into your Stripe dashboard.",
        Paused => "We have paused your account. Please ask us why.",
        Rejected => "This Stripe account was closed and can't be used. Please ask Stripe's support.",
        Disabled => "Stripe has disabled your account. Please ask Stripe's support.",
    }
}

/// Everything else.
pub(super) const fn phrase(phrase: Phrase) -> &'static str {
    use Phrase::*;
    match phrase {
        ButtonLabel => "Connect with Stripe",
        PageBack => "Back to {platform}",
        PlatformName => "the site",
        SignInLabel => "Sign in",
        SignInHint => "Then you can go on where you were.",
        WaitingHint => {
            "Your account is being connected. This page looks again by itself in a moment, so you can just wait."
        }
        ConfirmUnprovenHint => {
            "We could not see that this request came from our own page, so nothing was done. If you want it, press \
             the button."
        }
        ConfirmDisconnectTitle => "Do you want to disconnect Stripe?",
        ConfirmDisconnectHint => {
            "This ends our access to your Stripe account {account}: we can no longer use it for you. The account \
             itself stays yours."
        }
        ConfirmDisconnectLabel => "Disconnect",
        ConfirmOthersHint => {
            "Others have connected the same account here ({others}). For them it ends as well, unless you end it \
             for yourself only."
        }
        ConfirmForgetHint => {
            "This ends it here, and for you only: we no longer use your Stripe account {account} for you. Our access \
             at Stripe stays until you end it there, in your Stripe Dashboard."
        }
        ConfirmForgetLabel => "For me only",
        ConfirmCreateTitle => "Do you want a new Stripe account?",
        ConfirmCreateHint => {
            "We could not see that this request came from our own page, so nothing was done. If you want us to \
             open a Stripe account for you, press the button."
        }
        ConfirmCreateLabel => "Open an account",
        PageStyleFailedHint => "Stripe could not connect the account. Please start again.",
        PageStyleNoneTitle => "There is nothing to finish",
        PageStyleNoneHint => "Nothing came back from Stripe.",
        PageStyleNotSignedInTitle => "You are signed out",
        PageStyleNotSignedInHint => "Nothing was connected. Sign in, then connect again.",
        PageStyleStoreUnavailableTitle => "Please connect again in a moment",
        PageStyleStoreUnavailableHint => "We could not reach our own records. Nothing was connected.",
        PageStyleStillWorkingHint => "It may take a few seconds. Then look at your connected accounts.",
        PageStyleUnknownHint => {
            "Look at your connected accounts first: if the account is not there, connect again."
        }
        PageStyleBrokenTitle => "We could not connect your account",
        PageStyleBrokenHint => {
            "This page failed before anything was sent. Nothing was connected. Please connect again."
        }
    }
}

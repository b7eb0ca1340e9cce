//! German, with the polite *Sie*.

use super::Phrase;
use crate::vocabulary::account_status::AccountStatus;
use crate::vocabulary::outcome::Outcome;
use crate::vocabulary::rejection::Rejection;

/// The heading of each outcome's page.
pub(super) const fn title(outcome: Outcome) -> &'static str {
    use Outcome::*;
    match outcome {
        Started => "Weiter zu Stripe",
        Connected => "Ihr Stripe-Konto ist verbunden",
        Denied => "Sie haben abgebrochen",
        Failed | Refused => "Stripe konnte Ihr Konto nicht verbinden",
        ConfigMismatch | ModeMismatch | NotOurs => "Der Fehler liegt bei uns, nicht bei Ihnen",
        CodeUsed | CodeExpired => "Bitte verbinden Sie noch einmal",
        CapabilityNotGranted => "Ihr Konto ist dafür noch nicht bereit",
        Unknown | DisconnectUnknown => "Wir wissen nicht, ob es gelungen ist",
        NotSaved | DisconnectNotSaved | CreatedNotSaved => "Fast fertig",
        StoreUnavailable => "Bitte versuchen Sie es gleich noch einmal",
        StillWorking => "Ihr Konto wird noch verbunden",
        TooMany => "Bitte warten Sie eine Stunde",
        NotSignedIn => "Bitte melden Sie sich an",
        CrossSite => "Möchten Sie Stripe verbinden?",
        WrongSite => "Bitte machen Sie unter unserer eigenen Adresse weiter",
        Foreign => "Das kam von einer anderen Website",
        Unconfirmed => "Bitte tun Sie das auf unserer eigenen Seite",
        Disconnected => "Ihr Stripe-Konto ist getrennt",
        Forgotten => "Wir verwenden dieses Stripe-Konto nicht mehr für Sie",
        NotConnected => "Dieses Konto ist nicht verbunden",
        Controlled => "Dieses Konto kann nicht getrennt werden",
        NotDisconnected => "Stripe hat Ihr Konto nicht getrennt",
        Revoked => "Dieses Konto ist nicht mehr verbunden",
        Unreachable => "Wir erreichen dieses Konto nicht",
        MissingPermission => "Wir dürfen dieses Konto nicht sehen",
        StripeRefused => "Stripe hat das nicht angenommen",
        StripeUnavailable => "Stripe hat nicht geantwortet",
        PlatformNotReady => "Wir sind dafür noch nicht bereit",
        InvalidDetails => "Bitte prüfen Sie Ihre Angaben",
        Created => "Ihr Stripe-Konto ist angelegt",
        Received => "Empfangen",
        WebhookRejected => "Kein Webhook von Stripe",
        EventInProgress => "Noch in Arbeit",
        EventFailed => "Das Ereignis wurde nicht verarbeitet",
        Rejected(why) => rejection_title(why),
    }
}

/// What happened, and what to do.
pub(super) const fn hint(outcome: Outcome) -> &'static str {
    use Outcome::*;
    match outcome {
        Started => "Als Nächstes kommt die Seite von Stripe.",
        Connected => "Es ist gespeichert, und hier ist nichts weiter zu tun.",
        Denied => "Sie haben bei Stripe abgebrochen. Es wurde nichts verbunden.",
        Failed | Refused => {
            "Stripe hat die Anfrage nicht angenommen. Es wurde nichts verbunden. Bitte versuchen Sie es noch \
             einmal; wenn es wieder geschieht, sagen Sie es uns."
        }
        ConfigMismatch | ModeMismatch => {
            "Zwischen uns und Stripe ist etwas falsch eingerichtet, und wir wurden benachrichtigt. Sie müssen nichts \
             tun. Bitte versuchen Sie es später noch einmal."
        }
        CodeUsed => {
            "Der Link zurück von Stripe war schon einmal verwendet worden, darum hat Stripe diese Verbindung zu Ihrer \
             Sicherheit abgebrochen. Bitte verbinden Sie noch einmal."
        }
        CodeExpired => {
            "Seit Ihrer Zustimmung bei Stripe waren mehr als fünf Minuten vergangen, und so lange wartet Stripe nicht. \
             Es wurde nichts verbunden. Bitte verbinden Sie noch einmal."
        }
        CapabilityNotGranted => {
            "Stripe hat für dieses Konto noch nicht freigeschaltet, was wir brauchen, zum Beispiel \
             Überweisungen. Es wurde nichts verbunden. Bitte versuchen Sie es mit einem anderen Konto, oder \
             fragen Sie Stripe, was fehlt."
        }
        Unknown => {
            "Stripe hat uns nicht gesagt, ob Ihr Konto verbunden ist. Bitte verbinden Sie noch einmal: Wenn es \
             schon gelungen war, wird es damit nur bestätigt."
        }
        NotSaved => {
            "Stripe hat Ihr Konto verbunden, aber wir konnten es nicht speichern. Bitte verbinden Sie noch \
             einmal, um es abzuschließen; es geschieht nichts doppelt."
        }
        StoreUnavailable => {
            "Wir konnten unsere eigenen Daten nicht erreichen, darum wurde nichts an Stripe gesendet. Bitte \
             laden Sie diese Seite neu."
        }
        TooMany => {
            "Sie haben das sehr oft versucht, darum wurde nichts mehr an Stripe gesendet. Bitte versuchen Sie es \
             in einer Stunde noch einmal."
        }
        StillWorking => {
            "Ihr Konto wird gerade verbunden. Bitte laden Sie diese Seite in einigen Sekunden neu."
        }
        NotSignedIn => {
            "Melden Sie sich zuerst an, gern in einem anderen Tab, und laden Sie dann diese Seite neu."
        }
        CrossSite => {
            "Wir konnten nicht erkennen, dass diese Anfrage von unserer eigenen Seite kam, darum ist nichts \
             geschehen. Wenn Sie Ihr Stripe-Konto verbinden möchten, klicken Sie auf die Schaltfläche."
        }
        WrongSite => {
            "Diese Seite ist unter einer anderen Adresse offen als der, zu der Stripe zurückleitet. Was hier \
             beginnt, könnte nicht enden, darum ist nichts geschehen."
        }
        Foreign => {
            "Die Anfrage kam von einer anderen Website, darum ist nichts geschehen. Wenn Sie das wollten, tun \
             Sie es bitte auf unserer eigenen Seite."
        }
        Unconfirmed => {
            "Wir konnten nicht erkennen, dass diese Anfrage von unserer eigenen Seite kam, darum ist nichts \
             geschehen. Bitte tun Sie es noch einmal, auf unserer eigenen Seite."
        }
        Disconnected => {
            "Wir haben keinen Zugriff mehr auf Ihr Stripe-Konto, auch nicht für andere, die es hier verbunden hatten. \
             Sie können es jederzeit wieder verbinden."
        }
        Forgotten => {
            "Unser Zugriff bei Stripe bleibt bestehen, bis Sie ihn dort beenden, in Ihrem Stripe-Dashboard. Sie können \
             das Konto jederzeit wieder verbinden."
        }
        NotConnected => {
            "Das Konto ist hier nicht verbunden, oder nicht mehr, oder nicht von Ihnen. Es hat sich nichts \
             geändert."
        }
        NotOurs => {
            "Zwischen uns und Stripe ist etwas falsch eingerichtet, und wir wurden benachrichtigt. Ihr Konto ist \
             weiterhin verbunden. Sie können es auch in Ihrem Stripe-Dashboard trennen."
        }
        Controlled => {
            "Wir verwalten dieses Stripe-Konto, darum kann es nur geschlossen, nicht getrennt werden. Bitte \
             wenden Sie sich an uns, um es zu schließen."
        }
        NotDisconnected => {
            "Stripe hat die Anfrage nicht angenommen, Ihr Konto ist also weiterhin verbunden. Bitte versuchen \
             Sie es noch einmal, oder trennen Sie es in Ihrem Stripe-Dashboard."
        }
        DisconnectUnknown => {
            "Stripe hat uns nicht gesagt, ob Ihr Konto getrennt ist. Bitte trennen Sie es noch einmal: Wenn es \
             schon gelungen war, wird es damit nur bestätigt."
        }
        DisconnectNotSaved => {
            "Stripe hat Ihr Konto getrennt, aber wir konnten das nicht speichern. Bitte trennen Sie es noch \
             einmal, um es abzuschließen; es geschieht nichts doppelt."
        }
        Revoked => {
            "Unser Zugriff auf dieses Stripe-Konto wurde bei Stripe beendet. Wenn Sie es hier verwenden möchten, \
             verbinden Sie es bitte noch einmal."
        }
        Unreachable => {
            "Stripe lässt uns dieses Konto zurzeit nicht sehen, und wir wurden benachrichtigt. Es hat sich \
             nichts geändert, und Sie müssen nichts tun. Bitte sehen Sie später noch einmal nach."
        }
        MissingPermission => {
            "Stripe lässt uns dieses Konto weder sehen noch ändern. Es kann trotzdem verbunden sein, und wir \
             wurden benachrichtigt."
        }
        StripeRefused => {
            "Stripe hat die Anfrage nicht angenommen, und es hat sich nichts geändert. Bitte versuchen Sie es \
             noch einmal; wenn es wieder geschieht, sagen Sie es uns."
        }
        StripeUnavailable => "Bitte versuchen Sie es gleich noch einmal. Es geschieht nichts doppelt.",
        PlatformNotReady => {
            "Stripe verlangt noch etwas von uns, bevor wir das tun dürfen, und wir wurden benachrichtigt. Es \
             liegt nicht an Ihnen oder Ihrem Konto, und es hat sich nichts geändert."
        }
        InvalidDetails => {
            "Stripe braucht das Land Ihres Unternehmens, als zwei Großbuchstaben wie DE, und eine gültige \
             E-Mail-Adresse. Bitte gehen Sie zurück und prüfen Sie beides."
        }
        Created => "Bei Stripe bleiben noch einige Schritte für Sie.",
        CreatedNotSaved => {
            "Stripe hat Ihr Konto angelegt, aber wir konnten es nicht speichern. Bitte klicken Sie noch einmal \
             auf die Schaltfläche, um es abzuschließen; ein zweites Konto wird nicht angelegt."
        }
        Received => "Das Ereignis wurde verarbeitet, oder es betrifft uns nicht.",
        WebhookRejected => {
            "Die Anfrage ist nicht von Stripe für diesen Endpunkt signiert, oder sie ist nicht lesbar. Prüfen \
             Sie webhook_secrets, und dass unterwegs nichts den Inhalt ändert."
        }
        EventInProgress => {
            "Eine andere Anfrage mit diesem Ereignis ist in Arbeit. Bitte senden Sie es später noch einmal."
        }
        EventFailed => {
            "Die eigene Funktion der Plattform ist fehlgeschlagen. Bitte senden Sie das Ereignis noch einmal."
        }
        Rejected(why) => rejection_hint(why),
    }
}

const fn rejection_title(rejection: Rejection) -> &'static str {
    use Rejection::*;
    match rejection {
        StateMismatch | StateMissing | DuplicateParameter | ConflictingParameters | Malformed | TooLong
        | UnexpectedIssuer | NotStarted => "Dieser Link hat nicht funktioniert",
        Expired => "Das hat zu lange gedauert",
        AnotherSubject => "Eine andere Person hat das begonnen",
        AlreadyUsed => "Dieser Link wurde schon verwendet",
    }
}

const fn rejection_hint(rejection: Rejection) -> &'static str {
    use Rejection::*;
    match rejection {
        StateMismatch | StateMissing | NotStarted => {
            "Diese Seite gehört zu keiner Verbindung, die in diesem Browser begonnen wurde. Es wurde nichts \
             verbunden. Bitte beginnen Sie noch einmal."
        }
        DuplicateParameter | ConflictingParameters | Malformed | TooLong | UnexpectedIssuer => {
            "Der Link zurück von Stripe ist beschädigt. Es wurde nichts verbunden. Bitte beginnen Sie noch einmal."
        }
        Expired => {
            "Das Verbinden hat zu lange gedauert. Es wurde nichts verbunden. Bitte beginnen Sie noch einmal."
        }
        AnotherSubject => {
            "Eine andere Person hat diese Verbindung begonnen. Es wurde nichts verbunden. Bitte beginnen Sie \
             noch einmal."
        }
        AlreadyUsed => {
            "Wenn Sie Ihr Konto gerade eben verbunden haben, ist es verbunden. Sonst beginnen Sie bitte noch einmal."
        }
    }
}

/// What each status of an account means to its owner, and what to do.
pub(super) const fn account(status: AccountStatus) -> &'static str {
    use AccountStatus::*;
    match status {
        Active => "Ihr Stripe-Konto ist bereit.",
        InformationDue => {
            "Ihr Stripe-Konto funktioniert. Damit das so bleibt, braucht Stripe noch einige Angaben: Bitte \
             machen Sie sie bald."
        }
        FinishOnboarding => {
            "Ihr Stripe-Konto ist noch nicht fertig eingerichtet. Bitte schließen Sie die übrigen Schritte bei \
             Stripe ab."
        }
        InformationOverdue => {
            "Stripe hat Ihr Konto eingeschränkt, bis es einige Angaben bekommt. Bitte machen Sie sie bei Stripe."
        }
        CapabilitiesNeeded => "Wir müssen Stripe bitten, Ihr Konto freizuschalten. Sie müssen nichts tun.",
        InReview => "Stripe prüft Ihr Konto. Das kann einige Tage dauern; bitte warten Sie.",
        Restricted => {
            "Ihr Stripe-Konto funktioniert zurzeit nicht ganz. Bitte sehen Sie in Ihrem Stripe-Dashboard nach."
        }
        PayoutsPaused => {
            "Ihr Konto nimmt Zahlungen an, aber Stripe zahlt sie nicht aus. Bitte sehen Sie in Ihrem \
             Stripe-Dashboard nach."
        }
        ChargesPaused => {
            "Ihr Konto kann zurzeit keine Zahlungen annehmen. Bitte sehen Sie in Ihrem Stripe-Dashboard nach."
        }
        Paused => "Wir haben Ihr Konto angehalten. Bitte fragen Sie uns nach dem Grund.",
        Rejected => {
            "Dieses Stripe-Konto wurde geschlossen und kann nicht verwendet werden. Bitte wenden Sie sich an den \
             Support von Stripe."
        }
        Disabled => "Stripe hat Ihr Konto gesperrt. Bitte wenden Sie sich an den Support von Stripe.",
    }
}

/// Everything else.
pub(super) const fn phrase(phrase: Phrase) -> &'static str {
    use Phrase::*;
    match phrase {
        ButtonLabel => "Mit Stripe verbinden",
        PageBack => "Zurück: {platform}",
        PlatformName => "unsere Website",
        SignInLabel => "Anmelden",
        SignInHint => "Danach können Sie dort weitermachen, wo Sie waren.",
        WaitingHint => {
            "Ihr Konto wird gerade verbunden. Diese Seite sieht gleich von selbst wieder nach, Sie können einfach warten."
        }
        ConfirmUnprovenHint => {
            "Wir konnten nicht erkennen, dass diese Anfrage von unserer eigenen Seite kam, darum ist nichts \
             geschehen. Wenn Sie das möchten, klicken Sie auf die Schaltfläche."
        }
        ConfirmDisconnectTitle => "Möchten Sie Stripe trennen?",
        ConfirmDisconnectHint => {
            "Damit endet unser Zugriff auf Ihr Stripe-Konto {account}: Wir können es nicht mehr für Sie verwenden. \
             Das Konto selbst bleibt Ihres."
        }
        ConfirmDisconnectLabel => "Trennen",
        ConfirmOthersHint => {
            "Andere haben dasselbe Konto hier verbunden ({others}). Auch für sie endet es, außer wenn Sie es nur für \
             sich beenden."
        }
        ConfirmForgetHint => {
            "Damit endet es hier und nur für Sie: Wir verwenden Ihr Stripe-Konto {account} nicht mehr für Sie. Unser \
             Zugriff bei Stripe bleibt bestehen, bis Sie ihn dort beenden, in Ihrem Stripe-Dashboard."
        }
        ConfirmForgetLabel => "Nur für mich",
        ConfirmCreateTitle => "Möchten Sie ein neues Stripe-Konto?",
        ConfirmCreateHint => {
            "Wir konnten nicht erkennen, dass diese Anfrage von unserer eigenen Seite kam, darum ist nichts \
             geschehen. Wenn wir ein Stripe-Konto für Sie eröffnen sollen, klicken Sie auf die Schaltfläche."
        }
        ConfirmCreateLabel => "Konto eröffnen",
        PageStyleFailedHint => "Stripe konnte das Konto nicht verbinden. Bitte beginnen Sie noch einmal.",
        PageStyleNoneTitle => "Es gibt nichts abzuschließen",
        PageStyleNoneHint => "Von Stripe kam nichts zurück.",
        PageStyleNotSignedInTitle => "Sie sind abgemeldet",
        PageStyleNotSignedInHint => {
            "Es wurde nichts verbunden. Melden Sie sich an, und verbinden Sie dann noch einmal."
        }
        PageStyleStoreUnavailableTitle => "Bitte verbinden Sie gleich noch einmal",
        PageStyleStoreUnavailableHint => {
            "Wir konnten unsere eigenen Daten nicht erreichen. Es wurde nichts verbunden."
        }
        PageStyleStillWorkingHint => {
            "Es kann einige Sekunden dauern. Sehen Sie dann bei Ihren verbundenen Konten nach."
        }
        PageStyleUnknownHint => {
            "Sehen Sie zuerst bei Ihren verbundenen Konten nach: Wenn das Konto fehlt, verbinden Sie noch einmal."
        }
        PageStyleBrokenTitle => "Wir konnten Ihr Konto nicht verbinden",
        PageStyleBrokenHint => {
            "Diese Seite ist fehlgeschlagen, bevor etwas gesendet wurde. Es wurde nichts verbunden. Bitte \
             verbinden Sie noch einmal."
        }
    }
}

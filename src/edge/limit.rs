//! What one subject can cause at Stripe in a while: each code, each account is sent with the platform's own key.

use super::host::Host;
use super::outcome::Outcome;
use super::store::Store;
use super::visit::Visit;
use crate::vocabulary::subject::Subject;

/// How many codes are exchanged, and accounts made, for one subject in an hour.
const MAX_CLAIMS: u64 = 20;
const HOUR_SECONDS: u64 = 3600;

impl<H: Host> Visit<'_, H> {
    /// Ends a visit whose subject has claimed too much in the last hour. Asked after the claim, which counts too: of
    /// many at once, none gets past the others.
    pub(crate) async fn within_limit(&self, subject: &Subject) -> Result<(), Outcome> {
        let since = self.now().saturating_sub(HOUR_SECONDS);
        match self.host.store().claims_since(self.application(), subject, since).await {
            Ok(claims) if claims <= MAX_CLAIMS => Ok(()),
            Ok(claims) => {
                let detail = format!("{claims} claims in an hour for the subject {}", subject.as_str());
                Err(self.report_seldom(&self.memory.too_many, Outcome::TooMany, detail))
            }
            // What is claimed already is not lost over a count.
            Err(error) => {
                self.report(Outcome::StoreUnavailable, error.to_string());
                Ok(())
            }
        }
    }
}

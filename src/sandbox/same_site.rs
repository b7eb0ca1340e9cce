//! Who may change the sandbox from a page: its own pages, and nobody else's. A site that someone visits must
//! not reach into the stand-in on their machine.

use super::refusal::Refusal;
use crate::server::Request;

/// Refuses what a browser sends for another site. Who is no browser sends neither header.
pub(super) fn check_same_site(request: &Request) -> Result<(), Refusal> {
    let allowed = match (request.header("sec-fetch-site"), request.header("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == request.origin(),
        (None, None) => true,
    };
    allowed.then_some(()).ok_or_else(|| Refusal::api(403, "Another site's page may not change this stand-in."))
}

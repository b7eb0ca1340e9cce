//! Requests to Stripe that may be sent again.

use super::handler::Handler;
use super::host::Host;
use crate::server::{IdempotencyKey, Request, Response, Retry, RetryKind};

impl Handler {
    /// Sends `request`, and again with a growing wait where [`Retry`] allows it; gives the last answer,
    /// `None` when none came.
    pub(crate) async fn send_again<H: Host>(
        &self,
        kind: RetryKind,
        request: Request,
        host: &H,
    ) -> Result<Option<Response>, H::Error> {
        let mut retry = Retry::new(kind);
        loop {
            let reply = host.send(request.clone()).await;
            let mut random = [0; 4];
            host.fill_random(&mut random)?;
            match retry.after(reply.as_ref(), u32::from_le_bytes(random)) {
                Some(milliseconds) => host.sleep(milliseconds).await,
                None => return Ok(reply),
            }
        }
    }
}

/// A key under which one request may be sent again.
pub(crate) fn random_key<H: Host>(host: &H) -> Result<IdempotencyKey, H::Error> {
    let mut random = [0; 16];
    host.fill_random(&mut random)?;
    Ok(IdempotencyKey::from_random(random))
}

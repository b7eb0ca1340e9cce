//! What is proven before the first person leaves for Stripe: found out after their consent, it would cost it.

use super::host::Host;
use super::known::Finding;
use super::outcome::Outcome;
use super::store::Store;
use super::visit::Visit;
use crate::server::{probe_application, read_probe};
use crate::vocabulary::flow::Flow;
use futures_util::future::{Either, select};
use std::pin::pin;
use std::sync::atomic::Ordering::Relaxed;

/// How long a person waits for it at most, in milliseconds.
const PATIENCE_MS: u32 = 1500;

impl<H: Host> Visit<'_, H> {
    /// That the store keeps what Stripe will have done.
    pub(crate) async fn prove_store(&self) -> Result<(), Outcome> {
        if !self.memory.has_store.load(Relaxed) {
            self.or_unavailable(self.host.store().check().await)?;
            self.memory.has_store.store(true, Relaxed);
        }
        Ok(())
    }

    /// That client id and key are one platform's, of one mode, and that Stripe takes the key. Whatever keeps Stripe from
    /// saying so is in nobody's way.
    pub(crate) async fn prove_platform(&self) -> Result<(), Outcome> {
        // Of apps' client ids Stripe says nothing that is known here.
        if self.config.flow == Flow::App {
            return Ok(());
        }
        let known = &self.memory.platform;
        let finding = match known.finding(self.now()) {
            Some(finding) => finding,
            None => known.keep(self.look_at_platform().await),
        };
        if finding == Finding::Wrong { Err(Outcome::ConfigMismatch) } else { Ok(()) }
    }

    async fn look_at_platform(&self) -> Finding {
        let config = self.config;
        let probe = probe_application(&config.base, &config.secret_key, config.client_id());
        let answer = self.host.send(probe);
        let reply = match select(pin!(answer), pin!(self.host.sleep(PATIENCE_MS))).await {
            Either::Left((Some(reply), _)) => reply,
            Either::Left((None, _)) | Either::Right(_) => return Finding::Unclear,
        };
        match read_probe(&reply) {
            Ok(()) => Finding::Right,
            Err(error) if error.ends_every_flow() => {
                let detail =
                    ["nobody is sent to Stripe, for nobody could come back connected: ", &error.to_string()];
                self.report(Outcome::ConfigMismatch, detail.concat());
                Finding::Wrong
            }
            Err(_) => Finding::Unclear,
        }
    }
}

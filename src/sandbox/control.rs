//! The controls: what a test looks at and changes, at `/_sandbox/…`. They speak JSON.

use super::account::{Account, SandboxAccount};
use super::account_state::AccountState;
use super::api_version::ApiVersion;
use super::call::Call;
use super::endpoint::Control;
use super::fault::FaultRule;
use super::kept::Grant;
use super::machine::Sandbox;
use super::pages;
use super::platform::SandboxPlatform;
use super::refusal::{Refusal, json};
use super::same_site::check_same_site;
use super::settings::Settings;
use super::webhook::Webhooks;
use crate::server::{Method, Response, SecretKey, TokenScope};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::flow::Flow;
use crate::vocabulary::ids::{AccountId, ClientId};
use crate::vocabulary::redirect_uri::RedirectUri;
use serde_json::{Value, json as value};

const ACCOUNT_FIELDS: [&str; 5] = ["id", "name", "email", "country", "state"];

impl Sandbox {
    /// Answers a control.
    pub(super) fn control(&mut self, control: Control, call: &mut Call<'_>) -> Result<Response, Refusal> {
        let is_change = call.request.method == Method::Post;
        if is_change {
            check_same_site(call.request)?;
        }
        Ok(match control {
            Control::Log => json(200, &self.log.token_requests()),
            Control::Requests if wants_page(call) => pages::requests(self.log.requests().iter()),
            Control::Requests => json(200, &self.log.requests()),
            Control::Ledger => json(200, &self.ledger.connections()),
            Control::Codes => json(200, &self.ledger.codes()),
            Control::Events => Response::json(200, self.webhooks.events()),
            Control::Accounts => {
                if is_change {
                    self.change_account(call)?;
                }
                json(
                    200,
                    &self.ledger.accounts().iter().map(|account| self.account_entry(account)).collect::<Vec<_>>(),
                )
            }
            Control::Platforms => {
                if is_change {
                    self.add_platform(call)?;
                }
                json(200, &self.platforms.iter().map(platform_entry).collect::<Vec<_>>())
            }
            Control::Connections => {
                self.change_connection(call)?;
                json(200, &self.ledger.connections())
            }
            Control::Clock => {
                if is_change {
                    self.change_clock(call)?;
                }
                json(200, &value!({"now": self.clock.now(call.host_now)}))
            }
            Control::Webhooks => {
                if is_change {
                    let given = Settings::read(&call.request.body, &Webhooks::FIELDS)?;
                    self.webhooks.change(&given, call.now)?;
                }
                json(200, &self.webhooks.json())
            }
            Control::Faults => {
                if is_change {
                    self.change_faults(call)?;
                }
                json(200, &self.faults.rules())
            }
            Control::Reset => {
                Settings::read(&call.request.body, &[])?;
                self.reset();
                json(200, &value!({}))
            }
        })
    }

    /// `{"id", "name", "email", "country", "state"}`: an account that is there changes, another one is made.
    fn change_account(&mut self, call: &mut Call<'_>) -> Result<(), ConnectError> {
        let given = Settings::read(&call.request.body, &ACCOUNT_FIELDS)?;
        let id = given.text("id")?.map(AccountId::parse).transpose().map_err(|error| error.renamed("id"))?;
        let state = given.text("state")?.map(AccountState::parse).transpose()?;
        let [name, email, country] = [given.text("name")?, given.text("email")?, given.text("country")?];
        let now = call.now;
        let change = |account: &mut Account| {
            if let Some(state) = state {
                account.state = state;
                account.since = now;
            }
            if let Some(name) = name {
                name.clone_into(&mut account.name);
            }
            account.email = email.map(str::to_owned).or(account.email.take());
            account.country = country.map(str::to_owned).or(account.country.take());
        };
        let known = id.as_ref().and_then(|id| self.ledger.update_account(id.as_str(), change));
        if known.is_none() {
            let id = id.map_or_else(|| call.seed.id("acct_", 16), |id| id.to_string());
            let id = AccountId::parse(&id)?;
            let mut account = Account::seeded(&SandboxAccount::new(id));
            account.created = now;
            change(&mut account);
            self.ledger.add_account(account);
        }
        Ok(())
    }

    /// What JavaScript's options hold besides the platform: the JSON of one account, fault or webhook setting.
    /// Accounts and faults are what a reset brings back.
    #[cfg(feature = "js")]
    pub(crate) fn begin_with(&mut self, what: &str, body: &str) -> Result<(), ConnectError> {
        let read = |known: &[&str]| {
            let is_of_body =
                |error: ConnectError| if error.param() == "body" { error.renamed(what) } else { error };
            Settings::read(body.as_bytes(), known).map_err(is_of_body)
        };
        match what {
            "accounts" => self.add_account(SandboxAccount::read(&read(&ACCOUNT_FIELDS)?)?),
            "faults" => self.add_fault(FaultRule::read(&read(&FaultRule::FIELDS)?)?),
            _ => self.webhooks.change(&read(&Webhooks::FIELDS)?, 0)?,
        }
        Ok(())
    }

    fn account_entry(&self, account: &Account) -> Value {
        let connected_to: Vec<_> =
            self.ledger.standing(&account.id).into_iter().map(|connection| &*connection.client_id).collect();
        value!({
            "id": account.id,
            "name": account.name,
            "email": account.email,
            "country": account.country,
            "type": account.kind(),
            "state": account.state.as_str(),
            "connected_to": connected_to,
        })
    }

    /// `{"client_id", "secret_key", "redirect_uri", "name", "api_version"}`: another platform, until a reset.
    fn add_platform(&mut self, call: &Call<'_>) -> Result<(), ConnectError> {
        const FIELDS: [&str; 5] = ["client_id", "secret_key", "redirect_uri", "name", "api_version"];
        let given = Settings::read(&call.request.body, &FIELDS)?;
        let text = |name: &str| given.text(name).map(Option::unwrap_or_default);
        let client_id = ClientId::parse(text("client_id")?)?;
        if self.platforms.iter().any(|known| known.client_id(client_id.as_str()).is_some()) {
            return Err(ConnectError::invalid("client_id", "is registered here already"));
        }
        let secret_key = SecretKey::parse(text("secret_key")?)?;
        let redirect_uri = RedirectUri::parse(text("redirect_uri")?, Some(secret_key.livemode()))?;
        let usual = SandboxPlatform::new(client_id, redirect_uri, secret_key);
        self.platforms.push(SandboxPlatform {
            name: given.text("name")?.unwrap_or(&usual.name).to_owned(),
            api_version: given.text("api_version")?.map(ApiVersion::parse).transpose()?.unwrap_or_default(),
            ..usual
        });
        Ok(())
    }

    /// `{"client_id", "stripe_user_id", "scope"}`: connects an account without asking anyone.
    fn change_connection(&mut self, call: &Call<'_>) -> Result<(), ConnectError> {
        let given = Settings::read(&call.request.body, &["client_id", "stripe_user_id", "scope"])?;
        let account = AccountId::parse(given.text("stripe_user_id")?.unwrap_or_default())?;
        if self.ledger.account(account.as_str()).is_none() {
            return Err(ConnectError::invalid(
                "stripe_user_id",
                "is not an account here: make it at /_sandbox/accounts",
            ));
        }
        let asked = given.text("client_id")?;
        let registered = self.platforms.iter().find_map(|platform| match asked {
            Some(asked) => platform.client_id(asked),
            None => platform.client_ids().next(),
        });
        let (client_id, livemode) =
            registered.ok_or_else(|| ConnectError::invalid("client_id", "is not registered here"))?;
        let scope = given.text("scope")?.unwrap_or("read_write");
        let scope = TokenScope::parse(scope).ok_or_else(|| {
            ConnectError::invalid("scope", "must be read_write, read_only, express or stripe_apps")
        })?;
        let grant = Grant { client_id, livemode, flow: Flow::Standard, scope };
        self.ledger.seed_connection(&grant, account.as_str(), call.now);
        Ok(())
    }

    /// `{"fault", …}` adds one ([`FaultRule`]); `{"clear": true}` ends all that there are.
    fn change_faults(&mut self, call: &Call<'_>) -> Result<(), ConnectError> {
        let known: Vec<&str> = FaultRule::FIELDS.into_iter().chain(["clear"]).collect();
        let given = Settings::read(&call.request.body, &known)?;
        if given.boolean("clear")? == Some(true) {
            self.faults.clear();
            return Ok(());
        }
        self.faults.add(FaultRule::read(&given)?);
        Ok(())
    }

    /// `{"advance": seconds}` or `{"now": unix seconds}`.
    fn change_clock(&mut self, call: &Call<'_>) -> Result<(), ConnectError> {
        let given = Settings::read(&call.request.body, &["advance", "now"])?;
        match (given.number("advance")?, given.number("now")?) {
            (Some(seconds), None) => self.clock.advance(seconds),
            (None, Some(now)) => self.clock.set(call.host_now, now),
            (Some(_), Some(_)) => {
                return Err(ConnectError::invalid("now", "goes without advance: give one of the two"));
            }
            (None, None) => {
                let fix = "give seconds to go forward, or now in Unix seconds";
                return Err(ConnectError::missing("advance", fix));
            }
        }
        Ok(())
    }
}

/// A platform, without its keys.
fn platform_entry(platform: &SandboxPlatform) -> Value {
    let uris: Vec<_> = platform.redirect_uris.iter().map(RedirectUri::as_str).collect();
    value!({
        "client_id": platform.client_id.as_str(),
        "live_client_id": platform.live_client_id.as_ref().map(ClientId::as_str),
        "name": platform.name,
        "livemode": platform.livemode.as_bool(),
        "flows": platform.flows.iter().map(|flow| flow.as_str()).collect::<Vec<_>>(),
        "redirect_uris": uris,
        "api_version": platform.api_version.as_str(),
    })
}

/// A browser asks for a page; a program takes whatever comes.
fn wants_page(call: &Call<'_>) -> bool {
    call.request.header("accept").is_some_and(|accept| accept.contains("text/html"))
}

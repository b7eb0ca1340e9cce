//! The API, as far as connecting an account needs it: accounts, account links, and the balance as a call on
//! behalf of one.

use super::account::{Account, Controller, is_country};
use super::credentials::{Caller, caller};
use super::form::Form;
use super::idempotency::{Keyed, Replays};
use super::kept::AccountLink;
use super::ledger::Ledger;
use super::platform::SandboxPlatform;
use super::refusal::{Refusal, json};
use super::seed::Seed;
use crate::front::prefill::{Prefill, PrefillField};
use crate::server::{Method, Request, Response};
use crate::vocabulary::livemode::Livemode;
use crate::vocabulary::origin::HttpUrl;
use serde_json::{Value, json as value};
use std::cmp::Reverse;

/// What a call may look at and change.
pub(super) struct Api<'a> {
    pub(super) platforms: &'a [SandboxPlatform],
    pub(super) ledger: &'a mut Ledger,
    pub(super) replays: &'a mut Replays,
    pub(super) request_id: &'a str,
    pub(super) now: u64,
    pub(super) seed: &'a mut Seed,
}

impl Api<'_> {
    /// Answers a call of the API.
    pub(super) fn answer(&mut self, request: &Request) -> Result<Response, Refusal> {
        let caller = caller(request, self.platforms, self.ledger, self.now)?;
        match (request.method, request.path()) {
            (Method::Get | Method::Head, "/v1/account") => self.retrieve(&caller, &caller.account),
            (Method::Get | Method::Head, "/v1/balance") => {
                let account = self.known(&caller, &caller.account)?;
                Ok(json(200, &account.balance(caller.livemode.as_bool())))
            }
            (Method::Get | Method::Head, "/v1/accounts") => self.list_accounts(request, &caller),
            (Method::Post, "/v1/accounts") => self.once(request, &caller, Api::create_account),
            (Method::Post, "/v1/account_links") => self.once(request, &caller, Api::create_link),
            (Method::Get | Method::Head, path) => match path.strip_prefix("/v1/accounts/") {
                Some(id) if !id.is_empty() && !id.contains('/') => self.retrieve(&caller, id),
                _ => Err(Refusal::unrecognized(request.method.as_str(), path)),
            },
            (method, path) => Err(Refusal::unrecognized(method.as_str(), path)),
        }
    }

    fn retrieve(&self, caller: &Caller<'_>, id: &str) -> Result<Response, Refusal> {
        Ok(json(200, &caller.version.account(self.known(caller, id)?.json())))
    }

    /// The account, if the caller has access to it.
    fn known(&self, caller: &Caller<'_>, id: &str) -> Result<Account, Refusal> {
        let own = self.platforms.iter().find(|platform| platform.account_id() == id);
        if let Some(own) = own.filter(|_| id == caller.account) {
            return Ok(Account::of_platform(own));
        }
        let may = id == caller.account
            || caller.platform.is_some_and(|by| self.ledger.has_access(by, id, caller.livemode));
        self.ledger.account(id).filter(|_| may).cloned().ok_or_else(|| caller.no_access(id))
    }

    /// `GET /v1/accounts`: those the platform has access to, the newest first.
    fn list_accounts(&self, request: &Request, caller: &Caller<'_>) -> Result<Response, Refusal> {
        let platform = connect_platform(caller)?;
        let form = Form::of(request);
        check_names(&form, &["limit"], &["expand"])?;
        let limit = match form.get("limit").map(str::parse::<usize>) {
            None => 10,
            Some(Ok(limit @ 1..=100)) => limit,
            Some(_) => {
                let message = "Invalid integer: limit must be between 1 and 100";
                return Err(Refusal::invalid(400, message)
                    .with_code("parameter_invalid_integer")
                    .with_param("limit"));
            }
        };
        let has_access = |account: &&Account| self.ledger.has_access(platform, &account.id, caller.livemode);
        let mut accounts: Vec<&Account> = self.ledger.accounts().iter().filter(has_access).collect();
        accounts.reverse();
        accounts.sort_by_key(|account| Reverse(account.created));
        let data: Vec<Value> =
            accounts.iter().take(limit).map(|account| caller.version.account(account.json())).collect();
        let has_more = accounts.len() > limit;
        Ok(json(200, &value!({"object": "list", "data": data, "has_more": has_more, "url": "/v1/accounts"})))
    }

    /// Carries a `POST` out, or gives the answer it had under its idempotency key: any answer but one that sent
    /// the request away before it was carried out.
    fn once(
        &mut self,
        request: &Request,
        caller: &Caller<'_>,
        carry_out: fn(&mut Self, &Request, &Form, &Caller<'_>) -> Result<Response, Refusal>,
    ) -> Result<Response, Refusal> {
        let form = Form::of(request);
        let Some(keyed) = keyed(request, &form, caller) else {
            return carry_out(self, request, &form, caller);
        };
        if let Some(replayed) = self.replays.find(&keyed, self.now)? {
            return Ok(replayed);
        }
        let key = keyed.key;
        let answer = carry_out(self, request, &form, caller);
        let kept = match &answer {
            Ok(response) => Some(response.clone().with_header("idempotency-key", key)),
            Err(refusal) if refusal.is_about_parameters() => None,
            Err(refusal) => Some(refusal.response().with_header("idempotency-key", key)),
        };
        if let Some(kept) = kept {
            self.replays.keep(keyed, &kept, self.request_id, self.now);
        }
        let headed = |response: Response| {
            response.with_header("idempotency-key", key).with_header("original-request", self.request_id)
        };
        answer.map(headed)
    }

    /// What Stripe's own failure is kept under, if nothing is yet: it fails while it carries a `POST` out.
    pub(super) fn unanswered<'r>(&mut self, request: &'r Request) -> Option<Keyed<'r>> {
        let caller = caller(request, self.platforms, self.ledger, self.now).ok()?;
        let keyed = keyed(request, &Form::of(request), &caller).filter(|_| request.method == Method::Post)?;
        let is_new = matches!(self.replays.find(&keyed, self.now), Ok(None));
        is_new.then_some(keyed)
    }

    /// `POST /v1/accounts`: a Standard account, that its owner finishes later.
    fn create_account(
        &mut self,
        _request: &Request,
        form: &Form,
        caller: &Caller<'_>,
    ) -> Result<Response, Refusal> {
        let platform = connect_platform(caller)?;
        check_names(
            form,
            &["type", "country", "email", "business_type"],
            &["business_profile", "metadata", "expand"],
        )?;
        match form.get("type") {
            None | Some("standard") => {}
            Some(_) => {
                let message = "Invalid type: must be standard. This stand-in makes no other accounts.";
                return Err(Refusal::invalid(400, message).with_param("type"));
            }
        }
        let controller = Controller { account: platform.account_id(), livemode: caller.livemode };
        let mut account = Account::created(controller, self.now, self.seed);
        account.country = Some(country(form)?.to_owned());
        account.email = email(form)?;
        account.business_type = form.get("business_type").map(str::to_owned);
        for (name, text) in form.inside("business_profile") {
            match name {
                "name" => text.clone_into(&mut account.name),
                "url" => account.url = Some(text.to_owned()),
                "product_description" => account.product_description = Some(text.to_owned()),
                _ => return Err(unknown(&["business_profile[", name, "]"].concat())),
            }
        }
        account.metadata = form.inside("metadata").map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        let body = caller.version.account(account.json());
        self.ledger.add_account(account);
        Ok(json(200, &body))
    }

    /// `POST /v1/account_links`: a link for the owner of an account that the platform made.
    fn create_link(&mut self, request: &Request, form: &Form, caller: &Caller<'_>) -> Result<Response, Refusal> {
        let platform = connect_platform(caller)?;
        check_names(
            form,
            &["account", "refresh_url", "return_url", "type", "collect"],
            &["collection_options", "expand"],
        )?;
        let id = required(form, "account")?;
        check_kind(required(form, "type")?)?;
        let refresh_url = url(form, "refresh_url", caller.livemode)?;
        let return_url = url(form, "return_url", caller.livemode)?;
        let account = self.known(caller, id)?;
        if !account.is_controlled_by(platform) {
            const TEXT: &str = "You cannot create an account link for this account, because your platform did not \
                                create it: its owner signs in to the Stripe Dashboard instead.";
            return Err(Refusal::invalid(400, TEXT).with_param("account"));
        }
        let link = AccountLink::new(id, platform, refresh_url, return_url, self.now);
        let expires_at = link.expires_at;
        let key = self.ledger.issue_link(link, self.seed);
        let url = [request.origin(), "/setup/s/", id, "/", &*key].concat();
        let body = value!({
            "object": "account_link",
            "created": self.now,
            "expires_at": expires_at,
            "url": url,
        });
        Ok(json(200, &body))
    }
}

/// The key that a request carries, if it does.
fn keyed<'r>(request: &'r Request, form: &Form, caller: &Caller<'_>) -> Option<Keyed<'r>> {
    let key = request.header("idempotency-key").filter(|key| !key.is_empty())?;
    let mode = if caller.livemode.as_bool() { "live" } else { "test" };
    Some(Keyed {
        owner: [&*caller.account, " ", mode].concat(),
        key,
        request: [request.path(), "?", &*form.encoded()].concat(),
    })
}

/// Only a platform, by its own key and on its own behalf, makes accounts and links.
fn connect_platform<'a>(caller: &Caller<'a>) -> Result<&'a SandboxPlatform, Refusal> {
    let own = caller.platform.filter(|platform| !platform.is_app() && platform.account_id() == caller.account);
    own.ok_or_else(not_a_platform)
}

pub(super) fn not_a_platform() -> Refusal {
    const TEXT: &str = "Only Stripe Connect platforms can work with other accounts. If you specified a client_id \
                        parameter, make sure it's correct. If you need to setup a Stripe Connect platform, you can \
                        do so at https://dashboard.stripe.com/account/applications/settings.";
    Refusal::invalid(403, TEXT).with_code("platform_account_required")
}

/// Whether every parameter is one of `plain`, or inside one of `nested`.
fn check_names(form: &Form, plain: &[&str], nested: &[&str]) -> Result<(), Refusal> {
    let is_known = |name: &str| {
        plain.contains(&name)
            || name.split_once('[').is_some_and(|(head, rest)| nested.contains(&head) && rest.ends_with(']'))
    };
    match form.fields().find(|(name, _)| !is_known(name)) {
        Some((name, _)) => Err(unknown(name)),
        None => Ok(()),
    }
}

fn unknown(name: &str) -> Refusal {
    Refusal::invalid(400, ["Received unknown parameter: ", name].concat())
        .with_code("parameter_unknown")
        .with_param(name)
}

fn required<'a>(form: &'a Form, name: &str) -> Result<&'a str, Refusal> {
    form.get(name).ok_or_else(|| {
        Refusal::invalid(400, ["Missing required param: ", name, "."].concat())
            .with_code("parameter_missing")
            .with_param(name)
    })
}

/// Absent, it is the platform's own.
fn country(form: &Form) -> Result<&str, Refusal> {
    let code = form.get("country").unwrap_or("US");
    if is_country(code) {
        return Ok(code);
    }
    let message = format!(
        "Country '{code}' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', \
         'EG', or 'GB'. A full list of country codes is available at \
         https://www.iso.org/obp/ui/#iso:pub:PUB500001:en"
    );
    Err(Refusal::invalid(400, message).with_code("country_code_invalid").with_param("country"))
}

fn email(form: &Form) -> Result<Option<String>, Refusal> {
    let Some(text) = form.get("email") else { return Ok(None) };
    if Prefill::default().set(PrefillField::Email, text).is_ok() {
        return Ok(Some(text.to_owned()));
    }
    let message = ["Invalid email address: ", text].concat();
    Err(Refusal::invalid(400, message).with_code("email_invalid").with_param("email"))
}

fn check_kind(word: &str) -> Result<(), Refusal> {
    match word {
        "account_onboarding" => Ok(()),
        "account_update" => {
            const TEXT: &str = "You cannot create `account_update` type Account Links for this account. Use type \
                                `account_onboarding`.";
            Err(Refusal::invalid(400, TEXT).with_param("type"))
        }
        _ => {
            let message = "Invalid type: must be one of account_onboarding or account_update";
            Err(Refusal::invalid(400, message).with_param("type"))
        }
    }
}

fn url<'a>(form: &'a Form, name: &str, livemode: Livemode) -> Result<&'a str, Refusal> {
    let text = required(form, name)?;
    match HttpUrl::read(text) {
        Ok(url) if url.https || livemode == Livemode::Test => Ok(text),
        Ok(_) => {
            let message = "Livemode requests must always be redirected via HTTPS.";
            Err(Refusal::invalid(400, message).with_param(name))
        }
        Err(_) => Err(Refusal::invalid(400, "Not a valid URL").with_code("url_invalid").with_param(name)),
    }
}

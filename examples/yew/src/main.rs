//! One page: the button, the flow it begins, and what became of the flow when Stripe sends the browser back.

use gloo_net::http::Request;
use serde::{Deserialize, Serialize};
use stripe_connect_oauth::web::{self, Finished};
use stripe_connect_oauth::{
    AuthorizeUrl, Button, Callback, ClientId, ConnectBase, ConnectError, Language, PendingFlows, Phrase,
    RedirectUri, Scope, Subject, Text,
};
use yew::platform::spawn_local;
use yew::prelude::*;

/// What the platform wrote into the page. All of it is public.
#[derive(Clone, PartialEq, Properties)]
struct Platform {
    client_id: ClientId,
    redirect_uri: RedirectUri,
    /// Stripe, or the stand-in.
    connect_base: ConnectBase,
    /// Who is signed in.
    subject: Subject,
}

/// What the worker's `/connect/exchange` wants.
#[derive(Serialize)]
struct Exchange<'a> {
    code: &'a str,
    state: &'a str,
    subject: &'a str,
}

/// What it answers: how the flow ended, and unless it connected an account a hint for the person.
#[derive(Deserialize)]
struct Exchanged {
    outcome: String,
    #[serde(default)]
    hint: String,
}

#[component]
fn Payouts(platform: &Platform) -> Html {
    let told = use_state(String::new);

    // Once, when the page is there: it may be the one that Stripe sent the browser back to.
    use_effect_with((platform.clone(), told.setter()), |(platform, told)| {
        let (platform, told) = (platform.clone(), told.clone());
        spawn_local(async move { told.set(come_back(&platform).await.unwrap_or_else(|error| error.to_string())) });
    });

    let onclick = {
        let (platform, told) = (platform.clone(), told.setter());
        move |click: MouseEvent| match leave(&platform) {
            Ok(()) => click.prevent_default(),
            // The link then leads to the edge style, which works without script.
            Err(error) => told.set(error.to_string()),
        }
    };
    html! {
        <main>
            <h1>{ "Payouts" }</h1>
            <div {onclick}>{ Html::from_html_unchecked(button().into()) }</div>
            <output>{ &*told }</output>
        </main>
    }
}

/// The button, as a link that works without script as well.
fn button() -> String {
    Button::link("/connect/start").map(|button| button.to_html()).unwrap_or_default()
}

/// Begins a flow and goes to Stripe.
fn leave(platform: &Platform) -> Result<(), ConnectError> {
    let window = gloo_utils::window();
    let url = web::begin(&window, &platform.subject, PendingFlows::LIFETIME_SECONDS, |state| {
        let mut url = AuthorizeUrl::new(&platform.client_id, state);
        url.base = platform.connect_base.clone();
        url.redirect_uri = Some(platform.redirect_uri.clone());
        url.scope = Some(Scope::ReadWrite);
        url.build()
    })?;
    let _left = window.location().assign(&url);
    Ok(())
}

/// Finishes the flow that the page's address tells of, if it does, and says how it ended.
async fn come_back(platform: &Platform) -> Result<String, ConnectError> {
    let finished = web::finish(&gloo_utils::window(), Some(&platform.subject))?;
    if matches!(finished.callback, Callback::None) {
        return Ok(String::new());
    }
    // A request that failed may have arrived: it is not sent again, for a code that is used twice ends the connection.
    let unknown = Text::Phrase(Phrase::PageStyleUnknownHint);
    Ok(exchange(&finished).await.unwrap_or_else(|_| Language::ENGLISH.text(unknown).to_owned()))
}

/// Has the worker exchange the code, if there is one.
async fn exchange(finished: &Finished) -> Result<String, gloo_net::Error> {
    let (Callback::Authorized(authorized), Some(flow)) = (&finished.callback, &finished.flow) else {
        return Ok(finished.callback.hint().to_owned());
    };
    let code = authorized.code().as_str();
    let wanted = Exchange { code, state: flow.state.as_str(), subject: flow.subject.as_str() };
    let request = Request::post("/connect/exchange").header("accept", "application/json").json(&wanted)?;
    let Exchanged { outcome, hint } = request.send().await?.json().await?;
    Ok(if outcome == "connected" { "Your account is connected.".to_owned() } else { hint })
}

/// Reads what the platform wrote into the body's `data-` attributes.
fn platform() -> Result<Platform, ConnectError> {
    let given = gloo_utils::body().dataset();
    let text = |name: &str| given.get(name).unwrap_or_default();
    Ok(Platform {
        client_id: text("client_id").parse()?,
        redirect_uri: text("redirect_uri").parse()?,
        connect_base: text("connect_base").parse()?,
        subject: text("subject").parse()?,
    })
}

fn main() -> Result<(), ConnectError> {
    yew::Renderer::<Payouts>::with_props(platform()?).render();
    Ok(())
}

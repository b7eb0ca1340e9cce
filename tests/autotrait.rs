//! What every public type is, and what a secret never is: a change of either breaks somebody's build.

use stripe_connect_oauth::{
    AccountId, AccountStatus, AuthorizationCode, AuthorizeUrl, Authorized, Button, ButtonLook, ButtonSize,
    Callback, CallbackQuery, Capability, ChannelLink, ClientId, ConnectBase, ConnectError, Direction, DroppedField,
    ErrorCode, Flow, Language, Livemode, Next, NextStep, Outcome, PendingFlows, Phrase, Platform, Prefill,
    PrefillField, RedirectUri, Rejection, Scope, State, StripeLanding, Subject, Text,
};

/// Each of these may go to another thread, be looked at from one, and live as long as the program.
macro_rules! go_anywhere {
    ($($name:ty)+) => {
        const _: () = {
            const fn goes_anywhere<T: Send + Sync + Unpin + 'static>() {}
            $(goes_anywhere::<$name>();)+
        };
    };
}

/// None of these is that: if one were, the call would have two meanings, and would not compile.
macro_rules! never {
    ($trait:path: $($name:ty)+) => {$(
        const _: () = {
            trait Either<A> { const IS: () = (); }
            impl<T: ?Sized> Either<()> for T {}
            struct Never;
            impl<T: ?Sized + $trait> Either<Never> for T {}
            <$name>::IS
        };
    )+};
}

go_anywhere! {
    AccountId AccountStatus AuthorizationCode AuthorizeUrl<'static> Authorized Button ButtonLook ButtonSize Callback
    CallbackQuery Capability ChannelLink ClientId ConnectBase ConnectError Direction DroppedField ErrorCode Flow
    Language Livemode Next NextStep Outcome PendingFlows Phrase Platform Prefill PrefillField RedirectUri Rejection
    Scope State StripeLanding Subject Text
}

never! { std::fmt::Display: State AuthorizationCode Authorized PendingFlows CallbackQuery }
never! { AsRef<str>: State AuthorizationCode PendingFlows }
never! { PartialEq: State AuthorizationCode }
never! { Clone: AuthorizationCode Authorized Callback }
#[cfg(feature = "serde")]
never! { serde::Serialize: State AuthorizationCode Authorized Callback PendingFlows }

#[cfg(feature = "server")]
mod server {
    use stripe_connect_oauth::server::{
        Account, AccountError, AccountLink, AccountStatus, AccountType, CapabilityStatus, DeauthorizeError,
        Deauthorized, DisabledReason, Event, EventId, EventKind, ExchangeError, IdempotencyKey, Method, NewAccount,
        NewAccountLink, NextStep, PlatformProblem, RefreshTokenKeys, RefreshedToken, Request, RequirementError,
        Requirements, Response, Retry, RetryKind, Secret, SecretKey, StripeError, Token, TokenProblem, TokenScope,
        Tolerance, WebhookError, WebhookSecret,
    };

    go_anywhere! {
        Account AccountError AccountLink AccountStatus AccountType CapabilityStatus DeauthorizeError Deauthorized DisabledReason Event
        EventId EventKind ExchangeError IdempotencyKey Method NewAccount NewAccountLink NextStep PlatformProblem
        RefreshTokenKeys RefreshedToken Request RequirementError Requirements Response Retry RetryKind Secret SecretKey StripeError
        Token TokenProblem TokenScope Tolerance WebhookError WebhookSecret
    }

    never! { std::fmt::Display: Secret SecretKey WebhookSecret RefreshTokenKeys AccountLink Token }
    never! { AsRef<str>: Secret SecretKey WebhookSecret RefreshTokenKeys }
    never! { PartialEq: Secret SecretKey WebhookSecret RefreshTokenKeys }
    #[cfg(feature = "serde")]
    never! { serde::Serialize: Secret SecretKey WebhookSecret RefreshTokenKeys AccountLink Token RefreshedToken }
}

#[cfg(feature = "web")]
mod web {
    use stripe_connect_oauth::web::{Finished, FinishedFlow};

    go_anywhere! { Finished FinishedFlow }

    never! { std::fmt::Display: Finished FinishedFlow }
    never! { PartialEq: Finished FinishedFlow }
    never! { Clone: Finished }
    #[cfg(feature = "serde")]
    never! { serde::Serialize: Finished FinishedFlow }
}

#[cfg(feature = "edge")]
mod edge {
    use stripe_connect_oauth::ClientId;
    use stripe_connect_oauth::edge::{
        Application, Claim, ClaimRecord, Config, ConfigBuilder, Connection, Digest, EventError, EventProgress,
        Given, Handler, Leaving, MemoryStore, Outcome, Problem, Route, Start, StoreError, WhenDone,
    };

    go_anywhere! {
        Application Claim ClaimRecord Config ConfigBuilder Connection Digest EventError EventProgress Given<ClientId> Handler
        Leaving MemoryStore Outcome Problem Route Start StoreError WhenDone
    }

    never! { std::fmt::Display: Config ConfigBuilder Given<ClientId> Connection }
    #[cfg(feature = "serde")]
    never! { serde::Serialize: Config ConfigBuilder Given<ClientId> }
}

#[cfg(feature = "sandbox")]
mod sandbox {
    use stripe_connect_oauth::sandbox::{
        AccountState, ApiVersion, Delivery, Fault, FaultRule, Sandbox, SandboxAccount, SandboxPlatform, Served,
        WebhookEndpoint,
    };

    go_anywhere! {
        AccountState ApiVersion Delivery Fault FaultRule Sandbox SandboxAccount SandboxPlatform Served WebhookEndpoint
    }
}

/// The type names that a file makes public.
fn published(code: &str) -> impl Iterator<Item = &str> {
    let lists = code.split("\npub use ").skip(1).filter_map(|rest| rest.split(';').next());
    let names = lists.flat_map(|list| list.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    names.filter(|name| {
        name.starts_with(|c: char| c.is_ascii_uppercase()) && name.contains(|c: char| c.is_ascii_lowercase())
    })
}

#[test]
fn every_public_type_is_named_here() {
    let floors = [
        include_str!("../src/lib.rs"),
        include_str!("../src/server/mod.rs"),
        include_str!("../src/edge/mod.rs"),
        include_str!("../src/sandbox/mod.rs"),
    ];
    let tables: String = include_str!("autotrait.rs")
        .split("go_anywhere! {")
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect();
    let named: Vec<&str> = tables.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let traits = ["Host", "Store", "MaybeSend", "MaybeSync"];
    let missing: Vec<_> = floors
        .into_iter()
        .flat_map(published)
        .filter(|name| !named.contains(name) && !traits.contains(name))
        .collect();
    assert_eq!(missing, [""; 0]);
}

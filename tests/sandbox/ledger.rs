//! Laws of the ledger, which hold after any sequence of operations, and whatever happens to the answers.

use super::*;
use std::collections::BTreeMap;
use stripe_connect_oauth::sandbox::{Fault, FaultRule};

/// What a person, a platform or a thief does.
#[derive(Debug, Clone)]
enum Operation {
    Connect {
        client: usize,
        account: usize,
    },
    /// The nth code from the newest, with one of the keys.
    Exchange {
        nth: usize,
        key: usize,
    },
    Refresh {
        nth: usize,
        key: usize,
    },
    Deauthorize {
        client: usize,
        account: usize,
        key: usize,
    },
    Disconnect {
        client: usize,
        account: usize,
    },
    Wait(u64),
}

const CLIENTS: [&str; 3] = ["ca_test", "ca_live", "ca_app"];
const ACCOUNTS: [&str; 2] = [ACCOUNT, "acct_1SandboxBooks001"];
const KEYS: [&str; 5] = [TEST_KEY, LIVE_KEY, "sk_test_canary0003", "sk_live_canary0004", "sk_test_canary0007"];

fn operation() -> impl Strategy<Value = Operation> {
    let (clients, accounts, keys) = (0..CLIENTS.len(), 0..ACCOUNTS.len(), 0..KEYS.len());
    prop_oneof![
        4 => (clients.clone(), accounts.clone()).prop_map(|(client, account)| Operation::Connect { client, account }),
        6 => (0..3_usize, keys.clone()).prop_map(|(nth, key)| Operation::Exchange { nth, key }),
        3 => (0..3_usize, keys.clone()).prop_map(|(nth, key)| Operation::Refresh { nth, key }),
        1 => (clients.clone(), accounts.clone(), keys)
            .prop_map(|(client, account, key)| Operation::Deauthorize { client, account, key }),
        1 => (clients, accounts).prop_map(|(client, account)| Operation::Disconnect { client, account }),
        1 => (0..400_u64).prop_map(Operation::Wait),
    ]
}

/// A sandbox, and what its clients were told.
struct World {
    sandbox: Sandbox,
    now: u64,
    codes: Vec<(usize, String)>,
    refresh_tokens: Vec<(usize, String)>,
    /// How often each code was answered with a token.
    spent: BTreeMap<String, u32>,
}

impl World {
    /// With `faults`, a tenth of the requests fail, each in one of all the ways.
    fn new(faults: bool) -> World {
        let mut sandbox = sandbox();
        if faults {
            for fault in
                ["reset_before", "reset_after", "429", "500", "502", "truncated", "content_type", "redirect"]
            {
                let fault = Fault::parse(fault).unwrap();
                sandbox.add_fault(FaultRule { share: 0.0125, effect: true, ..FaultRule::new(fault) });
            }
        }
        let mut app = platform("ca_app", Livemode::Test, &["sk_test_canary0007"]);
        app.flows = vec![Flow::App];
        sandbox.register(app);
        World { sandbox, now: NOW, codes: Vec::new(), refresh_tokens: Vec::new(), spent: BTreeMap::new() }
    }

    fn post(&mut self, path: &str, key: &str, body: &str) -> Response {
        let bearer = ["Bearer ", key].concat();
        let headers: &[_] = if key.is_empty() { &[] } else { &[("authorization", &*bearer)] };
        self.sandbox.handle(&request(Method::Post, path, headers, body), self.now, [4; 32])
    }

    fn token_path(client: usize) -> &'static str {
        if CLIENTS[client] == "ca_app" { "/v1/oauth/token" } else { "/oauth/token" }
    }

    fn carry_out(&mut self, operation: &Operation) {
        match *operation {
            Operation::Connect { client, account } => {
                let path = format!("/oauth/v2/authorize?response_type=code&client_id={}", CLIENTS[client]);
                let form = format!("account={}&decision=connect", ACCOUNTS[account]);
                let code = code_of(&self.post(&path, "", &form));
                self.codes.push((client, code));
            }
            Operation::Exchange { nth, key } => {
                let Some((client, code)) = self.codes.iter().rev().nth(nth).cloned() else { return };
                let body = ["grant_type=authorization_code&code=", &*code].concat();
                self.keep_token(client, KEYS[key], &body, Some(code));
            }
            Operation::Refresh { nth, key } => {
                let Some((client, token)) = self.refresh_tokens.iter().rev().nth(nth).cloned() else { return };
                let body = ["grant_type=refresh_token&refresh_token=", &*token].concat();
                self.keep_token(client, KEYS[key], &body, None);
            }
            Operation::Deauthorize { client, account, key } => {
                let body = format!("client_id={}&stripe_user_id={}", CLIENTS[client], ACCOUNTS[account]);
                self.post("/oauth/deauthorize", KEYS[key], &body);
            }
            Operation::Disconnect { client, account } => {
                let path = ["/dashboard/", ACCOUNTS[account]].concat();
                self.post(&path, "", &["action=disconnect&client_id=", CLIENTS[client]].concat());
            }
            Operation::Wait(seconds) => self.now += seconds,
        }
    }

    fn keep_token(&mut self, client: usize, key: &str, body: &str, code: Option<String>) {
        let response = self.post(World::token_path(client), key, body);
        let body = serde_json::from_str::<Value>(&response.body).ok().filter(|_| response.status == 200);
        let Some(body) = body else { return };
        let token = body["refresh_token"].as_str().unwrap().to_owned();
        self.refresh_tokens.push((client, token));
        if let Some(code) = code {
            *self.spent.entry(code).or_default() += 1;
        }
    }

    /// What the controls say, which no fault touches.
    fn list(&mut self, path: &str) -> Vec<Value> {
        json_of(&get(&mut self.sandbox, path)).as_array().unwrap().clone()
    }

    /// Whether the platform of `client` reaches the account.
    fn has_access(&mut self, client: usize, account: usize) -> bool {
        let bearer = ["Bearer ", [TEST_KEY, "sk_live_canary0004", "sk_test_canary0007"][client]].concat();
        let path = ["/v1/accounts/", ACCOUNTS[account]].concat();
        control(&mut self.sandbox, "/_sandbox/faults", json!({"clear": true}));
        call(&mut self.sandbox, &with_key(Method::Get, &path, &[("authorization", &*bearer)], ""), self.now).status
            == 200
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn each_code_is_spent_at_most_once_and_each_revocation_is_final(
        operations in prop::collection::vec(operation(), 1..40),
        faults: bool,
    ) {
        let mut world = World::new(faults);
        let mut revoked = 0;
        let mut before: Vec<Value> = Vec::new();
        for operation in &operations {
            world.carry_out(operation);
            let after = world.list("/_sandbox/ledger");
            for (old, new) in before.iter().zip(&after) {
                prop_assert!(old == new || (old["revoked"] == false && new["revoked"] == true), "{operation:?}");
            }
            let now_revoked = after.iter().filter(|connection| connection["revoked"] == true).count();
            prop_assert!(now_revoked >= revoked, "a revocation was taken back: {operation:?}");
            prop_assert!(after.len() >= before.len(), "a connection was forgotten: {operation:?}");
            (revoked, before) = (now_revoked, after);
        }
        prop_assert!(world.spent.values().all(|times| *times == 1), "{:?}", world.spent);
        prop_assert!(faults || before.len() == world.spent.len(), "each connection was answered with tokens");
        let codes = world.list("/_sandbox/codes");
        let spent = codes.iter().filter(|code| code["spent"] == true).count();
        prop_assert_eq!(before.len(), spent, "each connection is of one code");
        for code in codes {
            let (sent, spent) = (code["sent"].as_u64().unwrap(), code["spent"] == true);
            prop_assert_eq!(sent > 0, spent);
            prop_assert!(sent < 2 || code["revoked"] == true, "a code that was sent twice stands: {code}");
        }
        for (client, name) in CLIENTS.iter().enumerate() {
            for (account, id) in ACCOUNTS.iter().enumerate() {
                let stands = |connection: &Value| {
                    connection["revoked"] == false
                        && connection["client_id"] == **name
                        && connection["stripe_user_id"] == **id
                };
                let standing = before.iter().any(stands);
                prop_assert_eq!(world.has_access(client, account), standing, "{} {}", name, id);
                let mut told = world.list("/_sandbox/events").into_iter().filter(|event| {
                    event["account"] == **id && event["data"]["object"]["id"] == **name
                });
                let last = told.next_back().map(|event| event["type"] == "account.application.authorized");
                prop_assert_eq!(last.unwrap_or(false), standing, "the last event tells how it is");
            }
        }
    }
}

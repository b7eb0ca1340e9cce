//! Entry `stripe-connect-oauth/server`: refresh tokens, sealed for whoever keeps them.

use super::failure::answer;
use super::packed::Fields;
use super::transport::fill_random;
use crate::server::{RefreshTokenKeys, Secret};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use wasm_bindgen::prelude::*;

/// `sealRefreshToken(refresh_token, { account, livemode, secrets })`.
#[wasm_bindgen(js_name = sealRefreshToken)]
pub fn seal(params: &str, options: &str) -> Result<String, JsValue> {
    let mut nonce = [0; 24];
    fill_random(&mut nonce)?;
    Ok(answer(sealed(params, options, nonce)))
}

fn sealed(params: &str, options: &str, nonce: [u8; 24]) -> Result<String, ConnectError> {
    let token = Secret::refresh_token(Fields::read(params, "refresh_token")?.text("refresh_token"))?;
    let Place { account, livemode, keys } = Place::read(options)?;
    keys.seal(&token, &account, livemode, nonce)
}

/// `openRefreshToken(sealed, { account, livemode, secrets })`.
#[wasm_bindgen(js_name = openRefreshToken)]
pub fn open(params: &str, options: &str) -> String {
    answer(opened(params, options))
}

fn opened(params: &str, options: &str) -> Result<String, ConnectError> {
    let sealed = Fields::read(params, "sealed")?.text("sealed");
    let Place { account, livemode, keys } = Place::read(options)?;
    // Read like any other.
    let token = Secret::refresh_token(keys.open(sealed, &account, livemode)?.expose())?;
    Ok(token.expose().to_owned())
}

/// Whose token it is, and what seals it.
struct Place {
    account: AccountId,
    livemode: Livemode,
    keys: RefreshTokenKeys,
}

impl Place {
    fn read(options: &str) -> Result<Place, ConnectError> {
        let options = Fields::read(options, "account livemode? secrets[")?;
        let account = AccountId::parse(options.text("account"));
        let livemode = options.boolean("livemode");
        let secrets = options.texts("secrets[").map(str::to_owned).collect::<Vec<_>>();
        Ok(Place {
            account: account.map_err(|error| error.renamed("account"))?,
            livemode: livemode
                .map(Livemode::from)
                .ok_or_else(|| ConnectError::missing("livemode", "say the mode of the account's connection"))?,
            keys: RefreshTokenKeys::derive(&secrets).map_err(|error| error.renamed("secrets"))?,
        })
    }
}

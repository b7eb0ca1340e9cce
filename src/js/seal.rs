//! Entry `stripe-connect-oauth/server`: refresh tokens, sealed for whoever keeps them.

use super::packed::{Fields, answer};
use crate::server::{RefreshTokenKeys, Secret};
use crate::vocabulary::error::ConnectError;
use crate::vocabulary::ids::AccountId;
use crate::vocabulary::livemode::Livemode;
use wasm_bindgen::prelude::*;

/// `sealRefreshToken(refresh_token, { account, livemode, secrets })`; `random` of 24 bytes.
#[wasm_bindgen(js_name = sealRefreshToken)]
pub fn seal(params: &str, options: &str, random: &[u8]) -> String {
    let seal = || {
        let params = Fields::read(params, &["refresh_token"])?;
        let token = Secret::refresh_token(params.text("refresh_token")?.unwrap_or_default())?;
        let Place { account, livemode, keys } = Place::read(options)?;
        let mut nonce = [0; 24];
        nonce.iter_mut().zip(random).for_each(|(to, from)| *to = *from);
        keys.seal(&token, &account, livemode, nonce)
    };
    answer(seal())
}

/// `openRefreshToken(sealed, { account, livemode, secrets })`.
#[wasm_bindgen(js_name = openRefreshToken)]
pub fn open(params: &str, options: &str) -> String {
    let open = || {
        let params = Fields::read(params, &["sealed"])?;
        let sealed = params.text("sealed")?.unwrap_or_default();
        let Place { account, livemode, keys } = Place::read(options)?;
        // Read like any other: no text that JavaScript would take for an error.
        let token = Secret::refresh_token(keys.open(sealed, &account, livemode)?.expose())?;
        Ok(token.expose().to_owned())
    };
    answer(open())
}

/// Whose token it is, and what seals it.
struct Place {
    account: AccountId,
    livemode: Livemode,
    keys: RefreshTokenKeys,
}

impl Place {
    fn read(options: &str) -> Result<Place, ConnectError> {
        let options = Fields::read(options, &["account", "livemode", "secrets["])?;
        let account = AccountId::parse(options.text("account")?.unwrap_or_default());
        let livemode = options.boolean("livemode")?;
        let secrets = options.inside("secrets[").map(|field| Ok(field.text("secrets")?.to_owned()));
        let secrets = secrets.collect::<Result<Vec<_>, ConnectError>>()?;
        Ok(Place {
            account: account.map_err(|error| error.renamed("account"))?,
            livemode: livemode
                .map(Livemode::from)
                .ok_or_else(|| ConnectError::missing("livemode", "say the mode of the account's connection"))?,
            keys: RefreshTokenKeys::derive(&secrets).map_err(|error| error.renamed("secrets"))?,
        })
    }
}

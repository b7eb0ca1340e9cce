#!/usr/bin/env bash
# curl, as in the document: the key as `client_secret` for the exchange, as the user for the deauthorization.
set -euo pipefail

curl --version | sed -n '1s/^curl \([^ ]*\).*/curl \1/p'

# The value of a field that is a string, in a JSON object without nesting.
field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }

# The value of a parameter of an address.
parameter() { sed -n "s/.*[?&]$1=\([^&]*\).*/\1/p"; }

authorize="$STRIPE/oauth/authorize?response_type=code&client_id=$CLIENT_ID&scope=read_write"

[ "$(node "$PERSON" "$authorize" cancel | parameter error)" = access_denied ]
echo denial

code=$(node "$PERSON" "$authorize" | parameter code)
[[ $code == ac_* ]]
echo authorize

exchange() {
  curl --silent --show-error "$STRIPE/oauth/token" \
    -d client_secret="$SECRET_KEY" \
    -d code="$1" \
    -d grant_type=authorization_code
}
answer=$(exchange "$code")
account=$(field stripe_user_id <<<"$answer")
[[ $account == acct_* && $(field scope <<<"$answer") == read_write && $(field token_type <<<"$answer") == bearer ]]
echo token

answer=$(exchange ac_nosuch)
[ "$(field error <<<"$answer")" = invalid_grant ]
[ "$(field error_description <<<"$answer")" = 'Authorization code does not exist: ac_nosuch' ]
echo errors

answer=$(curl --silent --show-error --fail "$STRIPE/oauth/deauthorize" \
  -u "$SECRET_KEY": \
  -d client_id="$CLIENT_ID" \
  -d stripe_user_id="$account")
[ "$(field stripe_user_id <<<"$answer")" = "$account" ]
echo deauthorize

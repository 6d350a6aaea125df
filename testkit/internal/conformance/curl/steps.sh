#!/usr/bin/env bash
# The common steps, by curl, the two ways that the service's documentation prints them: steps.sh get
# and steps.sh post. One JSON line in, one out; see ../README.md.
set -euo pipefail

if [ "$1" = --version ]; then
  curl --version | sed -n '1s/^curl \([0-9.]*\).*/curl \1/p'
  exit
fi

# Parameters of a step for a query. The documentation leaves semicolons as they are.
query='def text: if type == "array" then map(tostring) | join(";") else tostring end;
  [(.parameters + $extra) | to_entries[] | "\(.key)=\(.value | text | @uri | gsub("%3B"; ";"))"] | join("&")'

# The older pages: everything in the query of a GET, account and api_key with it.
get() {
  curl -sS "$address/platform_api/$1/?$(jq -r --argjson extra "$(jq '{account_id, api_key}' <<<"$2")" "$query" <<<"$2")"
}

# The newer pages: everything in the query of a POST, an empty JSON object, a token.
post() {
  curl -sS -X POST "$address/platform_api/$1?$(jq -r --argjson extra '{}' "$query" <<<"$2")" \
    -H "Authorization: Bearer $(jq -r .token <<<"$2")" -H 'Content-Type: application/json' -d '{}'
}

address="http://$VOXIMPLANT_EMULATOR_HOST"
while read -r step; do
  if reply=$("$1" "$(jq -r .method <<<"$step")" "$step" 2>&1); then
    jq -c 'if .error then {error} else {reply: .} end' <<<"$reply" 2>/dev/null || jq -cn --arg why "$reply" '{exception: $why}'
  else
    jq -cn --arg why "$reply" '{exception: $why}'
  fi
done

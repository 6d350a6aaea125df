#!/bin/sh
# A year of one registration, with nothing but curl, against a running voxemu: voxemu serve
set -eu
base=http://${VOXIMPLANT_EMULATOR_HOST:-127.0.0.1:15060}
api() { curl -sS "$base/platform_api/$1/?account_id=1&api_key=demo-key$2"; }
control() { curl -sS -X POST -H 'Content-Type: application/json' -d "${2-}" "$base/_voxemu/$1"; }

control scenarios '{"name":"empty","yaml":"accounts: [{id: 1, name: demo, api_key: demo-key, balance: 3.00}]"}'
control clock/freeze
api CreateSipRegistration '&sip_username=JohnGalt&proxy=sip-503-then-200.test'
api GetSipRegistrations '&successful=false'          # the PBX has answered 503
control clock/advance '{"duration":"1m"}'               # it is tried again after a minute
api GetSipRegistrations '&successful=true'           # and has recovered
control clock/advance '{"duration":"12mo"}'             # the money lasts for three months
curl -sS "$base/_voxemu/accounts"                    # nothing is left, and after 30 days frozen
api GetSipRegistrations ''                           # the platform has removed the registration
control accounts/1/top-up '{"amount":"10.00"}'
api CreateSipRegistration '&sip_username=JohnGalt&proxy=sip.example.com'
control clock/advance '{"duration":"1mo"}'              # renewed
api GetSipRegistrations '&deactivated=false'

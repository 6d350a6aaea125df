#!/bin/sh
# A year of one registration, against a running voxemu: voxemu serve
set -eu
api() { curl -sS "http://${VOXIMPLANT_EMULATOR_HOST:-127.0.0.1:15060}/platform_api/$1/?account_id=1&api_key=demo-key$2"; echo; }

voxemu load empty - <<END
accounts: [{id: 1, name: demo, api_key: demo-key, balance: 3.00}]
END
voxemu clock stop
api CreateSipRegistration '&sip_username=JohnGalt&proxy=sip-503-then-200.test'
api GetSipRegistrations '&successful=false'          # the PBX has answered 503
voxemu advance 1m                                    # it is tried again after a minute
api GetSipRegistrations '&successful=true'           # and has recovered
voxemu advance 12mo                                  # the money lasts for three months
voxemu accounts                                      # nothing is left, and after 30 days frozen
api GetSipRegistrations ''                           # the platform has removed the registration
voxemu accounts top-up 1 10.00
api CreateSipRegistration '&sip_username=JohnGalt&proxy=sip.example.com'
voxemu advance 1mo                                   # renewed
api GetSipRegistrations '&deactivated=false'

import os
import urllib.parse
import urllib.request

import api
import control

url = os.environ["URL"]


def call(method, reply, **arguments):
    query = urllib.parse.urlencode({"account_id": 1, "api_key": "demo-key"})
    body = urllib.parse.urlencode(arguments).encode()
    with urllib.request.urlopen(f"{url}/platform_api/{method}?{query}", body) as answer:
        return reply.model_validate_json(answer.read()).root


arguments = api.GetSipRegistrationsArguments(status_code="200;403", deactivated=False)
listed = call("GetSipRegistrations", api.GetSipRegistrationsReply, **arguments.model_dump(mode="json", exclude_unset=True))
print("list", ",".join(str(row.sip_registration_id) for row in listed.result))
created = call("CreateSipRegistration", api.CreateSipRegistrationReply, sip_username="JohnGalt", proxy="sip.example.com")
print("create", created.sip_registration_id)
refused = call("CreateSipRegistration", api.CreateSipRegistrationReply, sip_username="", proxy="sip.example.com")
print("error", refused.error.code)
deleted = call("DeleteSipRegistration", api.DoneReply, sip_registration_id=created.sip_registration_id)
print("delete", deleted.result)
with urllib.request.urlopen(f"{url}/_voxemu/accounts") as answer:
    print("control", control.AccountList.model_validate_json(answer.read()).accounts[0].name)

import os

from api import Client
from api.api.sip_registration import create_sip_registration, delete_sip_registration, get_sip_registrations
from api.models import CreateSipRegistrationArguments, DeleteSipRegistrationArguments, ErrorReply, GetSipRegistrationsArguments
from control import Client as ControlClient
from control.api.accounts import list_accounts

client = Client(base_url=os.environ["URL"], httpx_args={"params": {"account_id": 1, "api_key": "demo-key"}})

listed = get_sip_registrations.sync(client=client, body=GetSipRegistrationsArguments(status_code="200;403", deactivated=False))
assert not isinstance(listed, ErrorReply), listed
print("list", ",".join(str(row.sip_registration_id) for row in listed.result))
arguments = CreateSipRegistrationArguments(sip_username="JohnGalt", proxy="sip.example.com")
created = create_sip_registration.sync(client=client, body=arguments)
assert not isinstance(created, ErrorReply), created
print("create", created.sip_registration_id)
refused = create_sip_registration.sync(client=client, body=CreateSipRegistrationArguments(sip_username="", proxy="sip.example.com"))
assert isinstance(refused, ErrorReply), refused
print("error", refused.error.code)
arguments = DeleteSipRegistrationArguments(sip_registration_id=created.sip_registration_id)
deleted = delete_sip_registration.sync(client=client, body=arguments)
assert not isinstance(deleted, ErrorReply), deleted
print("delete", deleted.result)
accounts = list_accounts.sync(client=ControlClient(base_url=os.environ["URL"]))
print("control", accounts.accounts[0].name)

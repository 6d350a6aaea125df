import os

import api_client
import control_client

settings = api_client.Configuration(host=os.environ["URL"], api_key={"accountId": "1", "apiKey": "demo-key"})
api = api_client.SIPRegistrationApi(api_client.ApiClient(settings))

listed = api.get_sip_registrations(status_code="200;403", deactivated=False).actual_instance
print("list", ",".join(str(row.sip_registration_id) for row in listed.result))
created = api.create_sip_registration(sip_username="JohnGalt", proxy="sip.example.com").actual_instance
print("create", created.sip_registration_id)
refused = api.create_sip_registration(sip_username="", proxy="sip.example.com").actual_instance
print("error", refused.error.code)
deleted = api.delete_sip_registration(sip_registration_id=created.sip_registration_id).actual_instance
print("delete", deleted.result)
control = control_client.ApiClient(control_client.Configuration(host=os.environ["URL"]))
print("control", control_client.AccountsApi(control).list_accounts().accounts[0].name)

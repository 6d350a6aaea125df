"""What the fuzzer has to know of the dialect; see ../README.md."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import requests
import schemathesis
import yaml

SPECIFICATION = yaml.safe_load((Path(__file__).parents[4] / "openapi.yaml").read_text())
ERRORS = SPECIFICATION["x-errors"]
EVERYWHERE = {name for name, error in ERRORS.items() if error.get("everywhere")}
CALLER = tuple(SPECIFICATION["x-everywhere"])


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Links a created registration to what can be done with it.

    They are added here because openapi.yaml has none: a link can only fill a form by a map, which
    some generators refuse to read.
    """
    created = raw_schema["paths"]["/platform_api/CreateSipRegistration"]["post"]["responses"]["200"]
    created["links"] = {
        method: {
            "operationId": method,
            "requestBody": {"sip_registration_id": "$response.body#/sip_registration_id"},
        }
        for method in ("UpdateSipRegistration", "BindSipRegistration", "GetSipRegistrations", "DeleteSipRegistration")
    }


@schemathesis.hook
def before_call(context, case, kwargs):
    """Calls as the account of the scenario, whatever was made up for the caller.

    A made-up caller is refused before anything else is looked at, which would make most calls alike.
    The path names the method.
    """
    for part in (case.query, case.body):
        if isinstance(part, dict):
            for name in CALLER:
                part.pop(name, None)
    if case.headers:
        case.headers.pop("Authorization", None)
    if not isinstance(case.query, dict):
        case.query = {}
    case.query.update(account_id=1, api_key="demo-key")


@schemathesis.hook
def after_call(context, case, response):
    """Lets the fuzzer in again after it has locked itself out, and pays for its registrations.

    A list of authorised addresses without this one is obeyed: every later call would be refused, and
    without money every later registration, which proves nothing. Nobody may forbid himself the control
    API.
    """
    control = f"http://{urlsplit(response.request.url).netloc}/_voxemu"
    if case.path.endswith("/AddAuthorizedAccountIP") and b'"result"' in response.content:
        requests.post(f"{control}/reset", timeout=10).raise_for_status()
    if case.path.endswith("/CreateSipRegistration") and b'"code":127,' in response.content:
        requests.post(f"{control}/accounts/1/top-up", json={"amount": "1000.00"}, timeout=10).raise_for_status()


@schemathesis.check
def declared_error(context, response, case):
    """A refusal carries an error that the specification declares for the method, and its number."""
    if not response.headers.get("content-type", [""])[0].startswith("application/json"):
        return
    reply = response.json()
    declared = EVERYWHERE.union(case.operation.schema.raw_schema["paths"][case.path].get("x-errors", []))
    codes = {ERRORS[name]["code"] for name in declared}
    for error in reply.get("errors", []) if isinstance(reply, dict) else []:
        assert error["code"] in codes, f"error {error['code']} is not declared for {case.path}"
        assert error["code"] != ERRORS["INTERNAL_ERROR"]["code"], "an internal error"
        assert error["code"] != ERRORS["AUTHORIZATION_FAILED"]["code"], "the caller was refused: this proves nothing"

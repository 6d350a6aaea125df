"""The common steps, by the official Python SDK. One JSON line in, one out; see ../README.md."""

import datetime
import importlib.metadata
import json
import os
import platform
import re
import sys

from voximplant.apiclient import VoximplantAPI, VoximplantException


def client(key: str, clients: dict = {}) -> VoximplantAPI:
    if key not in clients:
        path = os.path.join(os.environ["VOXEMU_CREDENTIALS_DIR"], f"{key}.json")
        clients[key] = VoximplantAPI(path, os.environ["VOXEMU_TLS_HOST"])
    return clients[key]


def call(step: dict) -> dict:
    method = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", step["method"]).lower()
    try:
        parameters = {name: argument(name, value) for name, value in step["parameters"].items()}
        return {"reply": getattr(client(step["key"]), method)(**parameters)}
    except VoximplantException as error:
        if error.code == -1:  # raised before anything was sent
            return {"exception": str(error)}
        return {"error": {"code": error.code, "msg": error.message}}
    except Exception as error:
        return {"exception": f"{type(error).__name__}: {error}"}


def argument(name: str, value):
    """The SDK wants objects for moments."""
    return datetime.datetime.fromisoformat(value) if name in ("from_date", "to_date") else value


def as_on_the_wire(value):
    """The SDK turns dates into objects; this is how they came."""
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat()


if sys.argv[1:] == ["--version"]:
    print(f"Python {platform.python_version()}, SDK {importlib.metadata.version('voximplant-apiclient')}")
else:
    for line in sys.stdin:
        print(json.dumps(call(json.loads(line)), default=as_on_the_wire), flush=True)

"""What httpx, which the official Python SDK stands on, makes of a fault, called as one calls requests.

A line on standard input is a call, which may say "impatient"; a line on standard output is what came of
it, in words. See ../faults.
"""

import os
import platform
import sys

import httpx

FORM = {"account_id": 1, "api_key": "demo-key", "sip_username": "alice", "proxy": "sip.example.com"}


def call(timeout: float) -> str:
    url = f"http://{os.environ['VOXIMPLANT_EMULATOR_HOST']}/platform_api/CreateSipRegistration"
    try:
        response = httpx.post(url, data=FORM, timeout=timeout)
        response.raise_for_status()
        reply = response.json()
    except httpx.HTTPStatusError as error:
        return f"raises HTTPStatusError {error.response.status_code}"
    except Exception as error:
        return f"raises {type(error).__name__}"
    if "error" in reply:
        return f"returns error {reply['error']['code']}"
    return "returns the reply"


if sys.argv[1:] == ["--version"]:
    print(f"Python {platform.python_version()}, httpx {httpx.__version__}")
else:
    for line in sys.stdin:
        print(call(0.5 if line.strip() == "impatient" else 60), flush=True)

"""The kit has the names and the failures of the table that all languages share."""

import inspect
import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import voxemu

TABLE = json.loads((Path(__file__).parents[2] / "testdata" / "kits.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [names["python"] for names in TABLE["names"]])
def test_the_kit_has_the_names_of_the_shared_table(name):
    owner, member = name.split(".")
    kind = getattr(voxemu, owner)
    assert hasattr(kind, member) or member in kind.__dict__.get("__annotations__", {}) or f"self.{member} = " in inspect.getsource(kind)


def send(emu, query):
    try:
        urllib.request.urlopen(f"{emu.url}/platform_api/{query}&account_id={emu.account_id}&api_key={emu.api_key}").close()
    except (urllib.error.URLError, ConnectionError):
        pass


class Steps:
    def __init__(self, emu):
        self.emu = emu

    def run(self, step):
        if "request" in step:
            send(self.emu, step["request"])
        elif "expect" in step:
            self.expect(step)
        elif "fail" in step:
            self.emu.fail(step["fail"], step["kind"], nth=step.get("nth"), times=step.get("limit"), on=step.get("on"), optional=step.get("optional", False))
        elif step["do"] == "snapshot":
            self.saved = self.emu.snapshot()
        elif step["do"] == "restore":
            self.emu.restore(self.saved)
        elif step["do"] == "add_rule":
            self.emu.add_rule(**step["row"])
        elif step["do"] == "answer":
            self.emu.answer(step["id"], 403)
        else:
            getattr(self.emu, step["do"])(step["id"])

    def expect(self, step):
        expectation = self.emu.expect(step["expect"] or None, **step.get("with", {}))
        if "then" in step:
            expectation.in_order(voxemu.Call(step["then"]))
        elif "times" in step:
            expectation.times(step["times"])


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_the_kit_fails_as_the_shared_table_says(case):
    allow = case.get("allow", False)
    emu = voxemu.start(allow_unknown=allow, allow_mistakes=allow)
    failures = []
    steps = Steps(emu)
    for step in case["steps"]:
        try:
            steps.run(step)
        except voxemu.Failure as failure:
            failures.append(str(failure))
    try:
        emu.stop()
    except voxemu.Failure as failure:
        failures.append(str(failure))
    wanted = "\n".join(case["failures"])
    for placeholder, word in TABLE["words"]["python"].items():
        wanted = wanted.replace("{" + placeholder + "}", word)
    assert re.sub(r"test_table\.py:\d+", "{place}", "\n".join(failures)) == wanted

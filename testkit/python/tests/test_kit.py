"""How the kit starts, attaches, reports and ends."""

import json
import os
import ssl
import subprocess
import sys
import time
import unittest
import urllib.request
from pathlib import Path

import pytest

import voxemu

SALES = "CreateSipRegistration?sip_username=sales&proxy=sip.example.com"


def send(emu, query=SALES, url=None, **options):
    with urllib.request.urlopen(f"{url or emu.url}/platform_api/{query}&account_id={emu.account_id}&api_key={emu.api_key}", **options) as reply:
        return reply.read().decode()


def test_scenarios_come_by_name_file_text_and_dict(tmp_path):
    text = "extends: empty\nregistrations: [{id: 9, sip_username: a, proxy: b}]\n"
    file = tmp_path / "one.yaml"
    file.write_text(text)
    row = {"registrations": [{"id": 9, "sip_username": "a", "proxy": "b"}]}
    for scenario, rows in (("demo", 4), ("empty", 0), (text, 1), (file, 1), (str(file), 1), ({"extends": "empty", **row}, 1), (["empty", row], 1)):
        with voxemu.start(scenario=scenario) as emu:
            assert len(emu.registrations()) == rows
            assert emu.now() == voxemu.START


def test_a_scenario_that_is_not_valid_is_explained():
    with pytest.raises(voxemu.NotStarted, match="sip_usrname: unknown key; did you mean sip_username"):
        voxemu.start(scenario="extends: empty\nregistrations:\n  - {id: 1, sip_usrname: x}\n")


def test_https_is_trusted_with_the_files_of_the_kit():
    with voxemu.start() as emu:
        assert "result" in send(emu, url=emu.tls_url, context=ssl.create_default_context(cafile=emu.ca_file))
        child = "import os, ssl, urllib.request as u; u.urlopen('https://' + os.environ['VOXEMU_TLS_HOST'] + '/_voxemu/health'); print(os.environ['VOXIMPLANT_CREDENTIALS'])"
        out = subprocess.run([sys.executable, "-c", child], env=emu.env, capture_output=True, text=True)
        assert out.stdout.strip() == emu.credentials_file, out.stderr


def test_the_official_sdk_reaches_the_emulator(monkeypatch):
    monkeypatch.setenv("VOXIMPLANT_CREDENTIALS", "/nowhere.json")
    with voxemu.start() as emu:
        created = emu.sdk().create_sip_registration(sip_username="sales", proxy="sip.example.com")
        assert emu.registration(created["sip_registration_id"]).proxy == "sip.example.com"


def test_a_token_identifies_the_account():
    with voxemu.start() as emu:
        request = urllib.request.Request(f"{emu.url}/platform_api/GetSipRegistrations", headers={"Authorization": "Bearer " + emu.token()})
        assert b'"result"' in urllib.request.urlopen(request).read()
        with pytest.raises(voxemu.Failure, match='key "nobody": not found; known: accountant-key, admin-key'):
            emu.token("nobody")


def test_attached_tests_own_an_account_each(monkeypatch):
    with voxemu.start() as server:
        monkeypatch.setenv("VOXIMPLANT_EMULATOR_HOST", server.url.removeprefix("http://"))
        with voxemu.start() as one, voxemu.start() as other:
            assert len({server.account_id, one.account_id, other.account_id}) == 3
            one.fail("CreateSipRegistration", "INSUFFICIENT_MONEY", times=1)
            assert "result" in send(other)
            assert "127" in send(one)
            one.expect("CreateSipRegistration").failed_with("INSUFFICIENT_MONEY").once()
            other.expect("CreateSipRegistration").once()
            assert (len(one.registrations()), len(other.registrations())) == (0, 1)
            one.add_registration()
            assert one.registrations()[0].account_id == one.account_id
            assert urllib.request.urlopen(one.tls_url + "/_voxemu/health", context=ssl.create_default_context(cafile=one.ca_file)).status == 200
            with pytest.raises(voxemu.Failure, match="are shared"):
                one.advance("1mo")
        assert [a["account_id"] for a in server.control.get("accounts")["accounts"]] == [1]
        with voxemu.start(scenario="empty") as private:
            assert private.url != server.url


def test_an_attached_test_fails_for_its_own_mistakes_only(monkeypatch):
    with voxemu.start(allow_unknown=True) as server:
        monkeypatch.setenv("VOXIMPLANT_EMULATOR_HOST", server.url)
        with voxemu.start() as other:
            one = voxemu.start()
            send(one, SALES + "&colour=red")
            with pytest.raises(voxemu.Failure, match="has no parameter colour"):
                one.stop()
            send(other)


def test_a_callback_with_a_wrong_hash_fails_the_test():
    emu = voxemu.start()
    sink = emu.callback_sink()
    body = b'{"callbacks":[{"callback_id":1,"type":"x","account_id":1,"hash":"49"}]}'
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(sink.url, body)
    with pytest.raises(voxemu.Failure, match="is not md5"):
        emu.stop()


def test_a_state_that_differs_is_explained():
    with voxemu.start() as emu:
        with pytest.raises(voxemu.Failure) as failure:
            emu.require_state(accounts=[{"id": 1, "currency": "EUR"}])
        assert str(failure.value) == (
            "voxemu: the emulator's state differs (-want +got):\n- accounts 1: currency: 'EUR'\n+ accounts 1: currency: 'USD'"
        )


def test_requests_are_found_by_patterns():
    with voxemu.start() as emu:
        send(emu)
        assert [r.method for r in emu.requests(voxemu.Call().like("proxy", r"\.example\."))] == ["CreateSipRegistration"]
        assert emu.requests("GetSipRegistrations") == []
        with pytest.raises(voxemu.Failure, match="no call can match"):
            emu.requests("NoSuchMethod")


def test_mistakes_are_allowed_by_call():
    with voxemu.start(allow_mistakes=voxemu.Call("CreateSipRegistration")) as emu:
        send(emu, "CreateSipRegistration?sip_username=alice")
    with pytest.raises(voxemu.Failure, match="did you mean CreateSipRegistration"):
        voxemu.start(allow_mistakes=voxemu.Call("CreateSipRegistrations"))


def test_the_binary_is_looked_for_and_its_absence_explained(monkeypatch, tmp_path):
    known = voxemu.binary()
    monkeypatch.setenv("VOXEMU_BINARY", str(tmp_path / "none"))
    with pytest.raises(voxemu.NoBinary, match="there is no such file"):
        voxemu.binary()
    monkeypatch.delenv("VOXEMU_BINARY")
    monkeypatch.setattr("voxemu._binary.__file__", str(tmp_path / "_binary.py"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(voxemu.NoBinary, match="install the wheel for your platform, build the program .*VOXEMU_BINARY"):
        voxemu.binary()
    script = tmp_path / "voxemu"  # pip's own command would start itself for ever
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    with pytest.raises(voxemu.NoBinary):
        voxemu.binary()
    script.unlink()
    script.symlink_to(known)
    assert voxemu.binary() == str(script)


def test_the_command_runs_the_program():
    out = subprocess.run([sys.executable, "-m", "voxemu", "version"], capture_output=True, text=True)
    assert out.stdout.startswith("voxemu version"), out.stderr


class TestUnittest(unittest.TestCase):
    def test_the_emulator_of_a_block(self):
        with self.assertRaisesRegex(AssertionError, "has no parameter colour"):
            with voxemu.start() as emu:
                send(emu, SALES + "&colour=red")

    def test_an_error_of_the_block_is_not_replaced(self):
        with self.assertRaises(KeyError):
            with voxemu.start() as emu:
                send(emu, SALES + "&colour=red")
                raise KeyError("mine")


def run(pytester, text, *arguments):
    pytester.makepyfile(text)
    plugin = [] if "voxemu" in installed_plugins() else ["-p", "voxemu._pytest"]
    return pytester.runpytest_subprocess("-q", *plugin, *arguments)


def installed_plugins():
    from importlib.metadata import entry_points

    return [point.name for point in entry_points(group="pytest11")] if sys.version_info >= (3, 10) else []


CLIENT = """
import urllib.request, pytest

def send(emu, more=""):
    urllib.request.urlopen(f"{emu.url}/platform_api/CreateSipRegistration?sip_username=a&proxy=b&account_id=1&api_key=demo-key{more}")
"""


def test_a_test_fails_at_its_end_not_in_its_teardown(pytester):
    result = run(pytester, CLIENT + """
def test_mistake(voxemu):
    send(voxemu, "&colour=red")

def test_fault(voxemu):
    voxemu.fail("CreateSipRegistration", "close")

def test_own_failure(voxemu):
    send(voxemu, "&colour=red")
    assert 1 == 2

@pytest.mark.voxemu(allow_unknown=True)
def test_allowed(voxemu):
    send(voxemu, "&colour=red")
""")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(["*has no parameter colour", "*was triggered by 0 of the 0 requests*", "*assert 1 == 2*"])


def test_an_emulator_per_worker_is_set_back_before_each_test(pytester):
    result = run(pytester, CLIENT + """
pytestmark = pytest.mark.voxemu(scope="worker", scenario="demo")
urls = set()

@pytest.mark.parametrize("n", range(6))
def test_one(voxemu, n):
    urls.add(voxemu.url)
    voxemu.fail("GetSipRegistrations", "close", optional=True)
    send(voxemu, "&colour=red" if n == 3 else "")
    assert len(voxemu.registrations()) == 5
    voxemu.expect("CreateSipRegistration").once()
    assert len(urls) == 1
""")
    result.assert_outcomes(passed=5, failed=1)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_no_emulator_outlives_a_killed_test_runner(tmp_path):
    file = tmp_path / "test_hang.py"
    file.write_text("import time, voxemu\nemu = voxemu.start()\nprint(emu._process.pid, flush=True)\ntime.sleep(600)\n")
    runner = subprocess.Popen([sys.executable, file], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    pid = int(runner.stdout.readline())
    assert Path(f"/proc/{pid}/exe").exists()
    runner.kill()
    runner.wait()
    while is_running(pid):  # the limit is that of the run
        time.sleep(0.01)


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


SESSION = """
import urllib.request
import pytest

@pytest.mark.voxemu(allow_unknown=True, allow_mistakes=True)
@pytest.mark.parametrize("query", [
    "CreateSipRegistration?sip_username=a&proxy=sip-403.test&is_persistent=1",
    "CreateSipRegistration?sip_username=a",
    "GetSipRegistrations?is_persistent=false&colour=red",
])
def test_one(voxemu, query):
    urllib.request.urlopen(f"{voxemu.url}/platform_api/{query}&account_id=1&api_key=demo-key").read()
    with open("journal.jsonl", "a") as file:
        file.write(voxemu.control.text("GET", "requests/jsonl"))
"""


def test_the_report_of_a_session_agrees_with_the_journals_of_its_tests(pytester, monkeypatch):
    monkeypatch.setenv("VOXEMU_REPORT", str(pytester.path / "coverage"))
    for _ in range(2):  # the second session replaces the first
        pytester.path.joinpath("journal.jsonl").unlink(missing_ok=True)
        run(pytester, SESSION).assert_outcomes(passed=3)
    report = json.loads(pytester.path.joinpath("coverage", "report.json").read_text())
    requests = [json.loads(line) for line in pytester.path.joinpath("journal.jsonl").read_text().splitlines()]
    assert report["requests"] == len(requests) == 3
    for method in report["methods"]:
        own = [r for r in requests if r.get("method") == method["name"]]
        assert method["times"] == len(own)
        for parameter in method["parameters"]:
            assert parameter["times"] == sum(parameter["name"] in r.get("parameters", {}) for r in own), parameter
        for error in method["errors"]:
            assert error["times"] == sum(r.get("error") == error["name"] for r in own), error
    assert [m["text"] for m in report["mistakes"] if not m["refused"]] == ["GetSipRegistrations has no parameter colour"]
    monkeypatch.setenv("VOXEMU_REPORT", "coverage")
    assert run(pytester, SESSION).ret == pytest.ExitCode.USAGE_ERROR

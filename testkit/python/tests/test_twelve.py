"""The same twelve tests as testkit/twelve_test.go: what a user writes in Python."""

import json
import urllib.parse
import urllib.request

import pytest


def api(emu, method, **parameters):
    """The client of the tests."""
    form = urllib.parse.urlencode({**parameters, "account_id": emu.account_id, "api_key": emu.api_key})
    with urllib.request.urlopen(f"{emu.url}/platform_api/{method}", form.encode()) as reply:
        return json.load(reply)


def create(emu, proxy="sip.example.com"):
    return api(emu, "CreateSipRegistration", sip_username="sales", proxy=proxy)


def test_created(voxemu):
    created = create(voxemu)
    assert voxemu.registration(created["sip_registration_id"]).state == "successful"
    assert voxemu.account().balance == 99
    voxemu.expect("CreateSipRegistration", proxy="sip.example.com").once()


def test_refused_by_the_pbx(voxemu):
    created = create(voxemu, "sip-403.test")
    assert voxemu.registration(created["sip_registration_id"]).status_code == 403


def test_lost_answer(voxemu):
    voxemu.fail("CreateSipRegistration", "close", after=True, times=1)
    with pytest.raises(ConnectionError):
        create(voxemu)
    assert len(voxemu.registrations()) == 5


def test_second_call_fails(voxemu):
    voxemu.fail("CreateSipRegistration", "INSUFFICIENT_MONEY", nth=2)
    create(voxemu)
    assert create(voxemu)["error"]["code"] == 127
    voxemu.expect("CreateSipRegistration").failed_with("INSUFFICIENT_MONEY").once()


def test_too_many_requests(voxemu):
    voxemu.fail("*", {"http": {"status": 429}}, times=1)
    with pytest.raises(urllib.error.HTTPError):
        create(voxemu)
    create(voxemu)


def test_renewed(voxemu):
    id = create(voxemu)["sip_registration_id"]
    before = voxemu.registration(id).next_subscription_renewal
    voxemu.advance("1mo")
    assert voxemu.registration(id).next_subscription_renewal > before


@pytest.mark.voxemu(scenario="extends: empty\naccounts: [{id: 1, name: demo, api_key: demo-key, balance: 1.00}]\n")
def test_frozen_and_paid(voxemu):
    id = create(voxemu)["sip_registration_id"]
    voxemu.advance("32d")
    assert voxemu.registration(id).deactivated
    voxemu.top_up("10.00")
    assert not voxemu.registration(id).deactivated


def test_answer_later(voxemu):
    id = create(voxemu)["sip_registration_id"]
    voxemu.answer(id, 503)
    assert voxemu.registration(id).status_code == 503


def test_callback(voxemu):
    sink = voxemu.callback_sink()
    voxemu.answer(1, 403)
    voxemu.settle()
    assert [callback.type for callback in sink.received] == ["sip_registration_fail"]


def test_login(voxemu):
    row = voxemu.add_registration(non_persistent=True, application_id=123, user_id=123)
    voxemu.login(123)
    assert voxemu.registration(row.id).state == "successful"
    voxemu.logout(123)
    assert voxemu.registration(row.id).state == "offline"


@pytest.mark.voxemu(scenario={"extends": "empty", "registrations": [{"id": 9, "sip_username": "a", "proxy": "b"}]})
def test_scenario(voxemu):
    api(voxemu, "DeleteSipRegistration", sip_registration_id=9)
    voxemu.require_state(registrations=[])


def test_table(voxemu):
    before = voxemu.snapshot()
    for status in (403, 404, 503):
        voxemu.restore(before)
        created = create(voxemu, f"sip-{status}.test")
        assert created["sip_registration_id"] == 5
        assert voxemu.registration(5).status_code == status
        voxemu.expect("CreateSipRegistration").once()

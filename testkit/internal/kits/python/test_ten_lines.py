import pytest
import urllib.request


def test_a_lost_answer(voxemu):
    voxemu.fail("CreateSipRegistration", "close", after=True, times=1)
    form = f"account_id={voxemu.account_id}&api_key={voxemu.api_key}&sip_username=sales&proxy=sip.example.com"
    with pytest.raises(ConnectionError):
        urllib.request.urlopen(voxemu.url + "/platform_api/CreateSipRegistration", form.encode())
    assert len(voxemu.registrations()) == 5
    voxemu.expect("CreateSipRegistration", proxy="sip.example.com").once()

"""An address may say anything: what means nothing is passed over."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/don-vi/?q=a%00b&khoi=%00&dia_ban=1%00",
        "/don-vi/?sau=rubbish&truoc=%00&so_dong=abc&sap_xep=-x",
        "/hoat-dong/them/?don-vi=a%00b",
        "/quan-tri/units/unit/?kind__exact=a%00b",
        "/quan-tri/units/unit/?q=%00&p=abc",
    ],
)
def test_rubbish_in_an_address_is_no_fault(signed_in, address):
    assert signed_in.get(address).status_code in (200, 302)

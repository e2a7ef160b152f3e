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


def test_a_day_of_a_filter_that_is_none_is_told(signed_in):
    text = signed_in.get("/hoat-dong/", {"tu": "31/02/2026", "den": "01/03/2026"}).content.decode()
    assert "Không có ngày “31/02/2026” nên không lọc theo ngày này." in text
    assert text.count("Không có ngày") == 1

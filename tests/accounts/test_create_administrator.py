"""The first account: made on the command line, where no administrator can open it yet."""

import re

import pytest
from django.core.management import CommandError, call_command

from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import Change
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.granting import grantable
from movement_portal.jurisdictions.models import Officer
from tests.factories import PoliceOfficeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(province):
    return PoliceOfficeFactory(jurisdiction=province, name="Công an tỉnh Bến Mẫu")


def create(office, **kwargs):
    call_command("create_administrator", "QuanTri", full_name="Phạm Văn Mẫu", office=office, **kwargs)


def test_the_first_administrator_may_grant_every_function(office, capsys):
    create(office.jurisdiction.code)
    officer = Officer.objects.get(username="quantri")
    assert officer.functions == {Function.MANAGE_ACCOUNTS, Function.MANAGE_RECORDS}
    assert grantable(officer) == set(Function)
    assert officer.check_password(re.search(r"Mật khẩu lần đầu: (\S+)", capsys.readouterr().out).group(1))
    assert officer.must_change_password


def test_the_office_may_be_named_without_accents(office):
    create("cong an tinh ben mau")
    assert Officer.objects.get().office == office


def test_the_command_is_in_the_history(office):
    create(office.jurisdiction.code)
    event = Change.objects.of(Officer.objects.get()).get().event
    assert (event.kind, event.label) == (EventKind.COMMAND, "Mở tài khoản quản trị QuanTri")


def test_an_unknown_office_is_refused():
    with pytest.raises(CommandError, match="Không có cơ quan Công an nào"):
        create("99999")


def test_an_ambiguous_office_is_refused_with_the_choices(office):
    PoliceOfficeFactory(jurisdiction=office.jurisdiction, name="Phòng Tham mưu")
    with pytest.raises(CommandError, match=r"Công an tỉnh Bến Mẫu .*Phòng Tham mưu"):
        create(office.jurisdiction.code)


def test_a_username_that_is_taken_is_refused_and_nothing_is_kept(office):
    create(office.jurisdiction.code)
    with pytest.raises(CommandError, match="đã có người dùng"):
        create(office.jurisdiction.code)
    assert Officer.objects.get().postings.count() == 2

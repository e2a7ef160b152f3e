"""Lists of what belongs to a team or a guard: the unit tells those of one name apart."""

import datetime

import pytest

from movement_portal.spreadsheets.exporting import sheet_listing
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import GuardFactory, SecurityTeamFactory, TrainingCertificateFactory, UnitFactory
from units.models import Guard, TeamReview, TeamStrength, TrainingCertificate


def faults(batch):
    return [problem["reason"] for row in batch.rows.all() for problem in row.problems]


@pytest.fixture
def namesakes(place):
    """Two units, each with a team of the same name and a guard of the same name."""
    units = [UnitFactory(name=name, jurisdiction=place.ward) for name in ("Trường Một", "Trường Hai")]
    for each in units:
        team = SecurityTeamFactory(unit=each, name="Tổ bảo vệ")
        TeamStrength.objects.create(team=team, counted_on=datetime.date(2026, 6, 30), headcount=3)
        TeamReview.objects.create(team=team, year=2025, rating="good")
        TrainingCertificateFactory(guard=GuardFactory(unit=each, name="Lê Văn Trùng", birth_year=1980))
    return units


@pytest.mark.slow
@pytest.mark.parametrize("sheet", ["team-strengths", "team-reviews", "training-certificates"])
def test_what_belongs_to_namesakes_goes_out_and_comes_in_the_same(place, namesakes, sheet):
    model = sheet_for(sheet).model
    listing = sheet_listing(sheet_for(sheet), model.objects.visible_to(place.officer), officer=place.officer)
    rows = [["" if value is None else value for value in row] for row in listing.rows]
    batch = place.checked([column.label for column in listing.columns], *rows, sheet=sheet)
    assert (faults(batch), batch.counts["same"]) == ([], 2)


@pytest.mark.slow
def test_the_unit_says_whose_strength_is_meant(place, namesakes):
    header = ["Đơn vị", "Lực lượng", "Ngày kiểm đếm", "Quân số"]
    day = "30/09/2026"
    other = UnitFactory(name="Trường Ba", jurisdiction=place.ward)
    SecurityTeamFactory(unit=other, name="Đội cổng")
    SecurityTeamFactory(unit=other, name="Đội kho")
    rows = [
        ["Trường Một", "TỔ BẢO VỆ", day, "5"],
        ["Trường Hai", "", day, "6"],
        ["Trường Ba", "", day, "7"],
        ["Trường Ba", "Tổ bảo vệ", day, "8"],
        ["", "Tổ bảo vệ", day, "9"],
        ["", "Đội kho", day, "10"],
    ]
    batch = place.committed(header, *rows, sheet="team-strengths")
    assert faults(batch) == [
        "Đơn vị này có 2 lực lượng bảo vệ: hãy ghi thêm tên.",
        "Đơn vị này không có lực lượng bảo vệ “Tổ bảo vệ”.",
        "Sổ có 2 lực lượng bảo vệ “Tổ bảo vệ”: hãy ghi thêm đơn vị.",
    ]
    counted = TeamStrength.objects.filter(counted_on=datetime.date(2026, 9, 30))
    assert list(counted.order_by("headcount").values_list("team__unit__name", "headcount")) == [
        ("Trường Một", 5),
        ("Trường Hai", 6),
        ("Trường Ba", 10),
    ]


@pytest.mark.slow
def test_a_list_of_guards_says_their_team(place, namesakes):
    header = ["Đơn vị", "Lực lượng", "Họ và tên", "Năm sinh"]
    rows = [["Trường Hai", "Tổ bảo vệ", "Lê Văn Một", "1981"], ["Trường Hai", "", "Lê Văn Hai", "1982"]]
    place.committed(header, *rows, sheet="guards")
    one, two = Guard.objects.filter(birth_year__in=(1981, 1982)).order_by("birth_year")
    assert (one.team, two.team) == (namesakes[1].security_teams.get(), None)
    refused = place.checked(header, ["Trường Hai", "Đội lạ", "Lê Văn Ba", "1983"], sheet="guards")
    assert faults(refused) == ["Đơn vị này không có lực lượng bảo vệ “Đội lạ”."]


def test_a_team_out_of_reach_is_not_found(place, namesakes):
    far = SecurityTeamFactory(unit=UnitFactory(jurisdiction=place.far), name="Đội xa")
    header = ["Đơn vị", "Lực lượng", "Năm", "Xếp loại"]
    rows = [[far.unit.code, "Đội xa", "2026", "Tốt"], ["", "Đội xa", "2026", "Tốt"]]
    assert place.checked(header, *rows, sheet="team-reviews").counts["refused"] == 2


@pytest.mark.slow
def test_a_year_of_birth_tells_persons_of_one_name_apart(place, namesakes):
    GuardFactory(unit=namesakes[0], name="Lê Văn Trùng", birth_year=1990)
    header = ["Đơn vị", "Họ và tên", "Năm sinh", "Số GCN", "Nơi cấp", "Ngày cấp"]
    base = ["Trường Một", "Lê Văn Trùng"]
    rows = [[*base, "1990", "7/LOP-A", "PA03", "1/6/2026"], [*base, "", "8/LOP-A", "PA03", "1/6/2026"]]
    batch = place.committed(header, *rows, sheet="training-certificates")
    assert faults(batch) == ["Đơn vị này có 2 người bảo vệ “Lê Văn Trùng”: hãy ghi thêm năm sinh."]
    assert TrainingCertificate.objects.get(number="7/LOP-A").guard.birth_year == 1990

"""Lists of agreements of coordination, and of who signs them, as offices send them."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from movement_portal.jurisdictions.places import PlaceIndex
from movement_portal.jurisdictions.scoping import covers
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import fold, nfc
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.fields import Elsewhere, Field, Kind, Lookup, Relation, choices_of
from movement_portal.spreadsheets.model_sheets import model_sheet
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.several import Links
from movement_portal.spreadsheets.sheets import Written, register
from movement_portal.spreadsheets.values import ValueProblem
from units.agreements import BODY_LENGTH, NOBODY
from units.enums import AgreementKind
from units.models import AgreementParty, CoordinationAgreement, Unit
from units.sheets.activities import BY_UNIT as BY_SEVERAL_UNITS
from units.sheets.unit_records import register_of_unit

AGREEMENT_KINDS = choices_of(
    AgreementKind, REGULATION=("Quy chế", "QCPH"), PROGRAMME=("Chương trình", "CTPH"), PLAN=("Kế hoạch", "KHPH")
)
UNITS, OTHERS = "units", "others"

#: “Ủy ban nhân dân (Xã Bình Lộc)”: a body of an area.
_BODY_OF_AREA = re.compile(r"^(.+?)\s*\((.+)\)$")


# -- areas and bodies that sign ----------------------------------------------------------------------------------------
def _item(body: str, area: Any) -> str:
    """A party that is no unit, as an item of a cell."""
    body = body.replace(";", ",")
    if area is None:
        return body
    return f"{body} ({area.long_name})" if body else area.long_name


def _meant(item: str, places: PlaceIndex) -> tuple[str, Any]:
    """The body and the area of an item; a text that is no place is a body of none."""
    if match := _BODY_OF_AREA.match(item):
        area = places.resolve(match[2]).area
        return (nfc(match[1]), area) if area is not None else (nfc(item), None)
    area = places.resolve(item).area
    # “Công an phường Mẫu” is a body, although a place is in its name.
    is_area = area is not None and fold(item).startswith((fold(area.full_name), fold(area.name)))
    return ("", area) if is_area else (nfc(item), None)


def read_others(keys: Collection[int], officer) -> Mapping[int, list[str]]:
    """The areas and bodies that sign, in words, by key of the agreement."""
    rows = AgreementParty.objects.visible_to(officer).filter(agreement__in=keys, unit__isnull=True).order_by("pk")
    found: dict[int, list[str]] = defaultdict(list)
    for party in rows.select_related("jurisdiction__parent__parent__parent"):
        found[party.agreement_id].append(_item(party.body, party.jurisdiction))
    return found


def look_up_others(items: Collection[str], officer, places: PlaceIndex) -> Mapping[str, str | ValueProblem]:
    """Areas and bodies as they go out; an area out of reach is none."""
    told: dict[str, str | ValueProblem] = {}
    for item in items:
        body, area = _meant(item, places)
        if area is not None and not covers(officer.jurisdiction, area):
            told[item] = ValueProblem(f"“{item}” nằm ngoài địa bàn phụ trách của đồng chí.", "ngoài địa bàn phụ trách")
        elif len(body) > BODY_LENGTH:
            told[item] = ValueProblem(f"Tên cơ quan dài quá {BODY_LENGTH} chữ.", "tên quá dài")
        else:
            told[item] = _item(body, area)
    return told


def write_others(written: Sequence[Written]) -> None:
    """Add the areas and bodies that rows name and the agreements do not have; two questions however many."""
    rows = [each for each in written if each.values.get(OTHERS)]
    places = PlaceIndex.kept(on=today())
    there = set()
    for part in in_parts(each.record.pk for each in rows if not each.created):
        parties = AgreementParty._base_manager.filter(agreement__in=part, unit__isnull=True).order_by()
        there.update(parties.values_list("agreement", "jurisdiction", "body"))
    new = []
    for each in rows:
        for body, area in dict.fromkeys(_meant(item, places) for item in each.values[OTHERS]):
            home = None if area is None else places.areas[area.pk]
            if (each.record.pk, home and home.pk, body) not in there:
                new.append(AgreementParty(agreement=each.record, jurisdiction=home, body=body))
    AgreementParty.objects.bulk_create(new)


# -- rows --------------------------------------------------------------------------------------------------------------
def need_a_party(draft: Draft) -> None:
    """A new agreement names at least one that signs with the police."""
    if draft.is_new and not draft.get(UNITS) and not draft.get(OTHERS):
        at_fault = {problem.key for problem in draft.problems}
        if at_fault.isdisjoint((UNITS, OTHERS)):
            draft.refuse(UNITS, NOBODY, "Chưa ghi bên ký", value="")


def write_parties(written: Sequence[Written], officer) -> None:
    """Add the parties of all sorts that rows name and the agreements do not have."""
    SIGNED_WITH.write(written, officer)
    write_others(written)


def keep_last(items: Sequence[Any], officer: Any) -> Iterator[tuple[Any, str]]:
    """Of what an import made, parties without which an agreement that stays would have none."""
    made: dict[int, list[Any]] = defaultdict(list)
    for item in items:
        if item.is_new and item.model is AgreementParty:
            made[item.record.agreement_id].append(item)
    going = {item.pk for item in items if item.is_new and item.model is CoordinationAgreement and not item.is_kept}
    for part in in_parts(made.keys() - going):
        keys = {item.pk for agreement in part for item in made[agreement]}
        others = AgreementParty._base_manager.filter(agreement__in=part).order_by().values_list("agreement", "pk")
        kept = {agreement for agreement, pk in others if pk not in keys}
        for agreement in part:
            if agreement not in kept:
                yield from ((item, NOBODY) for item in made[agreement])


SIGNED_WITH = Links(
    name=UNITS,
    model=AgreementParty,
    parent="agreement",
    target="unit",
    relation=Relation(model=Unit, lookups=BY_SEVERAL_UNITS),
    rows=lambda officer: AgreementParty.objects.visible_to(officer),
)
PARTY_FIELDS = (
    Field(
        name=UNITS,
        label="Ký với đơn vị",
        kind=Kind.SEVERAL,
        synonyms=("Ký với", "Bên ký", "Đơn vị ký", "Các đơn vị ký", "Đơn vị phối hợp"),
        help="Nhiều đơn vị cách nhau bằng dấu chấm phẩy; chỉ thêm, không bớt bên đã ghi.",
        example="Trường THCS Mẫu; Công ty TNHH Mẫu",
        width=44,
        elsewhere=SIGNED_WITH.elsewhere,
    ),
    Field(
        name=OTHERS,
        label="Ký với địa bàn, cơ quan khác",
        kind=Kind.SEVERAL,
        synonyms=("Cơ quan khác", "Cơ quan cùng ký", "Cơ quan phối hợp", "Địa bàn cùng ký"),
        help="Cơ quan không có trong sổ, xã, phường, hoặc cơ quan kèm địa bàn: “Ủy ban nhân dân (Xã Mẫu)”;"
        " cách nhau bằng dấu chấm phẩy. Văn bản mới cần ít nhất một bên ký.",
        example="Sở Giáo dục và Đào tạo Mẫu",
        width=40,
        elsewhere=Elsewhere(read=read_others, look_up=look_up_others),
    ),
)

AGREEMENTS = register(
    model_sheet(
        CoordinationAgreement,
        name="agreements",
        order=90,
        keys=[("number", "signed_on")],
        synonyms={
            "kind": ("Loại", "Hình thức văn bản"),
            "number": ("Số văn bản", "Số hiệu", "Số quy chế"),
            "title": ("Nội dung", "Tên văn bản", "Tên quy chế, chương trình"),
            "signed_on": ("Ngày ký kết", "Ngày ban hành"),
            "valid_to": ("Ngày hết hạn", "Hết hiệu lực"),
            "police_body": ("Công an", "Đơn vị Công an"),
        },
        list_url="duties:agreement_list",
        changes={"kind": {"choices": AGREEMENT_KINDS}},
        last=PARTY_FIELDS,
        after_match=(need_a_party,),
        after_write=write_parties,
        permissions=("units.add_agreementparty",),
    )
)
PARTIES = register_of_unit(
    AgreementParty,
    name="agreement-parties",
    order=90,
    label="bên ký văn bản phối hợp",
    keys=[("agreement", "unit", "jurisdiction", "body")],
    # The row belongs where its agreement does; an area in it is one that signs.
    area="",
    lookups={"agreement": (Lookup("number"), Lookup("title"))},
    synonyms={
        "agreement": ("Số văn bản", "Số, ký hiệu", "Văn bản"),
        "jurisdiction": ("Xã, phường", "Xã/phường", "Địa bàn ký", "Địa bàn cùng ký"),
        "body": ("Cơ quan ký", "Bên ký", "Tên cơ quan"),
    },
    list_url="duties:agreement_list",
    stays=keep_last,
)

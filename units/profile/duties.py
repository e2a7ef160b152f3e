"""What a unit's page tells of its commitments, agreements, inspections, incidents and ratings."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.http import urlencode

from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.worklists import Work, waiting
from movement_portal.jurisdictions.worklists import register as register_worklist
from movement_portal.lib.tables import table_rows
from units.filters.duties import SOON, agreement_validity, fixing_state
from units.listing import TEXT
from units.models import AgreementParty, CoordinationAgreement, Inspection
from units.sections import Section
from units.sections import register as register_section
from units.tables.agreements import AGREEMENTS
from units.tables.commitments import COMMITMENTS
from units.tables.incidents import INCIDENTS
from units.tables.inspections import INSPECTIONS
from units.tables.ratings import RATINGS
from units.tables.records import RecordList

#: Records of a kind shown on a unit's page; all of them stand in the list.
SHOWN = 8


@dataclass(frozen=True)
class DutySection:
    """A section made of a list: its columns without those that say whose the record is."""

    listed: RecordList
    #: Form of a new record, told the unit; empty where a record is not one unit's.
    add_url: str
    add_label: str
    empty: str
    #: Columns of the list left out beside unit and area.
    leave_out: Sequence[str] = ()

    def __call__(self, unit, user):
        """What the template needs; None for an officer without the right to read such records."""
        if not user.has_perm(self.listed.permission):
            return None
        model = self.listed.filters.model
        records = self.records(unit, user)
        keys = list(records.values_list("pk", flat=True)[: SHOWN + 1])
        count = len(keys) if len(keys) <= SHOWN else records.count()
        columns = [
            column for column in self.listed.columns if column.key not in ("unit__name", "area", *self.leave_out)
        ]
        rows = self.listed.load(model.objects.visible_to(user), keys[:SHOWN], user.jurisdiction) if keys else []
        can_add = self.add_url and user.has_perm(f"{model._meta.app_label}.add_{model._meta.model_name}")
        return {
            "count": count,
            "shown": SHOWN,
            "headers": [(column.label, column.css) for column in columns],
            "rows": table_rows(columns, rows),
            "noun": self.listed.noun,
            "list_url": f"{reverse(self.listed.list_url)}?{urlencode({TEXT: unit.code})}",
            "add_url": f"{reverse(self.add_url)}?{urlencode({'don-vi': unit.code})}" if can_add else "",
            "add_label": self.add_label,
            "empty": self.empty,
        }

    def records(self, unit, user):
        """The records of the unit that the officer sees, in the order of their kind."""
        return self.listed.filters.model.objects.visible_to(user).filter(unit=unit)


@dataclass(frozen=True)
class AgreementSection(DutySection):
    """Agreements of a unit: those it is a party of."""

    def records(self, unit, user):
        parties = AgreementParty.objects.filter(unit=unit, agreement=OuterRef("pk"))
        return CoordinationAgreement.objects.visible_to(user).filter(Exists(parties))


SECTIONS = (
    (
        "cam-ket",
        "Cam kết, giao ước",
        DutySection(COMMITMENTS, "duties:commitment_add", "Thêm cam kết", "Chưa ghi cam kết nào."),
    ),
    (
        "phoi-hop",
        "Văn bản phối hợp",
        AgreementSection(AGREEMENTS, "", "", "Chưa ký văn bản phối hợp nào.", leave_out=("parties",)),
    ),
    (
        "kiem-tra",
        "Kiểm tra, hướng dẫn",
        DutySection(INSPECTIONS, "duties:inspection_add", "Thêm lần kiểm tra", "Chưa ghi lần kiểm tra nào."),
    ),
    (
        "vu-viec",
        "Vụ việc",
        DutySection(INCIDENTS, "duties:incident_add", "Thêm vụ việc", "Chưa ghi vụ việc nào."),
    ),
    (
        "xep-loai-dau-moi",
        "Xếp loại đầu mối trực thuộc",
        DutySection(RATINGS, "duties:rating_add", "Thêm xếp loại", "Chưa ghi xếp loại năm nào."),
    ),
)


def _inspection_work(user: Officer):
    if not user.has_perm("units.change_inspection"):
        return
    late = Inspection.objects.visible_to(user).filter(fixing_state("qua"))
    yield Work(
        "Kiến nghị quá hạn khắc phục",
        waiting(late),
        f"{reverse(INSPECTIONS.list_url)}?{urlencode({'khac_phuc': 'qua', 'sap_xep': 'han'})}",
        "alarm",
        "Đôn đốc đơn vị, ghi ngày khắc phục xong.",
        is_due=True,
    )


def _agreement_work(user: Officer):
    if not user.has_perm("units.change_coordinationagreement"):
        return
    ending = CoordinationAgreement.objects.editable_by(user).filter(agreement_validity("sap"))
    yield Work(
        f"Văn bản phối hợp hết hiệu lực trong {SOON} ngày",
        waiting(ending),
        f"{reverse(AGREEMENTS.list_url)}?{urlencode({'hieu_luc': 'sap', 'sap_xep': 'het'})}",
        "calendar-x",
        "Ký lại hoặc gia hạn.",
    )


def register_duties() -> None:
    """Put the sections on the unit's page and the lines on the first page."""
    for place, (slug, title, load) in enumerate(SECTIONS):
        register_section(Section(slug, title, "units/_duties.html", load, order=20 + place))
    register_worklist("inspections", _inspection_work, order=30)
    register_worklist("agreements", _agreement_work, order=31)

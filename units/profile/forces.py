"""What a unit's page and the first page tell of guard forces."""

from django.urls import reverse
from django.utils.http import urlencode

from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.worklists import CAP, Work, waiting
from movement_portal.jurisdictions.worklists import register as register_worklist
from movement_portal.lib.dates import today
from units.enums import GuardRuleSubject
from units.filters.forces import SOON, SOONER, certificate_counts, trained_since
from units.filters.untrained import untrained_units
from units.law import Caution, cautions_of_unit, months_before, rules_on, training_months
from units.models import Guard, TrainingCertificate
from units.sections import Section
from units.sections import register as register_section
from units.tables.forces import serving_guards, teams_of

#: Guards named on a unit's page; all of them stand in the list.
GUARDS_SHOWN = 12


def _forces(unit, user):
    if not user.has_perm("units.view_securityteam"):
        return None
    teams = list(teams_of(unit))
    guards = serving_guards(unit)
    guard_count = guards.count()
    rules = rules_on()
    for team in teams:
        team.unit = unit
    certified = TrainingCertificate.objects.valid(today()).filter(guard__in=guards.order_by().values("pk"))
    since = months_before(today(), training_months(rules))
    untrained = bool(guard_count) and not guards.filter(trained_since(since)).exists()
    return {
        "count": len(teams),
        "teams": teams,
        "guards": list(guards[:GUARDS_SHOWN]),
        "guard_count": guard_count,
        "certified": certified.values("guard").distinct().count(),
        "cautions": cautions_of_unit([team for team in teams if team.is_standing], rules),
        "untrained": _untrained(rules) if untrained else None,
        "can_add_team": user.has_perm("units.add_securityteam"),
        "can_add_guard": user.has_perm("units.add_guard"),
        "unit": unit,
    }


def _untrained(rules):
    rule = rules.get(GuardRuleSubject.TRAINING_MONTHS)
    months = str(training_months(rules))
    text = rule.message if rule else "Không có người bảo vệ nào được huấn luyện trong {gia_tri} tháng qua."
    return Caution(text.replace("{gia_tri}", months), rule.source if rule else "")


def _work(user: Officer):
    if not user.has_perm("units.change_guard"):
        return
    guards = Guard.objects.visible_to(user).serving()
    address = reverse("forces:guard_list")
    lines = (
        (str(SOONER), f"Bảo vệ hết hạn chứng nhận trong {SOONER} ngày", "alarm", True),
        (str(SOON), f"Bảo vệ hết hạn chứng nhận trong {SOON} ngày", "clock", False),
        ("het", "Bảo vệ đã hết hạn chứng nhận", "x-circle", True),
        ("chua", "Bảo vệ chưa có chứng nhận huấn luyện", "person-exclamation", False),
    )
    counts = certificate_counts(guards)
    for value, label, icon, is_due in lines:
        yield Work(
            label,
            min(counts[value], CAP),
            f"{address}?{urlencode({'chung_nhan': value})}",
            icon,
            "Đăng ký cho học lớp huấn luyện rồi cấp giấy mới."
            if value != "chua"
            else "Ghi vào lớp huấn luyện gần nhất.",
            is_due=is_due,
        )
    yield Work(
        "Đơn vị lâu chưa huấn luyện bảo vệ",
        waiting(untrained_units(user, months_before(today(), training_months(rules_on())))),
        reverse("forces:untrained_list"),
        "mortarboard",
        "Đưa người bảo vệ của đơn vị vào kế hoạch huấn luyện.",
    )


def register_forces() -> None:
    """Put the section on the unit's page and the lines on the first page."""
    register_section(Section("bao-ve", "Lực lượng bảo vệ", "units/_forces.html", _forces, order=15))
    register_worklist("forces", _work, order=20)

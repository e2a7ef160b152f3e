"""What the words of a list say of a unit where no column says it: its kind, sub-kind, school level, status."""

import re
from collections.abc import Mapping

from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.fields import Choice
from units.codes import parent_tax_code
from units.enums import SchoolLevel, UnitKind, UnitStatus, UnitSubkind


def _starts(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words)})\b")


def _has(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


#: How names of schools begin in lists of an education office: “Trg.MN Hoa Mai”, “TrTH Kim Đồng”, “MG Họa Mi”.
_SHORT_SCHOOLS = re.compile(
    r"(?:(?:trg?|truong) )?(?:tr)?(?:mn|mg|mntt|mgtt|th(?! (?:true|milk|group)\b)|ptth|ptcs|ptdtnt|ptdtbt|btvh"
    r"|tieu hoc|thcs|thpt|dh|cd|hv|tcn|tc nghe)\b|trg?\b"
)
_SCHOOLS = _has(
    "truong", "thcs", "thpt", "tieu hoc", "mam non", "mau giao", "nha tre", "dai hoc", "cao dang", "hoc vien",
    "gdtx", "gdnn", "nhom tre", "lop mau giao", "trung tam giao duc", "trung tam ngoai ngu",
)  # fmt: skip
_ENTERPRISES = _has(
    "cong ty", "cty", "tnhh", "dntn", "doanh nghiep", "hop tac xa", "htx", "ngan hang", "quy tin dung", "tap doan",
    "tong cong ty", "xi nghiep", "khach san", "sieu thi", "nha may", "c ty", "ctcp", "dn tu nhan",
    "nhtm", "nhtmcp", "nh tmcp", "qtdnd", "qtd",
)  # fmt: skip
_AGENCIES = _starts(
    "ubnd", "uy ban", "hdnd", "so", "phong", "ban", "chi cuc", "cuc", "tinh uy", "thanh uy", "huyen uy", "dang uy",
    "van phong", "toa an", "vien kiem sat", "kho bac", "bao hiem xa hoi", "bhxh", "benh vien", "tram y te", "mat tran",
    "trung tam y te", "trung tam phuc vu hanh chinh", "hoi", "lien doan", "tinh doan", "thanh doan", "doan", "thue",
    "ttyt", "tyt", "bvdk", "bv", "tand", "vksnd", "thads", "kbnn", "mttq", "ubmttq", "bchqs", "bch", "bql", "lhpn",
    "cong an", "bo chi huy", "kiem lam", "hat", "dai phat thanh", "thanh tra", "bao tang", "thu vien",
)  # fmt: skip

_SUBKINDS: dict[UnitKind, tuple[tuple[re.Pattern[str], UnitSubkind], ...]] = {
    UnitKind.ENTERPRISE: (
        (_starts("chi nhanh", "van phong dai dien", "vpdd", "cn", "dia diem kinh doanh"), UnitSubkind.BRANCH),
        (_has("hop tac xa", "htx"), UnitSubkind.COOPERATIVE),
        (
            _has("cong ty co phan", "cong ty cp", "ctcp", "cty cp", "c ty cp", "ct cp", "tong cong ty co phan"),
            UnitSubkind.JOINT_STOCK,
        ),
        (_has("tnhh", "trach nhiem huu han"), UnitSubkind.LIMITED_COMPANY),
        (_has("doanh nghiep tu nhan", "dn tu nhan", "dntn"), UnitSubkind.PRIVATE_ENTERPRISE),
        (_has("co phan"), UnitSubkind.JOINT_STOCK),
    ),
    UnitKind.AGENCY: (
        (_starts("benh vien", "tram y te", "trung tam y te", "ttyt", "tyt", "bvdk", "bv"), UnitSubkind.HOSPITAL),
        (_starts("tinh uy", "thanh uy", "huyen uy", "dang uy", "van phong tinh uy"), UnitSubkind.PARTY_BODY),
        (_starts("ubnd", "uy ban nhan dan", "hdnd", "chi cuc", "cuc", "so", "kho bac"), UnitSubkind.STATE_BODY),
        (
            _starts("mat tran", "uy ban mat tran", "lien doan lao dong", "hoi nong dan", "hoi lien hiep phu nu",
                    "hoi cuu chien binh", "tinh doan", "thanh doan", "doan thanh nien"),
            UnitSubkind.MASS_ORGANISATION,
        ),
    ),
}  # fmt: skip

_LEVELS: tuple[tuple[re.Pattern[str], SchoolLevel], ...] = (
    (_has("gdtx", "gtdx", "giao duc thuong xuyen", "btvh", "hoc tap cong dong"), SchoolLevel.CONTINUING),
    (_has("gdnn", "trung cap", "day nghe", "giao duc nghe nghiep"), SchoolLevel.VOCATIONAL),
    (_has("dai hoc", "hoc vien"), SchoolLevel.UNIVERSITY),
    (_has("cao dang"), SchoolLevel.COLLEGE),
)
_GENERAL: tuple[tuple[re.Pattern[str], SchoolLevel], ...] = (
    (_has("tieu hoc", "th", "trth"), SchoolLevel.PRIMARY),
    (_has("thcs", "trthcs", "trung hoc co so"), SchoolLevel.LOWER_SECONDARY),
    (_has("thpt", "trthpt", "trung hoc pho thong"), SchoolLevel.UPPER_SECONDARY),
)
_YOUNGEST: tuple[tuple[re.Pattern[str], SchoolLevel], ...] = (
    (_has("mam non", "mau giao", "mn", "mg", "mntt", "mgtt", "trmn", "trmg"), SchoolLevel.KINDERGARTEN),
    (_has("nha tre", "nhom tre"), SchoolLevel.NURSERY),
)

_NUMBER_IN_FRONT = re.compile(r"^\d+ ")

_ACTIVE = _starts("dang hoat dong", "hoat dong", "nnt dang hoat dong", "active", "binh thuong")
_SUSPENDED = _has("tam ngung", "tam nghi", "tam dung")
_DISSOLVED = re.compile(
    r"\b(?:giai the|pha san|da dong|da cham dut|da hoan thanh thu tuc cham dut|ngung hoat dong va da hoan thanh)\b"
)


def kind_of_name(name: str) -> UnitKind | None:
    """The kind that a name tells, or None: “Trường …”, “Công ty …”, “UBND …”."""
    folded = fold(name)
    if _ENTERPRISES.match(folded):
        return UnitKind.ENTERPRISE
    if _AGENCIES.match(folded):
        return UnitKind.AGENCY
    if _SHORT_SCHOOLS.match(folded):
        return UnitKind.SCHOOL
    if _SCHOOLS.search(folded):
        return UnitKind.SCHOOL
    if _ENTERPRISES.search(folded):
        return UnitKind.ENTERPRISE
    return None


def subkind_of_name(name: str, kind: str | None, tax_code: str = "") -> UnitSubkind | None:
    """The sub-kind that a name tells: CÔNG TY TNHH, CỔ PHẦN, CHI NHÁNH, HTX; a branch code makes a branch."""
    if kind not in _SUBKINDS:
        return None
    folded = _NUMBER_IN_FRONT.sub("", fold(name))
    for pattern, subkind in _SUBKINDS[UnitKind(kind)]:
        if (pattern.match if pattern.pattern.startswith("(?:") else pattern.search)(folded):
            return subkind
    return UnitSubkind.BRANCH if kind == UnitKind.ENTERPRISE and parent_tax_code(tax_code) else None


def level_of_name(name: str) -> SchoolLevel | None:
    """The level that the name of a school tells; several general levels make a school of several."""
    folded = fold(name)
    for pattern, level in _LEVELS:
        if pattern.search(folded):
            return level
    general = [level for pattern, level in _GENERAL if pattern.search(folded)]
    if general:
        return general[0] if len(general) == 1 else SchoolLevel.MIXED
    return next((level for pattern, level in _YOUNGEST if pattern.search(folded)), None)


def level_of_text(text: str, index: Mapping[str, Choice]) -> str:
    """The level that a cell names, “THCS, THPT” being several; empty for words that are none."""
    if found := index.get(fold(text)):
        return found.value
    parts = [index.get(fold(part)) for part in re.split(r"[,;/&+\-–]|\bvà\b", text) if fold(part)]
    if not parts or None in parts:
        return level_of_name(text) or ""
    values = {part.value for part in parts if part}
    return values.pop() if len(values) == 1 else SchoolLevel.MIXED.value


def status_of_text(text: str) -> UnitStatus | None:
    """The status that words of a register or of the tax office tell, None for words that leave it open."""
    folded = fold(text)
    if not folded or _ACTIVE.match(folded):
        return UnitStatus.ACTIVE
    if _DISSOLVED.search(folded):
        return UnitStatus.DISSOLVED
    if _SUSPENDED.search(folded):
        return UnitStatus.SUSPENDED
    return None

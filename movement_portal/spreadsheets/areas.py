"""Where each row of a list belongs: the area as written, or found in the address, within the officer's reach."""

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from movement_portal.jurisdictions.enums import COMMUNE_KINDS
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.place_answers import How, PlaceMatch
from movement_portal.jurisdictions.scoping import path_covers
from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.corrections import NOTHING, Corrections
from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.enums import FixAction
from movement_portal.spreadsheets.fields import Kind
from movement_portal.spreadsheets.sheets import Sheet, fields_of_kind
from movement_portal.spreadsheets.tables import GROUP_HEADER, SHEET_HEADER

logger = logging.getLogger("movement_portal.reach")

#: Areas named in a notice about a place that was split.
CANDIDATES_TOLD = 6
#: Rows of the register looked at for what speaks for an area.
NEIGHBOURS_READ = 20_000
#: Beginnings of the headers that the engine adds: what stands there is less sure than a column of the list.
ADDED_HEADERS = (GROUP_HEADER, SHEET_HEADER)
_SPOT = re.compile(
    r"\b(ấp|thôn|khu phố|kp\.?|khóm|tổ dân phố|tdp\.?|bản|buôn|làng|xóm|phum|sóc|đường|phố)\s+[^,;\n(]+", re.IGNORECASE
)

#: How places are written in names of worksheets and cells of the police: “CAP An Nhơn”, “X Hóc Môn”, “3. Bình Phú”.
_WRITTEN = (
    (re.compile(r"^(?:\d{1,3}|[IVX]+)\s*[.)_-]\s*(?=[^\W\d])"), ""),
    (re.compile(r" \(bảng \d+\)$"), ""),
    (re.compile(r"^(?:công an|CA)\s+(?=(?:phường|xã|đặc khu|P|X)\b)", re.IGNORECASE), ""),
    (re.compile(r"^(?:CA)?(P|X)\.?\s+(?=[^\W\d])", re.IGNORECASE), r"\1. "),
    # “Phường A (tiếp theo)”, “Phường A (2 đơn vị)”, “Phường A: 02 đơn vị”, “Phường A - 2 ĐV”.
    (re.compile(r"\s*\(\s*tiếp[^()]*\)$", re.IGNORECASE), ""),
    # “Phường A (mới)”, “Xã B (sau sáp nhập)”.
    (re.compile(r"\s*\(\s*(?:mới|hiện nay|sau (?:khi )?(?:sáp nhập|sắp xếp))\s*\)$", re.IGNORECASE), ""),
    (re.compile(r"\s*[(:–-]\s*\d+\s+[^\W\d][^()\d,]*\)?$"), ""),
    # “(Q5 cũ)”: the district of before, whose name no area of today bears.
    (re.compile(r"\b((?:quận|huyện|thị xã|thành phố|q|h|tx|tp)\b\.?\s*[^,;()]*?|q\d+)\s+cũ\b", re.IGNORECASE), r"\1"),
)

#: A commune with its kind in a title line, and the words that may be its name.
_COMMUNE_IN_TITLE = re.compile(r"\b(phường|xã|thị trấn|đặc khu)(?=\s+([^\W_]+(?: +[^\W_]+){0,4}))", re.IGNORECASE)
#: Towns and districts of before July 2025.
DISTRICT = re.compile(r"(thị xã|quận|huyện|thành phố|tx\.|tp\.|q\.|h\.)\s*\w", re.IGNORECASE)
#: What may stand around the rows of one place.
_GROUP, _WORKSHEET, _TITLE = "dòng nhóm", "tên trang tính", "dòng tiêu đề của danh sách"

OUT_OF_REACH = "Ngoài địa bàn phụ trách"
#: What the officer who sends the list could not do on a page either.
BEYOND_RIGHTS = "Vượt quyền của cán bộ nhập"
#: Causes of refusals that are logged.
LOGGED = (OUT_OF_REACH, BEYOND_RIGHTS)
UNKNOWN_OWN, UNKNOWN_OTHER = "Không rõ xã, phường", "Không rõ địa bàn"


def resolve_areas(
    sheet: Sheet,
    drafts: Sequence[Draft],
    *,
    places,
    reach: str,
    default_area=None,
    corrections: Corrections = NOTHING,
) -> None:
    """Replace the places written in the drafts by ids of areas.

    ``places`` is a ``PlaceIndex``, ``reach`` the path of the officer's area. The area a row belongs to may be narrowed
    by province and district, found in the address, or stand open (``area_guessed``); every other place must be known.
    """
    narrow = default_area.path if default_area else reach
    others = [each.name for each in fields_of_kind(sheet, [Kind.AREA]) if each.name != sheet.area]
    cache: dict[tuple, object] = {}
    home = next((area for area in places.areas.values() if area.path == reach), None) if sheet.area else None
    at_home = places.seen_from(home) if home else places
    for draft in drafts:
        for name in others:
            if text := draft.get(name):
                said = _said(places, corrections, name, text, UNKNOWN_OTHER)
                _resolve_other(draft, name, said or places.resolve(text), narrow)
        if sheet.area:
            _resolve_own(sheet, draft, places, at_home, reach, narrow, cache, corrections)
    _tell_candidates(sheet, drafts, places)


def _said(places, corrections: Corrections, name: str, text: str, cause: str) -> PlaceMatch | None:
    """The area that an officer has said a place to be."""
    fix = corrections.of_fault(name, text, cause)
    if fix is None or fix.action != FixAction.AREA:
        return None
    area = places.areas.get(fix.area_id)
    return PlaceMatch(area, how=How.NAME) if area else None


def _resolve_other(draft: Draft, name: str, match, narrow: str) -> None:
    area = match.area or _only_one(match.candidates, narrow)
    if area is None:
        text = draft.values.pop(name)
        draft.refuse(name, f"Không rõ “{draft.written(name)}” là địa bàn nào.", UNKNOWN_OTHER, text)
    else:
        draft.values[name] = area.pk


def refuse_far(sheet: Sheet, drafts: Sequence[Draft], *, places, reach: str) -> None:
    """Refuse rows that would write an area out of the officer's reach into a field that is not their own area."""
    others = [each.name for each in fields_of_kind(sheet, [Kind.AREA]) if each.name != sheet.area]
    for draft in drafts if others else ():
        for name in others:
            area = places.areas.get(draft.get(name))
            if area is not None and not path_covers(reach, area.path):
                reason = f"{area} ngoài địa bàn phụ trách của đồng chí."
                draft.refuse(name, reason, OUT_OF_REACH, draft.written(name))


def _resolve_own(
    sheet: Sheet, draft: Draft, places, at_home, reach: str, narrow: str, cache: dict, corrections: Corrections
) -> None:
    if code := draft.get(sheet.area_code):
        # A code says more surely than a name which area is meant.
        draft.values[sheet.area] = code
        draft.columns[sheet.area] = draft.column(sheet.area_code)
    text = draft.values.pop(sheet.area, "")
    province = draft.get(sheet.area_province, "")
    district = draft.get(sheet.area_district, "")
    address = draft.get(sheet.address, "")
    question = (text, province, district) if text else ("", "", address)
    place = ", ".join(part for part in (text, district, province) if part)
    draft.area_text = place or address
    if question not in cache:
        said = _said(places, corrections, sheet.area if text else sheet.address, draft.area_text, UNKNOWN_OWN)
        cache[question] = said or _answer(places, text, province, district, address, at_home)
    match = cache[question]
    area = match and (match.area or _only_one(match.candidates, narrow))
    if area is not None and not text and area.kind not in COMMUNE_KINDS:
        # An address that names no commune says too little; the officer's choice stands in.
        area = None
    if area is None and (found := _from_elsewhere(sheet, draft, places, text, match, narrow, cache)):
        match, area = found, found.area
    if area is None and text and _is_elsewhere(places, match, reach):
        draft.refuse(
            sheet.area, f"“{draft.area_text}” ngoài địa bàn phụ trách của đồng chí.", OUT_OF_REACH, draft.area_text
        )
        return
    if area is None:
        draft.area_candidates = _candidates(match, narrow)
        draft.area_guessed = True
        if sheet.review_note and draft.area_text:
            draft.values[sheet.review_note] = draft.area_text[:255]
        return
    column = sheet.area if text else sheet.address
    if not path_covers(reach, area.path):
        draft.refuse(column, f"{area} ngoài địa bàn phụ trách của đồng chí.", OUT_OF_REACH, draft.area_text)
        return
    if match.is_shortened:
        draft.notice(column, f"“{draft.area_text}” có tên viết tắt: hiểu là {area.long_name}.")
    elif match.area is None:
        draft.notice(column, f"Có nhiều nơi cùng tên: lấy {area} trong địa bàn đã chọn.")
    _put_in(sheet, draft, area, place)


def _put_in(sheet: Sheet, draft: Draft, area: Jurisdiction, place: str) -> None:
    """The row lies in the area; above the communes it is put down to be looked at, with the place as written."""
    draft.values[sheet.area] = area.pk
    draft.area_path = area.path
    if area.kind not in COMMUNE_KINDS and sheet.review_flag:
        draft.values[sheet.review_flag] = True
        draft.values[sheet.review_note] = place[:255]


def _is_elsewhere(places, match, reach: str) -> bool:
    """Whether all that a place may be lies in one province, and that is not the officer's."""
    if match.how == How.OUTSIDE:
        return True
    far = {places.descent.province_of(area) for area in match.candidates if not path_covers(reach, area.path)}
    return len(far) == 1 and not any(path_covers(reach, area.path) for area in match.candidates)


def _from_elsewhere(sheet: Sheet, draft: Draft, places, text: str, match, narrow: str, cache: dict):
    """The area by what else the row says: its address where its place is not enough, the name of its worksheet."""
    address = draft.get(sheet.address, "")
    candidates = match.candidates if match else ()
    if text and address and (candidates or draft.column(sheet.area).startswith(ADDED_HEADERS)):
        if ("address", address) not in cache:
            cache["address", address] = places.find_in_address(address)
        found = cache["address", address]
        if found.area and (found.area in candidates or not candidates) and found.area.kind in COMMUNE_KINDS:
            draft.notice(sheet.address, f"“{text}” chưa đủ rõ: lấy {found.area} theo địa chỉ “{address}”.")
            return found
    for source, told, outer in () if text else _around(draft):
        question = (source, told, outer)
        if question not in cache:
            cache[question] = _named_around(places, told, outer, narrow, in_title=source == _TITLE)
        area = cache[question]
        if area is not None and (not candidates or area in candidates):
            draft.notice(sheet.area, f"Lấy {area} theo {source}" + (f" “{told}”." if source != _TITLE else "."))
            return PlaceMatch(area, how=How.NAME)
    return None


def _around(draft: Draft) -> Iterable[tuple[str, str, str]]:
    """What stands around a row without a place, the nearest first: what it is, its text, the group around it."""
    groups = [text for header, text in draft.cells.items() if header.startswith(GROUP_HEADER)]
    for outer, text in reversed([*zip(["", *groups], groups, strict=False)]):
        yield _GROUP, text, outer
    if draft.worksheet:
        yield _WORKSHEET, draft.worksheet, ""
    if draft.title:
        yield _TITLE, "\n".join(draft.title), ""


def _named_around(places, told: str, outer: str, narrow: str, *, in_title: bool):
    """The commune that a group row, the name of a worksheet or a title names, None where it names none or several."""
    if in_title:
        found = {area for match in _COMMUNE_IN_TITLE.finditer(told) if (area := _in_title(places, match, narrow))}
        return found.pop() if len(found) == 1 else None
    district = outer if DISTRICT.match(outer) else ""
    match = places.resolve(plainly_written(told), district=district)
    area = match.area or _only_one(match.candidates, narrow)
    return area if area is not None and area.kind in COMMUNE_KINDS else None


def _in_title(places, match: re.Match[str], narrow: str):
    """The commune whose name begins behind its kind in a title; the longest name that one has is meant."""
    words = match[2].split()
    for length in range(len(words), 0, -1):
        found = places.resolve(" ".join([match[1], *words[:length]]))
        area = found.area or _only_one(found.candidates, narrow)
        if area is not None and area.kind in COMMUNE_KINDS:
            return area
    return None


def _candidates(match, narrow: str) -> tuple[int, ...]:
    """Areas that an old place has become or that bear its name, none of them out of reach."""
    if match is None or match.how == How.OUTSIDE:
        return ()
    return tuple(area.pk for area in match.candidates if path_covers(narrow, area.path))


def _tell_candidates(sheet: Sheet, drafts: Sequence[Draft], places) -> None:
    """Tell of each place that stands open what it may be today, and what speaks for one of them: rows of the register
    and of this list at the same hamlet or street."""
    open_rows = [draft for draft in drafts if draft.area_guessed and draft.area_candidates]
    if not open_rows:
        return
    known = _neighbours(sheet, drafts, {pk for draft in open_rows for pk in draft.area_candidates})
    for draft in open_rows:
        candidates = [places.areas[pk] for pk in draft.area_candidates]
        # Of several provinces, or of one name: which is which, the places above them say.
        is_clear = len({area.parent_id for area in candidates}) == 1
        names = [str(area) if is_clear else area.long_name for area in candidates]
        more = f" và {len(names) - CANDIDATES_TOLD} nơi khác" if len(names) > CANDIDATES_TOLD else ""
        told = f"“{draft.area_text}” nay có thể là: {', '.join(names[:CANDIDATES_TOLD])}{more}."
        for spot, written in spots_of(draft.get(sheet.address, "")).items():
            counts = Counter({pk: count for pk, count in known[spot].items() if pk in draft.area_candidates})
            if counts:
                (best, count), *_ = counts.most_common(1)
                told += f" Nghiêng về {places.areas[best]}: {count} trong {counts.total()} nơi cùng “{written}” ở đó."
                break
        draft.notice(sheet.area if draft.column(sheet.area) else sheet.address, told)


def _neighbours(sheet: Sheet, drafts: Sequence[Draft], areas: set[int]) -> dict[str, Counter[int]]:
    """How many rows of the register and of the list lie at each hamlet or street of the areas."""
    known: dict[str, Counter[int]] = defaultdict(Counter)
    pairs: list[tuple[str, int]] = [
        (draft.get(sheet.address, ""), draft.values[sheet.area])
        for draft in drafts
        if not draft.area_guessed and draft.get(sheet.area) in areas
    ]
    if sheet.address:
        rows = sheet.model._base_manager.filter(**{f"{sheet.by_name[sheet.area].column}__in": areas})
        columns = [sheet.by_name[name].column for name in (sheet.address, sheet.area)]
        pairs += rows.values_list(*columns)[:NEIGHBOURS_READ]
    for address, area in pairs:
        for spot in spots_of(address):
            known[spot][area] += 1
    return known


def spots_of(address: str) -> dict[str, str]:
    """Hamlets, quarters and streets that an address names, in one spelling, as written; the smallest place first."""
    return {fold(match[0]): match[0].strip() for match in _SPOT.finditer(address)}


def _answer(places, text: str, province: str, district: str, address: str, at_home):
    if text:
        found = places.resolve(text, province=province, district=district)
        if found.how == How.UNKNOWN and (plain := plainly_written(text)) != text:
            found = places.resolve(plain, province=province, district=district)
        if found.how == How.UNKNOWN:
            # A name that is not known, in a province that is: elsewhere, when the province is another one.
            found = at_home.resolve(text, province=province, district=district)
        if found.how == How.UNKNOWN:
            short = at_home.resolve_shortened(plainly_written(text), province=province, district=district)
            found = short if short.how != How.UNKNOWN else found
        return found
    if address:
        found = places.find_in_address(address)
        if found.how == How.UNKNOWN:
            short = at_home.find_shortened_in_address(address)
            found = short if short.how != How.UNKNOWN else found
        return found
    return None


def plainly_written(text: str) -> str:
    """A place without the marks that only the police's own lists put around it."""
    for pattern, plain in _WRITTEN:
        text = pattern.sub(plain, text)
    return text


def _only_one(candidates: Iterable, path: str):
    """The only candidate inside an area, or None."""
    inside = [area for area in candidates or () if path_covers(path, area.path)]
    return inside[0] if len(inside) == 1 else None


def place_guessed(sheet: Sheet, draft: Draft, default_area) -> None:
    """Put a new row of unknown area under the chosen one and on the work-list; without a choice refuse it."""
    if not (sheet.area and draft.area_guessed):
        return
    name = sheet.area if draft.column(sheet.area) else sheet.address
    if default_area is None:
        draft.refuse(name, "Không xác định được xã, phường; hãy chọn địa bàn mặc định.", UNKNOWN_OWN, draft.area_text)
        return
    draft.doubt(name, f"Tạm đưa vào {default_area}.", UNKNOWN_OWN, draft.area_text)
    draft.values[sheet.area] = default_area.pk
    draft.area_path = default_area.path
    if sheet.review_flag:
        draft.values[sheet.review_flag] = True
    draft.notice(sheet.area, f"Chưa rõ xã, phường: đưa vào {default_area} và danh sách cần xác định địa bàn.")


def area_names(ids: Iterable[int], places=None) -> dict[int, str]:
    """Names of areas with their parents, by id; ``places`` knows all of them without asking the database."""
    if places is not None:
        return {pk: places.areas[pk].long_name for pk in ids if pk in places.areas}
    rows = Jurisdiction.objects.filter(pk__in=set(ids)).select_related("parent__parent__parent")
    return {area.pk: area.long_name for area in rows}


def out_of_reach(drafts: Iterable[Draft]) -> list[Draft]:
    """What ``log_refusals`` needs of the rows that were refused for who sends them; the rows may be forgotten then."""
    return [
        Draft(draft.worksheet, draft.number, problems=draft.problems)
        for draft in drafts
        if any(problem.cause in LOGGED for problem in draft.problems)
    ]


def log_refusals(sheet: Sheet, drafts: Iterable[Draft], *, officer, file_name: str) -> int:
    """Log the rows refused for a place out of reach or for what the officer may not do; return how many."""
    refused = [draft for draft in drafts if any(problem.cause in LOGGED for problem in draft.problems)]
    if refused:
        logger.warning(
            "import rows out of reach",
            extra={
                "sheet": sheet.name,
                "officer": officer.pk,
                "file": file_name,
                "rows": [draft.number for draft in refused[:100]],
                "count": len(refused),
            },
        )
    return len(refused)

"""What in a free text tells of a person: numbers of identity papers, and what reads as a name."""

import re

from movement_portal.lib.vietnamese import fold, nfc

NO_NUMBERS = "Không ghi số căn cước, chứng minh nhân dân hay số giấy tờ của người liên quan."

#: Nine or twelve digits, also in groups; longer and shorter runs are something else.
_NUMBER = re.compile(r"(?<![\d.])\d(?:[ .\-]?\d){8}(?:(?:[ .\-]?\d){3})?(?![ .\-]?\d)")
_WORD = re.compile(r"\w+")
#: Family names of nearly everybody in the country, of minorities too.
FAMILY_NAMES = frozenset(
    """
    Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đoàn Vương Trịnh Trương Đinh Lâm Phùng
    Mai Tô Hà Tạ Lương Cao Chu Châu Thái Tăng Quách La Kiều Lò Vàng Giàng Sùng Thào Mùa Cà Quàng Tòng Lù Hạng Nông Hứa
    Bế Siu Rơ Ksor Thạch Kim
    """.split()  # noqa: SIM905  one name a word, as they are read
)
#: Words before a name that make it one of a place, a street, a school, without accents.
_PLACE_WORDS = frozenset(
    """
    duong pho ngo quan huyen phuong xa tran tinh truong thpt thcs hoc non khu ap thon ban to cho cau ty vien
    """.split()  # noqa: SIM905
)
#: Places that begin as a name does.
_PLACES = (
    "ha noi", "ha tinh", "ha giang", "ha nam", "cao bang", "lam dong", "thai nguyen", "thai binh", "ho chi minh",
    "hoang sa", "truong sa",
)  # fmt: skip


def numbers_in(text: str) -> list[str]:
    """Runs of nine or twelve digits, as numbers of identity papers have."""
    return _NUMBER.findall(text)


def names_in(text: str) -> list[str]:
    """What reads as the name of a person: a family name and further capitalised words, not behind “đường”, “trường”."""
    text = nfc(text)
    words = list(_WORD.finditer(text))
    found, at = [], 0
    while at < len(words):
        end = _end_of_name(text, words, at)
        if end - at < 2:
            at += 1
            continue
        name = text[words[at].start() : words[end - 1].end()]
        before = fold(words[at - 1][0]) if at and text[words[at - 1].end() : words[at].start()].isspace() else ""
        if before not in _PLACE_WORDS and not any(fold(name).startswith(place) for place in _PLACES):
            found.append(name)
        at = end
    return found


def _end_of_name(text, words, start):
    """The place after the last word of a name that may begin here."""
    if words[start][0] not in FAMILY_NAMES:
        return start
    end = start + 1
    while (
        end < len(words)
        and end - start < 5
        and words[end][0].istitle()
        and words[end][0].isalpha()
        and text[words[end - 1].end() : words[end].start()] == " "
    ):
        end += 1
    return end

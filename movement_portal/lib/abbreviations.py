"""Abbreviations in the names of offices, enterprises and schools: each form finds the other."""

import functools
import re
from collections import defaultdict

from movement_portal.lib.vietnamese import LONGEST_REMEMBERED, WORDS_REMEMBERED, accented_key, fold, fold_words

#: Abbreviation and what it stands for; one may stand for several things, one thing may be shortened in several ways.
ABBREVIATIONS: tuple[tuple[str, str], ...] = (
    # schools
    ("THPT", "trung học phổ thông"),
    ("THCS", "trung học cơ sở"),
    ("PTTH", "phổ thông trung học"),
    ("PTCS", "phổ thông cơ sở"),
    ("TRG", "trường"),
    ("TH", "tiểu học"),
    ("MN", "mầm non"),
    ("MG", "mẫu giáo"),
    ("MNTT", "mầm non tư thục"),
    ("NT", "nhà trẻ"),
    ("PTDTNT", "phổ thông dân tộc nội trú"),
    ("PTDTBT", "phổ thông dân tộc bán trú"),
    ("DTNT", "dân tộc nội trú"),
    ("DTBT", "dân tộc bán trú"),
    ("GDTX", "giáo dục thường xuyên"),
    ("GDNN", "giáo dục nghề nghiệp"),
    ("GDHN", "giáo dục hòa nhập"),
    ("HTCĐ", "học tập cộng đồng"),
    ("TTGDTX", "trung tâm giáo dục thường xuyên"),
    ("TCN", "trung cấp nghề"),
    ("TC", "trung cấp"),
    ("CĐN", "cao đẳng nghề"),
    ("CĐ", "cao đẳng"),
    ("CĐ", "công đoàn"),
    ("CĐSP", "cao đẳng sư phạm"),
    ("SP", "sư phạm"),
    ("ĐH", "đại học"),
    ("ĐHQG", "đại học quốc gia"),
    ("HV", "học viện"),
    # enterprises
    ("CTY", "công ty"),
    ("CT", "công ty"),
    ("C.TY", "công ty"),
    ("TNHH", "trách nhiệm hữu hạn"),
    ("MTV", "một thành viên"),
    ("HTV", "hai thành viên"),
    ("CP", "cổ phần"),
    ("CTCP", "công ty cổ phần"),
    ("TCT", "tổng công ty"),
    ("TĐ", "tập đoàn"),
    ("DN", "doanh nghiệp"),
    ("DNTN", "doanh nghiệp tư nhân"),
    ("DNNN", "doanh nghiệp nhà nước"),
    ("HTX", "hợp tác xã"),
    ("HTXNN", "hợp tác xã nông nghiệp"),
    ("NN", "nông nghiệp"),
    ("NN", "nhà nước"),
    ("HKD", "hộ kinh doanh"),
    ("CN", "chi nhánh"),
    ("CN", "công nghiệp"),
    ("CN", "công nghệ"),
    ("VPĐD", "văn phòng đại diện"),
    ("VP", "văn phòng"),
    ("SX", "sản xuất"),
    ("TM", "thương mại"),
    ("DV", "dịch vụ"),
    ("TMDV", "thương mại dịch vụ"),
    ("SXTM", "sản xuất thương mại"),
    ("XD", "xây dựng"),
    ("XNK", "xuất nhập khẩu"),
    ("XN", "xí nghiệp"),
    ("NM", "nhà máy"),
    ("VT", "vận tải"),
    ("ĐT", "đầu tư"),
    ("PT", "phát triển"),
    ("KT", "kinh tế"),
    ("KT", "kỹ thuật"),
    ("CNTT", "công nghệ thông tin"),
    ("BĐS", "bất động sản"),
    ("NH", "ngân hàng"),
    ("NHTM", "ngân hàng thương mại"),
    ("NHNN", "ngân hàng nhà nước"),
    ("NHCSXH", "ngân hàng chính sách xã hội"),
    ("QTDND", "quỹ tín dụng nhân dân"),
    ("QTD", "quỹ tín dụng"),
    ("KCN", "khu công nghiệp"),
    ("KCX", "khu chế xuất"),
    ("KKT", "khu kinh tế"),
    ("CCN", "cụm công nghiệp"),
    ("VN", "Việt Nam"),
    # agencies
    ("UBND", "ủy ban nhân dân"),
    ("HĐND", "hội đồng nhân dân"),
    ("MTTQ", "mặt trận tổ quốc"),
    ("UBMTTQ", "ủy ban mặt trận tổ quốc"),
    ("LHPN", "liên hiệp phụ nữ"),
    ("LĐLĐ", "liên đoàn lao động"),
    ("CCB", "cựu chiến binh"),
    ("TNCS", "thanh niên cộng sản"),
    ("HCM", "Hồ Chí Minh"),
    ("TAND", "tòa án nhân dân"),
    ("VKSND", "viện kiểm sát nhân dân"),
    ("VKS", "viện kiểm sát"),
    ("THADS", "thi hành án dân sự"),
    ("BCH", "ban chỉ huy"),
    ("BCH", "ban chấp hành"),
    ("QS", "quân sự"),
    ("KBNN", "kho bạc nhà nước"),
    ("BHXH", "bảo hiểm xã hội"),
    ("BHYT", "bảo hiểm y tế"),
    ("BQL", "ban quản lý"),
    ("QLDA", "quản lý dự án"),
    ("QLTT", "quản lý thị trường"),
    ("GD", "giáo dục"),
    ("ĐT", "đào tạo"),
    ("GDĐT", "giáo dục đào tạo"),
    ("KHCN", "khoa học công nghệ"),
    ("TNMT", "tài nguyên môi trường"),
    ("NNMT", "nông nghiệp môi trường"),
    ("NNPTNT", "nông nghiệp phát triển nông thôn"),
    ("PTNT", "phát triển nông thôn"),
    ("LĐTBXH", "lao động thương binh xã hội"),
    ("VHTTDL", "văn hóa thể thao du lịch"),
    ("VHTT", "văn hóa thông tin"),
    ("TDTT", "thể dục thể thao"),
    ("TT", "trung tâm"),
    ("TTYT", "trung tâm y tế"),
    ("TYT", "trạm y tế"),
    ("PKĐK", "phòng khám đa khoa"),
    ("PK", "phòng khám"),
    ("BV", "bệnh viện"),
    ("BVĐK", "bệnh viện đa khoa"),
    ("ĐK", "đa khoa"),
    ("YTDP", "y tế dự phòng"),
    ("PCCC", "phòng cháy chữa cháy"),
    ("ANTT", "an ninh trật tự"),
    # places
    ("TP", "thành phố"),
    ("TPHCM", "thành phố Hồ Chí Minh"),
    ("TX", "thị xã"),
    ("TT", "thị trấn"),
    ("Q", "quận"),
    ("H", "huyện"),
    ("P", "phường"),
    ("X", "xã"),
    ("TDP", "tổ dân phố"),
    ("KP", "khu phố"),
    ("KDC", "khu dân cư"),
    ("QL", "quốc lộ"),
    ("TL", "tỉnh lộ"),
)

#: T.N.H.H, U.B.N.D, Q.1: letters and dots without blanks.
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]?(?!\w)")
_WORD = re.compile(r"\w+(?:['’ʼ‘`´]\w+)*")


def words(text: str) -> list[str]:
    """The words of a text as a search compares them: lower case, one spelling of tones, accents kept."""
    found: list[str] = []
    for word in text.split():
        found.extend(_known_words_in(word) if len(word) <= LONGEST_REMEMBERED else _words_in(word))
    return found


def _words_in(text: str) -> tuple[str, ...]:
    if text.isascii() and text.isalnum():
        return (text.lower(),)
    joined = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text)
    return tuple(re.sub(r"['’ʼ‘`´]", "", word) for word in _WORD.findall(accented_key(joined).replace("_", " ")))


_known_words_in = functools.lru_cache(WORDS_REMEMBERED)(_words_in)


def other_words(found: list[str]) -> list[str]:
    """Words that the same name holds when abbreviations are written out, or what is written out is abbreviated.

    ``found`` and the answer are as ``words`` gives them.
    """
    written_out = _written_out(found)
    folded = fold_words(written_out)
    short: list[str] = []
    forms, beginnings, longest = _short_forms(), _beginnings(), _longest()
    firsts = _first_of_phrases()
    # Every run, not only the longest: “công ty cổ phần” is CTCP as well as CTY CP.
    for at, word in enumerate(folded):
        if word not in firsts:
            continue
        for size in range(1, min(longest, len(folded) - at) + 1):
            run = tuple(folded[at : at + size])
            if run not in beginnings:
                break
            short.extend(forms.get(run, ()))
    return [*written_out, *short]


def _written_out(found: list[str]) -> list[str]:
    """The words with each abbreviation replaced by all that it may stand for."""
    answer: list[str] = []
    at = 0
    folded = fold_words(found)
    meanings, firsts = _meanings(), _first_of_abbreviations()
    while at < len(found):
        if folded[at] not in firsts:
            answer.append(found[at])
            at += 1
            continue
        # “C.ty” is two words.
        for size in (2, 1):
            if full := meanings.get(tuple(folded[at : at + size])):
                answer.extend(full)
                at += size
                break
        else:
            answer.append(found[at])
            at += 1
    return answer


@functools.cache
def _meanings() -> dict[tuple[str, ...], list[str]]:
    table: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for short, full in ABBREVIATIONS:
        table[tuple(fold(short).split())].extend(words(full))
    return dict(table)


@functools.cache
def _short_forms() -> dict[tuple[str, ...], list[str]]:
    """Abbreviations by folded phrase; one that merely begins its phrase (P, Q, H) is found without help."""
    table: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for short, full in ABBREVIATIONS:
        if not fold(full).startswith(fold(short)):
            table[tuple(fold(full).split())].extend(words(short))
    return dict(table)


@functools.cache
def _beginnings() -> frozenset[tuple[str, ...]]:
    """What the phrases of ``_short_forms`` begin with, down to their first word."""
    return frozenset(phrase[:size] for phrase in _short_forms() for size in range(1, len(phrase) + 1))


@functools.cache
def _first_of_abbreviations() -> frozenset[str]:
    return frozenset(short[0] for short in _meanings())


@functools.cache
def _first_of_phrases() -> frozenset[str]:
    return frozenset(phrase[0] for phrase in _short_forms())


@functools.cache
def _longest() -> int:
    return max(map(len, _short_forms()))


@functools.cache
def common_words() -> frozenset[str]:
    """The folded words of abbreviations and of what they stand for: those that most names are made of."""
    return frozenset(word for pair in ABBREVIATIONS for text in pair for word in fold(text).split())

"""Text of the years before Unicode is read as it was meant; correct text passes unchanged."""

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movement_portal.lib.legacy_encodings import FontEncoding, Repairer, encoding_of_font, leaning, repaired
from movement_portal.lib.legacy_tables import Encoding, from_tcvn3, from_vni, to_tcvn3
from tests.old_encodings import to_vni, to_windows_1258

AREAS = Path(__file__).parents[2] / "fixtures" / "territory" / "areas.csv"


@pytest.fixture(scope="module")
def names():
    with AREAS.open(encoding="utf-8") as file:
        return sorted({unicodedata.normalize("NFC", row["name"]) for row in csv.DictReader(file)})


def shown_as_1252(data):
    """Bytes as a program of code page 1252 shows them."""
    return "".join(
        chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252") for byte in data
    )


def mojibake(text):
    return shown_as_1252(text.encode())


WAYS = {
    "tcvn3": to_tcvn3,
    "vni": to_vni,
    "windows_1258": lambda text: shown_as_1252(to_windows_1258(text).encode("cp1258")),
    "utf8": mojibake,
    "twice": lambda text: mojibake(mojibake(text)),
}


def text_of(repairer, text, towards=None):
    found = repairer.repair(text, towards)
    return found.text if found else text


# Written down from lists of those years, not made by our own tables.
@pytest.mark.parametrize(
    ("written", "meant", "encoding"),
    [
        ("Tr\u00adêng THCS NguyÔn Tr·i", "Trường THCS Nguyễn Trãi", Encoding.TCVN3),
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", Encoding.TCVN3),
        ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc", Encoding.TCVN3),
        ("ThÞ trÊn M\u00adêng Kh\u00ad¬ng", "Thị trấn Mường Khương", Encoding.TCVN3),
        ("TR¦êNG THPT Lª QUý §¤N", "TRƯỜNG THPT LÊ QUÝ ĐÔN", Encoding.TCVN3),
        ("Êp 3, x· Phó Mü", "ấp 3, xã Phú Mỹ", Encoding.TCVN3),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", Encoding.VNI),
        ("Tröôøng THCS Nguyeãn Traõi", "Trường THCS Nguyễn Trãi", Encoding.VNI),
        ("ÑAÛNG UÛY PHÖÔØNG TAÂN ÑÒNH", "ĐẢNG ỦY PHƯỜNG TÂN ĐỊNH", Encoding.VNI),
        ("TrýõÌng THCS NguyêÞn TraÞi", "Trường THCS Nguyễn Trãi", Encoding.WINDOWS_1258),
        ("TrÆ°á»\u009dng Tiá»ƒu há»\u008dc Kim Ä\u0090á»“ng", "Trường Tiểu học Kim Đồng", Encoding.UTF8),
        ("HÃ\u00a0 Ná»™i", "Hà Nội", Encoding.UTF8),
        ("HÃ Ná»™i", "Hà Nội", Encoding.UTF8),
        ("TrÆ°á»ng Ä‘áº¡i há»c", None, Encoding.UTF8),
        ("Há»™i â€“ Ä‘oÃ n thá»ƒ", "Hội – đoàn thể", Encoding.UTF8),
    ],
)
def test_read_as_it_was_meant(written, meant, encoding):
    found = repaired(written)
    assert found.encoding == encoding
    if meant is not None:
        assert found.text == meant


@pytest.mark.parametrize(
    "text",
    [
        "Trường THCS Nguyễn Trãi", "CÔNG AN TỈNH", "“ỦY BAN NHÂN DÂN XÃ” số 3", "Xã Đắk Lắk, Krông Nô", "Café Nestlé",
        "Crédit Agricole S.A.", "Müller & Söhne GmbH", "Loïc Thaï", "São Paulo", "25 °C ± 5 µm × 3", "100 m² · 50 m³",
        "«Hoa Sen»", "© 2024 Công ty ®", "§ 5 ¶ 2", "1 £ = 1,2 €", "THCS-01/797663E0", "a.b+c@d.vn?x=1&y=2",
        "https://x.vn/a?b=c", "Có không? Có", "T.P H.C.M", "ngày 1/1/2024", "Peugeot Citroën", "Zürich Đà Nẵng",
        "naïve façade", "Ø 20 mm", "½ lít ¼ kg", "El Niño", "Bún bò Huế – Hoà Bình", "Quý Cô Tô Hô Bé Lê", "Trần Ô Ký",
        "Smörgås Ålesund", "Señor José", "Tổ 3, khu phố 2", "Ω≈ç√∫", "日本", "x", "", "-", "Đ/c: số 5 – P.Ý",
    ],
)  # fmt: skip
def test_correct_text_is_left_alone(text):
    assert repaired(text) is None
    assert Repairer().repair(text) is None
    assert Repairer().repair(unicodedata.normalize("NFD", text)) is None


def test_no_correct_place_name_is_changed(names):
    repairer = Repairer()
    forms = [form for name in names for form in (name, name.upper(), unicodedata.normalize("NFD", name))]
    assert [form for form in forms if repairer.repair(form)] == []


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_column_of_place_names_comes_back(names, way):
    repairer = Repairer()
    written = [WAYS[way](name) for name in names]
    towards = leaning(repairer.count(written))
    wrong = [
        (name, found)
        for name, text in zip(names, written, strict=True)
        if (found := text_of(repairer, text, towards)).lower() != name.lower()
    ]
    assert len(wrong) <= 1, wrong


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "most"), [("tcvn3", 0.04), ("vni", 0.06), ("windows_1258", 0.07), ("utf8", 0.001), ("twice", 0.001)]
)
def test_a_name_alone_is_nearly_always_read(names, way, most):
    """Some texts are words in two encodings (“An Cô”, “An Cơ”): alone they stay; the column tells."""
    repairer = Repairer()
    wrong = sum(text_of(repairer, WAYS[way](name)).lower() != name.lower() for name in names)
    assert wrong <= most * len(names)


@pytest.mark.slow
def test_mixed_in_one_column(names):
    """Unicode, TCVN3 and VNI in turn: correct text stays and the rest is nearly all right."""
    repairer = Repairer()
    ways = [str, to_tcvn3, to_vni]
    written = [ways[at % 3](name) for at, name in enumerate(names)]
    assert leaning(repairer.count(written)) is None
    found = [text_of(repairer, text) for text in written]
    assert [text for at, text in enumerate(found) if at % 3 == 0] == names[::3]
    wrong = sum(text.lower() != name.lower() for text, name in zip(found, names, strict=True))
    assert wrong <= 0.03 * len(names)


def test_both_tables_know_every_letter():
    letters = [
        unicodedata.normalize("NFC", vowel + tone)
        for vowel in "aăâeêioôơuưy"
        for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    ] + ["đ"]
    text = " ".join(letters)
    assert from_tcvn3(to_tcvn3(text)) == text
    assert from_vni(to_vni(text)) == text
    assert from_vni(to_vni(text.upper())) == text.upper()


# -- what cannot be known ----------------------------------------------------------------------------------------------


def test_a_capital_that_tcvn3_does_not_have_is_told_and_not_guessed():
    found = repaired("Tr\u00adêng mÇm non ¸nh D\u00ad¬ng")
    assert (found.text, found.doubtful) == ("Trường mầm non ánh Dương", ("ánh",))


def test_a_word_in_the_middle_of_small_letters_is_not_doubtful():
    assert repaired("tr\u00adêng häc ë x·").doubtful == ()


@pytest.mark.parametrize("text", ["Tr??ng ti?u h?c Kim ??ng", "Tr\ufffd\ufffdng h\ufffdc"])
def test_lost_letters_are_told(text):
    found = repaired(text)
    assert (found.text, found.encoding) == (text, Encoding.LOST)
    assert found.doubtful


def test_two_readings_as_good_as_each_other_are_told():
    found = repaired("An Cö")
    assert {found.text, *found.doubtful} >= {"An Cử", "An Cư"}


# -- typefaces ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        (".VnTime", FontEncoding(Encoding.TCVN3)),
        (".VnTimeH", FontEncoding(Encoding.TCVN3, True)),
        (".vnArial NarrowH", FontEncoding(Encoding.TCVN3, True)),
        ("VNI-Times", FontEncoding(Encoding.VNI)),
        ("Times New Roman", None),
        ("Verdana", None),
        ("", None),
    ],
)
def test_typefaces(name, meaning):
    assert encoding_of_font(name) == meaning


CAPITALS, SMALL = FontEncoding(Encoding.TCVN3, True), FontEncoding(Encoding.TCVN3)


@pytest.mark.parametrize(
    ("written", "font", "meant"),
    [
        ("tr\u00adêng ¸nh d\u00ad¬ng", CAPITALS, "TRƯỜNG ÁNH DƯƠNG"),
        ("an giang", CAPITALS, "AN GIANG"),
        ("Bé", SMALL, "Bộ"),
        ("Trường Kim Đồng", CAPITALS, None),
        ("Hà Giang", SMALL, None),
        ("Ba Vì", FontEncoding(Encoding.VNI), None),
        ("Coâ Toâ", FontEncoding(Encoding.VNI), "Cô Tô"),
    ],
)
def test_the_typeface_tells(written, font, meant):
    found = Repairer().repair_by_font(written, font)
    assert (found.text if found else None) == meant


# -- properties --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@given(st.text(st.characters(max_codepoint=0x7F), max_size=60))
@settings(max_examples=200, deadline=None)
def test_ascii_is_never_changed(text):
    found = repaired(text)
    assert found is None or (found.text == text and found.encoding == Encoding.LOST)


@pytest.mark.slow
@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_answered(text):
    repairer = Repairer()
    found = repairer.repair(text)
    assert found == repairer.repair(text)
    for towards in Encoding:
        repairer.repair(text, towards)
    repairer.repair_by_font(text, SMALL)


@pytest.mark.parametrize(
    ("written", "doubtful"),
    [
        ("TrÆ°á»ng THCS Lê Lợi", ("Trưá»ng",)),
        ("CÃ´ng ty TNHH Má»¹ Äá»©c", ("Äức",)),
        ("TrÆ°á»\x9dng THCS Lê Lợi", ()),
    ],
)
def test_a_byte_that_was_dropped_is_told_and_not_guessed(written, doubtful):
    assert repaired(written).doubtful == doubtful

"""How papers name a document: the kind of it, then its number."""

import pytest

from movement_portal.documents.models import LegalDocument


@pytest.mark.parametrize(
    ("number", "title", "cited"),
    [
        ("06/2013/NĐ-CP", "", "Nghị định 06/2013/NĐ-CP"),
        ("124/2021/TT-BCA", "", "Thông tư 124/2021/TT-BCA"),
        ("510/QĐ-BCA-V05", "", "Quyết định 510/QĐ-BCA-V05"),
        ("09-CT/TW", "", "Chỉ thị 09-CT/TW"),
        ("91/2025/QH15", "Luật Bảo vệ dữ liệu cá nhân", "Luật 91/2025/QH15"),
        ("12/XYZ", "", "12/XYZ"),
    ],
)
def test_a_document_is_cited_with_its_kind(number, title, cited):
    # Nghị định 30/2020/NĐ-CP, Phụ lục III.
    assert LegalDocument(number=number, title=title).cited == cited

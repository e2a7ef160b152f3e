"""Reference files come in again and again and leave an administrator's corrections alone."""

import json

import pytest
from django.core.management import CommandError, call_command

from movement_portal.documents.models import LegalDocument
from movement_portal.documents.reference import load_reference
from units.models import EligibilityRule, SizeThreshold

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    """Writes a file of legal documents (number -> title) and answers its path."""

    def write(**titles):
        path = tmp_path / "10_documents.json"
        rows = [{"number": number, "title": title} for number, title in titles.items()]
        content = {"model": "documents.legaldocument", "key": ["number"], "about": "thử", "rows": rows}
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write


def title_of(number):
    return LegalDocument.objects.get(number=number).title


def test_shipped_files_load_and_load_again():
    call_command("load_reference", verbosity=0)
    counts = [model.objects.count() for model in (LegalDocument, EligibilityRule, SizeThreshold)]
    assert all(counts)
    call_command("load_reference", verbosity=0)
    assert [model.objects.count() for model in (LegalDocument, EligibilityRule, SizeThreshold)] == counts
    assert not LegalDocument.objects.filter(version__gt=1).exists()


def test_directive_is_found_under_its_other_spellings():
    call_command("load_reference", verbosity=0)
    for spelling in ("07/BCA-V28", "Chỉ thị 07"):
        assert LegalDocument.objects.filter(aliases__contains=spelling).get().number == "07/CT-BCA-V28"


def test_changed_file_changes_what_nobody_corrected(file):
    load_reference([file(A="một", B="hai")])
    [outcome] = load_reference([file(A="một mới", B="hai", C="ba")])
    assert (outcome.created, outcome.changed, outcome.same) == (1, 1, 1)
    assert title_of("A") == "một mới"


def test_correction_stays_and_is_named(file):
    load_reference([file(A="một")])
    document = LegalDocument.objects.get(number="A")
    document.title = "của quản trị"
    document.save()
    [outcome] = load_reference([file(A="một mới")])
    assert outcome.kept == ["A: trích yếu"]
    assert title_of("A") == "của quản trị"
    load_reference([file(A="một mới")], overwrite=True)
    assert title_of("A") == "một mới"


def test_row_of_an_administrator_stays(file):
    LegalDocument.objects.create(number="A", title="của quản trị")
    load_reference([file(A="một")])
    assert title_of("A") == "của quản trị"


def test_deleted_row_stays_deleted(file):
    load_reference([file(A="một", B="hai")])
    LegalDocument.objects.get(number="A").delete()
    [outcome] = load_reference([file(A="một", B="hai")])
    assert outcome.kept == ["A: đã bị xóa"]
    assert not LegalDocument.objects.filter(number="A").exists()


def test_unknown_reference_is_refused_and_nothing_is_kept(tmp_path, file):
    wrong = tmp_path / "20_thresholds.json"
    wrong.write_text(
        json.dumps(
            {
                "model": "units.sizethreshold",
                "key": ["size"],
                "about": "",
                "rows": [{"size": "micro", "legal_document": {"number": "không có"}}],
            }
        ),
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="không có"):
        load_reference([file(A="một"), wrong])
    assert not LegalDocument.objects.exists()


def test_empty_folder_is_an_error(tmp_path):
    with pytest.raises(CommandError):
        call_command("load_reference", folder=tmp_path)

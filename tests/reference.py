"""Reference data of a test: the files it stands on and no others, for a test pays for every row."""

from django.conf import settings

from movement_portal.documents.reference import load_reference

FOLDER = settings.BASE_DIR / "fixtures" / "reference"


def load(*names: str) -> None:
    """Load the legal documents and the files of the names: ``load("eligibility_rules")``."""
    paths = {path.stem.partition("_")[2]: path for path in sorted(FOLDER.glob("*.json"))}
    load_reference([paths["legal_documents"], *(paths[name] for name in names)])

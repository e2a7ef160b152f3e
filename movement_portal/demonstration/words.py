"""The words that invented names are drawn from, kept as data."""

import json

from django.conf import settings

WORDS: dict[str, list[str]] = json.loads(
    (settings.BASE_DIR / "fixtures" / "demonstration" / "words.json").read_text(encoding="utf-8")
)

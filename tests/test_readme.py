"""The page a newcomer reads first is true to the tree."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = re.findall(r"`((?:\w+/)+)`", (ROOT / "README.md").read_text(encoding="utf-8"))


def test_folders_that_the_readme_names_are_there():
    assert [folder for folder in FOLDERS if not (ROOT / folder).is_dir()] == []


def test_every_app_is_named():
    apps = {f"{path.parent.relative_to(ROOT)}/" for path in ROOT.glob("**/apps.py") if "node_modules" not in path.parts}
    assert {app for app in apps if not app.startswith(".")} <= set(FOLDERS)

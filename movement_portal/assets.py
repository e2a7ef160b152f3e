"""Static files from front-end packages: which of their files the portal serves, and how all are stored."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: Address below ``/static/`` and file below ``node_modules/``; nothing else of a package is served.
PACKAGE_FILES = {
    "vendor/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "vendor/bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/datepicker.min.js": "vanillajs-datepicker/dist/js/datepicker.min.js",
    "vendor/datepicker.vi.js": "vanillajs-datepicker/dist/js/locales/vi.js",
    "vendor/datepicker.min.css": "vanillajs-datepicker/dist/css/datepicker-bs5.min.css",
    # Be Vietnam Pro has no figures of equal width; those of Roboto stand in.
    **{
        f"vendor/roboto-latin-{weight}.woff2": f"@fontsource/roboto/files/roboto-latin-{weight}-normal.woff2"
        for weight in (400, 600)
    },
    **{
        f"vendor/be-vietnam-pro-{subset}-{weight}.woff2": (
            f"@fontsource/be-vietnam-pro/files/be-vietnam-pro-{subset}-{weight}-normal.woff2"
        )
        for subset in ("vietnamese", "latin")
        for weight in (400, 600)
    },
}


class PackageFinder(BaseFinder):
    """Finds the files of ``PACKAGE_FILES`` for ``runserver``, the tests and ``collectstatic``."""

    def __init__(self, *args, **kwargs):
        self.root = Path(settings.NODE_MODULES)

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        found = self.root / PACKAGE_FILES[path] if path in PACKAGE_FILES else None
        if found is None or not found.exists():
            return [] if find_all else None
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns):
        for address, file in PACKAGE_FILES.items():
            yield address, PackageStorage(self.root, {address: file})


class PackageStorage(FileSystemStorage):
    """Opens a package's file by the address under which the portal serves it."""

    prefix = ""

    def __init__(self, root, files):
        super().__init__(location=root)
        self.files = files

    def path(self, name):
        return super().path(self.files[name])


class PortalStaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files; comments that name source maps are left alone, the maps are not served."""

    patterns = tuple(
        (
            extension,
            tuple(
                pattern
                for pattern in patterns
                if "sourceMappingURL" not in (pattern if isinstance(pattern, str) else pattern[0])
            ),
        )
        for extension, patterns in CompressedManifestStaticFilesStorage.patterns
    )

"""Every address of the portal, read from the URLconf, so that a new page joins the matrix by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Route:
    """One named pattern: its full name, the names of its arguments and its path as written."""

    name: str
    arguments: tuple[str, ...]
    pattern: str

    def address(self, **arguments) -> str:
        return reverse(self.name, kwargs=arguments)


def routes() -> list[Route]:
    """All patterns in the order of the URLconf; an unnamed one is an error, for nobody could test it."""
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: URLResolver, prefix: str, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, path, inner)
        elif isinstance(entry, URLPattern):
            if entry.name is None:
                if "(?P<url>" in path or path.endswith("<path:object_id>/"):
                    # The admin's catch-all and its redirect of old addresses show nothing of their own.
                    continue
                raise AssertionError(f"The address {path} has no name.")
            name = ":".join((*namespaces, entry.name))
            yield Route(name, tuple(entry.pattern.converters) or _groups(entry), path)


def _groups(entry: URLPattern) -> tuple[str, ...]:
    return tuple(getattr(getattr(entry.pattern, "regex", None), "groupindex", {}))

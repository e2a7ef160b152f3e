"""An officer's requests, as the application server hands them over: through every middleware, answers compressed."""

import io
import sys
from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

BACKEND = "movement_portal.jurisdictions.backends.PostingBackend"


class Visitor:
    """A signed-in officer; not Django's test client, which keeps a copy of every template's context."""

    def __init__(self, officer, *, headers: Mapping[str, str] | None = None):
        self._headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}
        client = Client()
        client.force_login(officer, BACKEND)
        self._cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        self._handler = WSGIHandler()

    def get(self, path: str, **parameters: object) -> bytes:
        """The body of the answer, compressed as a browser asks for it; anything but 200 is an error."""
        answered: list[str] = []

        def start_response(status, headers, exc_info=None):
            answered.append(status)

        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": urlencode(parameters),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self._cookie,
            "HTTP_ACCEPT_ENCODING": "gzip",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            **self._headers,
        }
        response = self._handler(environ, start_response)
        body = b"".join(response)
        response.close()
        if not answered[0].startswith("200"):
            raise RuntimeError(f"{path}: {answered[0]}")
        return body

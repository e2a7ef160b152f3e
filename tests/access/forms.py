"""Reads the forms of a page as a browser would, so that a stranger can send what a right officer would have sent."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._select = self._textarea = None
        self._text = ""
        self._open = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.forms.append(Form(attrs.get("action") or "", (attrs.get("method") or "get").lower()))
            self._open = True
        if not self._open:
            return
        values = self.forms[-1].values
        name = attrs.get("name")
        if tag == "input" and name:
            kind = attrs.get("type", "text")
            if kind in ("checkbox", "radio") and "checked" not in attrs:
                if kind == "radio":
                    values.setdefault(name, [attrs.get("value", "on")])
                return
            if kind not in ("file", "button", "image", "reset"):
                values.setdefault(name, []).append(attrs.get("value", ""))
        elif tag == "button" and name:
            values.setdefault(name, [attrs.get("value", "")])
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select:
            self.option(attrs)
        elif tag == "textarea" and name:
            self._textarea, self._text = name, ""

    def option(self, attrs):
        values = self.forms[-1].values
        if "selected" in attrs:
            values[self._select] = [attrs.get("value", "")]
        elif attrs.get("value"):
            values.setdefault(self._select, [attrs["value"]])

    def handle_data(self, data):
        if self._textarea:
            self._text += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._textarea:
            self.forms[-1].values.setdefault(self._textarea, []).append(self._text)
            self._textarea = None


def forms_of(html: str) -> list[Form]:
    """The forms of a page that post, each with the values it would send; a first choice is made where none is."""
    reader = _Reader()
    reader.feed(html)
    return [form for form in reader.forms if form.method == "post"]

from django.urls import register_converter
from django.urls.converters import get_converters


class UnitCode:
    """The internal code of a unit in an address; words beside it name pages."""

    regex = r"DV[0-9]{7,10}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


def know_unit_codes() -> None:
    """Let addresses name units by their code, whichever list of addresses is read first."""
    if "unit_code" not in get_converters():
        register_converter(UnitCode, "unit_code")

class UnitCode:
    """The internal code of a unit in an address; words beside it name pages."""

    regex = r"DV[0-9]{7,10}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value

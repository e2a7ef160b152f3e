"""What the steps in the lives of records share: how one that cannot be taken is refused."""

import datetime

from movement_portal.lib.dates import today


class TransitionError(Exception):
    """A step that cannot be taken; the message says why, in Vietnamese.

    ``about`` names the value at fault, where it is one of a move: ``"jurisdiction"`` or ``"valid_from"``.
    """

    def __init__(self, message: str, about: str = ""):
        super().__init__(message)
        self.about = about


def refuse_ahead(on: datetime.date) -> None:
    """Raise ``TransitionError`` for a day still to come.

    State columns say how a record stands today: such a day would make them say what is not yet so.
    """
    if on > today():
        raise TransitionError("Ngày có hiệu lực không được sau hôm nay.")

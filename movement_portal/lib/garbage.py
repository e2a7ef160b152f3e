"""When Python looks for rings of objects that nobody holds any more."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def without_search() -> Iterator[None]:
    """Hold the search for rings of objects off while many are made and dropped, none of them in rings.

    It looks at all that lives, again and again as a list grows: a quarter of the time of a large one. Everything else
    is freed as always. Another thread may begin the search again when it is done with its own; no harm is in that.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

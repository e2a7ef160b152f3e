"""What is typed comes in one spelling, whichever keyboard, telephone or page it was copied from."""

from django.http import QueryDict

from movement_portal.lib.vietnamese import composed

#: A null character as an address writes it.
NULL = "%00"


class TypedTextMiddleware:
    """Texts of a form arrive composed (NFC) and without characters that nobody sees.

    A name of nothing but such characters is then an empty one to every form, of the portal and the admin pages alike.
    A null character is left to the forms, which refuse it; in an address, where it means nothing and PostgreSQL stops
    at it, it is passed over.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = request.META.get("QUERY_STRING", "")
        while NULL in query:
            request.META["QUERY_STRING"] = query = query.replace(NULL, "")
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Before the view, and after the token was checked: by then the form was read anyway."""
        if request.method == "POST":
            request.POST = in_one_spelling(request.POST)


def in_one_spelling(typed: QueryDict) -> QueryDict:
    """The fields with every text composed; the same fields where none has to change."""
    if all(text.isascii() for _, texts in typed.lists() for text in texts):
        return typed
    spelt = typed.copy()
    for name, texts in typed.lists():
        spelt.setlist(name, [composed(text) for text in texts])
    spelt._mutable = False
    return spelt

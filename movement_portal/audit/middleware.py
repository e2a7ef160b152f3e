import uuid

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act


def audit_middleware(get_response):
    """One request is one act of its officer; the request id goes back in the answer."""

    def middleware(request):
        request.request_id = uuid.uuid4().hex
        with act(EventKind.EDIT, by=request.user, request_id=request.request_id):
            response = get_response(request)
        response["X-Request-ID"] = request.request_id
        return response

    return middleware

"""Permissions from postings: an officer may do what the functions of today's postings allow, and nothing else."""

from django.contrib.auth.backends import ModelBackend

from movement_portal.jurisdictions.enums import PoliceLevel
from movement_portal.jurisdictions.functions import allowed
from movement_portal.jurisdictions.models.officers import officers_by_key

#: Levels of office that write what all areas share.
SHARING_LEVELS = (PoliceLevel.MINISTRY, PoliceLevel.PROVINCE)


class PostingBackend(ModelBackend):
    """Signs in active officers; their permissions are those of today's functions.

    The postings are read once a request and kept on the officer object; what a function may do is known in code.
    """

    def get_user(self, user_id):
        officer = next(iter(officers_by_key(pk=user_id)), None)
        return officer if officer and self.user_can_authenticate(officer) else None

    def get_user_permissions(self, user_obj, obj=None):
        return set()

    def get_group_permissions(self, user_obj, obj=None):
        return set(self.get_all_permissions(user_obj, obj))

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None or user_obj.office is None:
            return frozenset()
        return allowed(frozenset(user_obj.functions), user_obj.office.level in SHARING_LEVELS)

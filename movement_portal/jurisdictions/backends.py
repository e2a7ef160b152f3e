"""Permissions from postings: an officer may do what the functions of today's postings allow, and nothing else."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission

from movement_portal.jurisdictions.enums import PoliceLevel
from movement_portal.jurisdictions.functions import shared_writes


class PostingBackend(ModelBackend):
    """Signs in active officers; their permissions are those of today's functions.

    The answer is kept on the officer object, so a request asks once: one query for postings, one for permissions.
    """

    def _get_user_permissions(self, user_obj):
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj):
        held = Permission.objects.filter(group__name__in=[function.value for function in user_obj.functions])
        if user_obj.office is None or user_obj.office.level in (PoliceLevel.MINISTRY, PoliceLevel.PROVINCE):
            return held
        return held.exclude(shared_writes())

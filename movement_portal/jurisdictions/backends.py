"""Permissions from postings: an officer may do what the functions of today's postings allow."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission


class PostingBackend(ModelBackend):
    """Signs in active officers; group permissions are those of today's functions, whatever groups the row lists."""

    def _get_group_permissions(self, user_obj):
        return Permission.objects.filter(group__name__in=[function.value for function in user_obj.functions])

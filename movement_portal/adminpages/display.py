"""How the admin pages write values: years as years."""

from django.contrib.admin import helpers
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.utils import display_for_field
from django.db import models

#: Years, months and orders; counts and amounts are larger fields.
_UNGROUPED = models.SmallIntegerField | models.PositiveSmallIntegerField


def displayed(value, field, *args, **kwargs):
    """As Django writes the value of a field, but “2026” and not “2.026” for a year."""
    if isinstance(field, _UNGROUPED) and not field.flatchoices and value is not None:
        return str(value)
    return display_for_field(value, field, *args, **kwargs)


def take_over():
    """Let lists and forms that are only read write values so; Django leaves no other place to say it."""
    admin_list.display_for_field = helpers.display_for_field = displayed

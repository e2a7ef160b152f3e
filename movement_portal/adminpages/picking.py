"""Pickers of related records in the admin pages."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError


class KeysOnly:
    """Shows again what was picked; what is no key at all, in a form or an address, picks nothing.

    Django's own asks the database for it and fails.
    """

    def optgroups(self, name, value, attrs=None):
        return super().optgroups(name, [each for each in value if self._may_be_key(each)], attrs)

    def _may_be_key(self, value):
        key = self.field.remote_field.model._meta.pk
        try:
            key.run_validators(key.to_python(value))
        except ValidationError:
            return not value
        return True


class PickOne(KeysOnly, AutocompleteSelect):
    pass


class PickSeveral(KeysOnly, AutocompleteSelectMultiple):
    pass

"""Forms of guards."""

from crispy_forms.layout import HTML, Fieldset
from django import forms
from django.db.models import Q
from django.urls import reverse

from movement_portal.audit.forms import VersionedModelForm
from movement_portal.persons.citizen_ids import validate
from movement_portal.persons.fields import CitizenIdForm
from units.enums import TeamKind
from units.forms.teams import OfUnit, columns, fields_only, refuse_end_before_start
from units.models import Guard, SecurityTeam
from units.models.guards import ENDS_BEFORE_START


class GuardForm(OfUnit, CitizenIdForm, VersionedModelForm):
    class Meta:
        model = Guard
        fields = (
            "name",
            "birth_on",
            "birth_year",
            "sex",
            "team",
            "role",
            "kind",
            "education",
            "former_force",
            "started_on",
            "ended_on",
            "staff_card_number",
            "staff_card_on",
            "staff_card_returned_on",
        )

    def __init__(self, *args, user, unit=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_unit(user, unit)
        home = self.instance.unit if self.instance.pk else unit
        teams = _teams_of(home, self.instance.team_id) if home else SecurityTeam.objects.none()
        if len(teams):
            self.fields["team"].queryset = teams
            self.fields["team"].label_from_instance = lambda team: team.name
            if not self.instance.pk and len(teams) == 1:
                # As nearly everywhere: the one team of the unit, its kind for its people.
                self.initial.setdefault("team", teams[0].pk)
                self.initial["kind"] = teams[0].kind
        else:
            # On a form that does not know the unit yet there is nothing to choose from.
            del self.fields["team"]
        if not self.instance.pk and unit is not None:
            self.fields["name"].widget.attrs["autofocus"] = True
        self.fields["birth_on"].help_text = "Biết ngày thì không cần ghi năm."
        start = [] if self.instance.pk else ["unit_code", "submission_key"]
        number = ["citizen_id_typed", *(["citizen_id_removed"] if "citizen_id_removed" in self.fields else [])]
        team = ["team"] if "team" in self.fields else []
        self.helper = fields_only(
            Fieldset("Người bảo vệ", *start, "name", columns("birth_on", "birth_year", "sex")),
            Fieldset(
                "Công việc",
                *team,
                columns("role", "kind"),
                columns("started_on", "ended_on"),
                columns("education", "former_force"),
            ),
            Fieldset(
                "Giấy chứng nhận nhân viên bảo vệ (đơn vị cấp)",
                columns("staff_card_number", "staff_card_on", "staff_card_returned_on"),
            ),
            Fieldset("Số định danh", *number, HTML(self._hint())),
        )

    def _hint(self):
        """Where the page is told, as soon as a number is typed, who has it already; sent in the body."""
        pk = self.instance.pk
        address = reverse("forces:guard_hint_of", args=[pk]) if pk else reverse("forces:guard_hint")
        return (
            f'<div role="status" aria-live="polite" hx-post="{address}" hx-trigger="change from:#id_citizen_id_typed"'
            ' hx-include="closest form" hx-push-url="false" hx-swap="innerHTML"></div>'
        )

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - self.known({"unit", "citizen_id", "citizen_id_index"})

    def clean(self):
        cleaned = super().clean()
        if birth_on := cleaned.get("birth_on"):
            cleaned["birth_year"] = birth_on.year
        refuse_end_before_start(self, cleaned, first="started_on", last="ended_on", message=ENDS_BEFORE_START)
        return cleaned

    def _post_clean(self):
        self.take_unit()
        if not self.instance.pk and self.instance.unit_id and self._asked_of_another():
            # The form was opened before the unit was known, or for another unit than the one chosen since.
            teams = list(_teams_of(self.instance.unit)[:2])
            self.instance.team = self.cleaned_data["team"] = teams[0] if len(teams) == 1 else None
        super()._post_clean()

    def _asked_of_another(self):
        """Whether the form offered no team of the unit chosen."""
        if "team" not in self.fields:
            return True
        team = self.cleaned_data.get("team")
        return team is not None and team.unit_id != self.instance.unit_id


def _teams_of(unit, current=None):
    """The unit's own teams that people can be put into: standing ones, and the one somebody is in already."""
    own = SecurityTeam.objects.filter(unit=unit).exclude(kind=TeamKind.HIRED)
    return own.filter(Q(pk__in=own.standing().values("pk")) | Q(pk=current)).select_related("unit").order_by("id")


class NumberForm(forms.Form):
    """One number to look for; sent in the body, so that it stands in no address and no log."""

    number = forms.CharField(
        label="Số định danh cá nhân",
        max_length=20,
        validators=[validate],
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text="12 chữ số. Số gõ ở đây không lưu lại ở đâu; lần tra được ghi vào nhật ký với số đã che.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields_only("number")

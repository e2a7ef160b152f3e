from django import forms

from movement_portal.lib.dates import plausible_day, today


class TreeForm(forms.Form):
    """Which day's areas are looked at, and what is sought among them; a wrong date is answered with today."""

    q = forms.CharField(label="tìm", required=False, max_length=100)
    on = forms.DateField(label="địa bàn tại ngày", required=False, validators=[plausible_day])

    @property
    def day(self):
        """The day asked for, else today."""
        return (self.is_valid() and self.cleaned_data["on"]) or today()

    @property
    def misread(self):
        """What was typed for the day and is none; empty where there is nothing wrong."""
        return self.data.get("on", "").strip()[:40] if not self.is_valid() and "on" in self.errors else ""

    @property
    def text(self):
        """The text sought; empty where there is none."""
        return self.data.get("q", "").strip()[:100]

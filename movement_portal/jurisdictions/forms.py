from django import forms

from movement_portal.lib.dates import today


class TreeForm(forms.Form):
    """Which day's areas are looked at, and what is sought among them; a wrong date is answered with today."""

    q = forms.CharField(label="tìm", required=False, max_length=100)
    on = forms.DateField(label="địa bàn tại ngày", required=False)

    @property
    def day(self):
        """The day asked for, else today."""
        return (self.is_valid() and self.cleaned_data["on"]) or today()

    @property
    def text(self):
        """The text sought; empty where there is none."""
        return self.data.get("q", "").strip()[:100]

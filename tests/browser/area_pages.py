"""A page with two area pickers, and the search behind them."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.urls import include, path

from movement_portal.jurisdictions.fields import AreaField
from movement_portal.urls import urlpatterns as portal
from tests.browser.sample_pages import respond

#: Areas the sample form was sent with, oldest first; a test empties it.
SENT = []


class PlaceForm(forms.Form):
    area = AreaField(label="địa bàn")
    other = AreaField(label="nơi khác", required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.narrow(by)
        self.helper = FormHelper()
        self.helper.form_class = "record-form"
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("save", "Lưu"))


def places(request):
    form = PlaceForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        SENT.append((form.cleaned_data["area"].name, form.cleaned_data["other"]))
    return respond(request, "{% load crispy_forms_tags %}{% crispy form %}", form=form)


urlpatterns = [path("chon/", places, name="sample_places"), path("", include(portal))]

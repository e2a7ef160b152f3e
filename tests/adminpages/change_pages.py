"""Change pages of the admin as a browser has them."""

from django.urls import reverse


def change_url(record):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def form_data(response, **typed):
    """What the browser sends back from a change page, with some fields typed over."""
    form = response.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for inline in response.context["inline_admin_formsets"]:
        formset = inline.formset
        for bound in [formset.management_form, *formset.forms]:
            data |= {bound.add_prefix(name): bound[name].value() for name in bound.fields}
    return {name: value for name, value in (data | typed).items() if value is not None and value is not False}

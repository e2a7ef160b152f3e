"""Forms of signing in and of the account pages; each narrows its choices to what the officer may give."""

import datetime

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Fieldset, Layout, Row, Submit
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.http import urlencode

from movement_portal.accounts.states import STATES
from movement_portal.audit.forms import VersionedModelForm
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.fields import OfficeField
from movement_portal.jurisdictions.functions import SUMMARIES
from movement_portal.jurisdictions.granting import grantable
from movement_portal.jurisdictions.models import Officer, PoliceOffice
from movement_portal.lib.dates import beginning_of, day_before, today
from movement_portal.lib.free_text import PlainForm

PASSWORD_RULE = "Ít nhất 12 ký tự, không giống họ tên hay tên đăng nhập; một câu ngắn dễ nhớ là tốt nhất."


def form_helper(*layout, submit, cancel=""):
    """The helper of a form with one button and, where there is a way back, a link to it."""
    helper = FormHelper()
    helper.attrs = {"novalidate": ""}
    helper.form_error_title = ""
    way_back = [HTML(f'<a class="btn btn-outline-secondary" href="{cancel}">Quay lại</a>')] if cancel else []
    helper.layout = Layout(*layout, Div(Submit("", submit), *way_back, css_class="form-actions"))
    return helper


def take_errors(form, error):
    """Show a refusal of the workflow on the form: beside the fields it has, on top for the others."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        for name, problems in error.error_dict.items():
            form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, problems)
    else:
        form.add_error(None, error if isinstance(error, ValidationError) else str(error))


class SignInForm(AuthenticationForm):
    error_title = "Chưa đăng nhập được:"
    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đã bị khóa.",
        "inactive": "Tài khoản đã bị khóa.",
        "expired": "Mật khẩu lần đầu đã quá hạn {hours} giờ. Đề nghị người quản trị tài khoản đặt lại mật khẩu.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper("username", "password", submit="Đăng nhập")
        self.helper.form_tag = False

    def clean_username(self):
        return Officer.normalize_username(self.cleaned_data["username"])

    def confirm_login_allowed(self, user):
        super().confirm_login_allowed(user)
        if user.first_password_expired:
            message = self.error_messages["expired"].format(hours=settings.FIRST_PASSWORD_HOURS)
            raise ValidationError(message, code="expired")


class PasswordForm(PasswordChangeForm):
    """Change of one's own password; a first password becomes the officer's own with it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Mật khẩu đang dùng"
        self.fields["new_password1"].help_text = PASSWORD_RULE
        self.fields["new_password2"].label = "Nhập lại mật khẩu mới"
        self.fields["new_password2"].help_text = ""
        self.helper = form_helper("old_password", "new_password1", "new_password2", submit="Đổi mật khẩu")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("new_password1") and cleaned["new_password1"] == cleaned.get("old_password"):
            self.add_error("new_password1", "Mật khẩu mới phải khác mật khẩu đang dùng.")
        return cleaned

    def save(self, commit=True):
        self.user.must_change_password = False
        self.user.password_expires_at = None
        return super().save(commit)


class OfficerForm(VersionedModelForm):
    class Meta:
        model = Officer
        fields = ("full_name", "username", "title", "phone")
        help_texts = {"username": "Chữ thường không dấu, số, dấu chấm; ví dụ: nguyenvana.benthanh"}

    layout = (
        Row(Column("full_name", css_class="col-md-6"), Column("username", css_class="col-md-6")),
        Row(Column("title", css_class="col-md-6"), Column("phone", css_class="col-md-6")),
    )

    def __init__(self, *args, **kwargs):
        cancel = kwargs.pop("cancel", "")
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.update(autocapitalize="none", autocomplete="off", spellcheck="false")
        self.helper = form_helper(*self.layout, submit="Lưu", cancel=cancel)
        self.helper.form_class = "record-form"

    def clean_username(self):
        return Officer.normalize_username(self.cleaned_data["username"])


def function_choices(by):
    """The functions that ``by`` may give, each with what it does."""
    allowed = grantable(by)
    return [(item.value, f"{item.label}: {SUMMARIES[item]}") for item in Function if item in allowed]


class PostingForm(PlainForm):
    """A posting to be given by ``by``; the workflow has the last word."""

    office = OfficeField(label="Cơ quan Công an")
    function = forms.ChoiceField(label="Chức năng", widget=forms.RadioSelect)
    valid_from = forms.DateField(label="Từ ngày", initial=today)
    valid_to = forms.DateField(
        label="Đến hết ngày", required=False, help_text="Để trống nếu chưa biết; khi thôi giữ chức năng thì kết thúc."
    )
    grants = forms.MultipleChoiceField(
        label="Được cấp cho người khác",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chỉ dùng khi chức năng là quản trị hệ thống.",
    )
    moving = forms.BooleanField(
        label="Chuyển công tác: kết thúc phân công ở cơ quan khác vào hôm trước", required=False
    )

    def __init__(self, *args, by, officer=None, cancel="", **kwargs):
        super().__init__(*args, **kwargs)
        self.officer = officer
        self.fields["office"].narrow(by)
        self.fields["function"].choices = function_choices(by)
        allowed = grantable(by)
        if Function.MANAGE_ACCOUNTS in allowed:
            self.fields["grants"].choices = [(item.value, item.label) for item in Function if item in allowed]
        else:
            del self.fields["grants"]
        if officer is None or not officer.postings.not_ended_before(today()).exists():
            del self.fields["moving"]
        self.helper = form_helper(*self.layout(), submit="Phân công", cancel=cancel)
        self.helper.form_class = "record-form"

    def layout(self):
        """The fields that the form has, in the order of the page."""
        dates = Row(Column("valid_from", css_class="col-md-4"), Column("valid_to", css_class="col-md-8"))
        return ["office", "function", dates, *(name for name in ("grants", "moving") if name in self.fields)]

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("valid_from"), cleaned.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", "Ngày kết thúc phải sau ngày bắt đầu.")
        if cleaned.get("grants") and cleaned.get("function") != Function.MANAGE_ACCOUNTS:
            self.add_error("grants", "Chỉ phân công quản trị hệ thống mới được cấp chức năng cho người khác.")
        return cleaned

    @property
    def posting(self):
        """What the workflow takes as a posting."""
        values = {name: self.cleaned_data[name] for name in ("office", "valid_from", "valid_to")}
        grants = self.cleaned_data.get("grants", [])
        return {**values, "function": Function(self.cleaned_data["function"]), "grants": grants}


class NewOfficerForms:
    """An account and its first posting on one page: two forms, one button."""

    def __init__(self, data=None, *, by, cancel=""):
        self.officer = OfficerForm(data)
        self.posting = PostingForm(data, by=by)
        self.officer.helper = FormHelper()
        self.officer.helper.layout = Layout(Fieldset("Cán bộ", *OfficerForm.layout))
        self.posting.helper = form_helper(
            Fieldset("Phân công đầu tiên", *self.posting.layout()), submit="Mở tài khoản", cancel=cancel
        )
        for form in (self.officer, self.posting):
            form.summary_elsewhere = True
            form.helper.form_tag = False
            form.helper.disable_csrf = True

    def is_valid(self):
        return all([self.officer.is_valid(), self.posting.is_valid()])

    @property
    def errors(self):
        """The errors of both forms, for one summary on top of the page."""
        return {**self.officer.errors, **self.posting.errors}

    def non_field_errors(self):
        return [*self.officer.non_field_errors(), *self.posting.non_field_errors()]

    def visible_fields(self):
        return [*self.officer.visible_fields(), *self.posting.visible_fields()]

    def hidden_fields(self):
        return [*self.officer.hidden_fields(), *self.posting.hidden_fields()]

    def take_errors(self, error):
        """Show a refusal of the workflow on the form that has the field."""
        names = set(getattr(error, "error_dict", ()))
        take_errors(self.officer if names & set(self.officer.fields) else self.posting, error)


class StepForm(PlainForm):
    """Confirms one step of an account, with the reason that goes into its history."""

    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, step, cancel, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = step.reason_required
        self.helper = form_helper("reason", submit=step.label, cancel=cancel)
        self.helper.form_class = "record-form"


class EndPostingForm(PlainForm):
    """Ends a posting at once or on a later day."""

    NOW, LATER = "now", "later"

    when = forms.ChoiceField(
        label="Kết thúc",
        choices=[(NOW, "Ngay bây giờ"), (LATER, "Hết ngày ghi dưới đây")],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    last_day = forms.DateField(label="Ngày cuối cùng", required=False)
    reason = forms.CharField(
        label="Lý do", max_length=500, required=False, help_text="Ví dụ: số quyết định điều động, nghỉ hưu."
    )

    def __init__(self, *args, cancel, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper("when", "last_day", "reason", submit="Kết thúc phân công", cancel=cancel)
        self.helper.form_class = "record-form"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("when") == self.NOW:
            cleaned["last_day"] = day_before(today())
        elif not cleaned.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "Phải ghi ngày.")
        return cleaned


class OfficerFilterForm(forms.Form):
    """What the list of officers is narrowed by; an unreadable value is as good as none."""

    q = forms.CharField(label="Tìm", required=False, max_length=100)
    function = forms.ChoiceField(label="Chức năng", required=False, choices=[("", "Mọi chức năng"), *Function.choices])
    state = forms.ChoiceField(
        label="Trạng thái",
        required=False,
        choices=[("", "Mọi trạng thái"), *((str(state.name), state.label) for state in STATES)],
    )
    office = forms.ModelChoiceField(
        PoliceOffice.objects.none(), label="Cơ quan", required=False, widget=forms.HiddenInput
    )
    #: The act in which the accounts were opened: an import of a list.
    viec = forms.UUIDField(label="Mở tài khoản", required=False, widget=forms.HiddenInput)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = PoliceOffice.objects.visible_to(by)
        self.fields["q"].widget.attrs["placeholder"] = "Họ tên, tên đăng nhập, cơ quan"

    @property
    def values(self):
        """The readable values that narrow the list, by field name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class JournalForm(forms.Form):
    """What the journal of accounts is narrowed by; all of it stands in the address, what is unreadable is left out."""

    ACTS, FAILURES = "", "dang-nhap-sai"

    can_bo = forms.CharField(label="Tài khoản", required=False, max_length=100)
    tu_ngay = forms.DateField(label="Từ ngày", required=False)
    den_ngay = forms.DateField(label="Đến ngày", required=False)
    loai = forms.ChoiceField(required=False, choices=[(ACTS, ""), (FAILURES, "")], widget=forms.HiddenInput)

    def __init__(self, data):
        super().__init__(data)
        self.fields["can_bo"].widget.attrs["placeholder"] = "Họ tên, tên đăng nhập, cơ quan"
        for field in self.visible_fields():
            field.field.widget.attrs["class"] = "form-control"
        self.is_valid()
        self.text = self.cleaned_data.get("can_bo", "")
        self.shows_failures = self.cleaned_data.get("loai") == self.FAILURES

    @property
    def is_narrowed(self):
        """Whether something narrows the journal."""
        return any(self.cleaned_data.get(name) for name in ("can_bo", "tu_ngay", "den_ngay"))

    @property
    def query(self):
        """The address without which of the two lists is shown, and without a page."""
        return urlencode({name: self.data[name] for name in ("can_bo", "tu_ngay", "den_ngay") if self.data.get(name)})

    def period(self, column):
        """Moments of the column on the days asked for."""
        condition = models.Q()
        if day := self.cleaned_data.get("tu_ngay"):
            condition &= models.Q(**{f"{column}__gte": beginning_of(day)})
        if day := self.cleaned_data.get("den_ngay"):
            condition &= models.Q(**{f"{column}__lt": beginning_of(day + datetime.timedelta(days=1))})
        return condition

"""Forms of a model itself: entering, editing, copying it to many units, and the steps of its life."""

import uuid

from crispy_forms.layout import HTML, Fieldset
from django import forms

from models_registry import workflow
from models_registry.enums import ENDED_STATUSES, MemberRole, ModelStatus
from models_registry.forms.fields import ModelField
from models_registry.members import Body, join
from models_registry.models import ModelKind, ModelStep, ModelStrength, SelfManagedModel
from movement_portal.audit.forms import VersionedModelForm
from movement_portal.jurisdictions.fields import AreaField
from movement_portal.lib.dates import today
from movement_portal.lib.free_text import PlainForm
from units.forms.fields import UnitField
from units.forms.pasting import UnitsField
from units.forms.records import plain_helper
from units.forms.teams import columns, fields_only
from units.models import Unit

#: Bodies (a ward's police, a board) that the form of a new model has room for; more are added on the model's page.
BODIES = 3
AREA_HELP = "Chỉ cần khi nơi chủ trì không phải đơn vị trong sổ."


class SelfManagedModelForm(VersionedModelForm):
    """A model; a new one brings along who takes part and its strength of today."""

    lead_unit_code = UnitField(label="Đơn vị chủ trì", required=False, help_text="Gõ tên, mã rồi chọn trong gợi ý.")
    jurisdiction = AreaField(label="Địa bàn", required=False, help_text=AREA_HELP)
    source = ModelField(label="Nhân rộng từ mô hình", required=False, help_text="Để trống nếu là mô hình xây dựng mới.")
    regulation_removed = forms.BooleanField(label="Bỏ tệp quy chế đang lưu", required=False)
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    launched_on = forms.DateField(
        label="Đã ra mắt ngày",
        required=False,
        help_text="Ghi ngày nếu mô hình đang hoạt động; để trống nếu mới đề xuất.",
    )
    member_units = UnitsField(
        label="Đơn vị cùng tham gia", required=False, help_text="Mỗi dòng một đơn vị; không ghi lại đơn vị chủ trì."
    )
    group_count = forms.IntegerField(label="Số tổ", required=False, min_value=0, localize=True)
    member_count = forms.IntegerField(
        label="Số thành viên", required=False, min_value=0, localize=True, help_text="Số người, không phải lượt người."
    )
    camera_count = forms.IntegerField(label="Số camera", required=False, min_value=0, localize=True)

    class Meta:
        model = SelfManagedModel
        fields = (
            "kind",
            "name",
            "lead_body",
            "jurisdiction",
            "place",
            "decision_number",
            "decision_on",
            "decision_issuer",
            "regulation",
            "launch_place",
            "head_name",
            "head_title",
            "head_phone",
            "note",
        )
        widgets = {"regulation": forms.FileInput, "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, user, source=None, lead_unit=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.is_new = self.instance.pk is None
        self.fields["lead_unit_code"].narrow(Unit.objects.visible_to(user))
        self.fields["jurisdiction"].narrow(user)
        self.fields["source"].narrow(SelfManagedModel.objects.visible_to(user).exclude(pk=self.instance.pk))
        self.fields["kind"].queryset = ModelKind.objects.visible_to(user).filter(is_in_use=True) | (
            ModelKind.objects.visible_to(user).filter(pk=self.instance.kind_id)
        )
        self.fields["kind"].empty_label = "Chọn loại mô hình"
        self.fields["regulation"].help_text = "Tệp PDF, Word hoặc ảnh chụp."
        if self.is_new:
            self._begin(source, lead_unit)
        else:
            self._go_on()
        self.helper = self._layout()

    def _begin(self, source, lead_unit):
        del self.fields["regulation_removed"]
        self.initial.setdefault("submission_key", uuid.uuid4())
        if not self.user.has_perm(workflow.CHANGE_STATUS):
            del self.fields["launched_on"]
        self.fields["member_units"].narrow(self.user)
        for number in range(1, BODIES + 1):
            self.fields[f"body_{number}"] = forms.CharField(
                label="Cơ quan, lực lượng", required=False, max_length=200, empty_value=""
            )
            area = AreaField(label="Địa bàn của cơ quan đó", required=False)
            self.fields[f"body_area_{number}"] = area
            area.narrow(self.user)
        if "is_another" in self.data:
            self._ask_whether_another()
        if source is not None:
            self.initial |= {"source": source, "kind": source.kind_id, "name": source.name}
        if lead_unit is not None:
            self.initial["lead_unit_code"] = lead_unit

    def _go_on(self):
        for name in ("submission_key", "launched_on", "member_units", "group_count", "member_count", "camera_count"):
            del self.fields[name]
        if not self.instance.regulation:
            del self.fields["regulation_removed"]
        lead = self.instance.lead_unit_id and self.fields["lead_unit_code"].queryset.filter(
            pk=self.instance.lead_unit_id
        )
        if lead:
            self.initial["lead_unit_code"] = lead.first()
        if source := self.instance.replicated_from_id:
            self.initial["source"] = self.fields["source"].queryset.filter(pk=source).first()
            if self.initial["source"] is None:
                # A source out of the officer's reach stays what it is.
                del self.fields["source"]

    def _layout(self):
        present = [name for name in ("launched_on",) if name in self.fields]
        parts = [
            Fieldset("Mô hình", columns("kind", "name"), *(["source"] if "source" in self.fields else [])),
            Fieldset("Nơi chủ trì", columns("lead_unit_code", "lead_body"), columns("jurisdiction", "place")),
        ]
        self.about = parts[0]
        if self.is_new:
            parts[0].fields.insert(0, "submission_key")
            if "is_another" in self.fields:
                parts[0].fields.insert(2, "is_another")
            bodies = [columns(f"body_{number}", f"body_area_{number}") for number in range(1, BODIES + 1)]
            about = "Cụm liên kết nhiều nơi là một mô hình: ghi mọi đơn vị, cơ quan cùng tham gia vào đây."
            told = HTML(f'<p class="text-secondary">{about}</p>')
            parts.append(Fieldset("Cùng tham gia", told, "member_units", *bodies))
        removed = [name for name in ("regulation_removed",) if name in self.fields]
        parts += [
            Fieldset(
                "Thành lập, ra mắt",
                columns("decision_number", "decision_on", "decision_issuer"),
                columns(*present, "launch_place"),
                "regulation",
                *removed,
            ),
            Fieldset("Trưởng mô hình", columns("head_name", "head_title", "head_phone")),
        ]
        if self.is_new:
            parts.append(Fieldset("Lực lượng hiện nay", columns("group_count", "member_count", "camera_count")))
        return fields_only(*parts, "note")

    def clean(self):
        cleaned = super().clean()
        lead, body = cleaned.get("lead_unit_code"), cleaned.get("lead_body", "")
        failed = {"lead_unit_code", "lead_body"} & self.errors.keys()
        if not failed and bool(lead) == bool(body):
            both = "Chỉ ghi một nơi chủ trì; nơi còn lại ghi ở phần cùng tham gia."
            self.add_error("lead_body", both if lead else "Chọn đơn vị chủ trì, hoặc ghi tên cơ quan chủ trì.")
        if lead:
            # Điểm đặt theo đơn vị: the model moves with the unit that leads it.
            cleaned["jurisdiction"] = lead.jurisdiction
        elif body and not cleaned.get("jurisdiction") and "jurisdiction" not in self.errors:
            self.add_error("jurisdiction", "Chọn địa bàn của mô hình.")
        if cleaned.get("kind") and not cleaned.get("name"):
            cleaned["name"] = cleaned["kind"].name
        if cleaned.get("regulation_removed") and not self.files.get(self.add_prefix("regulation")):
            cleaned["regulation"] = False
        for number in range(1, BODIES + 1) if self.is_new else ():
            self._check_body(cleaned, number)
        if self.is_new:
            self._check_twin(cleaned)
        return cleaned

    def _ask_whether_another(self):
        self.fields["is_another"] = forms.BooleanField(label="Đúng là một mô hình khác, vẫn thêm", required=False)

    def _check_twin(self, cleaned):
        """A unit that leads an open model of the kind seldom starts a second one: ask."""
        lead, kind = cleaned.get("lead_unit_code"), cleaned.get("kind")
        if not lead or not kind or cleaned.get("is_another"):
            return
        twin = SelfManagedModel.objects.visible_to(self.user).open_of_kind(kind, [lead]).first()
        if twin is None:
            return
        if "is_another" not in self.fields:
            self._ask_whether_another()
            self.about.fields.insert(2, "is_another")
        said = f"Đơn vị đã có mô hình loại này: “{twin.name}” ({twin.code}, {twin.get_status_display().lower()})."
        self.add_error("kind", f"{said} Mở mô hình ấy mà ghi tiếp, hoặc đánh dấu nếu đây là mô hình khác.")

    def _check_body(self, cleaned, number):
        name, area = f"body_{number}", f"body_area_{number}"
        if cleaned.get(name) and not cleaned.get(area) and area not in self.errors:
            self.add_error(area, "Chọn địa bàn của cơ quan.")
        if cleaned.get(area) and not cleaned.get(name):
            self.add_error(name, "Ghi tên cơ quan, lực lượng.")

    def _post_clean(self):
        self.instance.lead_unit = self.cleaned_data.get("lead_unit_code")
        if "source" in self.fields:
            self.instance.replicated_from = self.cleaned_data.get("source")
        if self.is_new:
            self.instance.submission_key = self.cleaned_data.get("submission_key")
        super()._post_clean()

    def enter(self):
        """Enter the new model with all that came with it; raises ``TransitionError`` and what ``propose`` raises."""
        cleaned = self.cleaned_data
        if on := cleaned.get("launched_on"):
            workflow.launch_entered([self.instance], by=self.user, on=on, source=cleaned["source"])
        else:
            workflow.propose(self.instance, by=self.user, source=cleaned["source"])
        bodies = [
            Body(cleaned[f"body_{number}"], cleaned[f"body_area_{number}"])
            for number in range(1, BODIES + 1)
            if cleaned[f"body_{number}"]
        ]
        join(self.instance, units=cleaned["member_units"], bodies=bodies, role=MemberRole.MEMBER)
        counts = {name: cleaned[name] for name in ("group_count", "member_count", "camera_count")}
        if any(count is not None for count in counts.values()):
            ModelStrength.objects.create(model=self.instance, counted_on=today(), **counts)
        return self.instance


class StepForm(PlainForm):
    """What is said with a step in the life of a model: day, decision, reason, the model that takes it in."""

    past_fields = ("effective_on", "decision_on")

    into = ModelField(label="Mô hình nhận", help_text="Mô hình đang hoạt động; gõ tên hoặc mã rồi chọn.")
    effective_on = forms.DateField(label="Ngày", initial=today)
    decision_number = forms.CharField(label="Số quyết định, văn bản", max_length=60, required=False)
    decision_on = forms.DateField(label="Ngày ký", required=False)
    reason = forms.CharField(
        label="Lý do, nội dung", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, step, model, user, **kwargs):
        super().__init__(*args, **kwargs)
        if step.needs_receiver:
            receivers = SelfManagedModel.objects.visible_to(user).filter(status=ModelStatus.ACTIVE)
            self.fields["into"].narrow(receivers.exclude(pk=model.pk))
        else:
            del self.fields["into"]
        self.fields["reason"].required = step.needs_reason
        for name in ("decision_number", "decision_on") if step.needs_decision else ():
            self.fields[name].required = True
        if step is workflow.APPROVE:
            self.initial |= {"decision_number": model.decision_number, "decision_on": model.decision_on}
        self.fields["effective_on"].label = {
            workflow.LAUNCH: "Ngày ra mắt",
            workflow.APPROVE: "Phê duyệt ngày",
        }.get(step, "Có hiệu lực từ ngày" if step.target in ENDED_STATUSES else "Ngày")
        self.helper = plain_helper()


class StepCorrectionForm(VersionedModelForm):
    """What a step should have said; which step it is does not change."""

    class Meta:
        model = ModelStep
        fields = ("effective_on", "decision_number", "decision_on", "reason")
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        step = workflow.TRANSITIONS.get(self.instance.kind)
        self.fields["reason"].required = bool(step and step.needs_reason)
        for name in ("decision_number", "decision_on") if step and step.needs_decision else ():
            self.fields[name].required = True
        self.helper = plain_helper()


class ReplicateForm(PlainForm):
    """The units to which a model is copied, each a new model of the same kind; those that lead one are passed over."""

    past_fields = ("on", "decision_on")

    units = UnitsField(label="Nhân rộng tới các đơn vị", help_text="Dán danh sách; mỗi đơn vị thành một mô hình mới.")
    on = forms.DateField(label="Ngày", initial=today)
    is_running = forms.BooleanField(
        label="Đã ra mắt và hoạt động từ ngày trên", required=False, help_text="Bỏ trống thì ghi là đề xuất."
    )
    decision_number = forms.CharField(label="Số quyết định", max_length=60, required=False)
    decision_on = forms.DateField(label="Ngày quyết định", required=False)

    def __init__(self, *args, model, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.model = model
        #: How many units of the list lead a model of the kind already.
        self.passed_over = 0
        self.fields["units"].narrow(user, Unit.objects.open())
        if not user.has_perm(workflow.CHANGE_STATUS):
            del self.fields["is_running"]
        self.helper = fields_only(
            "units",
            columns("on", "decision_number", "decision_on"),
            *(["is_running"] if "is_running" in self.fields else []),
        )

    def clean_on(self):
        on, launched = self.cleaned_data["on"], self.model.launched_on
        if launched and on < launched:
            raise forms.ValidationError(f"Mô hình gốc ra mắt ngày {launched:%d/%m/%Y}.", code="early")
        return on

    def clean_units(self):
        units = self.cleaned_data["units"]
        leading = SelfManagedModel.objects.open_of_kind(self.model.kind_id, units).values_list("lead_unit", flat=True)
        there = set(leading)
        left = [unit for unit in units if unit.pk not in there]
        if not left:
            raise forms.ValidationError("Các đơn vị này đều đã có mô hình loại này.", code="there")
        self.passed_over = len(units) - len(left)
        return left

"""Pages that exist only here: the parts of the frame, and one page for each fault the watch must see."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout, Submit
from django import forms
from django.http import HttpResponse, HttpResponseForbidden
from django.template import engines
from django.urls import include, path

#: What the sample form was sent with, oldest first; a test empties it.
SENT = []


class SampleForm(forms.Form):
    name = forms.CharField(label="tên đơn vị", help_text="Viết đủ như trong quyết định thành lập.")
    kind = forms.ChoiceField(label="loại hình", choices=[("agency", "Cơ quan"), ("school", "Trường học")])
    founded = forms.DateField(label="ngày thành lập", required=False)
    has_party = forms.BooleanField(label="có tổ chức Đảng", required=False)
    level = forms.ChoiceField(label="cấp học", choices=[("2", "THCS"), ("3", "THPT")], widget=forms.RadioSelect)
    decision = forms.FileField(label="quyết định", required=False)
    note = forms.CharField(label="ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_class = "record-form"
        helper.attrs = {"novalidate": ""}
        cancel = HTML('<a class="btn btn-secondary" href="/">Quay lại</a>')
        helper.layout = Layout(*self.fields, Div(Submit("save", "Lưu"), cancel, css_class="form-actions"))
        return helper


def respond(request, body, **values):
    source = (
        '{% extends "base.html" %}{% load crispy_forms_tags %}{% block title %}Trang mẫu{% endblock %}'
        '{% block breadcrumbs %}<li class="breadcrumb-item"><a href="/don-vi/">Đơn vị</a></li>{% endblock %}'
        "{% block content %}" + body + "{% endblock %}"
    )
    return HttpResponse(engines["django"].from_string(source).render(values, request))


def sample(body):
    return lambda request: respond(request, body)


def form(request):
    form = SampleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        SENT.append(form.cleaned_data)
    return respond(request, "{% crispy form %}", form=form)


def part(request):
    return HttpResponse("đã ghi") if request.method == "POST" else HttpResponseForbidden()


LIST = """
  <div class="table-responsive list-scroll"><table class="table list-table">
    <thead><tr><th scope="col">tên</th><th scope="col">địa bàn</th><th scope="col" class="number">cán bộ</th>
      <th scope="col">trạng thái</th></tr></thead>
    <tbody>{% for row in "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" %}<tr>
      <td class="card-title" data-label="Tên"><a href="/">Trường Trung học cơ sở Mẫu {{ forloop.counter }}</a></td>
      <td data-label="Địa bàn">Phường Tân Tiến, tỉnh Mẫu</td>
      <td data-label="Cán bộ" class="number">{{ forloop.counter|add:1110|vnumber }}</td>
      <td data-label="Trạng thái">{% chip "ok" "check-circle" "Đang hoạt động" %}
        {% chip "warn" "clock" "Sắp đến hạn" %}
        {% chip "bad" "x-circle" "Quá hạn" %} {% chip "muted" "dash" "Chưa xét" %}</td>
    </tr>{% endfor %}</tbody>
  </table></div>
  <div class="pager"><span class="page-info">1–40 trong hơn 10.000</span>
    <a class="btn btn-secondary" href="/">Sau</a></div>
"""
PARTS = """
  <button class="btn btn-secondary" hx-post="/phan/" hx-target="#answer">Ghi</button>
  <button class="btn btn-secondary" hx-get="/phan/" hx-target="#answer">Hỏi</button>
  <p id="answer"></p>
"""


def search(request):
    return HttpResponse() if request.htmx else respond(request, LIST)


units = [path("", sample(LIST), name="unit_list"), path("tim/", search, name="unit_search")]
urlpatterns = [
    path("", sample(LIST), name="home"),
    path("don-vi/", include((units, "units"))),
    path("bieu-mau/", form),
    path("phan/", part),
    path("htmx/", sample(PARTS)),
    path("loi/may-la/", sample('<img src="http://portal.invalid/x.png" alt="">')),
    path("loi/kieu-trong-dong/", sample('<p style="color: red">x</p>')),
    path("loi/qua-rong/", sample('<table><tr><td class="text-nowrap">' + "rộng " * 300 + "</td></tr></table>")),
    path("loi/thieu-nhan/", sample('<input name="x">')),
    path("loi/qua-nang/", sample("<!-- " + "".join(f"{n * n:x}" for n in range(120_000)) + " -->")),
]

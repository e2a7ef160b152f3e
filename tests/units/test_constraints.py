"""What must always be true of the register is refused by the database itself."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, models, transaction

from movement_portal.documents.models import LegalDocument
from tests.factories import JurisdictionFactory, UnitFactory
from units.models import (
    EligibilityRule,
    Grouping,
    Headcount,
    Placement,
    SizeThreshold,
    StatusChange,
    Unit,
    UnitIdentifier,
)

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 1, 2)
BEFORE = datetime.date(2026, 1, 1)
KEY = uuid.UUID(int=1)


def insert(model, **values):
    """One row, past every check but the database's."""
    row = model(**values)
    row.derive()
    with transaction.atomic():
        models.QuerySet(model).bulk_create([row])


def unit(**values):
    numbers = Unit.objects.count() + 1
    return {
        "code": f"X{numbers}",
        "name": "Sở A",
        "kind": "agency",
        "jurisdiction": JurisdictionFactory(),
        **values,
    }


def rule(**values):
    document, _ = LegalDocument.objects.get_or_create(number="1", title="x")
    return {
        "order": 1,
        "unit_kind": "agency",
        "attribute": "any",
        "outcome": "eligible",
        "reason": "x",
        "legal_document": document,
        "valid_from": DAY,
        **values,
    }


def threshold(**values):
    document, _ = LegalDocument.objects.get_or_create(number="1", title="x")
    return {
        "size": "micro",
        "sector": "trade",
        "max_staff": 1,
        "max_revenue_amount": 1,
        "max_capital_amount": 1,
        "legal_document": document,
        "valid_from": DAY,
        **values,
    }


def change(**values):
    return {
        "unit": UnitFactory(),
        "from_status": "active",
        "to_status": "dissolved",
        "effective_on": DAY,
        "reason": "x",
        **values,
    }


SINGLE = {
    "unit_has_name": lambda: (Unit, unit(name="")),
    "unit_merged_into_when_merged": lambda: (Unit, unit(status="merged", status_on=DAY)),
    "unit_kind_known": lambda: (Unit, unit(kind="education")),
    "unit_status_known": lambda: (Unit, unit(status="gone", status_on=datetime.date(2026, 1, 1))),
    "unit_status_dated": lambda: (Unit, unit(status="suspended")),
    "unit_override_has_reason": lambda: (Unit, unit(eligibility_override=True)),
    "unit_size_year_plausible": lambda: (Unit, unit(kind="enterprise", size_year=202)),
    "unit_subkind_of_its_kind": lambda: (Unit, unit(subkind="school__public")),
    "unit_level_only_of_school": lambda: (Unit, unit(school_level="primary")),
    "unit_size_only_of_enterprise": lambda: (Unit, unit(enterprise_size="large")),
    "headcount_counts_something": lambda: (Headcount, {"unit": UnitFactory(), "year": 2026}),
    "headcount_year_plausible": lambda: (Headcount, {"unit": UnitFactory(), "year": 26, "staff_count": 1}),
    "placement_ends_after_start": lambda: (
        Placement,
        {"unit": UnitFactory(), "jurisdiction": JurisdictionFactory(), "valid_from": DAY, "valid_to": BEFORE},
    ),
    "placement_open_once": lambda: (Placement, {"unit": UnitFactory(), "jurisdiction": JurisdictionFactory()}),
    "statuschange_changes_something": lambda: (StatusChange, change(to_status="active")),
    "statuschange_merged_into_when_merged": lambda: (StatusChange, change(to_status="merged")),
    "statuschange_has_reason": lambda: (StatusChange, change(reason="")),
    "eligibilityrule_yes_no_value": lambda: (EligibilityRule, rule(attribute="is_state_budget", value="có")),
    "eligibilityrule_ends_after_start": lambda: (EligibilityRule, rule(valid_to=BEFORE)),
    "sizethreshold_ends_after_start": lambda: (SizeThreshold, threshold(valid_to=BEFORE)),
}

TWICE = {
    "unit_tax_code_once": lambda: (Unit, unit(tax_code="0100109106")),
    "unit_school_code_once": lambda: (Unit, unit(kind="school", school_code="079001")),
    "unit_submission_once": lambda: (Unit, unit(submission_key=KEY)),
    "units_unit.code": lambda: (Unit, unit(code="DV9")),
    "grouping_name_once": lambda: (Grouping, {"kind": "sector", "name": "Y tế"}),
    "unitidentifier_once": lambda: (UnitIdentifier, {"unit": UnitFactory(), "scheme": "BHXH", "value": "01"}),
    "eligibilityrule_order_once": lambda: (EligibilityRule, rule()),
    "sizethreshold_once": lambda: (SizeThreshold, threshold()),
}


@pytest.mark.parametrize("name", SINGLE)
def test_row_refused(name):
    model, values = SINGLE[name]()
    with pytest.raises(IntegrityError):
        insert(model, **values)


@pytest.mark.parametrize("name", TWICE)
def test_second_row_refused(name):
    model, values = TWICE[name]()
    insert(model, **values)
    model, values = TWICE[name]()
    with pytest.raises(IntegrityError):
        insert(model, **values)


def test_second_headcount_of_a_year_refused():
    values = {"unit": UnitFactory(), "year": 2026, "staff_count": 1}
    insert(Headcount, **values)
    with pytest.raises(IntegrityError):
        insert(Headcount, **values)


@pytest.mark.parametrize("field", ["parent", "merged_into"])
def test_unit_does_not_point_to_itself(field):
    row = UnitFactory()
    values = {field: row} | ({"status": "merged", "status_on": DAY} if field == "merged_into" else {})
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(Unit).filter(pk=row.pk).update(**values)


def test_every_constraint_of_the_register_is_tried_here():
    elsewhere = {"headcount_once_a_year", "unit_not_merged_into_itself", "unit_not_its_own_parent"}
    declared = {
        constraint.name
        for model in (
            Unit,
            Grouping,
            UnitIdentifier,
            Headcount,
            Placement,
            StatusChange,
            EligibilityRule,
            SizeThreshold,
        )
        for constraint in model._meta.constraints
    }
    assert declared == elsewhere | set(SINGLE) | set(TWICE) - {"units_unit.code"}

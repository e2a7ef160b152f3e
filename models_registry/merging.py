"""What a merge of two units does with the models that they lead or take part in."""

from models_registry.models import ModelMember, SelfManagedModel
from units.merging.links import Link, declare


def declare_links() -> None:
    """Models and memberships go over to the unit that is left."""
    declare(
        Link(SelfManagedModel, "lead_unit", noun="mô hình chủ trì"),
        Link(ModelMember, "unit", noun="mô hình tham gia"),
    )

from models_registry.models.kinds import ModelKind
from models_registry.models.members import ModelGroup, ModelMember
from models_registry.models.records import ModelLogEntry, ModelRating, ModelRecognition, ModelStep, ModelStrength
from models_registry.models.sites import SelfManagedModel

__all__ = [
    "ModelGroup",
    "ModelKind",
    "ModelLogEntry",
    "ModelMember",
    "ModelRating",
    "ModelRecognition",
    "ModelStep",
    "ModelStrength",
    "SelfManagedModel",
]

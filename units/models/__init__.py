from units.models.activities import Activity, ActivityUnit
from units.models.agreements import AgreementParty, CoordinationAgreement
from units.models.groupings import Grouping
from units.models.guards import Guard
from units.models.holding_periods import HoldingPeriod
from units.models.merges import UnitMerge
from units.models.obligations import Commitment, Incident, Inspection, PartRating
from units.models.pairs import DuplicatePair
from units.models.records import Headcount, Placement, StatusChange, UnitIdentifier
from units.models.rules import EligibilityRule, GuardRule, SizeThreshold
from units.models.teams import SecurityTeam, TeamReview, TeamStrength
from units.models.training import TrainingAttendance, TrainingCertificate, TrainingCourse
from units.models.transfers import TransferRequest
from units.models.units import Unit

__all__ = [
    "Activity",
    "ActivityUnit",
    "AgreementParty",
    "Commitment",
    "CoordinationAgreement",
    "DuplicatePair",
    "EligibilityRule",
    "Grouping",
    "Guard",
    "GuardRule",
    "Headcount",
    "HoldingPeriod",
    "Incident",
    "Inspection",
    "PartRating",
    "Placement",
    "SecurityTeam",
    "SizeThreshold",
    "StatusChange",
    "TeamReview",
    "TeamStrength",
    "TrainingAttendance",
    "TrainingCertificate",
    "TrainingCourse",
    "TransferRequest",
    "Unit",
    "UnitIdentifier",
    "UnitMerge",
]

from movement_portal.jurisdictions.models.officers import Officer, Posting
from movement_portal.jurisdictions.models.offices import PoliceOffice
from movement_portal.jurisdictions.models.territory import Jurisdiction, Succession

__all__ = ["Jurisdiction", "Officer", "PoliceOffice", "Posting", "Succession"]

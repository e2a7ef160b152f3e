"""The life of an import, from upload to undo, each step in a module of its own."""

from movement_portal.spreadsheets.workflow.checks import answer, choose, counts_of, make_plan, run_check
from movement_portal.spreadsheets.workflow.commits import cancel, commit
from movement_portal.spreadsheets.workflow.reading import (
    forget_corrections,
    keep,
    looks_meant,
    read,
    read_again,
    read_as,
    refuse_empty,
    upload,
)
from movement_portal.spreadsheets.workflow.steps import (
    CHECK,
    COMMIT,
    READ,
    TRANSITIONS,
    UNDO,
    ImportRefused,
    JobLost,
    hold,
    move,
    release,
    require_reach,
    require_right,
)
from movement_portal.spreadsheets.workflow.taking_back import UNDO_PERMISSION, may_undo, require_undo, undo

__all__ = [
    "CHECK",
    "COMMIT",
    "READ",
    "TRANSITIONS",
    "UNDO",
    "UNDO_PERMISSION",
    "ImportRefused",
    "JobLost",
    "answer",
    "cancel",
    "choose",
    "commit",
    "counts_of",
    "forget_corrections",
    "hold",
    "keep",
    "looks_meant",
    "make_plan",
    "may_undo",
    "move",
    "read",
    "read_again",
    "read_as",
    "refuse_empty",
    "release",
    "require_reach",
    "require_right",
    "require_undo",
    "run_check",
    "undo",
    "upload",
]

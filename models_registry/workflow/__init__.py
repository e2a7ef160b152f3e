"""The life of models: the steps they take, how they come in, and how a step written down wrong is put right."""

from models_registry.workflow.corrections import correct, may_withdraw, withdraw
from models_registry.workflow.entering import enter_active, launch_entered, propose, replicate
from models_registry.workflow.log import log_changed
from models_registry.workflow.steps import (
    APPROVE,
    CHANGE_STATUS,
    DISSOLVE,
    LAUNCH,
    MERGE,
    RESTORE,
    RETIRE,
    STRENGTHEN,
    TRANSITIONS,
    perform,
    steps_for,
)
from movement_portal.lib.transitions import TransitionError

__all__ = [
    "APPROVE",
    "CHANGE_STATUS",
    "DISSOLVE",
    "LAUNCH",
    "MERGE",
    "RESTORE",
    "RETIRE",
    "STRENGTHEN",
    "TRANSITIONS",
    "TransitionError",
    "correct",
    "enter_active",
    "launch_entered",
    "log_changed",
    "may_withdraw",
    "perform",
    "propose",
    "replicate",
    "steps_for",
    "withdraw",
]

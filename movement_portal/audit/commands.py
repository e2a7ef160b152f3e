"""Management commands whose changes are one act, told as the command says."""

from django.core.management.base import BaseCommand

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act


class AuditedCommand(BaseCommand):
    """A command that writes records: its history says which command it was, and the system as its author.

    A command run for an officer opens its own act inside (``act(EventKind.IMPORT, by=officer)``).
    """

    #: What the command does, in the words of history; its name where nothing is said.
    act_label = ""

    def execute(self, *args, **options):
        name = type(self).__module__.rpartition(".")[2]
        with act(EventKind.COMMAND, label=self.act_label or f"Lệnh {name}"):
            return super().execute(*args, **options)

"""What can go wrong in one sentence each: every error a user can cause carries a message id and its values.

The rules do not translate: web and mail pass `message` through gettext and fill in `values`.
"""

from collections.abc import Mapping


def N_(message: str) -> str:  # noqa: N802 - the name by which gettext's tools find a sentence to translate
    """Mark a sentence for translation without translating it here."""
    return message


class ReporterError(Exception):
    """A refusal that a person can act on. `message` is an English sentence and message id with %(name)s places."""

    message: str = N_("That could not be done.")

    def __init__(self, message: str | None = None, **values: object) -> None:
        self.message = message if message is not None else type(self).message
        self.values: Mapping[str, object] = values
        super().__init__(str(self))

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class NotFound(ReporterError):
    """There is no such thing, or not for this person."""

    message = N_("There is nothing at this address.")


class NotAllowed(ReporterError):
    """The thing exists, but this person may not do that with it."""

    message = N_("You have no permission for this. Ask an editor of the event.")


class WrongState(ReporterError):
    """The report is not in a state from which this can be done; says which state it is in."""

    message = N_("This report has moved on. Look at it again before you decide.")


class EditConflict(ReporterError):
    """Somebody else changed the same thing meanwhile."""

    message = N_("Somebody else changed this meanwhile. Look at it again, then repeat what you did.")


class StaleRevision(EditConflict):
    """The revision that was read is no longer the one that waits."""

    message = N_("The rapporteur handed in a newer text while you were reading. Read it before you approve.")


class DatabaseAway(ReporterError):
    """The database does not answer; nothing that was saved before is lost."""

    message = N_("The database does not answer (%(why)s). Check it and REPORTER_DATABASE_URL, then try again.")


class Refused(ReporterError):
    """What was typed cannot be taken as it is; the message says what to change."""


class TextRefused(Refused):
    """A text is too long, too deeply nested or otherwise not fit to publish."""


class NamesStand(Refused):
    """A text names a speaker or an affiliation, and the rule of its session allows none."""

    message = N_(
        "This text names %(names)s, and nobody may be named under the rule of its session. "
        "Take each out, or record why it may stay."
    )


class BadSetting(ReporterError):
    """A setting is unknown or has a value that cannot work."""


class BadProgramme(Refused):
    """A programme file is none, is empty, or cannot be read at all; the database stays as it was."""

    message = N_("This file is not a programme that can be read.")

"""The interface's language, and how dates and refusals read in it."""

from datetime import date, datetime, timedelta
from typing import Protocol

from flask import Flask, current_app
from flask_babel import Babel, format_date, format_datetime, get_locale, gettext

from reporter.rules import addresses
from reporter.rules.clock import local, local_day
from reporter.rules.errors import N_, ReporterError
from reporter.rules.published import PublicSession
from reporter.rules.vocabulary import Action, Entry
from reporter.text.slug import slug

# What a line of the history says was done.
ACT_WORDS: dict[str, str] = {
    Action.START: N_("began the report"),
    Action.FILE: N_("handed it in"),
    Action.RECALL: N_("took it back"),
    Action.REVISE: N_("changed what was handed in"),
    Action.SEND_BACK: N_("sent it back"),
    Action.APPROVE: N_("approved it"),
    Action.UNAPPROVE: N_("took the approval back"),
    Action.PUBLISH: N_("published it"),
    Action.AMEND: N_("began to change the published text"),
    Action.DROP_AMENDMENT: N_("dropped the change"),
    Action.CORRECT: N_("corrected the public text"),
    Action.WITHDRAW: N_("withdrew it"),
    Action.REINSTATE: N_("showed it again"),
    Action.DISCARD: N_("discarded it"),
    Action.RESTORE: N_("took it up again"),
    Entry.RAPPORTEUR_JOINED: N_("joined as rapporteur"),
    Entry.CLAIMED: N_("is reading it"),
    Entry.NAME_WAIVED: N_("recorded why names may stay"),
}


def init_app(app: Flask) -> None:
    """Give templates gettext, dates in event time, and the address part of a title."""
    Babel(app, default_locale="en")
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(
        at_event=at_event,
        clock=clock,
        hours=hours,
        times=times,
        day=day,
        slug=slug,
        words=words,
        say=say,
        by_when=by_when,
        title_of=title_of,
    )
    app.jinja_env.globals["act_words"] = ACT_WORDS
    # As globals, because macros are imported without the context of the page.
    app.jinja_env.globals["address_of"] = addresses
    app.jinja_env.globals["base_address"] = app.config["REPORTER"].base_url.rstrip("/")
    app.jinja_env.globals["ui_language"] = lambda: str(get_locale() or "en")


def _(message: str, **values: object) -> str:
    """A sentence in the reader's language, its places filled."""
    return str(gettext(message, **values))


def say(message: str) -> str:
    """A message id in the reader's language; for enumerations and rules, which carry ids only."""
    return str(gettext(message)) if message else ""


def explain(error: ReporterError) -> str:
    """A refusal in the reader's language. Values that are sentences of ours are translated too."""
    values = {name: say(value) if isinstance(value, str) else value for name, value in error.values.items()}
    return str(gettext(error.message, **values))


def title_of(session: PublicSession) -> str:
    """The title of a session as readers see it; the neutral one in their language."""
    return say(session.title) if session.names_hidden else session.title


def at_event(moment: datetime, time_zone: str) -> str:
    """Day and time as the event's clocks show them."""
    return str(format_datetime(local(moment, time_zone), "d MMMM y, HH:mm", rebase=False))


def clock(moment: datetime, time_zone: str) -> str:
    """The time alone, as the event's clocks show it."""
    return str(format_datetime(local(moment, time_zone), "HH:mm", rebase=False))


def by_when(moment: datetime, beside: datetime, time_zone: str) -> str:
    """The time alone where it is on the day of `beside`, else with its day."""
    same_day = local_day(moment, time_zone) == local_day(beside, time_zone)
    return clock(moment, time_zone) if same_day else at_event(moment, time_zone)


class HasTimes(Protocol):
    """A session, or one that a file tells of."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


def hours(session: HasTimes, time_zone: str) -> str:
    """From when to when on the event's clocks: one time where it has no length; with its last day if it lasts one."""
    starts, ends = clock(session.starts_at, time_zone), clock(session.ends_at, time_zone)
    if session.starts_at == session.ends_at:
        return starts
    if session.ends_at - session.starts_at < timedelta(days=1):
        return f"{starts}–{ends}"
    return f"{starts} – {ends}, {day(local_day(session.ends_at, time_zone), 'd MMM')}"


def times(session: HasTimes, time_zone: str) -> str:
    """Its day and hours, as the event's clocks show them."""
    return f"{day(local_day(session.starts_at, time_zone), 'd MMMM y')}, {hours(session, time_zone)}"


def day(value: date, form: str = "EEEE, d MMMM y") -> str:
    """A day in words."""
    return str(format_date(value, form, rebase=False) if isinstance(value, datetime) else format_date(value, form))


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def _ngettext(singular: str, plural: str, number: int) -> str:
    return str(current_app.extensions["babel"].instance.domain_instance.ngettext(singular, plural, number))

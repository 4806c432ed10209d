"""The sample event: read from content/, told through the same verbs that people use, clearly marked as a sample."""

import hashlib
import hmac
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib import resources
from typing import Any
from uuid import uuid4

from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.programme import ProgrammeSession
from reporter.newsroom import filing, people, programme, publication, review, revisions, saving
from reporter.newsroom.taxonomy import TermDraft
from reporter.queries import people as known_people
from reporter.queries import programmes, taxonomy
from reporter.rules.clock import zone
from reporter.rules.errors import N_, Refused
from reporter.rules.report_text import KeyPoint, ReportText
from reporter.rules.vocabulary import ChangeKind, Role, SessionRule, WithdrawalReason
from reporter.sources.draft import SessionDraft, SpeakerDraft

EVENT_FILES = ("sample_public_forum_2017.toml", "sample_eweek_2023.toml")
Act = Callable[[datetime], object]


@dataclass(frozen=True)
class Person:
    """One sample account; `password` depends on this installation's secret, so nobody elsewhere knows it."""

    key: str
    name: str
    email: str
    role: Role
    password: str


def starting_issues() -> list[TermDraft]:
    """The policy issues that a new installation begins with, parents before children."""
    return [TermDraft(**entry) for entry in _read("taxonomy.toml")["policy_issue"]]


def starting_processes() -> list[TermDraft]:
    """The negotiations and agreements that a new installation begins with."""
    return [TermDraft(**entry) for entry in _read("taxonomy.toml")["process"]]


def starting_sdg_targets() -> list[TermDraft]:
    """The Sustainable Development Goals and their targets, each under its goal."""
    found = _read("sdg_targets.toml")
    goals = [TermDraft(slug=one["code"], name=one["name"]) for one in found["goal"]]
    targets = [
        TermDraft(slug=one["code"], name=one["name"], parent=one["code"].partition(".")[0]) for one in found["target"]
    ]
    return [*goals, *targets]


def people_of(secret_key: str) -> list[Person]:
    """The sample accounts of this installation."""
    found: dict[str, Person] = {}
    for name in EVENT_FILES:
        for entry in _read(name)["person"]:
            password = hmac.new(secret_key.encode(), entry["email"].encode(), hashlib.sha256).hexdigest()[:12]
            found.setdefault(entry["email"], Person(**{**entry, "role": Role(entry["role"])}, password=password))
    return list(found.values())


def load(*, hashes: Mapping[str, str], at: datetime) -> list[str]:
    """Add the sample accounts, events and reports that are not there yet; answers the names of the events added.

    `hashes` are the password hashes by e-mail address. Runs inside a unit of work.
    """
    added = []
    for name in EVENT_FILES:
        content = _read(name)
        if programmes.event_by_slug(content["event"]["slug"]) is None:
            event = _Event(content, hashes=hashes, at=at)
            event.tell()
            added.append(event.event.name)
    return added


@dataclass
class _Event:
    """One sample event being told: what happens to its reports is collected first, then done in the order of time."""

    content: Mapping[str, Any]
    hashes: Mapping[str, str]
    at: datetime
    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def tell(self) -> None:
        self.event: Event = programme.add_event(**self.content["event"], by=None, at=self.at, is_sample=True)
        self.users = {entry["key"]: self._user(entry) for entry in self.content["person"]}
        programme.add_rooms(self.event, [entry["name"] for entry in self.content["room"]])
        made = programme.add_sessions(
            self.event, [self._session(entry) for entry in self.content["session"]], by=None, at=self.at
        )
        self.sessions: dict[str, ProgrammeSession] = {
            entry["key"]: session for entry, session in zip(self.content["session"], made, strict=True)
        }
        for entry in self.content["report"]:
            self._plan(entry)
        for when, _place, act in sorted(self.acts, key=lambda one: one[:2]):
            act(when)

    def _user(self, entry: Mapping[str, Any]) -> User:
        user = known_people.by_email(entry["email"])
        if user is None:
            user = people.add_user(
                email=entry["email"],
                name=entry["name"],
                password_hash=self.hashes[entry["email"]],
                by=None,
                at=self.at,
                is_sample=True,
            )
        elif not user.is_sample:
            raise Refused(
                N_("The account %(email)s exists and is no sample. Give it another address first."),
                email=entry["email"],
            )
        role = Role(entry["role"])
        # Administrators look after people everywhere; the others have their role at this event alone.
        people.grant(user, role, event=None if role is Role.ADMINISTRATOR else self.event, by=None, at=self.at)
        return user

    def _session(self, entry: Mapping[str, Any]) -> SessionDraft:
        local = zone(self.event.time_zone)
        return SessionDraft(
            title=entry["title"],
            starts_at=entry["starts_at"].replace(tzinfo=local),
            ends_at=entry["ends_at"].replace(tzinfo=local),
            room=entry["room"],
            description=entry["description"],
            rule=SessionRule(entry["rule"]),
            speakers=tuple(SpeakerDraft(**speaker) for speaker in entry["speakers"]),
            source="sample",
            source_uid=entry["key"],
        )

    def _plan(self, entry: Mapping[str, Any]) -> None:
        report = _Report(self, entry)
        state = entry["state"]
        steps: list[tuple[int, Act]] = [(-25, report.write)]
        if state not in ("draft", "discarded"):
            steps.append((-12, report.file))
        if state == "discarded":
            steps.append((0, report.discard))
        if state == "sent_back":
            steps.append((0, report.send_back))
        if state in ("public", "amended", "corrected", "withdrawn", "approved"):
            steps.append((-1, report.approve))
        if state in ("public", "amended", "corrected", "withdrawn"):
            steps.append((0, report.publish))
        if state == "amended":
            steps.append((60 * 20, report.amend))
        if state == "corrected":
            steps.append((60 * 20, report.correct))
        if state == "withdrawn":
            steps.append((60 * 5, report.withdraw))
        done_at = self.sessions[entry["session"]].ends_at + timedelta(minutes=entry["minutes_after"])
        for minutes, act in steps:
            self.acts.append((done_at + timedelta(minutes=minutes), len(self.acts), act))


class _Report:
    """One sample report: each method is one act in its life."""

    def __init__(self, event: _Event, entry: Mapping[str, Any]) -> None:
        self.event, self.entry = event, entry
        self.writer = event.users[entry["rapporteur"]]
        self.editor = event.users["editor-1"]
        self.text = ReportText(
            headline=entry["headline"],
            lead=entry["lead"],
            key_points=tuple(map(KeyPoint, entry["key_points"])),
            body=entry["body"],
            byline=entry.get("byline", ""),
            policy_issues=frozenset(_issue_id(slug) for slug in entry["policy_issues"]),
            processes=frozenset(_process_id(slug) for slug in entry.get("processes", ())),
        ).cleaned()

    def write(self, at: datetime) -> None:
        session = self.event.sessions[self.entry["session"]]
        self.report = filing.start(event=self.event.event, programme_session=session, by=self.writer, at=at)
        self.save = self._save(self.text, at)

    def file(self, at: datetime) -> None:
        self.revision = filing.file(
            self.report, self.save, rendered=revisions.render(self.text), by=self.writer, at=at
        ).number

    def send_back(self, at: datetime) -> None:
        review.send_back(self.report, note=self.entry["note"], by=self.editor, at=at)

    def approve(self, at: datetime) -> None:
        review.approve(self.report, revision=self.revision, by=self.editor, at=at)

    def publish(self, at: datetime) -> None:
        publication.publish(
            self.report, revision=self.revision, rendered=revisions.render(self.text), by=self.editor, at=at
        )

    def amend(self, at: datetime) -> None:
        filing.amend(self.report, by=self.writer, at=at)
        self._save(replace(self.text, body=f"{self.text.body}\n\n{self.entry['amendment_append']}").cleaned(), at)

    def correct(self, at: datetime) -> None:
        body = self.text.body.replace(self.entry["correction_find"], self.entry["correction_replace"])
        text = replace(self.text, body=body)
        publication.correct(
            self.report,
            text,
            revision=self.revision,
            rendered=revisions.render(text),
            by=self.editor,
            at=at,
            mark=ChangeKind.CORRECTION,
            note=self.entry["note"],
        )

    def withdraw(self, at: datetime) -> None:
        publication.withdraw(
            self.report, reason=WithdrawalReason.INACCURATE, note=self.entry["note"], by=self.editor, at=at
        )

    def discard(self, at: datetime) -> None:
        filing.discard(self.report, by=self.writer, at=at)

    def _save(self, text: ReportText, at: datetime) -> Any:
        return saving.keep(self.report, text, client_id=uuid4().hex, by=self.writer, at=at).save


def _issue_id(slug: str) -> int:
    issue = taxonomy.by_slug(slug)
    if issue is None:
        raise Refused(N_("The policy issue “%(slug)s” is missing. Run “reporter init” first."), slug=slug)
    return issue.id


def _process_id(slug: str) -> int:
    process = taxonomy.process_by_slug(slug)
    if process is None:
        raise Refused(N_("“%(slug)s” is missing. Run “reporter init” first."), slug=slug)
    return process.id


def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads(resources.files("reporter").joinpath("content", name).read_text(encoding="utf-8"))

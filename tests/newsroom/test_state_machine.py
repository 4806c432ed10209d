"""Random lives of reports: any act by anybody at any moment, and after each one everything that must always hold.

The expectations are worked out from the plain rows here, not by the queries and verbs that are under test.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from conftest import SCALE
from factories import T0, event, issues, person, session, text
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy.exc import SQLAlchemyError

from reporter import worker
from reporter.models.database import Base, db, unit_of_work
from reporter.models.people import RoleGrant
from reporter.newsroom import filing, publication, review, revisions, saving
from reporter.queries import draft_saves, people, programmes, published, reports, taxonomy
from reporter.rules.errors import NotFound, ReporterError
from reporter.rules.lifecycle import State, next_state, possible
from reporter.rules.permissions import ReportFacts, Standing, may
from reporter.rules.published import PublicReport, PublicWithdrawal
from reporter.rules.report_text import KeyPoint, ReportText
from reporter.rules.selection import Selection
from reporter.rules.vocabulary import Action, ChangeKind, PublicState, Role, WithdrawalReason, WorkState
from reporter.text import markup

TABLES = (
    "report",
    "report_rapporteur",
    "draft_save",
    "revision",
    "revision_policy_issue",
    "revision_process",
    "approval",
    "review_note",
    "public_change",
    "publication_counter",
    "published_report",
    "published_term",
    "history_entry",
)
# A row of these, once there, stays as it is.
KEPT = (
    "draft_save",
    "revision",
    "revision_policy_issue",
    "revision_process",
    "approval",
    "review_note",
    "public_change",
    "history_entry",
)
Rows = Mapping[str, Mapping[tuple[Any, ...], Mapping[str, Any]]]  # by table and primary key


class UndoneError(Exception):
    """Ends a unit of work without a trace."""


def look() -> Rows:
    """Every row of the tables that a report's life touches."""
    found = {}
    for name in TABLES:
        table = Base.metadata.tables[name]
        key = [column.name for column in table.primary_key.columns]
        rows = db.session.execute(sa.select(table)).mappings()
        found[name] = {tuple(row[part] for part in key): dict(row) for row in rows}
    db.session.rollback()
    return found


@dataclass(frozen=True)
class World:
    """Ids of what is there before the first act: two events with a few sessions, five people, a tree of issues."""

    app: Flask
    events: Mapping[str, int]  # by slug
    sessions: tuple[int, ...]
    people: tuple[int, ...]
    standings: Mapping[tuple[int, int], Standing]  # by person and event
    issues: Mapping[str, int]  # by slug
    empty: Path | None  # on SQLite: the database as it was then
    passed: Counter[str] = field(default_factory=Counter)  # what came to pass, over all lives

    def again(self) -> None:
        """Make the database what it was before the first act."""
        db.session.remove()
        if self.empty is None:
            with db.engine.begin() as connection:
                connection.execute(sa.text(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY CASCADE"))
                connection.execute(sa.text("INSERT INTO publication_counter (id, number) VALUES (1, 0)"))
        else:
            db.engine.dispose()
            shutil.copy(self.empty, str(db.engine.url.database))


def prepare(app: Flask, folder: Path) -> World:
    """Make the world. Two rapporteurs, two editors and one who is both; some everywhere, some at one event alone."""
    by_slug = issues()
    here, there = event("here"), event("there")
    sessions = [session(here).id, session(here, "Inclusion and trade").id, session(there, "Signing at a distance").id]
    both = person(Role.EDITOR, here)
    with unit_of_work():
        for at_event in (here, there):
            db.session.add(RoleGrant(user_id=both.id, event_id=at_event.id, role=Role.RAPPORTEUR, granted_at=T0))
    somebody = [
        person(Role.RAPPORTEUR, None).id,
        person(Role.RAPPORTEUR, here).id,
        person(Role.EDITOR, None).id,
        person(Role.EDITOR, here).id,
        both.id,
    ]
    events = {"here": here.id, "there": there.id}
    standings = {(one, at): people.standing(people.by_id(one), at) for one in somebody for at in events.values()}
    db.session.remove()
    empty = None
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        empty = folder / "empty.sqlite"
        shutil.copy(str(db.engine.url.database), empty)
    return World(app, events, tuple(sessions), tuple(somebody), standings, by_slug, empty)


SLUGS = ["digital-trade", "data-flows", "e-signatures", "inclusion"]
EMBARGOES = [None, None, -5, 15]  # minutes from now
MARKS = sorted(publication.MARKS)
REVISIONS = ["right", "right", "right", "right", "right", "right", "first", "before", "next"]
WEIGHT = {Action.FILE: 5, Action.APPROVE: 5, Action.PUBLISH: 5, Action.AMEND: 2, Action.REINSTATE: 2, Action.CORRECT: 2}


@dataclass(frozen=True)
class Choice:
    """What the acts need beside the report and the person."""

    issues: frozenset[str]
    embargo: int | None
    mark: ChangeKind
    revision: str
    part: int  # which part of the text changes
    reason: WithdrawalReason


NUMBER = st.integers(0, 1000)  # of something among those that are there: the remainder counts
SEED = st.integers(0, 2**32 - 1)
CHOICE = st.builds(
    Choice,
    issues=st.frozensets(st.sampled_from(SLUGS), max_size=2),
    embargo=st.sampled_from(EMBARGOES),
    mark=st.sampled_from(MARKS),
    revision=st.sampled_from(REVISIONS),
    part=st.integers(0, 4),
    reason=st.sampled_from(WithdrawalReason),
)


class Life(RuleBasedStateMachine):
    """One example: a sequence of acts, refused or not, from an empty newsroom."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        world.again()
        self.now = T0
        self.texts = 0
        self.rows: Rows = look()
        self.seen: object = None  # what the public's view was last checked against
        self.last: Callable[[], object] | None = None  # an act that answers as done when it is repeated

    def teardown(self) -> None:
        """What came to pass in this life, for the question whether the lives were worth it."""
        self.world.passed.update(
            "published by the worker" if (entry["act"], entry["done_by_id"]) == ("publish", None) else str(entry["act"])
            for entry in self.rows["history_entry"].values()
        )
        self.world.passed.update(f"marked {row['kind']}" for row in self.rows["public_change"].values())
        self.world.passed.update(f"text {row['origin']}" for row in self.rows["revision"].values())
        db.session.remove()

    # -- what people do

    @rule(who=NUMBER, which=NUMBER, choice=CHOICE)
    def begin(self, who: int, which: int, choice: Choice) -> None:
        """A session's report, a wrap-up, or a translation of a report that is there."""
        self._start(who, which, choice)

    def _start(self, who: int, which: int, choice: Choice) -> None:
        user_id, at = self._person(who), self._tick()
        places: list[tuple[str, int]] = [("session", one) for one in self.world.sessions]
        places.append(("wrap-up", self.world.events["there"]))
        places += [("translation", number) for number in self._numbers() if len(self._numbers()) < 5]
        kind, number = places[which % len(places)]

        def verb() -> None:
            user = people.by_id(user_id)
            assert user is not None
            if kind == "session":
                place = programmes.for_change(number)
                assert place is not None
                made = filing.start(event=place.event, programme_session=place, by=user, at=at)
            elif kind == "wrap-up":
                at_event = programmes.event_by_id(number)
                assert at_event is not None
                if any(row["programme_session_id"] is None for row in self.rows["report"].values()):
                    return
                made = filing.start(event=at_event, by=user, at=at)
            else:
                original = reports.for_change(number)
                assert original is not None
                made = filing.start(event=original.event, translation_of=original, language="fr", by=user, at=at)
            if draft_saves.head(made.number) is None:
                saving.keep(made, self._words(choice), client_id=uuid4().hex, by=user, at=at)

        self._attempt(verb)

    @precondition(lambda self: self.rows["report"])
    @rule(who=NUMBER, which=NUMBER, behind=st.integers(0, 2), choice=CHOICE)
    def type_something(self, who: int, which: int, behind: int, choice: Choice) -> None:
        """A draft save on top of what is there, or of an older save."""
        self._save(who, which, behind, choice)

    def _save(self, who: int, which: int, behind: int, choice: Choice) -> None:
        user_id, number, at, client_id = self._person(who), self._report(which), self._tick(), uuid4().hex
        head = max((key[1] for key in self.rows["draft_save"] if key[0] == number), default=0)
        words = self._changed(self._text_of("draft_save", number, head), choice)

        def verb() -> None:
            user, report = people.by_id(user_id), reports.for_change(number)
            assert user is not None
            assert report is not None
            saving.keep(report, words, client_id=client_id, based_on=max(head - behind, 0), by=user, at=at)

        self._attempt(verb, repeatable=True)

    @initialize(seed=SEED)
    def live(self, seed: int) -> None:
        """A life that has begun already."""
        self._live(seed, 30)

    @rule(seed=SEED, acts=st.integers(5, 15))
    def go_on(self, seed: int, acts: int) -> None:
        """Acts that the table allows then, by somebody who may: so that lives get long."""
        self._live(seed, acts)

    def _live(self, seed: int, acts: int) -> None:
        # From a seed, because choices that are drawn one by one stay near the simplest in so few examples.
        dice = Random(f"{seed} {self.now}")
        for _ in range(acts):
            choice = Choice(
                issues=frozenset(dice.sample(SLUGS, dice.choice([1, 1, 2]))),
                embargo=dice.choice(EMBARGOES),
                mark=dice.choice(MARKS),
                revision=dice.choice(REVISIONS),
                part=dice.randrange(5),
                reason=dice.choice(list(WithdrawalReason)),
            )
            ways = self._ways()
            number = dice.randrange(1000)
            if not ways or dice.random() < 0.1:
                self._start(number, dice.randrange(1000), choice)
            elif dice.random() < 0.2:
                self._save(number, dice.randrange(1000), dice.choice([0, 0, 1, 2]), choice)
            else:
                # Drawn by their weight, because most acts lead away from the public.
                action = dice.choices(sorted(ways), [WEIGHT.get(action, 1) for action in sorted(ways)])[0]
                self._act(action, *dice.choice(ways[action]), choice)
            if dice.random() < 0.2:
                self._work(dice.choice([0, 5, 20]))

    def _ways(self) -> dict[Action, list[tuple[int, int]]]:
        """What can be done now: the report and the person, by act. It only steers, so the program's rules may say."""
        ways: dict[Action, list[tuple[int, int]]] = {}
        for (number,), row in self.rows["report"].items():
            for user_id in self.world.people:
                facts = ReportFacts(
                    own=(number, user_id) in self.rows["report_rapporteur"],
                    work_state=row["work_state"],
                    public_state=row["public_state"],
                    ever_filed=row["filed_at"] is not None,
                )
                standing = self.world.standings[user_id, row["event_id"]]
                for action in Action:
                    if possible(action, State(row["work_state"], row["public_state"])) and may(standing, action, facts):
                        ways.setdefault(action, []).append((number, user_id))
        return ways

    @precondition(lambda self: self.rows["report"])
    @rule(action=st.sampled_from([one for one in Action if one is not Action.START]), who=NUMBER, which=NUMBER,
          choice=CHOICE)  # fmt: skip
    def try_anything(self, action: Action, who: int, which: int, choice: Choice) -> None:
        """Any act by anybody, mostly refused."""
        self._act(action, self._report(which), self._person(who), choice)

    @precondition(lambda self: self.rows["report"])
    @rule(who=NUMBER, which=NUMBER)
    def claim(self, who: int, which: int) -> None:
        """Somebody opens what waits."""
        user_id, number, at = self._person(who), self._report(which), self._tick()

        def verb() -> None:
            user, report = people.by_id(user_id), reports.for_change(number)
            assert user is not None
            assert report is not None
            review.claim(report, by=user, at=at)

        self._attempt(verb)

    @precondition(lambda self: self.last is not None)
    @rule()
    def repeat(self) -> None:
        """The same request once more, as after an answer that was lost: nothing changes."""
        assert self.last is not None
        again, before = self.last, self.rows
        self._attempt(again)
        assert self.rows == before

    @rule(minutes=st.sampled_from([0, 5, 20]))
    def work(self, minutes: int) -> None:
        """The worker, some time later: it publishes exactly what is due."""
        self._work(minutes)

    def _work(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        at, before = self._tick(), self.rows["report"]
        self.last = None
        worker.tick(self.world.app, at=at)
        self.check(look())
        for key, row in before.items():
            original = before.get((row["translation_of"],))
            due = (
                row["work_state"] is WorkState.APPROVED
                and row["embargo_until"] is not None
                and row["embargo_until"] <= at
                and row["public_state"] is not PublicState.WITHDRAWN
                and (original is None or original["public_state"] is not PublicState.WITHDRAWN)
            )
            after = self.rows["report"][key]
            if due:
                assert (after["work_state"], after["public_state"]) == (WorkState.SETTLED, PublicState.PUBLIC)
                assert after["published_revision"] == row["approved_revision"]
            else:
                assert after == row

    # -- how they do it

    def _act(self, action: Action, number: int, user_id: int, choice: Choice) -> None:
        at, row = self._tick(), self.rows["report"][(number,)]
        if action is Action.START:
            return
        last = max((key[1] for key in self.rows["revision"] if key[0] == number), default=0)
        right = {
            Action.PUBLISH: row["approved_revision"] or row["published_revision"],
            Action.CORRECT: row["published_revision"],
            Action.REINSTATE: row["published_revision"],
        }.get(action, row["filed_revision"])
        revision = {"first": 1, "before": max(last - 1, 1), "next": last + 1}.get(choice.revision, right or 1)
        words = self._changed(self._text_of("revision", number, revision), choice)
        if choice.part == 0:
            # Words that came with an older page.
            words = self._changed(self._text_of("revision", number, 1), choice)
        sequence = max(key[1] for key in self.rows["draft_save"] if key[0] == number)
        rendered = revisions.render(self._text_of("revision", number, revision))

        def verb() -> None:
            by, report = people.by_id(user_id), reports.for_change(number)
            assert by is not None
            assert report is not None
            if report.programme_session_id is not None:
                programmes.for_change(report.programme_session_id)
            match action:
                case Action.FILE:
                    head = draft_saves.one(number, sequence)
                    filing.file(report, head, rendered=revisions.render(reports.text_of(head)), by=by, at=at)
                case Action.RECALL:
                    filing.recall(report, by=by, at=at)
                case Action.REVISE:
                    made = revisions.render(words)
                    review.revise(report, words, revision=revision, rendered=made, by=by, at=at)
                case Action.SEND_BACK:
                    review.send_back(report, note="Say who spoke.", by=by, at=at)
                case Action.APPROVE:
                    until = None if choice.embargo is None else at + timedelta(minutes=choice.embargo)
                    review.approve(report, revision=revision, embargo_until=until, by=by, at=at)
                case Action.UNAPPROVE:
                    review.unapprove(report, by=by, at=at)
                case Action.PUBLISH:
                    publication.publish(
                        report, revision=revision, rendered=rendered, mark=choice.mark, note="Put right.", by=by, at=at
                    )
                case Action.AMEND:
                    filing.amend(report, by=by, at=at)
                case Action.DROP_AMENDMENT:
                    filing.drop_amendment(report, by=by, at=at)
                case Action.CORRECT:
                    made = revisions.render(words)
                    publication.correct(
                        report,
                        words,
                        revision=revision,
                        rendered=made,
                        mark=choice.mark,
                        note="Put right.",
                        by=by,
                        at=at,
                    )
                case Action.WITHDRAW:
                    publication.withdraw(report, reason=choice.reason, note="Taken back.", by=by, at=at)
                case Action.REINSTATE:
                    publication.reinstate(report, rendered=rendered, revision=revision, by=by, at=at)
                case Action.DISCARD:
                    filing.discard(report, by=by, at=at)
                case Action.RESTORE:
                    filing.restore(report, by=by, at=at)

        done = self._attempt(verb, repeatable=action in (Action.FILE, Action.APPROVE, Action.PUBLISH))
        if done and action is Action.PUBLISH and self.rows["report"][(number,)] != row:
            assert row["embargo_until"] is None or row["embargo_until"] <= at
            original = self.rows["report"].get((row["translation_of"],))
            assert original is None or original["public_state"] is not PublicState.WITHDRAWN

    def _attempt(self, verb: Callable[[], object], *, repeatable: bool = False) -> bool:
        """Run it as a page does; a refusal must leave every row as it was. Answers whether it was done."""
        self.last = None
        try:
            with unit_of_work():
                verb()
        except ReporterError as error:
            if isinstance(error.__cause__, SQLAlchemyError):
                raise  # nobody else is there with whom one could be in conflict
            assert look() == self.rows
            return False
        self.check(look())
        self.last = verb if repeatable else None
        return True

    def _tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def _numbers(self) -> list[int]:
        return sorted(key[0] for key in self.rows["report"])

    def _report(self, which: int) -> int:
        return self._numbers()[which % len(self._numbers())]

    def _person(self, who: int) -> int:
        return self.world.people[who % len(self.world.people)]

    def _words(self, choice: Choice) -> ReportText:
        """A text whose words no other text has."""
        self.texts += 1
        chosen = frozenset(self.world.issues[slug] for slug in choice.issues)
        return text(f"Word{self.texts}", policy_issues=chosen, key_points=(KeyPoint(f"Point of word{self.texts}."),))

    def _changed(self, base: ReportText, choice: Choice) -> ReportText:
        """`base` with one part anew."""
        new = self._words(choice)
        match choice.part:
            case 1:
                return replace(base, headline=new.headline)
            case 2:
                return replace(base, body=f"{base.body}\n\nAdded: {new.headline}.".strip())
            case 3:
                return replace(base, body=base.body.replace("Second paragraph", new.headline, 1))
            case 4:
                return replace(
                    base, key_points=(*base.key_points, *new.key_points)[-5:], policy_issues=new.policy_issues
                )
        return new

    def _text_of(self, table: str, report: int, number: int) -> ReportText:
        """The words of a save or a revision, from its plain row; no words where there is none."""
        row = self.rows[table].get((report, number))
        if row is None:
            return ReportText()
        carried = row["policy_issue_ids"] if table == "draft_save" else self._issues_of(report, number)
        return ReportText(
            headline=row["headline"],
            lead=row["lead"],
            key_points=tuple(KeyPoint(point["text"]) for point in row["key_points"]),
            body=row["body"],
            byline=row["byline"],
            policy_issues=frozenset(carried),
            language=row["language"],
        )

    def _issues_of(self, report: int, revision: int) -> set[int]:
        return {key[2] for key in self.rows["revision_policy_issue"] if key[:2] == (report, revision)}

    # -- what always holds

    def check(self, rows: Rows) -> None:
        """Look through everything, now that the database holds `rows`; called after every act."""
        self._nothing_written_is_lost(self.rows, rows)
        self.rows = rows
        self._public_changes_are_numbered_without_a_gap()
        self._the_history_leads_to_every_state()
        self._the_public_sees_exactly_what_was_approved()

    def _nothing_written_is_lost(self, before: Rows, now: Rows) -> None:
        for name in KEPT:
            assert {key: now[name].get(key) for key in before[name]} == before[name]

    def _public_changes_are_numbered_without_a_gap(self) -> None:
        numbers = sorted(key[0] for key in self.rows["public_change"])
        assert numbers == list(range(1, len(numbers) + 1))
        assert [row["number"] for row in self.rows["publication_counter"].values()] == [len(numbers)]

    def _the_history_leads_to_every_state(self) -> None:
        acts = {action.value for action in Action}
        states = {number: State(None, PublicState.NEVER) for number in self._numbers()}
        for _, entry in sorted(self.rows["history_entry"].items()):
            if entry["act"] in acts:
                number = entry["report_number"]
                states[number] = next_state(Action(entry["act"]), states[number])
        assert states == {
            key[0]: State(row["work_state"], row["public_state"]) for key, row in self.rows["report"].items()
        }

    def _the_public_sees_exactly_what_was_approved(self) -> None:
        views = {key[0]: (row["public_state"], row["published_revision"]) for key, row in self.rows["report"].items()}
        basis = (views, self.rows["published_report"], self.rows["published_term"], self.rows["public_change"])
        if basis == self.seen:
            return  # the public's view is worked out from these rows alone
        self.seen = basis
        public = {number: revision for number, (state, revision) in views.items() if state is PublicState.PUBLIC}
        self._check_pages(views)
        self._check_listings(public)
        self._check_projection(public)
        db.session.rollback()

    def _check_pages(self, views: Mapping[int, tuple[PublicState, int | None]]) -> None:
        for number, (state, revision) in views.items():
            if state is PublicState.NEVER:
                with pytest.raises(NotFound):
                    published.report(number)
                continue
            shown = published.report(number)
            assert revision is not None
            assert any(
                (row["report_number"], row["revision_number"]) == (number, revision)
                for row in self.rows["approval"].values()
            ), "public without an approval"
            if state is PublicState.WITHDRAWN:
                assert isinstance(shown, PublicWithdrawal)
                assert "word" not in repr(shown).lower()
                continue
            assert isinstance(shown, PublicReport)
            words = self._text_of("revision", number, revision)
            assert shown.revision == revision
            assert (shown.headline, shown.lead, shown.key_points) == (words.headline, words.lead, words.key_points)
            assert (shown.body_html, shown.byline) == (markup.render(words.body), words.byline)
            names = {number: slug for slug, number in self.world.issues.items()}
            assert {term.slug for term in shown.policy_issues} == {names[one] for one in words.policy_issues}
            visible = [
                row
                for _, row in sorted(self.rows["public_change"].items())
                if row["report_number"] == number and row["kind"] is not ChangeKind.MINOR
            ]
            assert [change.number for change in shown.changes] == [row["number"] for row in visible]
            assert (shown.first_published_at, shown.updated_at) == (
                visible[0]["changed_at"],
                visible[-1]["changed_at"],
            )
        with pytest.raises(NotFound):
            published.report(max(views, default=0) + 1)

    def _check_listings(self, public: Mapping[int, int]) -> None:
        parents = {issue.id: issue.parent_id for issue in taxonomy.policy_issues()}
        carried: dict[int, set[int]] = {}
        for number, revision in public.items():
            found: set[int] = set()
            for issue in self._issues_of(number, revision):
                above: int | None = issue
                while above is not None:
                    found.add(above)
                    above = parents[above]
            carried[number] = found
        for issue_slug in (None, *self.world.issues):
            for event_slug in (None, *self.world.events):
                selection = Selection.of(
                    policy_issues=[issue_slug] if issue_slug else (), events=[event_slug] if event_slug else ()
                )
                wanted = {
                    number
                    for number in public
                    if (issue_slug is None or self.world.issues[issue_slug] in carried[number])
                    and (
                        event_slug is None
                        or self.rows["report"][(number,)]["event_id"] == self.world.events[event_slug]
                    )
                }
                listed = published.listing(selection, title="").reports
                assert {report.number: report.revision for report in listed} == {one: public[one] for one in wanted}
                order = [(report.updated_at, report.number) for report in listed]
                assert order == sorted(order, reverse=True)
                if issue_slug is None and event_slug is None:
                    assert list(listed) == [published.report(report.number) for report in listed]

    def _check_projection(self, public: Mapping[int, int]) -> None:
        """What public listings hold is what a rebuild would write."""
        rendered = {one: revisions.render(self._text_of("revision", one, public[one])) for one in public}
        nothing = revisions.render(ReportText())
        rebuilt: dict[str, list[Any]] = {}
        with suppress(UndoneError), unit_of_work():
            for number in self._numbers():
                report = reports.for_change(number)
                assert report is not None
                publication.rebuild(report, rendered=rendered.get(number, nothing))
            db.session.flush()
            for name in ("published_report", "published_term"):
                rows = db.session.execute(sa.select(Base.metadata.tables[name])).mappings()
                rebuilt[name] = sorted((dict(row) for row in rows), key=str)
            raise UndoneError
        for name in ("published_report", "published_term"):
            assert rebuilt[name] == sorted(self.rows[name].values(), key=str)


def test_whatever_happens_every_promise_holds(context: Flask, tmp_path: Path) -> None:
    world = prepare(context, tmp_path)
    examples = max(1, int((16 if db.engine.dialect.name == "sqlite" else 5) * SCALE))

    class LifeHere(Life):
        def __init__(self) -> None:
            super().__init__(world)

    run_state_machine_as_test(
        LifeHere,
        settings=settings(
            max_examples=examples,
            stateful_step_count=8,
            deadline=None,
            derandomize=True,
            database=None,
            # Making a failing life shorter takes minutes, so it is left to whoever looks into one.
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    # Without this a change that ends every life early would make the promises hold for nothing.
    came_to_pass = {"file", "approve", "publish", "correct", "withdraw", "marked first", "marked withdrawal"}
    if examples >= 16:
        came_to_pass |= {"amend", "drop_amendment", "recall", "revise", "send_back", "reinstate", "discard", "restore"}
        came_to_pass |= {"marked update", "marked minor", "marked reinstatement", "published by the worker"}
    assert came_to_pass - world.passed.keys() == set(), f"no life came there: {world.passed}"

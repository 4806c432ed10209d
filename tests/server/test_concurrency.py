"""Many people at once at the real server: no text is lost, nothing is done twice, nothing unapproved becomes public."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from threading import Barrier
from uuid import uuid4

import factories
import pytest
from conftest import SCALE
from served import TIMEOUT, Answer, Person, Served, alive, wait_until
from sqlalchemy import select

from reporter.config import Settings
from reporter.models.database import db
from reporter.models.event import Event
from reporter.models.history import HistoryEntry
from reporter.models.people import User
from reporter.models.report import Approval, DraftSave, PublicChange, PublishedReport, Report
from reporter.queries import draft_saves, reports
from reporter.rules import addresses
from reporter.rules.vocabulary import Action, ChangeKind, Entry, PublicState, Role, WorkState

# The counts below are the full ones; more of the same shows nothing new and takes an hour.
LOAD = min(SCALE, 2.0)

pytestmark = pytest.mark.server

Act = Callable[[], object]


def at_once(*acts: Act, apart: Sequence[float] = ()) -> list[object]:
    """Do all of these from threads that wait for each other first; `apart` are seconds that each waits beyond that."""
    barrier = Barrier(len(acts))
    waits = apart or [0.0] * len(acts)

    def one(act: Act, wait: float) -> object:
        barrier.wait(TIMEOUT)
        time.sleep(wait)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts, waits))


def post(person: Person, address: str, **fields: str | int) -> Act:
    """One press of a button, at a connection of its own."""
    window = person.beside()
    return lambda: window.post(address, fields)


def statuses(answers: Iterable[object]) -> list[int]:
    return [answer.status for answer in answers if isinstance(answer, Answer)]


def signed_in(server: Served, users: Sequence[User]) -> list[Person]:
    """Each of these people, signed in at the same moment."""
    emails = [user.email for user in users]
    made = [Person(server.url) for _ in emails]
    at_once(*(partial(who.sign_in, email, factories.PASSWORD) for who, email in zip(made, emails, strict=True)))
    return made


def the_event() -> tuple[Event, User, User, User]:
    """An event with a rapporteur and two editors."""
    factories.issues()
    forum = factories.event("forum")
    return (
        forum,
        factories.person(Role.RAPPORTEUR, forum),
        factories.person(Role.EDITOR, forum),
        factories.person(Role.EDITOR, forum),
    )


def filed(forum: Event, writer: User, headline: str) -> int:
    """A report that waits for an editor; answers its number."""
    made = factories.draft(forum, writer, factories.text(headline), of=factories.session(forum, headline))
    factories.file(made, writer)
    return made.number


def fresh(number: int) -> Report:
    """The report as it is now."""
    db.session.rollback()
    found = reports.by_number(number)
    assert found is not None
    return found


def approvals(number: int) -> list[int]:
    """The revisions that editors approved, one entry an approval."""
    return list(
        db.session.scalars(
            select(Approval.revision_number).where(Approval.report_number == number).order_by(Approval.id)
        )
    )


def changes(number: int) -> list[tuple[ChangeKind, int]]:
    """What the public saw happen to a report, and with which revision."""
    return [(one.kind, one.revision_number) for one in reports.changes(number)]


def acts(number: int, *wanted: str) -> list[str]:
    """Which of these acts stand in the history of a report, each as often as it does."""
    lines = db.session.scalars(
        select(HistoryEntry.act).where(HistoryEntry.report_number == number).order_by(HistoryEntry.id)
    )
    return [line for line in lines if line in wanted]


# -- approving ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("context")
def test_the_same_approval_by_many_is_done_once_and_answered_to_all(settings: Settings) -> None:
    forum, writer, first, second = the_event()
    numbers = [filed(forum, writer, f"Report {place}") for place in range(6)]
    with Served(settings) as server:
        editors = signed_in(server, [first, second])
        for place, number in enumerate(numbers):
            # In every other round some only approve while others publish as well.
            names = ["approve_and_publish"] * 8 if place % 2 == 0 else ["approve", "approve_and_publish"] * 4
            answers = at_once(
                *(
                    post(editors[at // 4], addresses.review(number), act=name, revision=1)
                    for at, name in enumerate(names)
                )
            )
            assert statuses(answers) == [303] * 8
            again = [post(who, addresses.review(number), act="approve_and_publish", revision=1)() for who in editors]
            assert statuses(again) == [303] * 2, "long afterwards it is still done"
            report = fresh(number)
            assert (report.work_state, report.public_state) == (WorkState.SETTLED, PublicState.PUBLIC)
            assert report.published_revision == 1
            assert approvals(number) == [1]
            assert changes(number) == [(ChangeKind.FIRST, 1)]
            assert acts(number, Action.APPROVE, Action.PUBLISH) == [Action.APPROVE, Action.PUBLISH]
    rows = db.session.scalars(select(PublishedReport.report_number).order_by(PublishedReport.report_number)).all()
    assert list(rows) == numbers


@pytest.mark.usefixtures("context")
def test_different_reports_published_at_once_are_numbered_without_a_gap(settings: Settings) -> None:
    forum, writer, first, second = the_event()
    numbers = [filed(forum, writer, f"Report {place}") for place in range(12)]
    with Served(settings) as server:
        editors = signed_in(server, [first, second])
        answers = at_once(
            *(
                post(editors[place % 2], addresses.review(number), act="approve_and_publish", revision=1)
                for place, number in enumerate(numbers)
            )
        )
        assert statuses(answers) == [303] * 12
        assert Person(server.url).get("/healthz").text == "ok 12\n"
    db.session.rollback()
    made = db.session.execute(select(PublicChange.number, PublicChange.report_number)).all()
    assert sorted(number for number, _report in made) == list(range(1, 13))
    assert sorted(report for _number, report in made) == numbers


@pytest.mark.usefixtures("context")
def test_what_is_handed_in_while_an_editor_approves_is_never_public_unread(settings: Settings) -> None:
    """FILE of a newer text against APPROVE of the older one: whoever is first, the public sees what was approved."""
    forum, writer, editor, _other = the_event()
    rounds = max(4, round(20 * LOAD))
    numbers = [filed(forum, writer, f"Read and approved {place}") for place in range(rounds)]
    sessions = {number: fresh(number).programme_session_id for number in numbers}
    issue = factories.issues()["data-flows"]
    order = random.Random(20231204)
    with Served(settings) as server:
        rapporteur, reviewer = signed_in(server, [writer, editor])
        for place, number in enumerate(numbers):
            session = sessions[number]
            assert session is not None
            newer: dict[str, str | int] = {
                "act": "hand_in",
                "client_id": uuid4().hex,
                "based_on": 1,
                "headline": f"Nobody has read {place}",
                "lead": "This text was never read by an editor.",
                "key_points": "One.",
                "body": "Unread words.",
                "policy_issues": issue,
            }
            handed_in, approved = at_once(
                post(rapporteur, addresses.write_up(session), **newer),
                post(reviewer, addresses.review(number), act="approve_and_publish", revision=1),
                apart=[0.0, order.uniform(0, 0.05)],  # so that now the one is first and now the other
            )
            assert isinstance(handed_in, Answer)
            assert isinstance(approved, Answer)
            page = Person(server.url).get(f"/reports/{number}/read-and-approved-{place}")
            feed = Person(server.url).get("/reports.atom").text
            report = fresh(number)
            assert "Nobody has read" not in feed
            if approved.status == 303:
                assert changes(number) == [(ChangeKind.FIRST, 1)]
                assert approvals(number) == [1]
                assert page.status == 200
                assert "Nobody has read" not in page.text
                assert report.published_revision == 1
                assert f"Read and approved {place}<" in feed
                assert handed_in.status == 409, "it was too late, and the writer is told"
                assert "Unread words." in handed_in.text, "with every word still in the form"
            else:
                assert (approved.status, handed_in.status) == (409, 303)
                assert "handed in a newer text" in approved.text
                assert changes(number) == []
                assert approvals(number) == []
                assert page.status == 404
                assert (report.work_state, report.filed_revision) == (WorkState.FILED, 2)


@pytest.mark.parametrize("act", ["recall", "amend"])
@pytest.mark.usefixtures("context")
def test_an_act_on_a_report_and_a_save_of_it_do_not_block_each_other(settings: Settings, act: str) -> None:
    """Both need the report and its session; whoever takes them in another order waits for the other for ever."""
    forum, writer, editor, _other = the_event()
    second = factories.person(Role.RAPPORTEUR, forum)
    numbers = [filed(forum, writer, f"Report {place}") for place in range(max(4, round(12 * LOAD)))]
    if act == "amend":
        for number in numbers:
            factories.approve(fresh(number), editor)
            factories.publish(fresh(number), editor)
    with Served(settings) as server:
        people = signed_in(server, [writer, second])
        for number in numbers:
            session = fresh(number).programme_session_id
            assert session is not None
            assert people[1].post(addresses.write_up(session), {"act": "join"}).status == 303
            saves = [
                post(who, addresses.write_up(session), act="save", client_id=uuid4().hex, headline=f"Save {place}")
                for place, who in enumerate(people * 2)
            ]
            [done, *saved] = statuses(at_once(post(people[0], f"/desk/reports/{number}/{act}"), *saves))
            assert done == 303
            # A published text takes no save before the amendment begins; its writer is told, and keeps the words.
            assert set(saved) <= ({303} if act == "recall" else {303, 409})
            assert fresh(number).work_state is WorkState.DRAFT
            assert len(draft_saves.every(number)) == 1 + saved.count(303) + (act == "amend")


# -- starting -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("context")
def test_two_who_start_on_one_session_at_once_write_one_report(settings: Settings) -> None:
    forum, first, _editor, _other = the_event()
    second = factories.person(Role.RAPPORTEUR, forum)
    sessions = [factories.session(forum, f"Session {place}").id for place in range(12)]
    with Served(settings) as server:
        people = signed_in(server, [first, second])
        for session in sessions:
            answers = at_once(*(post(who, addresses.write_up(session), act="join") for who in people))
            assert statuses(answers) == [303, 303]
            db.session.rollback()
            [report] = db.session.scalars(select(Report).where(Report.programme_session_id == session)).all()
            assert sorted(one.user_id for one in report.rapporteurs) == sorted([first.id, second.id])
            assert report.work_state is WorkState.DRAFT
            joined = [Entry.RAPPORTEUR_JOINED, Entry.RAPPORTEUR_JOINED]
            assert acts(report.number, Action.START, Entry.RAPPORTEUR_JOINED) == [Action.START, *joined]
            for who in people:
                assert "who writes" not in who.get(addresses.write_up(session)).text
                assert who.get(addresses.desk_report(report.number)).status == 200


# -- writing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """One save that the server acknowledged: with 303, or with 409 where it was kept beside a newer one."""

    client_id: str
    headline: str
    body: str
    based_on: int
    set_aside: bool


@dataclass
class Client:
    """One window in which one person writes on one report."""

    name: str
    person: Person
    session: int
    alone: bool  # nobody else writes on the report, so the window knows where the report stands
    sent: list[Sent] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def open(self) -> None:
        """Open the form."""
        self.based_on, self.client_id = self._form(self.person.get(addresses.write_up(self.session)))

    def write(self, saves: int) -> None:
        """Save so many texts, each another one; every tenth is sent twice, as after an answer that did not arrive."""
        for place in range(saves):
            headline = f"{self.name}, save {place}"
            typed: dict[str, str | int] = {
                "act": "save",
                "client_id": self.client_id,
                "based_on": self.based_on,
                "headline": headline,
                "lead": f"What {headline} says.",
                "key_points": "One point.\nAnother point.",
                "body": "\n\n".join(f"Paragraph {number} of {headline}." for number in range(20)),
            }
            answer = self._send(typed)
            if place % 10 == 0:
                again = self._send(typed)
                if again.status != answer.status:
                    self.refused.append(f"{headline} again: {again.status} {again.text[:500]}")
            if answer.status not in ((303,) if self.alone else (303, 409)):
                self.refused.append(f"{headline}: {answer.status} {answer.text[:500]}")
                continue
            set_aside = answer.status == 409
            if set_aside and answer.fields(f"/sessions/{self.session}/report")["headline"] != headline:
                self.refused.append(f"{headline}: the words are gone from the form")
            self.sent.append(Sent(self.client_id, headline, str(typed["body"]), self.based_on, set_aside))
            if self.alone:
                self.based_on, self.client_id = self.based_on + 1, uuid4().hex
            elif set_aside:
                self.based_on, self.client_id = self._form(answer)
            else:
                self.open()

    def _send(self, typed: dict[str, str | int]) -> Answer:
        return self.person.post(addresses.write_up(self.session), typed)

    def _form(self, page: Answer) -> tuple[int, str]:
        fields = page.fields(f"/sessions/{self.session}/report")
        return int(fields["based_on"]), fields["client_id"]


class Stubborn(Client):
    """A window that sends again, unchanged, until there is an answer: what a page does when the server is away."""

    def _send(self, typed: dict[str, str | int]) -> Answer:
        found: list[Answer] = []

        def sent() -> bool:
            try:
                found.append(super(Stubborn, self)._send(typed))
            except (OSError, HTTPException):
                return False
            return True

        wait_until(sent, f"an answer to {self.name}", patience=TIMEOUT)
        return found[0]


def check_saves(clients: Sequence[Client]) -> None:
    """Every acknowledged save is there once, in the order in which its window sent it; the newest is the text."""
    db.session.rollback()
    by_session: dict[int, list[Client]] = {}
    for client in clients:
        by_session.setdefault(client.session, []).append(client)
    for session, writers in by_session.items():
        report = reports.of_session(session)
        assert report is not None
        rows = draft_saves.every(report.number)
        assert [row.sequence for row in rows] == list(range(1, len(rows) + 1)), "no gap and no number twice"
        for writer in writers:
            ids = {one.client_id for one in writer.sent}
            assert [_as_sent(row) for row in rows if row.client_id in ids] == writer.sent
        assert len(rows) == sum(len(writer.sent) for writer in writers), "nothing was kept twice"
        accepted = [row for row in rows if not row.set_aside]
        # Each accepted text was written with the one before it in view, so none covers another unseen.
        assert [row.based_on for row in accepted] == [0, *(row.sequence for row in accepted[:-1])]
        head = draft_saves.head(report.number)
        assert head is not None
        last = [[one for one in writer.sent if not one.set_aside][-1:] for writer in writers]
        assert [_as_sent(head)] in last, "the text is what its writer was told last"


def _as_sent(row: DraftSave) -> Sent:
    return Sent(row.client_id, row.headline, row.body, row.based_on, row.set_aside)


@pytest.mark.usefixtures("context")
def test_a_hundred_windows_lose_no_save(settings: Settings) -> None:
    """2,000 saves by 20 people in 100 windows: 50 reports with one window each, 10 that five people write together."""
    forum, _writer, _editor, _other = the_event()
    users = [factories.person(Role.RAPPORTEUR, forum) for _ in range(20)]
    sessions = [factories.session(forum, f"Session {place}").id for place in range(60)]
    saves = max(2, round(20 * LOAD))
    with Served(settings) as server:
        people = signed_in(server, users)
        clients: list[Client] = []
        for place, session in enumerate(sessions):
            alone = place < 50
            for at in range(1 if alone else 5):
                who = people[(place + at) % 20]
                if not alone:
                    assert who.post(addresses.write_up(session), {"act": "join"}).status == 303
                clients.append(Client(f"Window {len(clients)}", who.beside(), session, alone))
        assert len(clients) == 100
        at_once(*(client.open for client in clients))
        for client in clients:  # who opened first waited for the last, longer than a server keeps a silent connection
            client.person.connection.close()
        at_once(*(partial(client.write, saves) for client in clients))

        assert [line for client in clients for line in client.refused] == []
        assert sum(len(client.sent) for client in clients) == 100 * saves
        # Five who begin on the same empty form: one of them is first, the texts of four are kept beside it.
        assert sum(one.set_aside for client in clients for one in client.sent) >= 4 * 10
        assert sum(one.set_aside for client in clients for one in client.sent if client.alone) == 0
        check_saves(clients)
        for client in clients[::10]:
            report = reports.of_session(client.session)
            assert report is not None
            head = draft_saves.head(report.number)
            assert head is not None
            shown = client.person.get(addresses.write_up(client.session)).fields(f"{client.session}/report")
            assert (shown["headline"], shown["based_on"]) == (head.headline, str(head.sequence))
            # HTML drops the first line end of a text area; the parser of these tests does not.
            assert shown["body"].replace("\r\n", "\n").removeprefix("\n") == head.body


@pytest.mark.usefixtures("context")
def test_a_server_that_is_killed_keeps_every_save_that_it_acknowledged(settings: Settings) -> None:
    """Windows write on while a web process, then the whole server, is killed; what they send again counts once."""
    forum, _writer, _editor, _other = the_event()
    users = [factories.person(Role.RAPPORTEUR, forum) for _ in range(4)]
    sessions = [factories.session(forum, f"Session {place}").id for place in range(12)]
    saves = max(10, round(40 * LOAD))
    with Served(settings) as server:
        people = signed_in(server, users)
        clients = [
            Stubborn(f"Window {place}", people[place % 4].beside(), session, alone=True)
            for place, session in enumerate(sessions)
        ]
        at_once(*(client.open for client in clients))
        with ThreadPoolExecutor(len(clients)) as pool:
            writing = [pool.submit(client.write, saves) for client in clients]
            total = len(clients) * saves

            def written(part: float) -> Callable[[], bool]:
                return lambda: (
                    sum(len(client.sent) for client in clients) >= part * total or all(one.done() for one in writing)
                )

            wait_until(written(0.2), "the first saves", patience=TIMEOUT)
            os.kill(server.web()[0], signal.SIGKILL)
            wait_until(written(0.5), "half of the saves", patience=TIMEOUT)
            assert not all(one.done() for one in writing), "the server is killed while they write"
            server.process.kill()
            server.process.wait()
            server.kill_the_rest()
            wait_until(lambda: alive(server.started()) == [], "the end of its processes")
            server.start()
            for one in writing:
                one.result(timeout=2 * TIMEOUT)
        assert [line for client in clients for line in client.refused] == []
        assert [len(client.sent) for client in clients] == [saves] * len(clients)
        check_saves(clients)

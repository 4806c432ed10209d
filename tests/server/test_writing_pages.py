"""A hundred pages that save by themselves at the real server: every word that was received is there, in its place."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import factories as make
import pytest
from conftest import SCALE
from served import TIMEOUT, Person, Served
from sqlalchemy import func, select
from writing_page import WritingPage

from reporter.config import Settings
from reporter.models.database import db, unit_of_work
from reporter.models.report import DraftSave, HeldText
from reporter.newsroom import filing
from reporter.queries import draft_saves, reports
from reporter.rules import addresses
from reporter.rules.report_text import ReportText
from reporter.rules.vocabulary import Role

pytestmark = pytest.mark.server

LOAD = min(SCALE, 2.0)  # 20 saves a page are the full count; more of the same shows nothing new
ALONE, TOGETHER, AT_ONE = 50, 10, 5  # reports that one page writes; that several write; pages at one of those


@pytest.mark.usefixtures("context")
def test_a_hundred_pages_that_save_by_themselves_lose_no_word(settings: Settings) -> None:
    """A thousand saves, a tenth of them sent twice: on a report of one page, and on reports that five write at once."""
    make.issues()
    forum = make.event("forum")
    users = [make.person(Role.RAPPORTEUR, forum) for _ in range(20)]
    places = [make.session(forum, f"Session {place}") for place in range(ALONE + TOGETHER)]
    begun = ReportText(headline="A headline", body="\n\n".join(f"Paragraph {one}." for one in range(AT_ONE)))
    for place, session in enumerate(places[ALONE:]):
        writers = [users[(place + at) % 20] for at in range(AT_ONE)]
        report = make.draft(forum, writers[0], begun, of=session)
        with unit_of_work():
            for user in writers:
                filing.add_rapporteur(make.locked_report(report), user, by=user, at=make.T0)
    emails, numbers = [user.email for user in users], [session.id for session in places]
    db.session.rollback()
    saves = max(3, round(10 * LOAD))
    with Served(settings) as server, ThreadPoolExecutor(100) as pool:
        people = list(pool.map(lambda email: Person(server.url).sign_in(email, make.PASSWORD), emails))
        pages = [WritingPage.of(people[place % 20], addresses.write_up(numbers[place])) for place in range(ALONE)]
        pages += [
            WritingPage.of(people[(place + at) % 20], addresses.write_up(numbers[ALONE + place]), paragraph=at)
            for place in range(TOGETHER)
            for at in range(AT_ONE)
        ]
        barrier = Barrier(len(pages))
        list(pool.map(partial(_write, barrier=barrier, saves=saves), enumerate(pages)))
    assert [line for page in pages for line in page.errors] == []
    assert sum(len(page.kept) for page in pages) == len(pages) * saves
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(HeldText)) == 0
    there = {(row.report_number, row.sequence): row.body for row in db.session.scalars(select(DraftSave))}
    assert {place: there.get(place) for page in pages for place in page.kept} == {
        place: body for page in pages for place, body in page.kept.items()
    }
    for number in numbers:
        found = reports.of_session(number)
        assert found is not None
        _check_text(found.number, [page for page in pages if page.report == found.number], saves)


def _write(numbered: tuple[int, WritingPage], *, barrier: Barrier, saves: int) -> None:
    place, page = numbered
    barrier.wait(TIMEOUT)
    for number in range(saves):
        # Every third answer meets a page in which its writer typed on: it goes on from its own words.
        page.write(f"Page {place}, save {number}.", adopts=number % 3 != 2, resends=number % 10 == 0)


def _check_text(report: int, pages: list[WritingPage], saves: int) -> None:
    """The working text says last what each of its pages said last."""
    head = draft_saves.head(report)
    assert head is not None
    last = [page.kept[max(page.kept)].split("\n\n")[page.paragraph] for page in pages]
    assert head.body.split("\n\n")[: len(pages)] == last
    assert all(words.endswith(f"save {saves - 1}.") for words in last)
    rows = draft_saves.every(report)
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1)), "no gap and no number twice"
    assert len({row.client_id for row in rows}) == len(rows)
    assert draft_saves.set_aside(report) == []

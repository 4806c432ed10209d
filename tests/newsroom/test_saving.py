"""What is typed is kept to the letter, two people's saves come together, and what is old goes in the order it may."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

import factories as make
import pytest
from conftest import SCALE
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporter import worker
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.report import DraftSave, Report
from reporter.newsroom import filing, saving
from reporter.newsroom.saving import Kept
from reporter.queries import draft_saves, reports
from reporter.rules.clock import event_end
from reporter.rules.errors import NotAllowed, Refused, TextRefused, WrongState
from reporter.rules.merge import Choice, Clash
from reporter.rules.report_text import KeyPoint, Link, ReportText
from reporter.rules.vocabulary import Role

FIRST = ReportText(headline="Headline", lead="Lead.", body="One.\n\nTwo.\n\nThree.")


@dataclass(frozen=True)
class Desk:
    """A report with one save, FIRST; both `mine` and `theirs` are its rapporteurs."""

    event: Event
    report: Report
    mine: User
    theirs: User
    editor: User


@pytest.fixture
def desk(context: Flask) -> Desk:
    assert context is not None
    make.issues()
    forum = make.event("forum")
    mine, theirs = (make.person(Role.RAPPORTEUR, forum) for _ in range(2))
    editor = make.person(Role.EDITOR, forum)
    report = make.draft(forum, mine, FIRST, of=make.session(forum))
    with unit_of_work():
        filing.add_rapporteur(make.locked_report(report), theirs, by=mine, at=make.T0)
    return Desk(forum, report, mine, theirs, editor)


def keep(
    desk: Desk,
    words: ReportText,
    by: User,
    *,
    based_on: int | None = 1,
    client_id: str = "",
    at: datetime | None = None,
    device: str = "",
) -> Kept:
    """One save as a page sends it."""
    with unit_of_work():
        return saving.keep(
            make.locked_report(desk.report),
            words,
            client_id=client_id or uuid4().hex,
            based_on=based_on,
            device=device,
            by=by,
            at=at or make.later(5),
        )


def resolve(desk: Desk, save: DraftSave, seen: int, choose: Callable[[Clash], Choice], by: User) -> Kept:
    with unit_of_work():
        return saving.resolve(
            make.locked_report(desk.report),
            draft_saves.one(desk.report.number, save.sequence),
            seen=seen,
            choose=choose,
            by=by,
            at=make.later(9),
        )


def thin(desk: Desk, at: datetime) -> int:
    with unit_of_work():
        return saving.thin(make.locked_report(desk.report), at=at)


def head_of(desk: Desk) -> ReportText:
    found = draft_saves.head(desk.report.number)
    assert found is not None
    return reports.text_of(found)


def kept_texts(desk: Desk) -> list[ReportText]:
    return [reports.text_of(one) for one in draft_saves.every(desk.report.number)]


def sequences(desk: Desk) -> list[int]:
    return [one.sequence for one in draft_saves.every(desk.report.number)]


def body(*paragraphs: str) -> ReportText:
    return replace(FIRST, body="\n\n".join(paragraphs))


# -- two people ---------------------------------------------------------------------------------------------------


def test_changes_that_do_not_overlap_merge_by_themselves_and_both_saves_stay(desk: Desk) -> None:
    theirs = keep(desk, body("One.", "Two.", "Three, theirs."), desk.theirs)
    mine = keep(desk, body("One, mine.", "Two.", "Three."), desk.mine)
    assert mine.places == ()
    assert (mine.save.sequence, mine.head.sequence, mine.head.merged_from) == (3, 4, 3)
    assert head_of(desk) == body("One, mine.", "Two.", "Three, theirs.")
    assert reports.text_of(theirs.save) in kept_texts(desk)
    assert body("One, mine.", "Two.", "Three.") in kept_texts(desk)
    assert draft_saves.set_aside(desk.report.number) == []


def test_the_rest_of_a_report_merges_field_by_field(desk: Desk) -> None:
    """Metadata too: what one of the two set, and the other left alone, stands."""
    issue, other_issue = (1, 2)
    keep(
        desk,
        replace(
            FIRST,
            headline="Theirs",
            policy_issues=frozenset({issue}),
            links=(Link("Theirs", "https://example.org/theirs"),),
            checked_by="Their checker",
            key_points=(KeyPoint("Their point.", "Norway"),),
        ),
        desk.theirs,
    )
    mine = keep(
        desk,
        replace(FIRST, lead="Mine.", byline="Me", language="fr", policy_issues=frozenset({other_issue}),
                sdg_targets=frozenset({7})),
        desk.mine,
    )  # fmt: skip
    assert mine.places == ()
    assert head_of(desk) == replace(
        FIRST,
        headline="Theirs",
        lead="Mine.",
        byline="Me",
        language="fr",
        policy_issues=frozenset({issue, other_issue}),
        sdg_targets=frozenset({7}),
        links=(Link("Theirs", "https://example.org/theirs"),),
        checked_by="Their checker",
        key_points=(KeyPoint("Their point.", "Norway"),),
    )


def test_two_who_changed_one_place_are_both_kept_and_the_place_is_named(desk: Desk) -> None:
    keep(desk, body("One.", "Two, theirs.", "Three."), desk.theirs)
    mine = keep(desk, replace(body("One.", "Two, mine.", "Three."), lead="Mine."), desk.mine)
    assert mine.places == (Clash("body", 0, "Two, mine.", "Two, theirs."),)
    assert head_of(desk) == body("One.", "Two, theirs.", "Three.")
    assert [one.sequence for one in draft_saves.set_aside(desk.report.number)] == [mine.save.sequence]
    assert reports.text_of(mine.save) == replace(body("One.", "Two, mine.", "Three."), lead="Mine.")


@pytest.mark.parametrize(
    ("choice", "second"),
    [
        (Choice.MINE, ("Two, mine.",)),
        (Choice.THEIRS, ("Two, theirs.",)),
        (Choice.BOTH, ("Two, mine.", "Two, theirs.")),
    ],
)
def test_what_somebody_chose_stands_and_the_rest_stays_among_the_saves(
    desk: Desk, choice: Choice, second: tuple[str, ...]
) -> None:
    keep(desk, body("One.", "Two, theirs.", "Three."), desk.theirs)
    # What did not clash comes in whatever is chosen.
    mine = keep(desk, replace(body("One.", "Two, mine.", "Three."), lead="Mine."), desk.mine)
    done = resolve(desk, mine.save, mine.head.sequence, lambda _clash: choice, desk.mine)
    assert done.places == ()
    assert head_of(desk) == replace(body("One.", *second, "Three."), lead="Mine.")
    assert draft_saves.set_aside(desk.report.number) == []
    assert {"Two, mine.", "Two, theirs."} <= {line for text in kept_texts(desk) for line in text.body.split("\n\n")}
    # The same choice sent again changes nothing.
    again = resolve(desk, mine.save, mine.head.sequence, lambda _clash: choice, desk.mine)
    assert (again.places, again.head.sequence) == ((), done.head.sequence)


def test_where_the_working_text_moved_on_meanwhile_nobody_chooses_blindly(desk: Desk) -> None:
    keep(desk, body("One.", "Two, theirs.", "Three."), desk.theirs)
    mine = keep(desk, body("One.", "Two, mine.", "Three."), desk.mine)
    keep(desk, body("One.", "Two, theirs again.", "Three."), desk.theirs, based_on=2)
    first = resolve(desk, mine.save, mine.head.sequence, lambda _clash: Choice.MINE, desk.mine)
    assert first.places == (Clash("body", 0, "Two, mine.", "Two, theirs again."),)
    assert head_of(desk) == body("One.", "Two, theirs again.", "Three.")
    resolve(desk, mine.save, first.head.sequence, lambda _clash: Choice.MINE, desk.mine)
    assert head_of(desk) == body("One.", "Two, mine.", "Three.")
    # Where it moved on and clashes no more, there is nothing to choose.
    other = keep(desk, body("One, too.", "Two, mine.", "Three."), desk.theirs, based_on=1)
    assert other.places == ()


def test_only_who_may_write_chooses_and_only_while_something_is_written(desk: Desk) -> None:
    keep(desk, body("One.", "Two, theirs.", "Three."), desk.theirs)
    mine = keep(desk, body("One.", "Two, mine.", "Three."), desk.mine)
    with pytest.raises(NotAllowed):
        resolve(desk, mine.save, mine.head.sequence, lambda _clash: Choice.MINE, make.person(Role.RAPPORTEUR, None))
    with unit_of_work():
        filing.discard(make.locked_report(desk.report), by=desk.mine, at=make.later(8))
    with pytest.raises(WrongState):
        resolve(desk, mine.save, mine.head.sequence, lambda _clash: Choice.MINE, desk.mine)
    assert len(sequences(desk)) == 3


def test_a_text_too_long_for_one_report_is_chosen_and_not_cut(desk: Desk) -> None:
    """Neither is over the limit, both together are: the two stand side by side, and either can be taken."""
    points = [tuple(KeyPoint(f"{whose} {number}.") for number in range(20)) for whose in ("Theirs", "Mine")]
    base = replace(FIRST, key_points=(KeyPoint("Between."),))
    keep(desk, base, desk.mine)
    keep(desk, replace(base, key_points=(*points[0], KeyPoint("Between."))), desk.theirs, based_on=2)
    mine = keep(desk, replace(base, key_points=(KeyPoint("Between."), *points[1])), desk.mine, based_on=2)
    assert mine.places[0].part == "key_points"
    assert len(head_of(desk).key_points) == 21
    with pytest.raises(TextRefused):
        resolve(desk, mine.save, mine.head.sequence, lambda _clash: Choice.BOTH, desk.mine)
    resolve(desk, mine.save, mine.head.sequence, lambda _clash: Choice.MINE, desk.mine)
    assert head_of(desk).key_points == (KeyPoint("Between."), *points[1])
    assert replace(base, key_points=(*points[0], KeyPoint("Between."))) in kept_texts(desk)


# -- chains -------------------------------------------------------------------------------------------------------


def test_who_types_on_after_a_merge_does_not_clash_with_what_was_typed_before(desk: Desk) -> None:
    """A page that was typed in meanwhile goes on from its own save, not from the merged text it has not shown."""
    keep(desk, body("One.", "Two.", "Three, theirs."), desk.theirs)
    raw = keep(desk, body("One, mine.", "Two.", "Three."), desk.mine)
    more = keep(desk, body("One, mine and more.", "Two.", "Three."), desk.mine, based_on=raw.save.sequence)
    assert more.places == ()
    assert head_of(desk) == body("One, mine and more.", "Two.", "Three, theirs.")
    keep(desk, body("One.", "Two, theirs.", "Three, theirs."), desk.theirs, based_on=2)
    last = keep(desk, body("One, mine at last.", "Two.", "Three."), desk.mine, based_on=more.save.sequence)
    assert last.places == ()
    assert head_of(desk) == body("One, mine at last.", "Two, theirs.", "Three, theirs.")


def test_who_types_on_after_a_clash_has_one_text_to_choose_for_and_not_each_save_of_it(desk: Desk) -> None:
    keep(desk, body("One.", "Two, theirs.", "Three."), desk.theirs)
    first = keep(desk, body("One.", "Two, mi", "Three."), desk.mine)
    second = keep(desk, body("One.", "Two, min", "Three."), desk.mine, based_on=first.save.sequence)
    third = keep(desk, body("One.", "Two, mine.", "Three."), desk.mine, based_on=second.save.sequence)
    assert third.places == (Clash("body", 0, "Two, mine.", "Two, theirs."),)
    assert [one.sequence for one in draft_saves.set_aside(desk.report.number)] == [third.save.sequence]
    resolve(desk, third.save, third.head.sequence, lambda _clash: Choice.MINE, desk.mine)
    assert draft_saves.set_aside(desk.report.number) == []
    assert {"Two, mi", "Two, min"} <= {line for text in kept_texts(desk) for line in text.body.split("\n\n")}


def test_an_act_does_not_hide_a_text_that_waits_for_a_choice(desk: Desk) -> None:
    """AMEND begins a draft with the public words, right after a save that was set aside."""
    issue = frozenset(one for slug, one in make.issues().items() if slug == "data-flows")
    keep(desk, replace(body("One.", "Two, theirs.", "Three."), policy_issues=issue), desk.theirs)
    mine = keep(desk, body("One.", "Two, mine.", "Three."), desk.mine)
    make.file(desk.report, desk.theirs)
    make.approve(desk.report, desk.editor)
    make.publish(desk.report, desk.editor)
    with unit_of_work():
        filing.amend(make.locked_report(desk.report), by=desk.mine, at=make.later(20))
    assert [one.sequence for one in draft_saves.set_aside(desk.report.number)] == [mine.save.sequence]


def test_a_resend_keeps_nothing_twice_and_other_words_under_its_id_are_kept(desk: Desk) -> None:
    page, words = uuid4().hex, body("One, mine.", "Two.", "Three.")
    first = keep(desk, words, desk.mine, client_id=page)
    again = keep(desk, words, desk.mine, client_id=page)
    assert (again.save.sequence, again.head.sequence) == (first.save.sequence, first.head.sequence)
    other = keep(desk, body("Other words."), desk.mine, client_id=page)
    assert other.save.sequence != first.save.sequence
    theirs = keep(desk, body("Their words."), desk.theirs, client_id=page, based_on=other.head.sequence)
    assert theirs.save.saved_by_id == desk.theirs.id
    assert kept_texts(desk)[-3:] == [words, body("Other words."), body("Their words.")]


def test_a_resend_of_what_clashed_is_joined_when_it_clashes_no_more(desk: Desk) -> None:
    """The answer was lost; when it is asked for again, the other has taken their change back."""
    keep(desk, body("One.", "Two, theirs.", "Three."), desk.theirs)
    page, words = uuid4().hex, body("One.", "Two, mine.", "Three.")
    assert keep(desk, words, desk.mine, client_id=page).places
    keep(desk, body("One.", "Two.", "Three.", "Four."), desk.theirs, based_on=2)
    again = keep(desk, words, desk.mine, client_id=page)
    assert again.places == ()
    assert head_of(desk) == body("One.", "Two, mine.", "Three.", "Four.")


def test_a_base_that_we_never_gave_overwrites_nobody(desk: Desk) -> None:
    keep(desk, body("One.", "Two, theirs.", "Three."), desk.theirs)
    mine = keep(desk, body("Mine alone."), desk.mine, based_on=99)
    assert mine.places == (Clash("body", 0, "Mine alone.", "One.\n\nTwo, theirs.\n\nThree."),)
    assert head_of(desk) == body("One.", "Two, theirs.", "Three.")


def test_a_restored_save_is_the_working_text_again_and_what_stood_there_stays(desk: Desk) -> None:
    keep(desk, body("Newer."), desk.mine)
    with unit_of_work():
        kept = saving.restore(
            make.locked_report(desk.report), draft_saves.one(desk.report.number, 1), by=desk.editor, at=make.later(9)
        )
    assert (kept.head.sequence, kept.head.saved_by_id) == (3, desk.editor.id)
    assert head_of(desk) == FIRST
    assert kept_texts(desk) == [FIRST, body("Newer."), FIRST]


def test_what_an_editor_changed_comes_into_the_working_text(desk: Desk) -> None:
    words = replace(body("One, mine.", "Two.", "Three."), headline="Mine")
    keep(desk, words, desk.mine)
    with unit_of_work():
        save = saving.take_in(
            make.locked_report(desk.report),
            base=FIRST,
            changed=replace(body("One.", "Two.", "Three, edited."), headline="Edited"),
            by=desk.editor,
            at=make.later(9),
        )
    assert save is not None
    assert head_of(desk) == replace(body("One, mine.", "Two.", "Three, edited."), headline="Edited")
    assert words in kept_texts(desk)


@pytest.mark.parametrize("language", ["", "xx", "english", "\x00"])
def test_a_language_that_is_none_is_refused(desk: Desk, language: str) -> None:
    with pytest.raises(Refused):
        keep(desk, replace(FIRST, language=language), desk.mine)
    assert sequences(desk) == [1]


# -- thinning -----------------------------------------------------------------------------------------------------

MONTH = timedelta(days=30)


def type_for(desk: Desk, start: datetime, *, seconds: int, device: str = "") -> list[Kept]:
    """A save every twenty seconds, each going on from the one before."""
    head = draft_saves.head(desk.report.number)
    assert head is not None
    made = []
    for second in range(0, seconds, 20):
        words = body("One.", "Two.", f"Typed after {second} seconds from {start}.")
        made.append(
            keep(desk, words, desk.mine, based_on=head.sequence, at=start + timedelta(seconds=second), device=device)
        )
        head = made[-1].head
    return made


def test_every_save_of_the_last_day_stays_then_the_last_of_each_minute(desk: Desk) -> None:
    start = make.later(10)
    type_for(desk, start, seconds=180)
    everything = sequences(desk)
    assert len(everything) == 10
    assert thin(desk, start + timedelta(days=1)) == 0
    assert sequences(desk) == everything
    assert thin(desk, start + timedelta(days=1, minutes=1)) == 2
    assert thin(desk, start + timedelta(days=2)) == 4
    assert sequences(desk) == [1, 4, 7, 10]
    assert thin(desk, start + timedelta(days=20)) == 0


def test_each_writer_and_each_device_has_a_save_of_the_minute(desk: Desk) -> None:
    start = make.later(10)
    for step, (who, device) in enumerate(((desk.mine, "phone"), (desk.theirs, "laptop"), (desk.mine, "laptop"))):
        for second in range(2):
            head = draft_saves.head(desk.report.number)
            assert head is not None
            keep(desk, body(f"{step} {second}"), who, based_on=head.sequence, at=start + timedelta(seconds=second),
                 device=device)  # fmt: skip
    thin(desk, start + timedelta(days=3))
    assert sequences(desk) == [1, 3, 5, 7]


def test_thirty_days_after_the_event_the_working_text_stays_and_what_was_handed_in(desk: Desk) -> None:
    issue = frozenset(one for slug, one in make.issues().items() if slug == "data-flows")
    keep(desk, replace(FIRST, policy_issues=issue), desk.mine)
    make.file(desk.report, desk.mine)
    type_for(desk, make.later(10), seconds=180)
    keep(desk, body("One, theirs."), desk.theirs, based_on=1, at=make.later(14))  # set aside
    ended = event_end(desk.event.ends_on, desk.event.time_zone)
    thin(desk, ended + MONTH)
    assert sequences(desk) == [1, 2, 5, 8, 11, 12]
    thin(desk, ended + MONTH + timedelta(seconds=1))
    assert sequences(desk) == [2, 11, 12], "handed in, the working text, and the newest number"
    assert keep(desk, body("Later."), desk.mine, based_on=11, at=ended + MONTH).save.sequence == 13


def test_a_report_changed_after_the_event_keeps_its_saves_for_thirty_days_from_then(desk: Desk) -> None:
    late = event_end(desk.event.ends_on, desk.event.time_zone) + timedelta(days=40)
    type_for(desk, late, seconds=120)
    thin(desk, late + timedelta(days=2))
    assert sequences(desk) == [4, 7]
    thin(desk, late + timedelta(days=32))
    assert sequences(desk) == [7]


def test_a_text_that_waits_for_a_choice_stays_whole_until_thirty_days_after_the_event(desk: Desk) -> None:
    """Its words stand nowhere else: one a minute would be a loss."""
    keep(desk, body("One.", "Two, theirs.", "Three."), desk.theirs, at=make.later(10))
    keep(desk, body("One, mine.", "Two, theirs.", "Three."), desk.mine, based_on=2, at=make.later(11))
    for number in range(5):  # from windows of the plain form, which all have no name
        keep(desk, body("One.", f"Two, mine {number}.", "Three."), desk.mine, at=make.later(11))
    keep(desk, body("One, theirs.", "Two, theirs.", "Three."), desk.theirs, based_on=3, at=make.later(12))
    thin(desk, make.later(10) + timedelta(days=20))
    assert {"One, mine.", *(f"Two, mine {number}." for number in range(5))} <= {
        line for text in kept_texts(desk) for line in text.body.split("\n\n")
    }
    assert len(draft_saves.set_aside(desk.report.number)) == 5


def test_a_base_that_was_thinned_away_still_merges_without_a_loss(desk: Desk) -> None:
    made = type_for(desk, make.later(10), seconds=60)
    base = made[1]  # of the middle of a minute
    theirs = keep(desk, replace(reports.text_of(made[-1].head), lead="Theirs."), desk.theirs,
                  based_on=made[-1].head.sequence, at=make.later(12))  # fmt: skip
    gone = base.save.sequence
    words = replace(reports.text_of(base.save), headline="Mine")
    thin(desk, make.later(10) + timedelta(days=3))
    assert gone not in sequences(desk)
    mine = keep(desk, words, desk.mine, based_on=gone, at=make.later(10) + timedelta(days=3))
    # What was typed after the base that is gone, at the same place, has to be chosen; nothing is overwritten unseen.
    assert [(clash.part, clash.mine, clash.theirs) for clash in mine.places] == [
        ("body", words.body.split("\n\n")[2], reports.text_of(theirs.head).body.split("\n\n")[2])
    ]
    assert head_of(desk) == reports.text_of(theirs.head)
    resolve(desk, mine.save, mine.head.sequence, lambda _clash: Choice.THEIRS, desk.mine)
    assert head_of(desk) == replace(reports.text_of(theirs.head), headline="Mine")


def test_a_text_from_a_save_that_was_set_aside_and_thinned_away_takes_nothing_out(desk: Desk) -> None:
    """Long after the event nobody knows any more what the two had in common: then somebody has to choose."""
    issue = frozenset(one for slug, one in make.issues().items() if slug == "data-flows")
    handed_in = replace(body("One.", "Two, theirs.", "Three."), policy_issues=issue)
    keep(desk, handed_in, desk.theirs, at=make.later(10))
    make.file(desk.report, desk.theirs)  # which stays for good, and which the other has not seen
    aside = keep(desk, body("One.", "Two, mine.", "Three."), desk.mine, at=make.later(11))
    late = event_end(desk.event.ends_on, desk.event.time_zone) + MONTH + timedelta(days=1)
    keep(desk, replace(handed_in, lead="Theirs."), desk.theirs, based_on=2, at=make.later(12))
    thin(desk, late)
    assert 2 in sequences(desk)
    assert aside.save.sequence not in sequences(desk)
    back = keep(desk, body("One.", "Two, mine.", "Three."), desk.mine, based_on=aside.save.sequence, at=late)
    assert back.places
    assert head_of(desk) == replace(handed_in, lead="Theirs.")


def test_the_worker_takes_away_what_is_old(desk: Desk, context: Flask) -> None:
    start = make.later(10)
    type_for(desk, start, seconds=60)
    db.session.rollback()
    assert worker.tidy(context, at=start + timedelta(hours=23)) == 0
    assert worker.tidy(context, at=start + timedelta(days=2)) == 2
    assert worker.tidy(context, at=start + timedelta(days=2)) == 0
    db.session.rollback()
    assert sequences(desk) == [1, 4]


# -- any number of writers, in any order ------------------------------------------------------------------------------


@dataclass
class Writer:
    """A page: the text it shows, the save that it goes on from, every paragraph it ever showed, and what was typed
    there that clashed and was not chosen for yet.
    """

    user: User
    device: str
    base: int
    text: list[str]
    seen: set[str] = field(default_factory=set)
    waits: set[str] = field(default_factory=set)

    def show(self, base: int, text: ReportText) -> None:
        self.base, self.text = base, _paragraphs(text)
        self.seen |= set(self.text)
        self.waits = set()


def _paragraphs(text: ReportText) -> list[str]:
    return text.body.split("\n\n") if text.body else []


def _type(writer: Writer, chance: random.Random, names: Callable[[], str]) -> None:
    """Change one to three paragraphs; the new ones have names that nobody else uses."""
    new = set()
    for _ in range(chance.randint(1, 3)):
        place = chance.randint(0, len(writer.text))
        act = chance.choice(["add", "add", "change", "take out"])
        if act == "add" or place == len(writer.text):
            writer.text.insert(place, names())
            new.add(writer.text[place])
        elif act == "change":
            writer.text[place] = names()
            new.add(writer.text[place])
        else:
            del writer.text[place]
    writer.seen |= new
    writer.waits = (writer.waits | new) & set(writer.text)


@pytest.mark.usefixtures("context")
def test_nothing_that_anybody_typed_disappears_whatever_the_order() -> None:
    make.issues()
    forum = make.event("forum")
    users = [make.person(Role.RAPPORTEUR, forum) for _ in range(3)]

    @settings(max_examples=max(5, int(20 * SCALE)), deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.integers(0, 2**32), st.integers(2, 3), st.booleans())
    def run(seed: int, count: int, thins: bool) -> None:
        chance, number = random.Random(seed), 0

        def names() -> str:
            nonlocal number
            number += 1
            return f"Paragraph {number}."

        start = [names() for _ in range(3)]
        report = make.draft(forum, users[0], body(*start))
        with unit_of_work():
            for user in users:
                filing.add_rapporteur(make.locked_report(report), user, by=users[0], at=make.T0)
        desk = Desk(forum, report, users[0], users[1], users[2])
        writers = [Writer(users[place], f"device {place}", 1, list(start), set(start)) for place in range(count)]
        at, sent = make.later(10), []
        for _ in range(chance.randint(8, 16)):
            writer = chance.choice(writers)
            at += timedelta(seconds=chance.choice([1, 20, 90, 90_000 if thins else 3]))
            before = _paragraphs(head_of(desk))
            if chance.random() < 0.1:  # a page on which nothing was typed shows what came in
                head = draft_saves.head(report.number)
                assert head is not None
                writer.show(head.sequence, reports.text_of(head))
                continue
            _type(writer, chance, names)
            words, unseen = body(*writer.text), set(before) - writer.seen
            kept = keep(desk, words, writer.user, based_on=writer.base, at=at, device=writer.device)
            sent.append((kept.save.sequence, words))
            after = _paragraphs(head_of(desk))
            assert set(after) <= set(before) | set(writer.text), "nothing comes back that both have not"
            if kept.places:
                assert after == before
                assert reports.text_of(draft_saves.one(report.number, kept.save.sequence)) == words
            else:
                assert writer.waits <= set(after), "what was typed is in the working text"
                writer.waits = set()
                assert unseen <= set(after), "what the writer never saw is not taken out by the writer's save"
            writer.base = kept.save.sequence
            if not kept.places and chance.random() < 0.6:
                writer.show(kept.head.sequence, reports.text_of(kept.head))
            elif kept.places and chance.random() < 0.25:
                _choose(desk, kept, chance, writer)
            if thins and chance.random() < 0.3:
                thin(desk, at)
        there = {one.sequence: reports.text_of(one) for one in draft_saves.every(report.number)}
        for sequence, words in sent:
            assert there.get(sequence, words if thins else None) == words, "every save is there to the letter"

    run()


def _choose(desk: Desk, kept: Kept, chance: random.Random, writer: Writer) -> None:
    """Choose at random; what was chosen stands then, and what was not is among the saves."""
    chosen: list[tuple[Clash, Choice]] = []

    def choose(clash: Clash) -> Choice:
        chosen.append((clash, chance.choice(list(Choice))))
        return chosen[-1][1]

    done = resolve(desk, kept.save, kept.head.sequence, choose, writer.user)
    assert done.places == ()
    stands = set(_paragraphs(reports.text_of(done.head)))
    for clash, choice in chosen:
        mine, theirs = (set(filter(None, side.split("\n\n"))) for side in (clash.mine, clash.theirs))
        if choice is not Choice.BOTH:
            assert (mine if choice is Choice.MINE else theirs) <= stands
    writer.show(done.head.sequence, reports.text_of(done.head))

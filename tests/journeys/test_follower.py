"""A follower's feed reader over the life of a report: fed after each act, it shows the right entries, each once."""

from typing import Any

import factories as make
import feedparser
import pytest
from factories import PASSWORD
from flask import Flask
from navigator import Navigator

from reporter.rules.vocabulary import Role


class FeedReader:
    """What readers do: ask with the validators of the last answer, keep entries by their id, the newest of each."""

    def __init__(self, visitor: Navigator, address: str) -> None:
        self.visitor, self.address = visitor, address
        self.validators: dict[str, str] = {}
        self.kept: dict[str, Any] = {}
        self.listed: list[str] = []

    def poll(self) -> bool:
        """Whether there was anything new to fetch."""
        answer = self.visitor.client.get(self.address, headers=self.validators)
        if answer.status_code == 304:
            assert answer.data == b""
            return False
        assert answer.status_code == 200
        self.validators = {
            "If-None-Match": answer.headers["ETag"],
            "If-Modified-Since": answer.headers["Last-Modified"],
        }
        found = feedparser.parse(answer.data)
        assert not found.bozo
        self.listed = [entry.title for entry in found.entries]
        ids = [entry.id for entry in found.entries]
        assert len(set(ids)) == len(ids)
        self.kept.update(zip(ids, found.entries, strict=True))
        return True


@pytest.fixture
def forum(app: Flask) -> tuple[Navigator, Navigator, int, int]:
    """A rapporteur and an editor at their browsers, the id of a session and of a policy issue."""
    with app.app_context():
        ids = make.issues()
        event = make.event("forum")
        people = [make.person(role, event).email for role in (Role.RAPPORTEUR, Role.EDITOR)]
        number = make.session(event).id
    writer, editor = (Navigator(app).sign_in(email, PASSWORD) for email in people)
    return writer, editor, number, ids["data-flows"]


@pytest.mark.parametrize("kind", ["rss", "atom"])
@pytest.mark.parametrize("listing", ["/reports", "/issues/data-flows", "/issues/digital-trade", "/events/forum"])
def test_what_a_feed_reader_sees_after_each_act(
    forum: tuple[Navigator, Navigator, int, int], visitor: Navigator, listing: str, kind: str
) -> None:
    writer, editor, session, issue = forum
    reader = FeedReader(visitor, f"{listing}.{kind}")
    review = "/desk/review/1"

    def hand_in(headline: str) -> None:
        page = writer.get(f"/desk/sessions/{session}/report")
        writer.submit(page, act="hand_in", headline=headline, lead="A lead.", body="Text.", policy_issues=[issue])

    def decide(act: str, **typed: Any) -> None:
        editor.submit(editor.get(review), act=act, form=review, **typed)

    def sees(*titles: str, new: bool = True) -> None:
        assert (reader.poll(), reader.listed) == (new, list(titles))
        assert not reader.poll()

    sees()
    hand_in("As first written")
    sees(new=False)
    decide("send_back", note="Who said that?")
    hand_in("As handed in again")
    decide("approve")
    sees(new=False)
    decide("publish")
    sees("As handed in again")
    writer.submit(writer.get("/desk/reports/1"), form="/amend")
    hand_in("As amended")
    sees("As handed in again", new=False)
    decide("approve_and_publish", mark="update", mark_note="More was said.")
    sees("As amended")
    page = editor.get(f"{review}/correct")
    editor.submit(page, form="/correct", headline="As corrected", note="A number was wrong.")
    sees("As corrected")
    editor.submit(editor.get(review), form="/withdraw", reason="inaccurate", note="It was not said.")
    sees()
    editor.submit(editor.get(review), form="/reinstate")
    sees("As corrected")
    # Through all of it one entry: no reader shows the same report twice.
    assert [entry.title for entry in reader.kept.values()] == ["As corrected"]

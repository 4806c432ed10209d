"""A morning's coverage, told: an editor assigns, somebody declines on the phone, somebody hands over with the draft."""

from typing import Any

from factories import PASSWORD, event, issues, person, session
from flask import Flask
from navigator import Navigator, parsed

from reporter.rules.vocabulary import Role

DAY = "/desk/programme/forum/assignments?day=2023-12-04"


def text(page: str) -> str:
    return " ".join(parsed(page).xpath("string(//main)").split())


def test_a_session_is_covered_whatever_happens_to_those_who_cover_it(app: Flask) -> None:
    with app.app_context():
        issue = issues()["data-flows"]
        forum = event("forum")
        number = session(forum).id
        names = ("Ada", "Ben", "Cleo", "Dana")
        people = {name: person(Role.RAPPORTEUR, forum, name=name) for name in names}
        people["Edith"] = person(Role.EDITOR, forum, name="Edith")
        ids, emails = {n: p.id for n, p in people.items()}, {n: p.email for n, p in people.items()}
    edith, ada, ben, dana = (Navigator(app).sign_in(emails[name], PASSWORD) for name in ("Edith", "Ada", "Ben", "Dana"))

    # The editor leads, and lets three cover the session, the first of whom leads it.
    edith.submit(edith.get("/desk/duty/forum"), form="/lead", user=ids["Edith"])
    for name in ("Ada", "Ben", "Cleo"):
        edith.submit(edith.get(DAY), form=f"/sessions/{number}/assign?from=assignments", user=ids[name])
    assert "Ada (leads) Not answered yet due 13:30" in text(edith.get(DAY).text)

    # Ada declines with one thumb; Ben leads now, sees when it is due, and accepts.
    ada.submit(ada.get("/desk/"), form="/decline?from=desk", note="My train is late.")
    assert "Data flows" not in text(ada.get("/desk/").text)
    assert "Ada cannot cover “Data flows in trade agreements”. “My train is late.”" in text(edith.get("/desk/").text)
    board = text(edith.get(DAY).text)
    assert "Ben (leads) Not answered yet" in board
    assert "Ada Declined “My train is late.”" in board
    page = ben.get("/desk/")
    assert "it was due 13:30." in text(page.text)
    ben.submit(page, form="/accept?from=desk")

    # Ben writes a first draft, and hands the session over to Dana, who was not asked before.
    words: dict[str, Any] = {"headline": "Begun by Ben", "lead": "A lead.", "key_points": "One.\nTwo.\nThree."}
    writing = f"/desk/sessions/{number}/report"
    ben.submit(ben.get(writing), act="save", policy_issues=[issue], **words)
    assert "Begun by Ben" not in dana.get(writing).text  # only the offer to join, as for everybody else
    ben.submit(ben.get("/desk/"), form="/hand-over?from=desk", to=ids["Dana"])

    # Dana is told, leads, and goes on with the draft; Ben still can. Nobody is on duty: the lead editor hears of it.
    page = dana.get("/desk/")
    assert "Ben hands “Data flows in trade agreements” over to you." in text(page.text)
    dana.submit(page, form="/accept?from=desk")
    assert "Dana (leads) Accepted" in text(edith.get(DAY).text)
    page = dana.get(writing)
    assert "Begun by Ben" in page.text
    dana.submit(page, act="hand_in", headline="Finished by Dana")
    assert "Finished by Dana" in ben.get(writing).text
    assert "Late" not in text(dana.get("/desk/").text)
    assert "is handed in, and no editor is on duty." in text(edith.get("/desk/").text)
    edith.submit(edith.get("/desk/"), form="/duty/forum", act="two_hours")
    assert "Edith until" in text(edith.get("/desk/").text)

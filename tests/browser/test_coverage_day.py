"""A day is planned: a table read in, a column corrected, three assigned; one declines on a phone; the board."""

from pathlib import Path

import pytest
from browser.actors import Actor, Editor
from browser.conftest import SampleServer
from playwright.sync_api import Browser, Page, expect
from served import reporter

PASSWORD = "correct horse battery"
# No guess can know what “Place of business” means.
TABLE = (
    "What;Day;From;To;Place of business\n"
    "Opening of the week;2023-12-04;09:00;10:00;Hall One\n"
    "Data flows in agreements;2023-12-04;10:30;12:00;Hall Two\n"
    "Duties on transmissions;2023-12-04;14:00;15:30;Hall One\n"
)


@pytest.fixture
def staff(sample_server: SampleServer) -> list[str]:
    """An event with an editor and three rapporteurs; their names."""
    env = sample_server.env
    words = ["--name", "A week", "--time-zone", "Europe/Zurich", "--starts", "2023-12-04"]
    made = reporter("event", "add", "week", *words, env=env)
    assert made.returncode == 0, made.stderr
    names = ["The Editor", "Ada Writes", "Ben Writes", "Cleo Writes"]
    for name in names:
        role = "editor" if name == names[0] else "rapporteur"
        done = reporter("user", "add", f"{name.split()[0].lower()}.{role}@week.example", "--name", name, "--role", role,
                        "--event", "week", "--password-stdin", env=env, typed=f"{PASSWORD}\n")  # fmt: skip
        assert done.returncode == 0, done.stderr
    return names


def test_from_the_table_to_the_board(
    page: Page, browser: Browser, sample_server: SampleServer, staff: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "programme.csv"
    file.write_text(TABLE, encoding="utf-8")
    editor = Editor.signs_in(page, "the.editor@week.example", PASSWORD)
    page.goto("/desk/programme/week/import")
    page.get_by_label("Programme file").set_input_files(file)
    page.get_by_role("button", name="Read it and show me").click()
    expect(page.locator("p.lead")).to_have_text("3 added, 0 changed, 0 cancelled, 0 as they are.")
    expect(page.locator("main")).not_to_contain_text("· Hall One")
    page.get_by_text("What the columns mean").click()
    page.get_by_label("Room").select_option(label="Place of business (Hall One)")
    page.get_by_role("button", name="Read it with these columns").click()
    expect(page.locator("main")).to_contain_text("10:30–12:00 · Hall Two")
    editor.presses("Apply it", "3 added, 0 changed, 0 cancelled")

    page.goto("/desk/programme/week/assignments?day=2023-12-04")
    sessions = ["Opening of the week", "Data flows in agreements", "Duties on transmissions"]
    for session, name in zip(sessions, staff[1:], strict=True):
        line = page.locator("li", has=page.get_by_role("link", name=session))
        person = line.locator("option", has_text=name).get_attribute("value")
        line.get_by_role("combobox").select_option(person)
        line.get_by_role("button", name="Assign").click()
        expect(page.locator("li", has=page.get_by_role("link", name=session))).to_contain_text(
            f"{name} Not answered yet"
        )

    phone = browser.new_context(base_url=sample_server.url, viewport={"width": 390, "height": 844}, has_touch=True)
    own = phone.new_page()
    Actor.signs_in(own, "ben.rapporteur@week.example", PASSWORD)
    expect(own.locator("main")).to_contain_text("Data flows in agreements")
    own.locator("summary", has_text="Decline").first.tap()
    own.get_by_label("A word to the editors, if you like").fill("My train is late.")
    own.get_by_role("button", name="I cannot cover it").tap()
    expect(own.locator("main")).not_to_contain_text("Next")
    phone.close()

    page.goto("/desk/")
    expect(page.locator("main")).to_contain_text("Ben Writes cannot cover “Data flows in agreements”.")
    expect(page.locator("main")).to_contain_text("My train is late.")
    page.goto("/desk/coverage/week?day=2023-12-04&form=list")
    board = page.locator("main")
    expect(board).to_contain_text("Ada Writes")
    expect(board).to_contain_text("Cleo Writes")
    expect(board).not_to_contain_text("Ben Writes")

"""The `reporter` command as people type it: a process of its own, its exit code, and every word that it says."""

import os
import re
import sqlite3
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from commands.installation import Installation, Said
from flask import Flask

from reporter import create_app, sample
from reporter.config import Settings
from reporter.models.database import db
from reporter.queries import published
from reporter.rules.selection import Selection
from reporter.rules.vocabulary import Role


def settings_of(folder: Path) -> Mapping[str, object]:
    return tomllib.loads((folder / "config.toml").read_text(encoding="utf-8"))


# --- init


def test_init_makes_the_folder_the_secret_and_the_database(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "below"
    every = [sample.starting_issues(), sample.starting_processes(), sample.starting_sdg_targets()]
    assert Installation(folder).done("init") == (
        f"Ready in {folder}: database up to date, {sum(map(len, every))} subjects added.\n"
    )
    assert {path.name for path in folder.iterdir()} >= {"config.toml", "reporter.sqlite"}
    assert stat.S_IMODE((folder / "config.toml").stat().st_mode) == 0o600
    found = settings_of(folder)
    assert set(found) == {"secret_key"}
    assert len(str(found["secret_key"])) >= 40
    counted = Installation(folder).counted()
    assert [counted[table] for table in ("policy_issue", "process", "sdg_target")] == [len(terms) for terms in every]


def test_init_again_changes_nothing(at: Installation) -> None:
    before = (at.folder / "config.toml").read_bytes(), at.counted()
    at.done("event", "add", "forum", "--name", "Forum", "--time-zone", "Europe/Zurich")
    rows = at.counted()
    assert rows != before[1]
    assert at.done("init") == f"Ready in {at.folder}: database up to date, 0 subjects added.\n"
    assert ((at.folder / "config.toml").read_bytes(), at.counted()) == (before[0], rows)


def test_two_installations_have_two_secrets(prepared: Path, tmp_path: Path) -> None:
    Installation(tmp_path / "other").done("init")
    assert settings_of(tmp_path / "other")["secret_key"] != settings_of(prepared)["secret_key"]


def test_init_keeps_what_stands_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('# ours\nbase_url = "https://reporter.example.org"\nthreads = 3\n')
    (tmp_path / "config.toml").chmod(0o644)
    Installation(tmp_path).done("init")
    found = settings_of(tmp_path)
    assert {name: value for name, value in found.items() if name != "secret_key"} == {
        "base_url": "https://reporter.example.org",
        "threads": 3,
    }
    assert found["secret_key"]
    assert "# ours\n" in (tmp_path / "config.toml").read_text()


def test_the_secret_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    """Also where the file was there before, as readable as editors make files."""
    (tmp_path / "config.toml").write_text("threads = 3\n")
    (tmp_path / "config.toml").chmod(0o644)
    Installation(tmp_path).done("init")
    assert stat.S_IMODE((tmp_path / "config.toml").stat().st_mode) == 0o600


def test_init_keeps_a_secret(tmp_path: Path) -> None:
    text = 'secret_key = "one that was chosen by hand"\n'
    (tmp_path / "config.toml").write_text(text)
    Installation(tmp_path).done("init")
    assert (tmp_path / "config.toml").read_text() == text


def test_init_fills_in_an_empty_secret(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('secret_key = ""\nthreads = 3\n')
    Installation(tmp_path).done("init")
    assert settings_of(tmp_path)["secret_key"]
    assert settings_of(tmp_path)["threads"] == 3


def test_a_secret_from_the_environment_is_not_written_down(tmp_path: Path) -> None:
    Installation(tmp_path, REPORTER_SECRET_KEY="from elsewhere").done("init")
    assert not (tmp_path / "config.toml").exists()


def test_an_instance_that_cannot_be_made(tmp_path: Path) -> None:
    """Below a file: so that it fails for root too, whom no permission stops."""
    (tmp_path / "file").touch()
    for env in ({}, {"REPORTER_SECRET_KEY": "x"}):
        assert str(tmp_path / "file") in Installation(tmp_path / "file" / "instance", **env).refused("init")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="/proc is Linux's")
@pytest.mark.parametrize("env", [{}, {"REPORTER_SECRET_KEY": "x"}])
def test_an_instance_where_nothing_can_be_made(env: dict[str, str]) -> None:
    assert Installation(Path("/proc/no-such-folder"), **env).refused("init") == (
        "/proc/no-such-folder cannot be written (No such file or directory). Choose another in REPORTER_INSTANCE."
    )


# --- what stands in the way of every command


@pytest.mark.parametrize(
    "words", [["demo"], ["event", "list"], ["user", "list"], ["rebuild-public"], ["worker"], ["serve"]]
)
def test_before_init(tmp_path: Path, words: list[str]) -> None:
    sentence = Installation(tmp_path).refused(*words)
    assert sentence == f"There is no secret key in {tmp_path}. Run “reporter init” first."
    assert list(tmp_path.iterdir()) == []


def test_a_secret_without_a_database(tmp_path: Path) -> None:
    assert Installation(tmp_path, REPORTER_SECRET_KEY="x").refused("event", "list") == (
        "The database is not up to date. Run “reporter init” first; nothing in it is lost."
    )


def test_a_setting_that_does_not_exist(at: Installation) -> None:
    assert at.refused("event", "list", REPORTER_TREADS="4").startswith("There is no setting “REPORTER_TREADS”.")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////no-such-folder/reporter.sqlite",
        "postgresql://nobody@127.0.0.1:1/reporter",
        "postgresql://nobody@127.0.0.1:port/reporter",
        "mysql://nobody@127.0.0.1/reporter",
    ],
)
def test_a_database_that_cannot_be_reached(at: Installation, url: str) -> None:
    assert "REPORTER_DATABASE_URL" in at.refused("event", "list", REPORTER_DATABASE_URL=url)


def test_a_file_that_is_no_database(at: Installation) -> None:
    (at.folder / "reporter.sqlite").write_bytes(b"These are words, and no database." * 100)
    assert "REPORTER_DATABASE_URL" in at.refused("event", "list")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["publish"], "Error: No such command 'publish'."),
        (["event", "remove", "x"], "Error: No such command 'remove'."),
        (["event", "list", "--all"], "Error: No such option '--all'."),
        (["event", "add"], "Error: Missing argument 'SLUG'."),
        (["event", "add", "x", "--time-zone", "UTC"], "Error: Missing option '--name'."),
        (["user", "disable"], "Error: Name an e-mail address, or use --samples."),
        (["serve", "--port", "70000"], "Error: Invalid value for '--port': 70000 is not in the range 1<=x<=65535."),
    ],
)
def test_words_that_the_command_does_not_know(at: Installation, words: list[str], complaint: str) -> None:
    said = at.run(*words)
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.splitlines()[-1] == complaint
    assert "Traceback" not in said.stderr


def test_version_and_help(tmp_path: Path) -> None:
    at = Installation(tmp_path)
    assert re.fullmatch(r".*\b\d+\.\d+\.\d+\b.*\n", at.done("--version"))
    assert {"init", "demo", "serve", "worker", "event", "user", "import-programme", "rebuild-public"} <= set(
        at.done("--help").split()
    )


# --- demo


def test_demo_prints_a_sign_in_a_line(demonstrated: tuple[Path, Said]) -> None:
    folder, said = demonstrated
    people = sample.people_of(str(settings_of(folder)["secret_key"]))
    assert said.returncode == 0
    assert said.stdout == "".join(f"{one.role.value}\t{one.email}\t{one.password}\n" for one in people)
    assert {one.role for one in people} == set(Role)
    assert said.stderr == "Adding the sample people, programme and reports …\n"


def test_demo_again_says_the_same_and_adds_nothing(demonstrated: tuple[Path, Said], sampled: Installation) -> None:
    before = sampled.counted()
    assert sampled.done("demo") == demonstrated[1].stdout
    assert sampled.counted() == before


def test_the_sample_people_can_sign_in(demonstrated: tuple[Path, Said], sampled: Installation) -> None:
    app = served_from(sampled)
    client = app.test_client()
    for line in demonstrated[1].stdout.splitlines():
        _, email, password = line.split("\t")
        assert sign_in(app, email, password), line
        assert not sign_in(app, email, password[:-1] + "!"), line
    assert client.get("/").status_code == 200


def test_demo_leaves_out_whom_somebody_disabled(demonstrated: tuple[Path, Said], sampled: Installation) -> None:
    lines = demonstrated[1].stdout.splitlines(keepends=True)
    sampled.done("user", "disable", lines[0].split("\t")[1])
    assert sampled.done("demo") == "".join(lines[1:])


def test_demo_does_not_touch_an_account_that_is_no_sample(at: Installation) -> None:
    at.done("user", "add", "editor@example.org", "--name", "A real editor", "--role", "editor", "--password-stdin",
            typed="a password of mine\n")  # fmt: skip
    before = at.counted()
    said = at.run("demo")
    assert said.returncode == 1
    assert said.stdout == ""
    assert said.stderr.splitlines()[-1] == (
        "reporter: The account editor@example.org exists and is no sample. Give it another address first."
    )
    assert at.counted() == before


def test_demo_without_the_policy_issues(at: Installation) -> None:
    """As where somebody gave one of them another slug."""
    with sqlite3.connect(at.folder / "reporter.sqlite") as connection:
        connection.execute("UPDATE policy_issue SET slug = 'data' WHERE slug = 'data-flows'")
    said = at.run("demo")
    assert said.stderr.splitlines()[-1] == (
        "reporter: The policy issue “data-flows” is missing. Run “reporter init” first."
    )
    assert (said.returncode, at.counted()["event"]) == (1, 0)


# --- events

FORUM = ["forum", "--name", "The forum", "--time-zone", "Africa/Nairobi"]
DAYS = ["--starts", "2023-12-04", "--ends", "2023-12-08"]


def test_events_are_added_and_listed(at: Installation) -> None:
    assert at.done("event", "list") == ""
    assert at.done("event", "add", *FORUM, *DAYS, "--place", "Nairobi") == (
        "Event forum added, 2023-12-04 to 2023-12-08.\n"
    )
    assert at.done("event", "add", "day", "--name", " One\tday ", "--time-zone", "UTC", "--starts", "2024-02-29") == (
        "Event day added, 2024-02-29 to 2024-02-29.\n"
    )
    assert at.done("event", "list") == (
        "day\t2024-02-29\t2024-02-29\tUTC\tOne day\n"
        "forum\t2023-12-04\t2023-12-08\tAfrica/Nairobi\tThe forum\n"
    )  # fmt: skip
    assert at.lines("SELECT place, is_sample, lone_editor FROM event ORDER BY id") == [("Nairobi", 0, 0), ("", 0, 0)]
    assert at.lines("SELECT act, done_by_id FROM history_entry WHERE event_id IS NOT NULL") == [
        ("event_added", None),
        ("event_added", None),
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["forum", "--name", "x", "--time-zone", "Geneva"],
         "There is no time zone “Geneva”. Use a name such as Europe/Zurich or Africa/Nairobi."),
        (["forum", "--name", "x", "--time-zone", "Geneva", *DAYS],
         "There is no time zone “Geneva”. Use a name such as Europe/Zurich or Africa/Nairobi."),
        (["The Forum", "--name", "x", "--time-zone", "UTC"],
         "“The Forum” cannot be part of an address. Use lower-case letters, digits and hyphens."),
        (["", "--name", "x", "--time-zone", "UTC"],
         "“” cannot be part of an address. Use lower-case letters, digits and hyphens."),
        (["x" * 81, "--name", "x", "--time-zone", "UTC"],
         f"“{'x' * 81}” cannot be part of an address. Use lower-case letters, digits and hyphens."),
        (["forum", "--name", " ", "--time-zone", "UTC"], "Give the event a name."),
        (["forum", "--name", "x", "--time-zone", "UTC", "--starts", "2023-12-08", "--ends", "2023-12-04"],
         "The event ends before it starts. Check the two days."),
        (["forum", "--name", "x", "--time-zone", "UTC", "--ends", "2001-01-01"],
         "The event ends before it starts. Check the two days."),
    ],
)  # fmt: skip
def test_events_that_are_refused(at: Installation, words: list[str], sentence: str) -> None:
    before = at.counted()
    assert at.refused("event", "add", *words) == sentence
    assert at.counted() == before


def test_an_event_is_added_once(at: Installation) -> None:
    at.done("event", "add", *FORUM, *DAYS)
    before = at.counted()
    assert at.refused("event", "add", *FORUM, *DAYS) == (
        "There is an event “forum” already. Choose another short name."
    )
    assert at.counted() == before


def test_a_day_that_is_none(at: Installation) -> None:
    said = at.run("event", "add", *FORUM, "--starts", "2023-02-29")
    assert said.returncode == 2
    assert said.stderr.splitlines()[-1] == (
        "Error: Invalid value for '--starts': '2023-02-29' does not match the format '%Y-%m-%d'."
    )


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["event", "add", "forum", "--name", "n" * 201, "--time-zone", "UTC"], "event"),
        (["event", "add", "forum", "--name", "n", "--time-zone", "UTC", "--place", "p" * 201], "event"),
        (["user", "add", "a@example.org", "--name", "n" * 201, "--role", "editor", "--password-stdin"], "user"),
    ],
)
def test_what_no_column_holds_is_refused_on_every_database(
    database_url: str, tmp_path: Path, words: list[str], name: str
) -> None:
    """SQLite would take it and PostgreSQL would not; a person hears the same from both."""
    at = Installation(tmp_path, REPORTER_DATABASE_URL=database_url, REPORTER_SECRET_KEY="x")
    assert "200" in at.refused(*words, typed="a password of mine\n"), name


@pytest.mark.parametrize(
    "words",
    [
        ["event", "add", "forum", "--name", "n", "--time-zone", "UTC", "--place", "Gen\udce8ve"],
        ["event", "add", "for\udce8m", "--name", "n", "--time-zone", "UTC"],
        ["event", "add", "forum", "--name", "n", "--time-zone", "UT\udce8"],
        ["user", "add", "ren\udce8@example.org", "--name", "n", "--role", "editor", "--password-stdin"],
        ["user", "add", "a@example.org", "--name", "n", "--role", "editor", "--event", "x\udce8"],
        ["user", "disable", "ren\udce8@example.org"],
    ],
)
def test_words_that_are_no_unicode_end_in_a_sentence_or_are_cleaned(at: Installation, words: list[str]) -> None:
    """What a terminal set to Latin-1 sends."""
    said = at.run(*words, typed="a password of mine\n")
    assert "Traceback" not in said.stderr
    assert (said.returncode, said.stderr.count("\n")) in ((0, 0), (1, 1))


# --- people

ADA = ["ada@example.org", "--name", "Ada", "--password-stdin"]
PASSWORD = "correct horse battery"


def served_from(at: Installation) -> Flask:
    """The application as it would be served from this folder."""
    return create_app(
        Settings(
            instance=at.folder,
            database_url=f"sqlite:///{at.folder}/reporter.sqlite",
            secret_key=str(settings_of(at.folder)["secret_key"]),
        ),
        SECURITY_PASSWORD_HASH_OPTIONS={"argon2__time_cost": 1, "argon2__memory_cost": 64},
    )


def sign_in(app: Flask, email: str, password: str) -> bool:
    """Whether these open the desk."""
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/login").text)
    assert token is not None
    client.post("/login", data={"email": email, "password": password, "csrf_token": token[1]})
    return client.get("/desk/").status_code == 200


def test_people_are_added_listed_and_can_sign_in(at: Installation) -> None:
    at.done("event", "add", *FORUM)
    assert at.done("user", "list") == ""
    assert at.done("user", "add", *ADA, "--role", "editor", "--event", "forum", typed=f"{PASSWORD}\n") == (
        "ada@example.org is editor at forum.\n"
    )
    assert at.done("user", "add", "Ben@Example.org", "--name", " Ben\n B. ", "--role", "administrator",
                   "--password-stdin", typed=f"{PASSWORD}\r\nignored\n") == (
        "Ben@Example.org is administrator everywhere.\n"
    )  # fmt: skip
    assert at.done("user", "list") == (
        "ada@example.org\tAda\tactive\teditor@forum\n"
        "ben@example.org\tBen B.\tactive\tadministrator@*\n"
    )  # fmt: skip
    app = served_from(at)
    assert sign_in(app, "ada@example.org", PASSWORD)
    assert sign_in(app, "BEN@example.org", PASSWORD)
    assert not sign_in(app, "ada@example.org", PASSWORD + "x")
    assert PASSWORD.encode() not in b"".join(path.read_bytes() for path in at.folder.glob("reporter.sqlite*"))


def test_a_further_role_for_an_account_that_is_there(at: Installation) -> None:
    at.done("event", "add", *FORUM)
    at.done("user", "add", *ADA, "--role", "rapporteur", "--event", "forum", typed=f"{PASSWORD}\n")
    before = at.lines('SELECT id, email, name, password, active FROM "user"')
    for words in (["--role", "editor", "--event", "forum"], ["--role", "rapporteur"], ["--role", "rapporteur"]):
        at.done("user", "add", "ADA@example.org", "--name", "Somebody else", *words)
    assert at.lines('SELECT id, email, name, password, active FROM "user"') == before
    (line,) = at.done("user", "list").splitlines()
    assert sorted(line.split("\t")[3].split(", ")) == ["editor@forum", "rapporteur@*", "rapporteur@forum"]


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (["ada.example.org", "--name", "Ada", "--role", "editor"], PASSWORD,
         "“ada.example.org” is not an e-mail address. Write it like name@example.org."),
        (["ada@@example.org", "--name", "Ada", "--role", "editor"], PASSWORD,
         "“ada@@example.org” is not an e-mail address. Write it like name@example.org."),
        (["@example.org", "--name", "Ada", "--role", "editor"], PASSWORD,
         "“@example.org” is not an e-mail address. Write it like name@example.org."),
        (["a da@example.org", "--name", "Ada", "--role", "editor"], PASSWORD,
         "“a da@example.org” is not an e-mail address. Write it like name@example.org."),
        (["a\tda@example.org", "--name", "Ada", "--role", "editor"], PASSWORD,
         "“a\tda@example.org” is not an e-mail address. Write it like name@example.org."),
        (["ada@example.org", "--name", " ", "--role", "editor"], PASSWORD, "Give the person a name."),
        (["ada@example.org", "--name", "Ada", "--role", "editor"], "ninechars",
         "The password has fewer than 10 characters. Choose a longer one."),
        (["ada@example.org", "--name", "Ada", "--role", "editor"], "",
         "The password has fewer than 10 characters. Choose a longer one."),
        (["ada@example.org", "--name", "Ada", "--role", "editor", "--event", "nowhere"], PASSWORD,
         "There is no event “nowhere”. “reporter event list” shows them."),
    ],
)  # fmt: skip
def test_people_who_are_refused(at: Installation, words: list[str], typed: str, sentence: str) -> None:
    before = at.counted()
    assert at.refused("user", "add", *words, "--password-stdin", typed=typed) == sentence
    assert at.counted() == before


def test_a_role_that_is_none(at: Installation) -> None:
    said = at.run("user", "add", *ADA, "--role", "king", typed=PASSWORD)
    assert said.returncode == 2
    assert said.stderr.splitlines()[-1] == (
        "Error: Invalid value for '--role': 'king' is not one of 'rapporteur', 'editor', 'administrator'."
    )


def test_a_password_that_nobody_can_type(at: Installation) -> None:
    """No terminal, and no --password-stdin: as in a script that forgot it."""
    before = at.counted()
    assert "--password-stdin" in at.refused("user", "add", *ADA[:3], "--role", "editor")
    assert at.counted() == before


def test_somebody_disabled_cannot_sign_in(at: Installation) -> None:
    at.done("user", "add", *ADA, "--role", "editor", typed=PASSWORD)
    at.done("user", "add", "ben@example.org", *ADA[1:], "--role", "editor", typed=PASSWORD)
    app = served_from(at)
    assert sign_in(app, "ada@example.org", PASSWORD)
    assert at.done("user", "disable", "Ada@example.org") == "Ada@example.org is disabled.\n"
    assert at.done("user", "list") == (
        "ada@example.org\tAda\tdisabled\teditor@*\n"
        "ben@example.org\tAda\tactive\teditor@*\n"
    )  # fmt: skip
    assert not sign_in(app, "ada@example.org", PASSWORD)
    assert sign_in(app, "ben@example.org", PASSWORD)


def test_disabling_nobody(at: Installation) -> None:
    assert at.refused("user", "disable", "ada@example.org") == (
        "There is no account for ada@example.org. “reporter user list” shows them."
    )


def test_the_samples_are_disabled_at_once(sampled: Installation) -> None:
    sampled.done("user", "add", *ADA, "--role", "editor", typed=PASSWORD)
    people = sample.people_of("x")
    assert sampled.done("user", "disable", "--samples").splitlines() == sorted(
        f"{one.email} is disabled." for one in people
    )
    assert sampled.lines('SELECT email FROM "user" WHERE active') == [("ada@example.org",)]
    assert sampled.done("user", "disable", "--samples") == ""
    assert sampled.done("demo") == ""


# --- rebuild-public


def test_what_public_lists_read_is_written_anew(sampled: Installation) -> None:
    listing = "SELECT report_number, revision_number, slug, body_html, updated_at FROM published_report ORDER BY 1"
    terms = "SELECT kind, term_id, report_number, updated_at FROM published_term ORDER BY 1, 2, 3"
    before, rows = (sampled.lines(listing), sampled.lines(terms)), sampled.counted()
    with sqlite3.connect(sampled.folder / "reporter.sqlite") as connection:
        connection.execute("DELETE FROM published_term")
        connection.execute("DELETE FROM published_report WHERE report_number % 2 = 0")
        connection.execute("UPDATE published_report SET slug = 'wrong', body_html = 'wrong'")
    assert sampled.lines(terms) == []
    said = sampled.run("rebuild-public")
    assert (said.returncode, said.stdout) == (0, f"{len(before[0])} public reports written anew.\n"), said.stderr
    assert (sampled.lines(listing), sampled.lines(terms)) == before
    assert sampled.counted() == rows


def test_rebuilding_what_is_whole_changes_nothing(sampled: Installation) -> None:
    app = served_from(sampled)
    with app.app_context():
        before = published.listing(Selection(), title="x", size=100)
        assert len(before.reports) > 5
        db.session.remove()
    rows = sampled.counted()
    said = sampled.run("rebuild-public")
    assert (said.returncode, said.stdout) == (0, f"{len(before.reports)} public reports written anew.\n"), said.stderr
    with app.app_context():
        assert published.listing(Selection(), title="x", size=100) == before
    assert sampled.counted() == rows


def test_rebuilding_nothing(at: Installation) -> None:
    said = at.run("rebuild-public")
    assert (said.returncode, said.stdout) == (0, "0 public reports written anew.\n")


# --- worker


def test_a_worker_ends_with_the_process_that_started_it(at: Installation) -> None:
    """A parent that is gone already: it looks before it works for the first time."""
    assert at.done("worker", "--parent", str(os.getpid() + 10_000_000)) == ""


def test_commands_work_on_postgresql_too(database_url: str, tmp_path: Path) -> None:
    at = Installation(tmp_path, REPORTER_DATABASE_URL=database_url, REPORTER_SECRET_KEY="x")
    at.done("init")
    assert at.done("event", "add", *FORUM, *DAYS) == "Event forum added, 2023-12-04 to 2023-12-08.\n"
    assert at.run("demo").stdout.count("\n") == len(sample.people_of("x"))
    assert at.run("rebuild-public").returncode == 0
    assert "\nforum\t2023-12-04\t2023-12-08\tAfrica/Nairobi\tThe forum\n" in "\n" + at.done("event", "list")

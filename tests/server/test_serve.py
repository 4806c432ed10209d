"""`reporter serve` as an operator meets it: it starts, says what is wrong in a sentence, and ends without a trace."""

import os
import signal
import socket
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import factories
import pytest
from flask import Flask
from served import Person, Served, alive, environment, free_port, reporter, wait_until

from reporter.config import Settings
from reporter.models.database import db, unit_of_work
from reporter.models.event import Event
from reporter.models.people import User
from reporter.models.report import Report
from reporter.newsroom import review
from reporter.queries import reports
from reporter.rules import clock
from reporter.rules.vocabulary import ChangeKind, PublicState, Role

pytestmark = pytest.mark.server

PUBLIC_URL = "https://reporter.example.org"


@pytest.fixture
def instance(tmp_path: Path) -> Settings:
    """An installation as `reporter init` makes it, on SQLite."""
    folder = tmp_path / "instance"
    made = Settings(instance=folder, database_url=f"sqlite:///{folder}/reporter.sqlite", secret_key="only-for-tests")
    assert reporter("init", env=environment(made)).returncode == 0
    return made


def refusal(*words: str, env: dict[str, str]) -> str:
    """What a command that cannot be carried out says: one line of its own, exit code 1, no traceback."""
    ended = reporter(*words, env=env)
    assert "Traceback" not in ended.stderr, ended.stderr
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("reporter: ")
    assert ended.stderr.count("\n") == 1, f"more than one line: {ended.stderr}"
    return ended.stderr.removeprefix("reporter: ").rstrip("\n")


def test_it_answers_and_runs_its_worker(instance: Settings) -> None:
    with Served(instance) as server:
        answer = Person(server.url).get("/healthz")
        assert (answer.status, answer.text) == (200, "ok 0\n")
        assert alive([server.worker()]) == [server.worker()]
        assert len(server.web()) == 2
        assert len(server.started()) == 3
        assert f"Reporter is at {server.url}" in server.said()


@pytest.mark.parametrize("ask", [signal.SIGTERM, signal.SIGINT], ids=["sigterm", "sigint"])
def test_a_signal_ends_everything_that_it_started(instance: Settings, ask: signal.Signals) -> None:
    with Served(instance) as server:
        started = server.started()
        assert len(started) == 3
        server.process.send_signal(ask)
        assert server.process.wait(timeout=60) == 0
        assert alive(started) == []
        assert server.started() == []
        assert "Traceback" not in server.said()


def test_ctrl_c_reaches_every_process_and_ends_them_all(instance: Settings) -> None:
    """A terminal sends its signal to the whole group; pressed again, it must not leave anybody behind either."""
    with Served(instance) as server:
        started = server.started()
        # The interpreter catches SIGINT from its first moment, SIGTERM only where the program says so.
        wait_until(lambda: _catches(server.worker(), signal.SIGTERM), "the worker's own handlers")
        os.killpg(server.process.pid, signal.SIGINT)
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(timeout=60) == 0
        assert alive(started) == []
        assert "Traceback" not in server.said()


def _catches(pid: int, number: signal.Signals) -> bool:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    caught = next(line.split()[1] for line in lines if line.startswith("SigCgt:"))
    return bool(int(caught, 16) >> (number - 1) & 1)


def test_a_signal_in_the_middle_of_the_start_leaves_nothing_either(instance: Settings) -> None:
    server = Served(instance)
    server.launch()
    try:
        wait_until(lambda: "Reporter is at" in server.said() or bool(server.started()), "a first child")
        server.process.terminate()
        server.process.wait(timeout=60)
        wait_until(lambda: alive(server.started()) == [], "the end of every child")
    finally:
        server.stop()


def test_the_worker_ends_when_the_server_is_killed(instance: Settings) -> None:
    with Served(instance) as server:
        worker = server.worker()
        server.process.kill()
        server.process.wait()
        wait_until(lambda: alive([worker]) == [], "the worker's end")


def test_a_killed_server_can_be_started_again_on_its_port(instance: Settings) -> None:
    with Served(instance) as server:
        server.process.kill()
        server.process.wait()
        wait_until(lambda: alive(server.started()) == [], "the end of the web processes", patience=10)
        server.start()
        assert Person(server.url).get("/healthz").status == 200


def test_a_web_process_that_dies_is_replaced(instance: Settings) -> None:
    with Served(instance) as server:
        one, other = server.web()
        os.kill(one, signal.SIGKILL)
        wait_until(lambda: len(set(alive(server.web())) - {one, other}) == 1, "a new web process")
        assert {Person(server.url).get("/healthz").status for _ in range(10)} == {200}


def test_a_port_in_use_is_said_in_a_sentence(instance: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal("serve", "--port", str(port), env=environment(instance))
    assert said == f"127.0.0.1:{port} cannot be used (Address already in use). Choose another with --host or --port."


def test_a_second_server_on_the_same_port_is_refused(instance: Settings) -> None:
    with Served(instance) as server:
        said = refusal("serve", "--port", str(server.port), env=environment(instance))
        assert f"127.0.0.1:{server.port} cannot be used" in said
        assert Person(server.url).get("/healthz").status == 200


def test_without_init_it_says_what_to_run(tmp_path: Path) -> None:
    said = refusal("serve", env=environment(REPORTER_INSTANCE=str(tmp_path)))
    assert said == f"There is no secret key in {tmp_path}. Run “reporter init” first."
    assert list(tmp_path.iterdir()) == [], "a refused start leaves nothing behind"


OUT_OF_DATE = "The database is not up to date. Run “reporter init” first; nothing in it is lost."


def _nothing(_path: Path) -> None:
    """The database does not exist yet."""


def _empty(path: Path) -> None:
    path.touch()


def _of_an_older_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript("CREATE TABLE alembic_version (version_num VARCHAR(32)); CREATE TABLE user (id);")
        connection.execute("INSERT INTO alembic_version VALUES ('0000')")
    connection.close()


@pytest.mark.parametrize("prepare", [_nothing, _empty, _of_an_older_program])
def test_a_database_that_is_not_up_to_date_is_not_served(tmp_path: Path, prepare: Callable[[Path], None]) -> None:
    path = tmp_path / "old.sqlite"
    prepare(path)
    settings = Settings(instance=tmp_path, database_url=f"sqlite:///{path}", secret_key="only-for-tests")
    assert refusal("serve", env=environment(settings)) == OUT_OF_DATE


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///{folder}/there/is/no/folder.sqlite",
        "sqlite:///{folder}/letter.sqlite",
        "postgresql://nobody@127.0.0.1:{closed}/reporter",
        "postgresql://nobody@127.0.0.1:port/reporter",
        "mysql://127.0.0.1/reporter",
    ],
)
def test_a_database_that_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path, url: str) -> None:
    (tmp_path / "letter.sqlite").write_text("Dear colleagues, this is no database. " * 40, encoding="utf-8")
    address = url.format(folder=tmp_path, closed=free_port())
    settings = Settings(instance=tmp_path, database_url=address, secret_key="only-for-tests")
    assert "REPORTER_DATABASE_URL" in refusal("serve", env=environment(settings))
    assert "Dear colleagues" in (tmp_path / "letter.sqlite").read_text(encoding="utf-8")


def test_a_database_of_a_newer_program_is_said_in_a_sentence(instance: Settings) -> None:
    path = instance.database_url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in ("serve", "init"):
        assert refusal(command, env=environment(instance))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REPORTER_FOO", "1"),
        ("REPORTER_BASE_URL", "reporter.example.org"),
        ("REPORTER_PROCESSES", "none"),
        ("REPORTER_THREADS", "0"),
    ],
)
def test_a_setting_that_cannot_work_is_named(instance: Settings, name: str, value: str) -> None:
    assert name in refusal("serve", env=environment(instance, **{name: value}))


def test_an_unknown_setting_that_is_empty_counts_as_not_set(instance: Settings) -> None:
    with Served(instance, REPORTER_FOO="") as server:
        assert Person(server.url).get("/healthz").status == 200


def test_sample_accounts_are_never_served_at_a_public_address(instance: Settings) -> None:
    told = reporter("demo", env=environment(instance))
    assert told.returncode == 0, told.stderr
    public = environment(instance, REPORTER_BASE_URL=PUBLIC_URL)
    said = refusal("serve", "--port", str(free_port()), env=public)
    assert PUBLIC_URL in said
    assert "reporter user disable --samples" in said, "the sentence names the command that helps"

    with Served(instance) as server:  # on the machine itself they are what `demo` is for
        _role, email, password = told.stdout.splitlines()[0].split("\t")
        assert Person(server.url).sign_in(email, password).get("/desk/").status == 200

    assert reporter("user", "disable", "--samples", env=public).returncode == 0
    with Served(instance, REPORTER_BASE_URL=PUBLIC_URL) as server:
        assert Person(server.url).get("/healthz").status == 200
        visitor = Person(server.url)
        answer = visitor.try_to_sign_in(email, password)
        assert (answer.status, "is not right" in answer.text) == (200, True)
        assert visitor.get("/desk/").status == 302, "nobody is signed in"


# -- what the public gets, from whichever process -----------------------------------------------------------------

FOLLOWED = ("/reports.atom", "/reports.rss", "/issues/digital-trade.atom", "/issues/digital-trade.rss", "/")


def a_little_event() -> tuple[Event, User, User]:
    """An event with two public reports of several policy issues, one that was withdrawn and a draft."""
    ids = factories.issues()
    forum = factories.event("forum")
    writer, editor = factories.person(Role.RAPPORTEUR, forum), factories.person(Role.EDITOR, forum)
    every = frozenset(ids.values())
    for minute, headline in ((10, "Members agree on the rule"), (20, "Ministers name a date")):
        words = factories.text(headline, policy_issues=every)
        factories.published(forum, writer, editor, words, of=factories.session(forum, headline), minute=minute)
    gone = factories.published(forum, writer, editor, factories.text("Nobody said this"), minute=30)
    factories.withdraw(gone, editor, minute=40)
    factories.draft(forum, writer, factories.text("Not for the public"), of=factories.session(forum, "Closed doors"))
    return forum, writer, editor


def answers(server: Served, address: str, times: int) -> set[tuple[int, str, bytes]]:
    """The different answers of as many requests, each at a connection of its own."""
    found = set()
    for _ in range(times):
        answer = Person(server.url).get(address)
        found.add((answer.status, answer.headers["ETag"], answer.body))
    return found


def test_every_process_answers_the_same_bytes_and_etag(app: Flask, settings: Settings) -> None:
    with app.app_context():
        a_little_event()
    first_seen: dict[str, set[tuple[int, str, bytes]]] = {}
    # The order of Python's sets differs with the hash seed, and with it whatever was built in that order.
    with (
        Served(settings, REPORTER_BASE_URL=settings.base_url, PYTHONHASHSEED="1") as one,
        Served(settings, REPORTER_BASE_URL=settings.base_url, PYTHONHASHSEED="2") as other,
    ):
        for address in FOLLOWED:
            first_seen[address] = answers(one, address, 20)
            assert len(first_seen[address]) == 1, address
            assert answers(other, address, 5) == first_seen[address], address
            [(status, etag, body)] = first_seen[address]
            assert status == 200
            assert b"Members agree on the rule" in body
            assert b"Ministers name a date" in body
            assert b"Nobody said this" not in body
            assert b"Not for the public" not in body
            for server in (one, other):
                again = Person(server.url).get(address, If_None_Match=etag)
                assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    with Served(settings, REPORTER_BASE_URL=settings.base_url, PYTHONHASHSEED="3") as restarted:
        for address in FOLLOWED:
            assert answers(restarted, address, 5) == first_seen[address], address
            [(_status, etag, _body)] = first_seen[address]
            assert Person(restarted.url).get(address, If_None_Match=etag).status == 304


def test_an_etag_ends_with_the_next_public_change(app: Flask, settings: Settings) -> None:
    with app.app_context():
        forum, writer, editor = a_little_event()
        with Served(settings) as server:
            reader = Person(server.url)
            etags = {address: reader.get(address).headers["ETag"] for address in FOLLOWED}
            factories.published(forum, writer, editor, factories.text("A third report"), minute=50)
            for address, etag in etags.items():
                for _ in range(6):  # whichever process answers
                    answer = Person(server.url).get(address, If_None_Match=etag)
                    assert answer.status == 200, address
                    assert "A third report" in answer.text


# -- embargoes -----------------------------------------------------------------------------------------------------


def under_embargo(forum: Event, writer: User, editor: User, until: datetime | None, headline: str) -> int:
    """An approved report that waits; answers its number."""
    made = factories.draft(forum, writer, factories.text(headline), of=factories.session(forum, headline))
    factories.file(made, writer)
    factories.approve(made, editor, embargo_until=until)
    return made.number


def changes(number: int) -> list[tuple[ChangeKind, int, datetime]]:
    """What the public saw happen to a report, read anew."""
    db.session.rollback()
    return [(one.kind, one.revision_number, one.changed_at) for one in reports.changes(number)]


def _stay_unpublished(numbers: Sequence[int]) -> None:
    for number in numbers:
        db.session.rollback()
        assert changes(number) == []
        found = reports.by_number(number)
        assert found is not None
        assert found.public_state is PublicState.NEVER


@pytest.mark.usefixtures("context")
def test_an_embargo_that_passes_publishes_once_however_many_workers(settings: Settings) -> None:
    factories.issues()
    forum = factories.event("forum")
    writer, editor = factories.person(Role.RAPPORTEUR, forum), factories.person(Role.EDITOR, forum)
    with Served(settings) as one, Served(settings) as other:
        until = clock.now() + timedelta(seconds=2)
        far = clock.now() + timedelta(days=1)
        passing = [under_embargo(forum, writer, editor, until, f"Report {place} under embargo") for place in range(5)]
        waiting = [
            under_embargo(forum, writer, editor, far, "Tomorrow's report"),
            under_embargo(forum, writer, editor, None, "Approved and kept back"),
        ]
        for server in (one, other):
            wait_until(partial(_lists, server, "under embargo", 5), "the publication")
        for number in passing:
            [(kind, revision, at)] = changes(number)
            assert (kind, revision) == (ChangeKind.FIRST, 1)
            assert at >= until, "not a moment before the embargo"
        _stay_unpublished(waiting)
        feed = Person(one.url).get("/reports.atom").text
        assert "Tomorrow's report" not in feed
        assert "Approved and kept back" not in feed


def _lists(server: Served, words: str, times: int) -> bool:
    return Person(server.url).get("/reports.atom").text.count(f"{words}</title>") == times


@pytest.mark.usefixtures("context")
def test_what_fell_due_while_the_server_was_down_is_published_after_the_start(settings: Settings) -> None:
    factories.issues()
    forum = factories.event("forum")
    writer, editor = factories.person(Role.RAPPORTEUR, forum), factories.person(Role.EDITOR, forum)
    with Served(settings):
        later = clock.now() + timedelta(hours=1)
        number = under_embargo(forum, writer, editor, later, "Due in the night")
        kept = under_embargo(forum, writer, editor, later, "Due next week")
        sent_back = under_embargo(forum, writer, editor, later, "Thought better of")
        assert changes(number) == []
    passed = clock.now()
    with unit_of_work():  # the hour passes
        for one in (number, sent_back):
            _lock(one).embargo_until = passed
        _lock(kept).embargo_until = passed + timedelta(days=7)
        review.unapprove(_lock(sent_back), by=editor, at=passed)
    with Served(settings) as server:
        reader = Person(server.url)
        wait_until(lambda: reader.get(f"/reports/{number}/due-in-the-night").status == 200, "the publication")
        [(kind, revision, at)] = changes(number)
        assert (kind, revision) == (ChangeKind.FIRST, 1)
        assert at >= passed
        _stay_unpublished([kept, sent_back])
        assert reader.get(f"/reports/{kept}").status == 404
        assert reader.get(f"/reports/{sent_back}").status == 404


def _lock(number: int) -> Report:
    found = reports.for_change(number)
    assert found is not None
    return found


def test_the_feed_names_the_address_at_which_it_is_served(app: Flask, settings: Settings) -> None:
    """Without REPORTER_BASE_URL a server on a port of its own must not send its readers to port 8000."""
    with app.app_context():
        a_little_event()
    with Served(settings) as server:
        feed = Person(server.url).get("/reports.atom").text
        assert f'href="{server.url}/reports/1/members-agree-on-the-rule"' in feed
        page = Person(server.url).get("/reports/1/members-agree-on-the-rule")
        assert page.status == 200

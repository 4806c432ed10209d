"""What a request costs compared with an empty one, on a throwaway server with the sample event. Prints ratios only.

Every number is a ratio between two things measured in the same round, side by side: milliseconds of one machine say
nothing about another.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from uuid import uuid4

# The tests' server is the one that is measured; their folder is no package.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from served import Person, Served, environment, reporter

from reporter import create_app
from reporter.config import Settings
from reporter.models.assignment import Assignment
from reporter.models.database import db, unit_of_work
from reporter.newsroom import people, programme, programme_import
from reporter.queries import people as known_people
from reporter.rules.vocabulary import AssignmentState, Role
from reporter.sources.draft import SessionDraft

EMPTY = "empty request (/healthz)"
EVENT = "eweek-2023-sample"
IMPORT_LIMIT = 10  # seconds
LARGE = "large"  # an event of 1,000 sessions
Measured = Mapping[str, Sequence[float]]
Ask = Callable[[Person], int]


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rounds", type=int, default=7)
    words.add_argument("--requests", type=int, default=40, help="of each kind, in a round of one client")
    words.add_argument("--clients", type=int, default=16, help="in the second measurement")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="reporter-bench-") as folder:
        settings = Settings(
            instance=Path(folder), database_url=f"sqlite:///{folder}/reporter.sqlite", secret_key=uuid4().hex
        )
        env = environment(settings)
        reporter("init", env=env).check_returncode()
        told = reporter("demo", env=env)
        told.check_returncode()
        people = [line.split("\t") for line in told.stdout.splitlines() if line.startswith("rapporteur\t")]
        add_large_event(settings, people[0][1])
        show_import(settings)
        with Served(settings) as server:
            writers = [Person(server.url).sign_in(email, password) for _role, email, password in people]
            kinds = requests(writers[0])
            for clients in (1, asked.clients):
                count = asked.requests if clients == 1 else max(5, asked.requests // 4)
                windows = [writers[0].beside() for _ in range(clients)]
                measure(windows, kinds, 2)  # the first requests load what later ones find loaded
                rounds = [measure(windows, kinds, count) for _ in range(asked.rounds)]
                show(rounds, kinds, f"{clients} client{'s' if clients > 1 else ''} at a time")


def add_large_event(settings: Settings, email: str) -> None:
    """Five days, each with 200 sessions in 20 rooms, led by 40 people; who has this address is a rapporteur."""
    began = datetime(2023, 12, 4, 8, tzinfo=UTC)
    with create_app(settings).app_context():
        with unit_of_work():
            writer = known_people.by_email(email)
            assert writer is not None
            event = programme.add_event(
                slug=LARGE,
                name="Large",
                time_zone="UTC",
                starts_on=date(2023, 12, 4),
                ends_on=date(2023, 12, 8),
                by=None,
                at=began,
            )
            people.grant(writer, Role.RAPPORTEUR, event=event, by=None, at=began)
            crew = [
                people.add_user(email=f"{one}@example.org", name=f"Person {one}", password_hash=None, by=None, at=began)
                for one in range(40)
            ]
            starts = [began + timedelta(days=day, hours=hour) for day in range(5) for hour in range(10)]
            drafts = [
                SessionDraft(f"Session in room {room}", one, one + timedelta(minutes=50), room=f"Room {room}")
                for one in starts
                for room in range(20)
            ]
            made = programme.add_sessions(event, drafts, by=None, at=began)
            for place, session in enumerate(made):
                db.session.add(_led(session.id, crew[place % len(crew)].id, at=began))
        db.session.remove()
        db.engine.dispose()


def show_import(settings: Settings) -> None:
    """An import of 1,105 sessions, read, previewed and applied, then again without a change: shares of a limit."""
    entries = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:Session {number}\r\nDTSTART:202312{4 + number // 300:02}T"
        f"{8 + number % 300 // 30:02}{number % 30:02}00Z\r\nDURATION:PT50M\r\nLOCATION:Room {number % 35}\r\n"
        f"DESCRIPTION:Speaker: Officer {number % 400} (A mission)\\n{'What is said there. ' * 40}\r\nEND:VEVENT\r\n"
        for number in range(1_105)
    )
    data = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{entries}END:VCALENDAR\r\n".encode()
    print(f"\nan import of 1,105 sessions, preview included, as a share of {IMPORT_LIMIT} seconds")
    with create_app(settings).app_context():
        at = datetime(2023, 12, 1, tzinfo=UTC)
        with unit_of_work():
            event = programme.add_event(
                slug="imported",
                name="Imported",
                time_zone="UTC",
                starts_on=at.date(),
                ends_on=at.date(),
                by=None,
                at=at,
            )
        for what in ("the first time", "again, nothing to change"):
            began = time.perf_counter()
            draft = programme_import.read(data, event=event)
            programme_import.plan(event, draft)
            with unit_of_work():
                programme_import.apply(event, draft, by=None, at=at, confirmed=True, kept=None)
            print(f"{what:<31} {(time.perf_counter() - began) / IMPORT_LIMIT:.2f}")
        db.session.remove()
        db.engine.dispose()


def _led(session: int, user: int, *, at: datetime) -> Assignment:
    return Assignment(
        programme_session_id=session,
        user_id=user,
        state=AssignmentState.ACCEPTED,
        lead=True,
        assigned_by_id=user,
        assigned_at=at,
    )


def requests(writer: Person) -> Mapping[str, Ask]:
    """What is measured; each answers the status that came back, and is right only with the one expected."""
    report, feed = _links(writer, "/", "/reports/")[0], "/reports.atom"
    session = next(
        link for link in _links(writer, f"/desk/programme/{EVENT}", "/desk/sessions/") if _is_unwritten(writer, link)
    )
    etags = {address: writer.get(address).headers["ETag"] for address in ("/", feed)}

    def save(person: Person) -> int:
        body = "\n\n".join(f"Paragraph {number} of a draft that grows while the session runs." for number in range(30))
        typed = {"act": "save", "client_id": uuid4().hex, "headline": "A draft", "lead": "In a sentence.", "body": body}
        return _expect(person.post(session, typed).status, 303)

    def page(address: str) -> Ask:
        return lambda person: _expect(person.get(address).status, 200)

    def unchanged(address: str) -> Ask:
        return lambda person: _expect(person.get(address, If_None_Match=etags[address]).status, 304)

    return {
        EMPTY: page("/healthz"),
        "draft save": save,
        "home page": page("/"),
        "home page, unchanged (304)": unchanged("/"),
        "report page": page(report),
        "coverage board, 1,000 sessions": page(f"/desk/coverage/{LARGE}"),
        "feed, in full": page(feed),
        "feed, unchanged (304)": unchanged(feed),
    }


def _links(person: Person, page: str, beginning: str) -> list[str]:
    found: list[str] = []
    for part in person.get(page).text.split('href="')[1:]:
        address = part.partition('"')[0]
        if address.startswith(beginning) and address not in found:
            found.append(address)
    return found


def _is_unwritten(person: Person, address: str) -> bool:
    page = person.get(address)
    return page.status == 200 and page.fields(address).get("based_on") == "0"


def _expect(status: int, wanted: int) -> int:
    if status != wanted:
        raise SystemExit(f"The server answered {status} instead of {wanted}; nothing was measured.")
    return status


def measure(windows: Sequence[Person], kinds: Mapping[str, Ask], count: int) -> Measured:
    """Seconds of `count` requests of each kind from each window; the kinds take turns, so what disturbs one disturbs
    all.
    """
    barrier = Barrier(len(windows))

    def one(window: Person) -> list[tuple[str, float]]:
        found = []
        barrier.wait()
        for _ in range(count):
            for name, ask in kinds.items():
                began = time.perf_counter()
                ask(window)
                found.append((name, time.perf_counter() - began))
        return found

    taken: dict[str, list[float]] = {name: [] for name in kinds}
    with ThreadPoolExecutor(len(windows)) as pool:
        for lines in pool.map(one, windows):
            for name, seconds in lines:
                taken[name].append(seconds)
    return taken


def show(rounds: Sequence[Measured], kinds: Mapping[str, Ask], title: str) -> None:
    """A table of ratios to the empty request of the same round: smallest, median and largest over the rounds."""
    print(f"\n{title}, {len(rounds)} rounds, {len(rounds[0][EMPTY])} requests of each kind in a round")
    print(f"{'times the empty request':<31} {'p50: min  median     max':>26} {'p95: min  median     max':>28}")
    for name in kinds:
        if name != EMPTY:
            print(f"{name:<31} {_ratios(rounds, name, EMPTY, 50):>26} {_ratios(rounds, name, EMPTY, 95):>28}")
    for page in ("home page", "feed"):
        full, unchanged = ("feed, in full" if page == "feed" else page), f"{page}, unchanged (304)"
        line = f"{page}: 304 / in full"
        print(f"{line:<31} {_ratios(rounds, unchanged, full, 50):>26} {_ratios(rounds, unchanged, full, 95):>28}")


def _ratios(rounds: Sequence[Measured], name: str, against: str, percent: int) -> str:
    values = [_percentile(taken[name], percent) / _percentile(taken[against], percent) for taken in rounds]
    return f"{min(values):.2f} {statistics.median(values):7.2f} {max(values):7.2f}"


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()

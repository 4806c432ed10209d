"""The real `reporter serve`, as a process of its own on a loopback port, and people at real connections to it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPMessage
from http.cookies import SimpleCookie
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode, urlsplit

from navigator import parsed

from reporter.config import Settings

PATIENCE = 30.0  # seconds until a start or a stop counts as hanging
TIMEOUT = 60.0  # seconds until an answer counts as never coming

Fields = Mapping[str, str | int | Sequence[str | int]]


def environment(settings: Settings | None = None, **more: str) -> dict[str, str]:
    """This process's environment without its own REPORTER_* variables; with those of `settings`, then `more`.

    Python may keep what it compiled, as where Reporter is installed: each start is a fifth faster for it.
    """
    plain = {name: value for name, value in os.environ.items() if not name.startswith("REPORTER_")}
    plain.pop("PYTHONDONTWRITEBYTECODE", None)
    if settings is not None:
        plain["REPORTER_INSTANCE"] = str(settings.instance)
        plain["REPORTER_DATABASE_URL"] = settings.database_url
        plain["REPORTER_SECRET_KEY"] = settings.secret_key
    return plain | more


def reporter(*words: str, env: Mapping[str, str], typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "reporter", *words],
        env=env,
        cwd="/",  # as installed: what is served is what the tests import
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def free_port() -> int:
    """A loopback port that nobody uses at the moment."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_until(condition: Callable[[], bool], what: str, *, patience: float = PATIENCE) -> None:
    """Ask again until it is so; the limit is only there so that a failure does not hang."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(0.05)


def alive(pids: Iterable[int]) -> list[int]:
    """Those of the processes that still run; one that ended and that nobody collected yet does not."""
    return [pid for pid in pids if _stat(pid)[0] not in ("", "Z", "X")]


def session_of(leader: int) -> list[int]:
    """The processes of the session that this process leads: all that it started, orphans too, and itself."""
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in numbers if _stat(pid)[2] == leader]


def _stat(pid: int) -> tuple[str, int, int]:
    """A process's state, its parent and its session; an empty state where there is no such process."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "", 0, 0
    return words[0], int(words[1]), int(words[3])


def _is_worker(pid: int) -> bool:
    return b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes()


class Served:
    """`with Served(settings) as server:` serves until the end of the block; `env` are further variables.

    It leads a session of its own, by which everything that it ever started is found, orphans too.
    """

    def __init__(self, settings: Settings, *, port: int | None = None, **env: str) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = settings.instance / f"serve-{self.port}.log"
        self.env = environment(settings, **env)
        self.settings = settings
        self.process: subprocess.Popen[bytes]

    def __enter__(self) -> "Served":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.stop()
        if error is not None:
            error.add_note(f"what {self.url} said:\n{self.said()}")

    def launch(self) -> None:
        """Start the process and wait for nothing."""
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "reporter", "serve", "--port", str(self.port)],
                env=self.env,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.launch()
        try:
            wait_until(self._answers, "a start")
        except BaseException as error:
            self.stop()
            error.add_note(f"what {self.url} said:\n{self.said()}")
            raise

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"the server ended by itself with {self.process.returncode}"
        try:
            if Person(self.url, timeout=5).get("/healthz").status != 200:
                return False
        except OSError:
            return False
        # A web process listens for signals before it makes the threads that serve; one that is asked to end earlier
        # does not hear it and is killed after ten seconds.
        return all(len(list(Path(f"/proc/{pid}/task").iterdir())) > 1 for pid in self.web())

    def stop(self) -> None:
        """Ask it to end; whatever does not is killed, so that no test leaves a process behind."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.kill_the_rest()

    def kill_the_rest(self) -> None:
        """Kill what it started and what still runs: its own session, so nobody else's."""
        for pid in alive(self.started()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def started(self) -> list[int]:
        """Every process that it started, and theirs, whoever is their parent now; not itself."""
        return [pid for pid in session_of(self.process.pid) if pid != self.process.pid]

    def worker(self) -> int:
        """The process that publishes what is due."""
        return next(pid for pid in self.started() if _is_worker(pid))

    def web(self) -> list[int]:
        """The processes that answer requests."""
        return [pid for pid in self.started() if not _is_worker(pid)]

    def said(self) -> str:
        """Everything that it wrote."""
        return self.output.read_text(encoding="utf-8", errors="replace") if self.output.exists() else ""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def fields(self, action: str) -> dict[str, str]:
        """What the form whose address ends with `action` holds, as a browser would send it back."""
        found = next(form for form in parsed(self.text).forms if (form.action or "").endswith(action))
        return {str(name): str(value) for name, value in found.form_values()}


class Person:
    """Somebody at one kept-open connection. Redirects are not followed, cookies change with a sign-in alone.

    (A browser would fetch the page after each save, and with it lose the notices that its cookie collects.)
    """

    def __init__(self, url: str, *, cookie: str = "", token: str = "", timeout: float = TIMEOUT) -> None:
        self.url, self.cookie, self.token = url, cookie, token
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)

    def beside(self, url: str = "") -> "Person":
        """The same person at another connection, as from another window."""
        return Person(url or self.url, cookie=self.cookie, token=self.token)

    def get(self, address: str, **headers: str) -> Answer:
        """Open an address; an underscore in a header's name stands for a hyphen."""
        return self._ask("GET", address, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, address: str, fields: Fields) -> Answer:
        """Send a form with the token of the sign-in."""
        return self.send(address, urlencode({"csrf_token": self.token, **fields}, doseq=True))

    def send(self, address: str, body: str, **headers: str) -> Answer:
        """Send the fields of a form as they are; an underscore in a header's name stands for a hyphen."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._ask("POST", address, body, {"Content-Type": "application/x-www-form-urlencoded", **named})

    def try_to_sign_in(self, email: str, password: str) -> Answer:
        """Fill in the page for it, whatever comes of it."""
        page = self.get("/login")
        self._keep_cookie(page)
        self.token = page.fields("/login")["csrf_token"]
        answer = self.post("/login", {"email": email, "password": password})
        self._keep_cookie(answer)
        return answer

    def sign_in(self, email: str, password: str) -> "Person":
        """Sign in, and keep the cookie and the token of the desk."""
        answer = self.try_to_sign_in(email, password)
        assert answer.status == 302, f"{email} cannot sign in: {answer.text}"
        self.token = self.get("/desk/").fields("/logout")["csrf_token"]
        return self

    def _keep_cookie(self, answer: Answer) -> None:
        if "Set-Cookie" in answer.headers:
            found = SimpleCookie(answer.headers["Set-Cookie"])
            self.cookie = f"session={found['session'].value}"

    def _ask(self, method: str, address: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        own = {"Cookie": self.cookie} if self.cookie else {}
        try:
            self.connection.request(method, address, body=body, headers={**own, **headers})
            response = self.connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except BaseException:
            self.connection.close()  # so that the next request begins anew
            raise

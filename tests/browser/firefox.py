"""Debian's Firefox without a window, asked through Marionette, the remote control that every Firefox has built in.

Playwright's channel for an installed Firefox sends commands that the present ESR does not know, and the Firefox that
Playwright patches itself would have to be downloaded.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from browser.marionette import ELEMENT, FirefoxError, Marionette
from served import PATIENCE, TIMEOUT, alive, session_of, wait_until

PROGRAMS = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")
REPLACED = "no such window"
NOT_YET = {  # what an element answers while the page is still being built
    "no such element",
    "stale element reference",
    "element not interactable",
    "element click intercepted",
    REPLACED,
}
PREFERENCES: Mapping[str, str | int | bool] = {  # beside the many that Marionette itself sets for tests
    "marionette.port": 0,  # any free one; Firefox writes it to MarionetteActivePort in the profile
    # Nothing but loopback can be reached: all else is sent to a proxy that is not there ...
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
    "network.proxy.failover_direct": False,
    # ... and these leave a Firefox that stands idle for half a minute nothing to ask it for.
    "app.update.disabledForTesting": True,
    "media.gmp-manager.updateEnabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",  # heeded with MOZ_REMOTE_SETTINGS_DEVTOOLS alone
    "network.disable-localhost-when-offline": True,  # so that offline() holds for our server too
    "network.manage-offline-status": False,  # a machine without a network is not offline: there is loopback
    "browser.sessionstore.resume_from_crash": False,  # a killed Firefox begins with an empty page again
    "browser.startup.page": 0,
    "intl.accept_languages": "en",
    "toolkit.startup.max_resumed_crashes": -1,  # being killed again and again leads to no safe mode
}
ENVIRONMENT = {"MOZ_CRASHREPORTER_DISABLE": "1", "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1", "LC_ALL": "C.UTF-8"}


def installed() -> str | None:
    """The Firefox of this machine, Debian's first; None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Firefox:
    """`with Firefox(program, folder) as firefox:` runs until the end of the block, then is killed.

    The profile lives in `folder`, outlives every kill() and start() within the block, and goes at its end (36 MB).
    An element is named by a CSS selector and looked for anew each time, until it is there and can be used.
    """

    def __init__(self, program: str, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.profile = folder / "profile"
        self.output = folder / "firefox.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.marionette: Marionette | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self.profile)
        if error is not None:
            self._explain(error)

    # Its life

    def start(self) -> None:
        """Start on the profile as it lies there, and open a window of 1280 by 900 pixels."""
        assert self.process is None, "it runs already"
        self.profile.mkdir(parents=True, exist_ok=True)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        (self.profile / "user.js").write_text("".join(lines), encoding="utf-8")
        (self.profile / "MarionetteActivePort").unlink(missing_ok=True)  # a killed one leaves it behind
        try:
            self._launch()
            wait_until(lambda: bool(self._port()), "a start of Firefox", patience=TIMEOUT)
            self.marionette = Marionette(self._port())
            limits = {"implicit": 0, "pageLoad": int(PATIENCE * 1000), "script": int(PATIENCE * 1000)}
            self._ask("WebDriver:NewSession", capabilities={"alwaysMatch": {"timeouts": limits}})
            self._ask("WebDriver:SetWindowRect", width=1280, height=900)
        except BaseException as error:
            self.kill()
            self._explain(error)
            raise

    def _launch(self) -> None:
        # A home of its own: Firefox refuses to run where the home is another user's, and leaves caches in it.
        env = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "MOZ_"))}
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [self.program, "--headless", "--marionette", "--remote-allow-system-access", "--no-remote",
                 "--profile", str(self.profile)],
                env=env | ENVIRONMENT | {"HOME": str(self.folder)},
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def _port(self) -> int:
        assert self.process is not None
        assert self.process.poll() is None, f"Firefox ended by itself with {self.process.returncode}"
        written = self.profile / "MarionetteActivePort"
        return int(written.read_text("ascii") or 0) if written.exists() else 0

    def kill(self) -> None:
        """SIGKILL to it and all that it started, as where memory runs out; returns once none of them runs."""
        if self.process is None:
            return
        family = session_of(self.process.pid)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self._is_gone(family)

    def quit(self) -> None:
        """Close it as a person does, with time to write down what it keeps in memory."""
        assert self.process is not None
        family = session_of(self.process.pid)
        self._ask("Marionette:Quit", flags=["eAttemptQuit"])
        self._is_gone(family)

    def _is_gone(self, family: list[int]) -> None:
        assert self.process is not None
        self.process.wait(timeout=PATIENCE)
        wait_until(lambda: not alive(family), "an end of Firefox")
        self.process = None
        if self.marionette is not None:
            self.marionette.close()
            self.marionette = None

    def _explain(self, error: BaseException) -> None:
        said = self.output.read_text(encoding="utf-8", errors="replace") if self.output.exists() else ""
        error.add_note(f"what Firefox said:\n{said[-5000:]}")

    # What a person does

    def goto(self, url: str) -> None:
        """Open an address and wait until it has loaded; FirefoxError where nobody answers there."""
        self._ask("WebDriver:Navigate", url=url)

    @property
    def url(self) -> str:
        return str(self._ask("WebDriver:GetCurrentURL"))

    def click(self, css: str) -> None:
        """Click, and wait for the page to which that leads, if it leads to one."""
        self._at(css, "WebDriver:ElementClick")

    def type(self, css: str, keys: str) -> None:
        """Press keys after what the field holds already; Enter and the like by WebDriver's numbers ("\\ue007")."""
        self._at(css, "WebDriver:ElementSendKeys", text=keys)

    def fill(self, css: str, text: str) -> None:
        """Let the field hold this and nothing else."""
        self._at(css, "WebDriver:ElementClear")
        if text:
            self.type(css, text)

    def text(self, css: str) -> str:
        """The text of the first such element as a reader sees it."""
        return str(self._at(css, "WebDriver:GetElementText"))

    def value(self, css: str) -> str:
        """What the field holds."""
        return str(self._at(css, "WebDriver:GetElementProperty", name="value"))

    def count(self, css: str) -> int:
        """How many such elements there are now; does not wait."""
        return len(self._ask("WebDriver:FindElements", using="css selector", value=css))

    def offline(self, cut: bool) -> None:
        """Cut every connection, loopback too, or mend it; the page hears of it as of a lost network."""
        self.evaluate_in_browser("Services.io.offline = arguments[0];", cut)

    # What a test asks

    def evaluate(self, body: str, *arguments: Any) -> Any:
        """What the function body returns in the page; it may await, and finds `arguments`. JSON goes in and out."""
        script = f"return (async function () {{ {body}\n}}).apply(null, arguments).then(answer => ({{answer}}));"
        try:
            wrapped = self._ask("WebDriver:ExecuteScript", script=script, args=list(arguments))
        except FirefoxError as error:
            if "Document was unloaded" not in str(error):
                raise
            wrapped = None
        if wrapped is None:  # which is also what a page on its way out answers to everything
            raise FirefoxError(REPLACED, "the page gave way to another meanwhile")
        return wrapped.get("answer")

    def evaluate_in_browser(self, body: str, *arguments: Any) -> Any:
        """The same with the rights of the browser itself: `Services` is there."""
        self._ask("Marionette:SetContext", value="chrome")
        try:
            return self.evaluate(body, *arguments)
        finally:
            self._ask("Marionette:SetContext", value="content")

    def complaints(self) -> list[str]:
        """Errors and warnings about pages since the start, refused by policy too; not what they say by `console`."""
        return [str(one) for one in self.evaluate_in_browser(
            "return Services.console.getMessageArray().filter(one => one instanceof Ci.nsIScriptError)"
            ".filter(one => one.sourceName.startsWith('http')).map(one => one.errorMessage);"
        )]  # fmt: skip

    def wait_for(self, body: str, *arguments: Any, patience: float = PATIENCE) -> Any:
        """Evaluate again until the answer is true, and return it; AssertionError after `patience` seconds."""
        answers: list[Any] = [None]

        def holds() -> bool:
            try:
                answers[:] = [self.evaluate(body, *arguments)]
            except FirefoxError as error:
                if error.kind != REPLACED:
                    raise
            return bool(answers[0])

        wait_until(holds, body, patience=patience)
        return answers[0]

    def screenshot(self, path: Path) -> None:
        """Write what the window shows as PNG."""
        path.write_bytes(base64.b64decode(self._ask("WebDriver:TakeScreenshot", full=False)))

    def _ask(self, command: str, **parameters: Any) -> Any:
        assert self.marionette is not None, "it does not run"
        return self.marionette.ask(command, **parameters)

    def _at(self, css: str, command: str, **parameters: Any) -> Any:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                found = self._ask("WebDriver:FindElement", using="css selector", value=css)
                return self._ask(command, id=found[ELEMENT], **parameters)
            except FirefoxError as error:
                if error.kind not in NOT_YET or time.monotonic() > end:
                    error.add_note(f"{command} at {css}")
                    raise
            time.sleep(0.05)

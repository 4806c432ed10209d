"""Debian's Firefox before our server, and what it keeps for a page when it is killed in the middle of work."""

from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from browser.conftest import SampleServer
from browser.firefox import Firefox
from browser.marionette import FirefoxError
from served import alive, session_of, wait_until

PAGE = "<!doctype html><title>A little site</title><label>Words <input name=words></label>"
WORKER = """
addEventListener("install", event => event.waitUntil(caches.open("kept").then(kept => kept.add("/"))));
addEventListener("activate", event => event.waitUntil(clients.claim()));
addEventListener("fetch", event => event.respondWith(fetch(event.request).catch(() => caches.match(event.request))));
"""
OPEN = """
const database = await new Promise((opened, failed) => {
    const request = indexedDB.open("drafts", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("texts");
    request.onsuccess = () => opened(request.result);
    request.onerror = () => failed(request.error);
});
"""
WRITE = f"""{OPEN}
const change = database.transaction("texts", "readwrite");
change.objectStore("texts").put(arguments[1], arguments[0]);
return await new Promise((done, failed) => {{
    change.oncomplete = () => done("complete");
    change.onabort = () => failed(change.error);
}});
"""
READ = f"""{OPEN}
const request = database.transaction("texts").objectStore("texts").get(arguments[0]);
return await new Promise((found, failed) => {{
    request.onsuccess = () => found(request.result ?? null);
    request.onerror = () => failed(request.error);
}});
"""
REGISTER = 'await navigator.serviceWorker.register("/worker.js"); await navigator.serviceWorker.ready;'


class LittleSite(BaseHTTPRequestHandler):
    """One page, and a service worker that keeps it."""

    def do_GET(self) -> None:
        kind, text = {"/": ("text/html", PAGE), "/worker.js": ("text/javascript", WORKER)}.get(self.path, ("", ""))
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", f"{kind or 'text/plain'}; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Cache-Control", "no-store")  # so that only the worker can keep it
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what matters is what Firefox shows."""


@dataclass
class Site:
    url: str
    server: ThreadingHTTPServer

    def stop(self) -> None:
        """From now on nobody answers there."""
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), LittleSite)
    Thread(target=server.serve_forever, daemon=True).start()
    made = Site(f"http://127.0.0.1:{server.server_address[1]}/", server)
    yield made
    made.stop()


def test_rapporteur_signs_in(firefox: Firefox, sample_server: SampleServer, tmp_path: Path) -> None:
    email = "rapporteur@example.org"
    firefox.goto(f"{sample_server.url}/login")
    firefox.fill("[name=email]", email)
    firefox.fill("[name=password]", sample_server.passwords[email])
    firefox.click("main button, main [type=submit]")
    assert firefox.url == f"{sample_server.url}/desk/"
    assert firefox.text("main h1") == "What comes next"
    firefox.screenshot(tmp_path / "desk.png")
    assert (tmp_path / "desk.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert firefox.complaints() == []


def test_what_is_typed_and_asked(firefox: Firefox, site: Site) -> None:
    firefox.goto(site.url)
    firefox.type("[name=words]", "Genève, ")
    firefox.type("[name=words]", "日内瓦")
    assert firefox.value("[name=words]") == "Genève, 日内瓦"
    firefox.fill("[name=words]", "Geneva")
    assert firefox.value("[name=words]") == "Geneva"
    assert firefox.count("label") == 1
    assert firefox.evaluate("return {sum: arguments[0] + 1};", 2) == {"sum": 3}
    assert firefox.evaluate("") is None
    firefox.evaluate("setTimeout(() => { document.title = 'Later'; }, 300);")
    assert firefox.wait_for("return document.title === 'Later' && document.title;") == "Later"
    with pytest.raises(AssertionError, match="in vain: return false;"):
        firefox.wait_for("return false;", patience=0.2)
    with pytest.raises(FirefoxError, match="javascript error: Error: on purpose"):
        firefox.evaluate("throw new Error('on purpose');")


def test_what_a_page_does_wrong_is_heard(firefox: Firefox, site: Site) -> None:
    firefox.goto(site.url)
    assert firefox.complaints() == []
    firefox.evaluate(
        "const faulty = document.body.appendChild(document.createElement('script'));faulty.append('nobody.knows();');"
    )
    wait_until(lambda: firefox.complaints() != [], "a complaint")
    assert firefox.complaints() == ["ReferenceError: nobody is not defined"]


def test_offline_reaches_nobody(firefox: Firefox, site: Site) -> None:
    firefox.goto(site.url)
    ask = "return [navigator.onLine, await fetch('/').then(answer => answer.status, () => 'in vain')];"
    assert firefox.evaluate(ask) == [True, 200]
    firefox.offline(True)
    assert firefox.evaluate(ask) == [False, "in vain"]
    firefox.offline(False)
    assert firefox.evaluate(ask) == [True, 200]


def test_indexeddb_outlives_a_kill(firefox: Firefox, site: Site) -> None:
    firefox.goto(site.url)
    assert firefox.evaluate(READ, "closing") is None
    assert firefox.evaluate(WRITE, "closing", "The chair named three things.") == "complete"
    assert firefox.process is not None
    family = session_of(firefox.process.pid)
    assert len(alive(family)) > 1
    firefox.kill()
    assert alive(family) == []
    firefox.start()
    assert firefox.url == "about:blank"
    firefox.goto(site.url)
    assert firefox.evaluate(READ, "closing") == "The chair named three things."


def test_a_normal_end_leaves_nothing_behind_and_keeps_the_profile(firefox: Firefox, site: Site) -> None:
    firefox.goto(site.url)
    firefox.evaluate("localStorage.setItem('closing', 'Three things.');")  # which a killed Firefox may forget
    assert firefox.process is not None
    family = session_of(firefox.process.pid)
    firefox.quit()
    assert alive(family) == []
    firefox.start()
    firefox.goto(site.url)
    assert firefox.evaluate("return localStorage.getItem('closing');") == "Three things."


def test_service_worker_answers_after_a_kill_without_a_server(firefox: Firefox, site: Site) -> None:
    firefox.goto(site.url)
    firefox.evaluate(REGISTER)
    firefox.wait_for("return navigator.serviceWorker.controller !== null;")
    firefox.kill()
    site.stop()
    firefox.start()
    firefox.goto(site.url)
    assert firefox.evaluate("return [document.title, navigator.serviceWorker.controller.scriptURL];") == [
        "A little site",
        f"{site.url}worker.js",
    ]
    with pytest.raises(FirefoxError, match="connectionFailure"):
        firefox.goto(f"{site.url}nowhere".replace("127.0.0.1", "localhost"))  # another origin, where no worker answers

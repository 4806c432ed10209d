"""Downloads from real servers on loopback that answer well, badly, slowly, too much, or want to lead inside."""

import gzip
import shutil
import socket
import ssl
import subprocess
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread

import pytest

from reporter.rules.errors import BadProgramme
from reporter.sources.draft import MAX_BYTES
from reporter.sources.fetch import MAX_REDIRECTS, Downloaded, download
from reporter.sources.fetch_guard import is_public, system_resolver

Answer = bytes | Callable[[str, socket.socket], None]
FILE = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
AMPLE = 60.0  # seconds; nothing here is slow, but what waits for a deadline of its own
BRIEF = 0.3


class Server(ThreadingTCPServer):
    """Answers each path with bytes, or with what a function writes; keeps the requests as they came."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answers: dict[str, Answer], tls: ssl.SSLContext | None = None) -> None:
        self.answers, self.tls = answers, tls
        self.requests: list[str] = []
        self.done = Event()
        super().__init__(("127.0.0.1", 0), Connection)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Connection(BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        with suppress(OSError):
            connection = self.request
            if self.server.tls:
                connection = self.server.tls.wrap_socket(connection, server_side=True)
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                piece = connection.recv(65_536)
                if not piece:
                    return
                head += piece
            request = head.decode("latin-1")
            self.server.requests.append(request)
            answer = self.server.answers.get(request.split(" ")[1], response(404, b"none"))
            if callable(answer):
                answer(request, connection)
            else:
                connection.sendall(answer)
            if self.server.tls:
                connection.unwrap()


def response(status: int, body: bytes = b"", *headers: str) -> bytes:
    lengths = () if any(line.lower().startswith("content-length") for line in headers) else (len(body),)
    lines = [f"HTTP/1.1 {status} X", *headers, *(f"Content-Length: {length}" for length in lengths), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def leads_to(address: str, status: int = 302) -> bytes:
    return response(status, b"", f"Location: {address}")


@contextmanager
def serving(answers: dict[str, Answer], tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(answers, tls)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.done.set()
        server.shutdown()
        server.server_close()
        thread.join()


def names(**addresses: str) -> Callable[[str, int], Sequence[str]]:
    """A resolver that knows these names, `_` for the dot, each with its addresses; and IP addresses as they are."""

    def resolve(host: str, port: int) -> Sequence[str]:
        key = host.replace(".", "_")
        return addresses[key].split() if key in addresses else system_resolver(host, port)

    return resolve


def refused(address: str, *hosts: str, deadline: float = AMPLE, **others: object) -> str:
    with pytest.raises(BadProgramme) as refusal:
        download(address, allowed_hosts=hosts, deadline=deadline, **others)  # type: ignore[arg-type]
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "%(" not in sentence
    return sentence.split(".  ")[0]


def from_one(answer: Answer, *, deadline: float = AMPLE) -> str:
    """The refusal of what a server answers at /."""
    with serving({"/": answer}) as server:
        return refused(f"http://{server.host}/", server.host, deadline=deadline).replace(server.host, "HOST")


# What is well


def test_a_file_comes_as_it_is() -> None:
    with serving({"/a?b=c%20d": response(200, FILE)}) as server:
        address = f"http://{server.host}/a?b=c d#part"
        got = download(f"  {address}\n", allowed_hosts=[server.host], deadline=AMPLE)
    assert got == Downloaded(FILE, "", "", f"http://{server.host}/a?b=c%20d")
    request = server.requests[0].split("\r\n")
    assert request[0] == "GET /a?b=c%20d HTTP/1.1"
    assert f"Host: {server.host}" in request
    assert not any(line.lower().startswith(("if-", "cookie", "authorization")) for line in request)


def test_a_packed_file_is_unpacked_and_a_packed_file_as_such_is_not() -> None:
    packed = gzip.compress(FILE)
    answers: dict[str, Answer] = {
        "/packed": response(200, packed, "Content-Encoding: gzip"),
        "/file.gz": response(200, packed, "Content-Type: application/gzip"),
        "/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nBEG\r\n2\r\nIN\r\n0\r\n\r\n",
        "/to-the-end": b"HTTP/1.0 200 OK\r\n\r\n" + FILE,
        "/empty": response(200, b"", "Content-Encoding: gzip"),
    }
    with serving(answers) as server:
        got = {path: download(f"http://{server.host}{path}", allowed_hosts=[server.host]).data for path in answers}
    assert got == {
        "/packed": FILE, "/file.gz": packed, "/chunks": b"BEGIN", "/to-the-end": FILE, "/empty": b"",
    }  # fmt: skip


def test_a_file_of_exactly_the_limit() -> None:
    body = b"x" * MAX_BYTES
    packed = gzip.compress(body, 1)
    with serving({"/": response(200, packed, "Content-Encoding: gzip"), "/p": response(200, body)}) as server:
        for path in ("/", "/p"):
            assert download(f"http://{server.host}{path}", allowed_hosts=[server.host], deadline=AMPLE).data == body


def test_what_has_not_changed_is_not_sent_again() -> None:
    def conditional(request: str, connection: socket.socket) -> None:
        known = 'If-None-Match: W/"1"' in request and "If-Modified-Since: Tue, 02 Jan 2024 10:00:00 GMT" in request
        validators = ('ETag: W/"1"', "Last-Modified: Tue, 02 Jan 2024 10:00:00 GMT")
        connection.sendall(b"HTTP/1.1 304 X\r\n\r\n" if known else response(200, FILE, *validators))

    with serving({"/": conditional, "/old": leads_to("/")}) as server:
        first = download(f"http://{server.host}/old", allowed_hosts=[server.host])
        again = download(
            f"http://{server.host}/old",
            allowed_hosts=[server.host],
            etag=first.etag,
            last_modified=first.last_modified,
        )
    assert first == Downloaded(FILE, 'W/"1"', "Tue, 02 Jan 2024 10:00:00 GMT", f"http://{server.host}/")
    assert again == Downloaded(None, first.etag, first.last_modified, first.address)


def test_not_modified_without_being_asked_is_a_failure() -> None:
    assert "answered with 304" in from_one(b"HTTP/1.1 304 X\r\n\r\n")


def test_marks_that_cannot_be_sent_are_neither_sent_nor_kept() -> None:
    with serving({"/": response(200, FILE, "ETag: " + "x" * 2_000, "Last-Modified: d\xe9j\xe0")}) as server:
        got = download(f"http://{server.host}/", allowed_hosts=[server.host], etag="x\r\nX-More: y", last_modified="é")
    assert (got.etag, got.last_modified, got.data) == ("", "", FILE)
    assert "X-More" not in server.requests[0]
    assert "If-" not in server.requests[0]


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({}) as proxy, serving({"/": response(200, FILE)}) as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.host}")
        monkeypatch.delenv("no_proxy", raising=False)
        assert download(f"http://{server.host}/", allowed_hosts=[server.host]).data == FILE
    assert proxy.requests == []


# Where it leads


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(status: int) -> None:
    with serving({"/a/b": leads_to("../c", status), "/c": response(200, FILE)}) as server:
        got = download(f"http://{server.host}/a/b", allowed_hosts=[server.host])
    assert got == Downloaded(FILE, "", "", f"http://{server.host}/c")


def test_as_many_redirects_as_are_possible_and_one_more() -> None:
    answers: dict[str, Answer] = {f"/{number}": leads_to(f"/{number + 1}") for number in range(MAX_REDIRECTS + 1)}
    answers[f"/{MAX_REDIRECTS + 1}"] = response(200, FILE)
    with serving(answers) as server:
        assert download(f"http://{server.host}/1", allowed_hosts=[server.host]).data == FILE
        assert "leads from one to the next" in refused(f"http://{server.host}/0", server.host)
    assert len(server.requests) == 2 * (MAX_REDIRECTS + 1)


def test_a_circle_of_redirects_ends() -> None:
    with serving({"/": leads_to("/")}) as server:
        assert "leads from one to the next" in refused(f"http://{server.host}/", server.host)
    assert len(server.requests) == MAX_REDIRECTS + 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"])
def test_a_redirect_from_an_allowed_host_to_another_inside_is_refused(host: str) -> None:
    with serving({"/": response(200, b"secret")}) as inside:
        with serving({"/": leads_to(f"http://{host}:{inside.port}/")}) as server:
            assert "is an internal address" in refused(f"http://{server.host}/", server.host)
        assert inside.requests == []


def test_a_name_may_come_to_mean_another_address_on_the_way() -> None:
    meanings = iter([["127.0.0.1"], ["10.0.0.1"]])
    with serving({"/": leads_to("/")}) as server:
        sentence = refused(
            f"http://a.example:{server.port}/",
            f"a.example:{server.port + 1}",  # another port, so the name is not allowed here
            resolve=lambda _host, _port: next(meanings),
        )
    assert sentence.startswith("“a.example” is an internal address")
    assert server.requests == []


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    with serving({"/": response(200, FILE)}) as server:
        got = download(f"http://a.example:{server.port}/", allowed_hosts=["A.example "], resolve=resolve)
    assert (got.data, asked) == (FILE, [("a.example", server.port)])
    assert f"Host: a.example:{server.port}" in server.requests[0].split("\r\n")


def test_of_several_addresses_the_next_is_tried() -> None:
    with serving({"/": response(200, FILE)}) as server:
        address = f"http://a.example:{server.port}/"
        resolve = names(a_example="127.0.0.2 127.0.0.1")
        assert download(address, allowed_hosts=["a.example"], resolve=resolve, deadline=AMPLE).data == FILE


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://127.0.0.1/",
        "javascript:x",
        "data:,x",
        "http://[::1",
        "http://example.org:99999/",
    ],
)
def test_a_redirect_to_what_is_no_web_address_is_refused(location: str) -> None:
    assert from_one(leads_to(location)).startswith("Give the whole address")


def test_a_redirect_with_a_password_is_refused() -> None:
    assert from_one(leads_to("http://me:secret@example.org/")).startswith("Leave the user name")


def test_a_redirect_to_nowhere_is_a_failure() -> None:
    assert "answered with 302" in from_one(response(302))


# What may not be asked


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "example.org/programme.ics",
        "/programme.ics",
        "C:\\programme.ics",
        "file:///etc/passwd",
        "webcal://example.org/p.ics",
        "http:",
        "http:///p.ics",
        "http://exa\tmple.org/",
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://①②⑦.0.0.1/",
        "http://[::1/",
        "http://[fe80::1%25lo]/",
        "http://a b/",
        "http://a%20b/",
        "http://x%00y/",
        "http://127.0.0.1%23.example/",
        "http://" + "x" * 70_000,
        "\0",
    ],
)
def test_what_is_no_web_address(address: str) -> None:
    assert refused(address).startswith("Give the whole address of the programme")


@pytest.mark.parametrize("user", ["me", "me:secret", ":secret", "example.org%5C", "a@b"])
def test_a_password_in_the_address(user: str) -> None:
    sentence = refused(f"http://{user}@127.0.0.1/")
    assert sentence.startswith("Leave the user name and password out")
    assert "secret" not in sentence


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "017700000001",
        "127.1",
        "0",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "10.0.0.1",
        "169.254.169.254",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fd00::1]",
    ],
)
def test_no_way_of_writing_an_internal_address_is_taken(host: str) -> None:
    with serving({"/": response(200, b"secret")}) as inside:
        for resolve in (system_resolver, names()):
            assert "is an internal address" in refused(f"http://{host}:{inside.port}/", resolve=resolve)
    assert inside.requests == []


@pytest.mark.parametrize("addresses", ["127.0.0.1", "8.8.8.8 10.0.0.1", "2001:4860:4860::8888 ::1", "8.8.8.8 what"])
def test_a_name_with_one_address_inside_is_refused(addresses: str) -> None:
    sentence = refused("https://programme.example/", resolve=names(programme_example=addresses))
    assert sentence.startswith("“programme.example” is an internal address")


@pytest.mark.parametrize(
    ("allowed", "reached"),
    [
        ("a.example", True),
        ("a.example:PORT", True),
        ("A.Example:PORT", True),
        ("a.example:1", False),
        ("example", False),
        (".example", False),
        ("*.example", False),
        ("b.a.example", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_who_is_allowed_is_named_exactly(allowed: str, reached: bool) -> None:
    resolve = names(a_example="127.0.0.1")
    with serving({"/": response(200, FILE)}) as server:
        hosts = [allowed.replace("PORT", str(server.port))]
        address = f"http://a.example:{server.port}/"
        if reached:
            assert download(address, allowed_hosts=hosts, resolve=resolve).data == FILE
        else:
            assert "is an internal address" in refused(address, *hosts, resolve=resolve)


@pytest.mark.parametrize("allowed", ["::1", "[::1]", "[::1]:PORT"])
def test_an_allowed_address_of_ipv6_is_not_refused(allowed: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        sentence = refused(f"http://[::1]:{port}/", allowed.replace("PORT", str(port)))
    assert "cannot be reached" in sentence


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("64:ff9b::808:808", True),
        ("2002:808:808::1", True),
        ("::ffff:8.8.8.8", True),
        *((address, False) for address in (
            "0.0.0.0", "0.1.2.3",  # noqa: S104 - an address to refuse
             "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
            "169.254.169.254", "168.63.129.16", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.192",
            "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
            "239.255.255.255", "240.0.0.1", "255.255.255.255",
            "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:10.0.0.1", "::ffff:100.64.0.1", "::ffff:0:7f00:1",
            "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "100::1", "2001::1", "2001:db8::1",
            "2001:0:808:808::1", "2002:a00:1::", "2002:7f00:1::1", "2002:a9fe:a9fe::", "3fff::1", "5f00::1", "fc00::1",
            "fd00:ec2::254", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1", "ff0e::1",
            "", "localhost", "127.1", "2130706433", "8.8.8.8/32", "1.2.3", "08.8.8.8",
        )),
    ],
)  # fmt: skip
def test_what_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


# What goes wrong


@pytest.mark.parametrize("status", [201, 204, 206, 300, 400, 401, 403, 404, 410, 429, 500, 503])
def test_other_answers_are_named(status: int) -> None:
    assert f"answered with {status} instead" in from_one(response(status))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\r\n",
        b"hello\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 50_000,
        response(200, b"no gzip", "Content-Encoding: gzip"),
        response(200, gzip.compress(FILE)[:-9], "Content-Encoding: gzip"),
        response(200, gzip.compress(FILE) + gzip.compress(FILE), "Content-Encoding: gzip"),
        response(200, gzip.compress(FILE)[:-8] + b"\0" * 8, "Content-Encoding: gzip"),
    ],
)
def test_what_breaks_off_or_is_no_answer(answer: bytes) -> None:
    assert "did not send the whole file" in from_one(answer)


def test_a_length_that_is_too_short_ends_the_file() -> None:
    with serving({"/": response(200, FILE, "Content-Length: 5")}) as server:
        assert download(f"http://{server.host}/", allowed_hosts=[server.host]).data == FILE[:5]


@pytest.mark.parametrize("packing", ["br", "deflate", "zstd", "gzip, gzip", "gzip,identity", "compress", "x"])
def test_other_packings_are_refused(packing: str) -> None:
    answer = response(200, gzip.compress(gzip.compress(FILE)), f"Content-Encoding: {packing}")
    assert "packs the file in a way" in from_one(answer)


def test_nobody_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{unused.getsockname()[1]}"
        assert refused(f"http://{host}/", host).startswith("“127.0.0.1” cannot be reached")


@pytest.mark.parametrize("error", [OSError("no"), socket.gaierror(-2, "no"), UnicodeError("no"), None])
def test_a_name_that_nobody_knows(error: Exception | None) -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        if error:
            raise error
        return []

    sentence = refused("http://nobody.example/", resolve=resolve)
    assert sentence == "There is no server called “nobody.example”. Check the address."


@pytest.mark.parametrize("host", ["x" * 64 + ".example", "a..example", ".example"])
def test_names_that_are_none(host: str) -> None:
    assert refused(f"http://{host}/").startswith("There is no server called")


def test_a_name_that_tls_cannot_ask_for() -> None:
    with serving({}) as server:
        address = f"https://.example:{server.port}/"
        assert "cannot be reached" in refused(address, ".example", resolve=names(_example="127.0.0.1"))


# What is too much, or never ends


def endless(head: bytes, piece: bytes, pause: float = 0) -> Callable[[str, socket.socket], None]:
    """Sends `head`, then `piece` again and again, until the other side closes or the test is over."""

    def send(_request: str, connection: socket.socket) -> None:
        ended = Event()
        with suppress(OSError):
            connection.sendall(head)
            while not ended.wait(pause):
                connection.sendall(piece)

    return send


OPEN = b"HTTP/1.0 200 OK\r\n\r\n"
PACKED = b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        endless(OPEN, b"x" * 65_536),
        endless(CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
        endless(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", b""),
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 19 + b"\r\n\r\n",
        response(200, b"", f"Content-Length: {MAX_BYTES + 1}"),
        OPEN + b"x" * (MAX_BYTES + 1),
        PACKED + gzip.compress(b"x" * (MAX_BYTES + 1)),
        PACKED + gzip.compress(b"\0" * (5 * MAX_BYTES), 6),
    ],
    ids=["endless", "endless-chunks", "long-length", "huge-length", "length", "one-more", "packed-one-more", "bomb"],
)
def test_what_is_too_large(answer: Answer) -> None:
    assert from_one(answer).startswith("This file is larger than 20 MB")


def test_a_bomb_does_not_go_off_in_memory() -> None:
    """A single piece of it, as the network brings it, would unpack to several times the limit."""
    bomb = PACKED + gzip.compress(b"\0" * (10 * MAX_BYTES), 6)
    with serving({"/": bomb}) as server:
        tracemalloc.start()
        try:
            refused(f"http://{server.host}/", server.host)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 2 * MAX_BYTES


@pytest.mark.parametrize(
    "answer",
    [
        endless(b"", b"", 0.05),
        endless(b"", b"H", 0.05),
        endless(b"HTTP/1.1 200 OK\r\nX: ", b"x", 0.05),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
        endless(OPEN, b"x", 0.05),
        endless(PACKED + gzip.compress(FILE)[:12], b"\0", 0.05),
        endless(CHUNKED, b"1\r\nx\r\n", 0.05),
        endless(CHUNKED + b"1\r\nx\r\n0\r\n", b"X: x\r\n", 0.05),
        endless(b"HTTP/1.1 302 X\r\nLocation: /\r\nX: ", b"x", 0.05),
    ],
    ids=["silent", "line", "header", "continue", "body", "packed", "chunks", "trailers", "redirect"],
)
def test_what_drips_is_ended_by_the_deadline(answer: Answer) -> None:
    sentence = from_one(answer, deadline=BRIEF)
    # Whether a stream of nonsense breaks the protocol or the deadline first, it ends, in one sentence.
    assert sentence.startswith("The server took too long") or "did not send the whole file" in sentence


def test_redirects_share_one_deadline() -> None:
    def slow(_request: str, connection: socket.socket) -> None:
        Event().wait(0.2)
        connection.sendall(leads_to("/"))

    with serving({"/": slow}) as server:
        assert refused(f"http://{server.host}/", server.host, deadline=0.5).startswith("The server took too long")
    assert len(server.requests) <= MAX_REDIRECTS


def test_a_resolver_that_never_answers() -> None:
    over = Event()
    try:
        sentence = refused("http://a.example/", deadline=BRIEF, resolve=lambda _host, _port: [str(over.wait(60))])
    finally:
        over.set()
    assert sentence.startswith("The server took too long")


def test_a_server_that_never_shakes_hands() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        assert refused(f"https://{host}/", host, deadline=BRIEF).startswith("The server took too long")


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for programme.example, signed by itself, with its key, in one file."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed, so no certificate could be made")
    made = tmp_path_factory.mktemp("tls") / "both.pem"
    key = made.with_name("key.pem")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x"),
            *("-addext", "subjectAltName=DNS:programme.example", "-keyout", str(key), "-out", str(made)),
        ],
        check=True,
        capture_output=True,
    )
    made.write_bytes(made.read_bytes() + key.read_bytes())
    return made


@pytest.fixture
def secure(certificate: Path) -> Iterator[tuple[Server, list[str], ssl.SSLContext]]:
    """A server with that certificate, the names that clients asked it for, and what trusts it."""
    asked: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: asked.append(name or "")
    with ExitStack() as stack:
        server = stack.enter_context(serving({"/": response(200, FILE)}, context))
        yield server, asked, ssl.create_default_context(cafile=str(certificate))


def test_tls_asks_for_the_name_and_checks_its_certificate(secure: tuple[Server, list[str], ssl.SSLContext]) -> None:
    server, asked, trusting = secure
    resolve = names(programme_example="127.0.0.1", other_example="127.0.0.1")
    got = download(
        f"https://programme.example:{server.port}/",
        allowed_hosts=["programme.example"],
        resolve=resolve,
        tls=trusting,
        deadline=AMPLE,
    )
    assert got.data == FILE
    assert f"Host: programme.example:{server.port}" in server.requests[0]
    for name, context in (("other.example", trusting), ("127.0.0.1", trusting), ("programme.example", None)):
        address = f"https://{name}:{server.port}/"
        assert refused(address, name, resolve=resolve, tls=context).startswith(f"The certificate of “{name}”")
    assert (len(server.requests), asked) == (1, ["programme.example", "other.example", "", "programme.example"])


def test_what_speaks_no_tls_cannot_be_reached() -> None:
    def plain(_request: str, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 400 X\r\n\r\n")

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        host = f"127.0.0.1:{server.getsockname()[1]}"

        def answer() -> None:
            with suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.recv(65_536)
                    plain("", connection)

        thread = Thread(target=answer, daemon=True)
        thread.start()
        assert "cannot be reached" in refused(f"https://{host}/", host)
        thread.join()

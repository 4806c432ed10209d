"""The guarded download of a programme file: an address in, its bytes out, and whether it changed since last time.

Addresses are typed by people and answered by strangers, so nothing is taken on trust: where the connection goes
(`fetch_guard`), how long it takes, how much comes, and what it unpacks to. httpx's own client is not used, because it
unpacks whatever a server claims to have packed, several times over, before anybody can count.
"""

import re
import ssl
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import httpcore
import httpx

from reporter.rules.errors import N_, BadProgramme
from reporter.sources.draft import MAX_BYTES, too_large
from reporter.sources.fetch_guard import Deadline, GuardedBackend, Resolve, system_resolver, too_slow

MAX_REDIRECTS = 5
MAX_SECONDS = 10.0
_MAX_VALIDATOR = 1_000  # characters of an ETag or a date that are kept
_VALIDATOR = re.compile(r"[\x20-\x7e]+")
_REDIRECTS = {301, 302, 303, 307, 308}
_HOST = re.compile(rb"[\w.:-]+")
_PORTS = range(1, 65_536)
_OK, _NOT_MODIFIED = 200, 304
_PIECE = 64 * 1024  # bytes that are unpacked at a time
_WITHOUT_SCHEME = N_("Give the whole address of the programme, beginning with https:// or http://.")
_BROKEN_OFF = N_("“%(host)s” did not send the whole file. Try again, or download the file and import that.")


@dataclass(frozen=True)
class Downloaded:
    """What came: `data`, or None where the server says that it has not changed, and what to ask with next time."""

    data: bytes | None
    etag: str
    last_modified: str
    address: str  # the one that answered, after redirects


def download(
    address: str,
    *,
    allowed_hosts: Collection[str] = (),
    etag: str = "",
    last_modified: str = "",
    deadline: float = MAX_SECONDS,
    resolve: Resolve = system_resolver,
    tls: ssl.SSLContext | None = None,
) -> Downloaded:
    """The file at `address` (http or https), at most MAX_BYTES, also unpacked, within `deadline` seconds in all.

    `etag` and `last_modified` are those of the last download. `allowed_hosts` names internal hosts, "host" or
    "host:port", which may be reached though their addresses are not public; it holds for redirects as well. `resolve`
    and `tls` stand in for the system's resolver and certificates. Proxies of the environment are not used.

    Raises BadProgramme for every failure: an address of another kind or with a password, an internal address, one
    that cannot be reached or answers with anything but 200 (or 304 to a question with `etag` or `last_modified`),
    more than MAX_REDIRECTS, a file that is too large, broken off, or takes too long.
    Source: https://www.rfc-editor.org/rfc/rfc9110.
    """
    until = Deadline(deadline)
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    conditions = {name: value for name, value in asked.items() if _VALIDATOR.fullmatch(value)}
    url = _checked(address)
    backend = GuardedBackend(until, allowed_hosts, resolve)
    context = tls or httpx.create_ssl_context(trust_env=False)
    with httpcore.ConnectionPool(ssl_context=context, network_backend=backend, max_keepalive_connections=0) as pool:
        for _ in range(MAX_REDIRECTS + 1):
            answer = _ask(pool, url, conditions, until)
            if isinstance(answer, Downloaded):
                return answer
            url = answer
    raise BadProgramme(
        N_("This address leads from one to the next without end. Give the address of the programme file itself.")
    )


def _checked(address: str | httpx.URL) -> httpx.URL:
    """`address` taken apart; raises BadProgramme for what is no plain web address."""
    try:
        url = httpx.URL(address.strip() if isinstance(address, str) else address).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise BadProgramme(_WITHOUT_SCHEME) from error
    sound = _HOST.fullmatch(url.raw_host) and (url.port is None or url.port in _PORTS)
    if url.scheme not in {"http", "https"} or not sound:
        raise BadProgramme(_WITHOUT_SCHEME)
    if url.userinfo:
        raise BadProgramme(N_("Leave the user name and password out of the address; give one that needs neither."))
    return url


def _ask(
    pool: httpcore.ConnectionPool, url: httpx.URL, conditions: dict[str, str], until: Deadline
) -> Downloaded | httpx.URL:
    """What one server answers: the file, or where else to ask."""
    host = url.raw_host.decode("ascii")
    headers = [
        ("Host", url.netloc.decode("ascii")),
        ("User-Agent", "Reporter (import of programmes)"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
        *conditions.items(),
    ]
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    try:
        with pool.stream("GET", target, headers=headers) as response:
            return _answer(response, url, conditions, until)
    except httpcore.TimeoutException as error:
        raise too_slow() from error
    except (httpcore.ConnectError, ValueError) as error:
        raise BadProgramme(
            N_("“%(host)s” cannot be reached. Check the address, or try again later."), host=host
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, zlib.error) as error:
        raise BadProgramme(_BROKEN_OFF, host=host) from error


def _answer(
    response: httpcore.Response, url: httpx.URL, conditions: dict[str, str], until: Deadline
) -> Downloaded | httpx.URL:
    """What a response means, its body read if it is the file."""
    headers = httpx.Headers(response.headers)
    if response.status in _REDIRECTS and headers.get("location"):
        return _redirected(url, headers["location"])
    not_modified = response.status == _NOT_MODIFIED and bool(conditions)
    if response.status != _OK and not not_modified:
        raise BadProgramme(
            N_("“%(host)s” answered with %(status)s instead of the programme. Check the address."),
            host=url.raw_host.decode("ascii"),
            status=response.status,
        )
    if not_modified:
        data, kept = None, conditions
    else:
        data, kept = _body(response, headers, url, until), {}
    return Downloaded(
        data,
        _validator(headers.get("etag", "")) or kept.get("If-None-Match", ""),
        _validator(headers.get("last-modified", "")) or kept.get("If-Modified-Since", ""),
        str(url),
    )


def _redirected(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return _checked(url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise BadProgramme(_WITHOUT_SCHEME) from error


def _validator(value: str) -> str:
    """`value` if it can be kept and sent again as it is."""
    return value if len(value) <= _MAX_VALIDATOR and _VALIDATOR.fullmatch(value) else ""


def _body(response: httpcore.Response, headers: httpx.Headers, url: httpx.URL, until: Deadline) -> bytes:
    """The file, unpacked, counted as it comes. Raises BadProgramme, zlib.error."""
    length = headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 15 or int(length) > MAX_BYTES):
        raise too_large()
    packing = headers.get("content-encoding", "").strip().lower()
    if packing not in {"", "identity", "gzip", "x-gzip"}:
        raise BadProgramme(
            N_("“%(host)s” packs the file in a way that cannot be read. Download it and import that."),
            host=url.raw_host.decode("ascii"),
        )
    pieces = _counted(response.iter_stream())
    if packing.endswith("gzip"):
        pieces = _counted(_unpacked(pieces, url, until))
    return b"".join(pieces)


def _counted(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """`pieces`, up to MAX_BYTES in all."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MAX_BYTES:
            raise too_large()
        yield piece


def _unpacked(pieces: Iterable[bytes], url: httpx.URL, until: Deadline) -> Iterator[bytes]:
    """What gzip made of `pieces`, a little at a time, so that a bomb is counted before it has gone off."""
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    empty = True
    for piece in pieces:
        empty = empty and not piece
        rest = piece
        while rest:
            until.left()
            yield unpacker.decompress(rest, _PIECE)
            rest = unpacker.unconsumed_tail
    yield unpacker.flush()
    if not empty and (not unpacker.eof or unpacker.unused_data):
        raise BadProgramme(_BROKEN_OFF, host=url.raw_host.decode("ascii"))

"""Where a download may connect to: public addresses only, each resolved once, all of it before one deadline.

Editors type the addresses of programmes, and whoever answers at one may redirect it or change what its name stands
for. Without this guard a server inside the house (a database, the metadata of a cloud) could be read from outside. So
a name is resolved here, every address that it stands for is checked, and the connection goes to one of exactly these.
"""

import ssl
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from socket import SOCK_STREAM, getaddrinfo
from threading import Thread

import httpcore

from reporter.rules.errors import N_, BadProgramme

Resolve = Callable[[str, int], Sequence[str]]  # (host, port): its IP addresses as text; raises OSError or ValueError

_MAX_ADDRESSES = 4  # of one name that are tried
# What Python 3.11 takes for public and is not, or not everywhere.
_NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"),
            "168.63.129.16/32",  # answers virtual machines in Azure about themselves
            *("2001::/23", "2001:db8::/32", "3fff::/20"),
        ),
    )
)
_GLOBAL_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
_6TO4 = ip_network("2002::/16")


def is_public(address: str) -> bool:
    """Whether the IP `address` (text) is one of the public internet, also the IPv4 address that an IPv6 one carries.

    False for private, shared (100.64/10), loopback, link-local, multicast, documentation, reserved and unspecified
    addresses, and for what is no address. Sources: the IANA special-purpose address registries (RFC 6890); RFC 4291
    (IPv4-mapped), RFC 6052 (NAT64), RFC 3056 (6to4).
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        carried = _carried(ip)
        if carried is not None:
            return is_public(str(carried))
        if ip not in _GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NOT_PUBLIC)


def _carried(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip in _6TO4:
        return IPv4Address(int(ip) >> 80 & 0xFFFFFFFF)
    return ip.ipv4_mapped


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses of `host` as the system knows them, in its order; raises OSError or ValueError."""
    found = getaddrinfo(host, port, type=SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def too_slow() -> BadProgramme:
    """The refusal when the time is up."""
    return BadProgramme(
        N_("The server took too long to send the programme. Try again later, or download the file and import that.")
    )


class Deadline:
    """One end for everything that belongs to a download, `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left, more than 0; raises BadProgramme once there are none."""
        seconds = self.end - time.monotonic()
        if seconds <= 0:
            raise too_slow()
        return seconds


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections for httpcore: resolves, checks, connects to what was checked, ends with the deadline.

    Raises BadProgramme for a name that has any address which is not public, unless `allowed_hosts` names it (as host,
    or as host:port), for a name that cannot be resolved, and once the time is up.
    """

    def __init__(self, deadline: Deadline, allowed_hosts: Collection[str], resolve: Resolve) -> None:
        self.deadline = deadline
        self.allowed = {host.strip().lower() for host in allowed_hosts}
        self.resolve = resolve
        self.sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts instead
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of `host` that answers; TLS later asks for `host` itself."""
        addresses = self.checked(host, port)
        for count, address in enumerate(addresses, start=1):
            share = self.deadline.left() / (len(addresses) + 1 - count)
            try:
                stream = self.sockets.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if count == len(addresses):
                    raise
            else:
                return _StreamInTime(stream, self.deadline)
        raise httpcore.ConnectError(host)

    def checked(self, host: str, port: int) -> list[str]:
        """The addresses of `host`, all of them public or `host` allowed by name."""
        shown = f"[{host}]" if ":" in host else host
        addresses = self.resolved(host, port)
        if not self.allowed & {host, shown, f"{shown}:{port}"} and not all(map(is_public, addresses)):
            raise BadProgramme(
                N_("“%(host)s” is an internal address. Ask the operator to allow it, or import the file itself."),
                host=host,
            )
        return addresses[:_MAX_ADDRESSES]

    def resolved(self, host: str, port: int) -> list[str]:
        """The addresses of `host`. In a thread of its own, because the system's resolver knows no deadline."""
        answers: SimpleQueue[list[str]] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(list(self.resolve(host, port)))
            except (OSError, ValueError):
                answers.put([])

        Thread(target=ask, daemon=True).start()
        try:
            addresses = answers.get(timeout=self.deadline.left())
        except Empty:
            raise too_slow() from None
        if not addresses:
            raise BadProgramme(N_("There is no server called “%(host)s”. Check the address."), host=host)
        return addresses


class _StreamInTime(httpcore.NetworkStream):
    """A connection whose every step ends with the deadline, so one byte now and then does not keep it open."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self.stream = stream
        self.deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline counts
        return self.stream.read(max_bytes, self.deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the deadline counts
        self.stream.write(buffer, self.deadline.left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts
    ) -> httpcore.NetworkStream:
        try:
            stream = self.stream.start_tls(ssl_context, server_hostname, self.deadline.left())
        except httpcore.ConnectError as error:
            if not isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise
            raise BadProgramme(
                N_("The certificate of “%(host)s” is not valid. Check the address, or import the file itself."),
                host=server_hostname,
            ) from error
        return _StreamInTime(stream, self.deadline)

    def get_extra_info(self, info: str) -> object:
        return self.stream.get_extra_info(info)

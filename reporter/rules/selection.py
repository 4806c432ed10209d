"""A selection: what somebody follows. Values of one kind are *or*, kinds are *and*; to and from an address.

Unknown kinds are refused rather than ignored: a feed that silently drops a filter shows too much for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from reporter.rules.errors import N_, Refused

PARAMETERS = ("event", "issue", "process")


@dataclass(frozen=True)
class Selection:
    """Slugs of policy issues, events and processes; empty means no limit of that kind. Sorted and without repeats."""

    policy_issues: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, *, policy_issues: Iterable[str] = (), events: Iterable[str] = (), processes: Iterable[str] = ()
    ) -> "Selection":
        """The selection of these slugs, in the one order in which it is always written."""
        return cls(tuple(sorted(set(policy_issues))), tuple(sorted(set(events))), tuple(sorted(set(processes))))

    @classmethod
    def from_query(cls, pairs: Iterable[tuple[str, str]]) -> "Selection":
        """The selection that the (name, value) pairs of an address name. Raises Refused for a name it does not know."""
        found: dict[str, list[str]] = {name: [] for name in PARAMETERS}
        for name, value in pairs:
            if name not in found:
                raise Refused(N_("This list cannot be narrowed by “%(name)s”. Use issue, event or process."), name=name)
            # No database can hold a NUL in a text, so nothing is called that.
            found[name].append(value.replace("\x00", "\ufffd"))
        return cls.of(policy_issues=found["issue"], events=found["event"], processes=found["process"])

    def query(self) -> str:
        """The canonical query string, without the question mark; empty for everything."""
        pairs = [
            *(("event", slug) for slug in self.events),
            *(("issue", slug) for slug in self.policy_issues),
            *(("process", slug) for slug in self.processes),
        ]
        return urlencode(pairs)

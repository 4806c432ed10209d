"""Every setting with its default: from REPORTER_* variables, then instance/config.toml, then what stands here.

One prefix, each setting documented in docs/operators.md (a test compares), an unknown one is an error; a variable set
to nothing counts as not set.
"""

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from reporter.rules.errors import N_, BadSetting

PREFIX = "REPORTER_"
CONFIG_FILE = "config.toml"
DATABASE_FILE = "reporter.sqlite"
PACKAGE = Path(__file__).resolve().parent
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Settings:
    """What an installation is told. Fields are the variables' names without the prefix, in small letters."""

    instance: Path
    database_url: str
    base_url: str = "http://127.0.0.1:8000"
    secret_key: str = ""
    mail_url: str = ""
    websub_hub: str = ""
    tag_authority: str = ""
    internal_hosts: str = ""
    processes: int = 2
    threads: int = 8

    @property
    def authority(self) -> str:
        """The host name in the permanent ids of feed entries; set it before moving to another host."""
        return self.tag_authority or urlsplit(self.base_url).hostname or "localhost"

    @property
    def known_hosts(self) -> frozenset[str]:
        """The internal hosts from which a programme may be fetched: "host" or "host:port", separated by commas."""
        return frozenset(host.strip().lower() for host in self.internal_hosts.split(",") if host.strip())

    @property
    def is_public(self) -> bool:
        """Whether the base address is one that others can reach."""
        return urlsplit(self.base_url).hostname not in LOOPBACK


NAMES = frozenset(field.name for field in fields(Settings))
NUMBERS = frozenset({"processes", "threads"})


def default_instance() -> Path:
    """The folder beside the package in a checkout, else one inside the environment that holds the program."""
    checkout = PACKAGE.parent
    if (checkout / "setup.cfg").is_file():
        return checkout / "instance"
    return Path(sys.prefix) / "var" / "reporter-instance"


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """The settings of this process; `overrides` win. Raises BadSetting with one sentence that names the setting."""
    environ = os.environ if environ is None else environ
    given = {key.removeprefix(PREFIX).lower(): value for key, value in environ.items() if key.startswith(PREFIX)}
    values: dict[str, Any] = {name: value for name, value in given.items() if value != ""}
    instance = _folder(overrides.get("instance") or values.get("instance") or default_instance())
    stored = read_config(instance)
    for name in [*values, *stored]:
        if name not in NAMES:
            raise BadSetting(
                N_("There is no setting “%(name)s”. The settings are %(known)s."),
                name=PREFIX + name.upper(),
                known=", ".join(PREFIX + known.upper() for known in sorted(NAMES)),
            )
    if "instance" in stored:
        raise BadSetting(N_("REPORTER_INSTANCE cannot stand in the file that lies in that folder. Take the line out."))
    for name, value in stored.items():
        if name not in NUMBERS and not isinstance(value, str):
            raise BadSetting(
                N_("%(name)s must be a text in config.toml: put it in quotation marks."), name=PREFIX + name.upper()
            )
    merged = {**stored, **values, **overrides, "instance": instance}
    merged.setdefault("database_url", f"sqlite:///{instance / DATABASE_FILE}")
    merged["database_url"] = _database_url(merged["database_url"])
    for name in NUMBERS & merged.keys():
        merged[name] = _whole_number(name, merged[name])
    settings = Settings(**merged)
    if not _is_base_url(settings.base_url):
        raise BadSetting(
            N_("REPORTER_BASE_URL is “%(value)s”; it must be an address such as https://reporter.example.org."),
            value=settings.base_url,
        )
    return settings


def read_config(instance: Path) -> dict[str, Any]:
    """What instance/config.toml says; nothing where there is none. Raises BadSetting where it cannot be read."""
    path = instance / CONFIG_FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BadSetting(N_("%(path)s cannot be read: %(why)s. Mend or remove it."), path=path, why=error) from error


def _folder(typed: Any) -> Path:
    try:
        return Path(typed).expanduser().resolve()
    except (RuntimeError, OSError, ValueError) as error:
        raise BadSetting(N_("REPORTER_INSTANCE is no folder: %(why)s."), why=str(error).rstrip(".")) from error


def _is_base_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        found = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that do not close, a port that is none
        return False
    plain = value.isprintable() and " " not in value
    return found and plain and parts.path in ("", "/") and "?" not in value and "#" not in value


def _database_url(url: Any) -> str:
    # SQLAlchemy's default driver for both spellings differs by version; ours is psycopg 3 everywhere.
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    try:
        sound = url.startswith(("sqlite:///", "postgresql+psycopg://")) and urlsplit(url).port != 0
    except ValueError:
        sound = False
    if not sound:
        # Not what was typed: it may hold a password, and what goes wrong at a start ends up in logs.
        raise BadSetting(
            N_("REPORTER_DATABASE_URL is no address of a database; it must begin with sqlite:/// or postgresql://.")
        )
    return str(url)


def _whole_number(name: str, value: Any) -> int:
    text = str(value)
    number = int(text) if not isinstance(value, bool) and text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 1 <= number <= 512:
        raise BadSetting(
            N_("%(name)s is “%(value)s”; it must be a whole number from 1 to 512."),
            name=PREFIX + name.upper(),
            value=value,
        )
    return number

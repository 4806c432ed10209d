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
    processes: int = 2
    threads: int = 8

    @property
    def authority(self) -> str:
        """The host name in the permanent ids of feed entries; set it before moving to another host."""
        return self.tag_authority or urlsplit(self.base_url).hostname or "localhost"

    @property
    def is_public(self) -> bool:
        """Whether the base address is one that others can reach."""
        return urlsplit(self.base_url).hostname not in LOOPBACK


NAMES = frozenset(field.name for field in fields(Settings))


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
    instance = Path(overrides.get("instance") or values.get("instance") or default_instance()).expanduser().resolve()
    stored = read_config(instance)
    for name in [*values, *stored]:
        if name not in NAMES:
            raise BadSetting(
                N_("There is no setting “%(name)s”. The settings are %(known)s."),
                name=PREFIX + name.upper(),
                known=", ".join(PREFIX + known.upper() for known in sorted(NAMES)),
            )
    merged = {**stored, **values, **overrides, "instance": instance}
    merged.setdefault("database_url", f"sqlite:///{instance / DATABASE_FILE}")
    merged["database_url"] = _database_url(str(merged["database_url"]))
    for name in ("processes", "threads"):
        if name in merged:
            merged[name] = _whole_number(name, merged[name])
    settings = Settings(**merged)
    parts = urlsplit(settings.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
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


def _database_url(url: str) -> str:
    # SQLAlchemy's default driver for both spellings differs by version; ours is psycopg 3 everywhere.
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting(
            N_("REPORTER_DATABASE_URL is “%(url)s”; it must begin with sqlite:/// or postgresql://."), url=url
        )
    return url


def _whole_number(name: str, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if not 1 <= number <= 512:
        raise BadSetting(
            N_("%(name)s is “%(value)s”; it must be a whole number from 1 to 512."),
            name=PREFIX + name.upper(),
            value=value,
        )
    return number

"""Settings: from the environment, then config.toml, then the defaults; what cannot work is said in one sentence."""

import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from reporter import config
from reporter.config import Settings, load
from reporter.rules.errors import BadSetting

DOCUMENTATION = Path(config.__file__).resolve().parents[1] / "docs" / "operators.md"

# Every setting: what to write in the environment, what in config.toml, and what the program then has.
VALUES: Mapping[str, tuple[str, str, object]] = {
    "database_url": ("sqlite:////srv/one.sqlite", '"sqlite:////srv/one.sqlite"', "sqlite:////srv/one.sqlite"),
    "base_url": ("https://reporter.example.org", '"https://reporter.example.org"', "https://reporter.example.org"),
    "secret_key": ("very secret", '"very secret"', "very secret"),
    "mail_url": ("smtp://mail.example.org", '"smtp://mail.example.org"', "smtp://mail.example.org"),
    "websub_hub": ("https://hub.example.org", '"https://hub.example.org"', "https://hub.example.org"),
    "tag_authority": ("example.org", '"example.org"', "example.org"),
    "internal_hosts": ("files.intern, a.intern:8080", '"files.intern, a.intern:8080"', "files.intern, a.intern:8080"),
    "processes": ("7", "7", 7),
    "threads": ("9", "9", 9),
}
DEFAULTS: Mapping[str, object] = {
    "base_url": "http://127.0.0.1:8000",
    "secret_key": "",
    "mail_url": "",
    "websub_hub": "",
    "tag_authority": "",
    "internal_hosts": "",
    "processes": 2,
    "threads": 8,
}


def stored(folder: Path, text: str) -> Path:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return folder


def here(folder: Path, **environ: str) -> dict[str, str]:
    """An environment of this instance folder."""
    return {"REPORTER_INSTANCE": str(folder), "HOME": str(folder), "PATH": "/bin", **environ}


def refusal(environ: Mapping[str, str]) -> str:
    """The one sentence with which these settings are refused."""
    with pytest.raises(BadSetting) as refused:
        load(environ)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_every_setting_is_tried_here() -> None:
    assert (
        {field.name for field in fields(Settings)} == {*VALUES, "instance"} == {*DEFAULTS, "instance", "database_url"}
    )


def test_defaults(tmp_path: Path) -> None:
    expected = {**DEFAULTS, "instance": tmp_path, "database_url": f"sqlite:///{tmp_path}/reporter.sqlite"}
    assert asdict(load(here(tmp_path))) == expected


@pytest.mark.parametrize("name", VALUES)
def test_from_the_environment(tmp_path: Path, name: str) -> None:
    typed, _, value = VALUES[name]
    found = asdict(load(here(tmp_path, **{f"REPORTER_{name.upper()}": typed})))
    assert found == {**asdict(load(here(tmp_path))), name: value}
    assert found != asdict(load(here(tmp_path)))


@pytest.mark.parametrize("name", VALUES)
def test_from_the_file(tmp_path: Path, name: str) -> None:
    before = asdict(load(here(tmp_path)))
    _, typed, value = VALUES[name]
    stored(tmp_path, f"{name} = {typed}\n")
    assert asdict(load(here(tmp_path))) == {**before, name: value}


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    stored(tmp_path, 'threads = 3\nprocesses = 4\nbase_url = "https://file.example.org"\n')
    found = load(here(tmp_path, REPORTER_THREADS="5", REPORTER_BASE_URL="https://environment.example.org"))
    assert (found.threads, found.processes, found.base_url) == (5, 4, "https://environment.example.org")


def test_what_the_program_says_wins_over_both(tmp_path: Path) -> None:
    stored(tmp_path, "threads = 3\n")
    assert load(here(tmp_path, REPORTER_THREADS="5"), threads=6).threads == 6
    other = tmp_path / "other"
    assert load(here(tmp_path), instance=other).database_url == f"sqlite:///{other}/reporter.sqlite"


def test_a_variable_set_to_nothing_counts_as_not_set(tmp_path: Path) -> None:
    stored(tmp_path, "threads = 3\n")
    empty = {f"REPORTER_{name.upper()}": "" for name in VALUES}
    assert load(here(tmp_path, **empty)) == load(here(tmp_path))
    assert load(here(tmp_path, REPORTER_NONSENSE="")).threads == 3


def test_the_process_environment_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("REPORTER_THREADS", "11")
    assert (load().instance, load().threads) == (tmp_path, 11)


KNOWN = (
    "REPORTER_BASE_URL, REPORTER_DATABASE_URL, REPORTER_INSTANCE, REPORTER_INTERNAL_HOSTS, REPORTER_MAIL_URL, "
    "REPORTER_PROCESSES, REPORTER_SECRET_KEY, REPORTER_TAG_AUTHORITY, REPORTER_THREADS, REPORTER_WEBSUB_HUB"
)


def test_an_unknown_variable_is_an_error(tmp_path: Path) -> None:
    assert refusal(here(tmp_path, REPORTER_TREADS="4")) == (
        f"There is no setting “REPORTER_TREADS”. The settings are {KNOWN}."
    )


@pytest.mark.parametrize("text", ["treads = 4\n", '[treads]\nvalue = "x"\n'])
def test_an_unknown_name_in_the_file_is_an_error(tmp_path: Path, text: str) -> None:
    assert refusal(here(stored(tmp_path, text))) == f"There is no setting “REPORTER_TREADS”. The settings are {KNOWN}."


@pytest.mark.parametrize("name", ["processes", "threads"])
@pytest.mark.parametrize("value", ["0", "-1", "513", "two", "2.5", "1e2", "0x10"])
def test_numbers_that_cannot_work(tmp_path: Path, name: str, value: str) -> None:
    variable = f"REPORTER_{name.upper()}"
    assert refusal(here(tmp_path, **{variable: value})) == (
        f"{variable} is “{value}”; it must be a whole number from 1 to 512."
    )


@pytest.mark.parametrize("value", ["0", "2.5", "true", '"many"', "[2]", "1979-05-27"])
def test_numbers_in_the_file_that_cannot_work(tmp_path: Path, value: str) -> None:
    sentence = refusal(here(stored(tmp_path, f"threads = {value}\n")))
    assert re.fullmatch("REPORTER_THREADS is “.+”; it must be a whole number from 1 to 512[.]", sentence)


@pytest.mark.parametrize(("value", "number"), [("1", 1), ("512", 512)])
def test_the_first_and_the_last_number_that_work(tmp_path: Path, value: str, number: int) -> None:
    assert load(here(tmp_path, REPORTER_THREADS=value)).threads == number


@pytest.mark.parametrize("name", sorted(set(VALUES) - {"processes", "threads"}))
@pytest.mark.parametrize("value", ["5", "[1]"])
def test_in_the_file_a_text_is_a_text(tmp_path: Path, name: str, value: str) -> None:
    assert f"REPORTER_{name.upper()}" in refusal(here(stored(tmp_path, f"{name} = {value}\n")))


def test_the_file_cannot_move_its_own_folder(tmp_path: Path) -> None:
    """It has been found by then; a line that does nothing would only mislead."""
    assert "REPORTER_INSTANCE" in refusal(here(stored(tmp_path, 'instance = "/elsewhere"\n')))


@pytest.mark.parametrize(
    "content", [b"threads = ", b"threads", b"\xff\xfe", b'secret_key = "a"\nsecret_key = "b"\n', b"threads = 1\n\x00"]
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(content)
    sentence = refusal(here(tmp_path))
    assert sentence.startswith(f"{tmp_path}/config.toml cannot be read: ")
    assert sentence.endswith(" Mend or remove it.")


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    assert refusal(here(tmp_path)).startswith(f"{tmp_path}/config.toml cannot be read: ")


def test_an_instance_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be read" in refusal(here(tmp_path / "file" / "instance"))


def test_no_file_is_no_error(tmp_path: Path) -> None:
    assert config.read_config(tmp_path / "nowhere") == {}
    assert load(here(tmp_path / "nowhere")).threads == 8


@pytest.mark.parametrize(
    "value",
    [
        "reporter.example.org", "//reporter.example.org", "ftp://reporter.example.org", "https://", "https:///path",
        "https://reporter.example.org/below", "/", "x", "https://[::1", "https://reporter.example.org:port",
        "https://reporter.example.org:99999", "https://reporter.example.org?a=b", "https://reporter.example.org/#a",
        " https://reporter.example.org", "https://reporter.example.org\n", "https://reporter.example .org",
    ],
)  # fmt: skip
def test_base_addresses_that_cannot_work(tmp_path: Path, value: str) -> None:
    with pytest.raises(BadSetting) as refused:
        load(here(tmp_path, REPORTER_BASE_URL=value))
    assert str(refused.value) == (
        f"REPORTER_BASE_URL is “{value}”; it must be an address such as https://reporter.example.org."
    )


@pytest.mark.parametrize(
    ("value", "authority", "public"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1", False),
        ("http://localhost", "localhost", False),
        ("http://[::1]:8000/", "::1", False),
        ("https://reporter.example.org", "reporter.example.org", True),
        ("https://REPORTER.example.org:8443/", "reporter.example.org", True),
        ("http://192.0.2.7", "192.0.2.7", True),
    ],
)
def test_base_addresses(tmp_path: Path, value: str, authority: str, public: bool) -> None:
    found = load(here(tmp_path, REPORTER_BASE_URL=value))
    assert (found.base_url, found.authority, found.is_public) == (value, authority, public)


def test_the_authority_may_stay_when_the_address_moves(tmp_path: Path) -> None:
    found = load(here(tmp_path, REPORTER_BASE_URL="https://new.example.org", REPORTER_TAG_AUTHORITY="old.example.org"))
    assert found.authority == "old.example.org"


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("sqlite:///reporter.sqlite", "sqlite:///reporter.sqlite"),
        ("sqlite:////srv/reporter.sqlite", "sqlite:////srv/reporter.sqlite"),
        ("postgres://u:p@db/reporter", "postgresql+psycopg://u:p@db/reporter"),
        ("postgresql://u:p@db/reporter", "postgresql+psycopg://u:p@db/reporter"),
        ("postgresql+psycopg://u:p@db/reporter", "postgresql+psycopg://u:p@db/reporter"),
        ("postgresql://postgres@/reporter?host=/run/postgresql", "postgresql+psycopg://postgres@/reporter?host=/run/postgresql"),
    ],
)  # fmt: skip
def test_spellings_of_a_database(tmp_path: Path, value: str, url: str) -> None:
    assert load(here(tmp_path, REPORTER_DATABASE_URL=value)).database_url == url


@pytest.mark.parametrize(
    "value",
    ["mysql://db/reporter", "sqlite://", "sqlite:reporter.sqlite", "reporter.sqlite", "postgresql+psycopg2://db/x",
     "postgresql:/db/x", "postgresql://db:port/x"],
)  # fmt: skip
def test_databases_that_cannot_work(tmp_path: Path, value: str) -> None:
    sentence = refusal(here(tmp_path, REPORTER_DATABASE_URL=value))
    assert "REPORTER_DATABASE_URL" in sentence
    assert "sqlite:///" in sentence


def test_a_refused_database_does_not_tell_its_password(tmp_path: Path) -> None:
    """What goes wrong at a start ends up in logs."""
    assert "hunter2" not in refusal(here(tmp_path, REPORTER_DATABASE_URL="mysql://reporter:hunter2@db/reporter"))


def test_the_folder_is_absolute_whatever_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert load({"REPORTER_INSTANCE": "below"}).instance == tmp_path / "below"
    assert load({"REPORTER_INSTANCE": "~/below"}).instance == tmp_path / "home" / "below"


def test_a_home_of_nobody_is_refused() -> None:
    assert "REPORTER_INSTANCE" in refusal({"REPORTER_INSTANCE": "~nobody-of-that-name/instance"})


def test_every_setting_is_documented() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    documented = set(re.findall(r"\bREPORTER_[A-Z_]+[A-Z]\b", text))
    assert documented == {f"REPORTER_{field.name.upper()}" for field in fields(Settings)}


def test_internal_hosts_are_a_list(tmp_path: Path) -> None:
    found = load(here(tmp_path, REPORTER_INTERNAL_HOSTS=" Files.intern ,a.intern:8080,, "))
    assert found.known_hosts == frozenset({"files.intern", "a.intern:8080"})
    assert load(here(tmp_path)).known_hosts == frozenset()

"""An instance folder of its own and the `reporter` command that works on it, as a process."""

import re
import sqlite3
from pathlib import Path
from subprocess import CompletedProcess

from served import environment, reporter

Said = CompletedProcess[str]


class Installation:
    """An instance folder and the command that works on it."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.env = environment() | {"REPORTER_INSTANCE": str(folder), "LC_ALL": "C.UTF-8"} | env

    def run(self, *words: str, typed: str = "", **env: str) -> Said:
        return reporter(*words, env=self.env | env, typed=typed)

    def done(self, *words: str, typed: str = "") -> str:
        """What a command that succeeds prints."""
        said = self.run(*words, typed=typed)
        assert (said.returncode, said.stderr) == (0, "")
        return said.stdout

    def refused(self, *words: str, typed: str = "", **env: str) -> str:
        """The one sentence of a command that cannot do what was asked."""
        said = self.run(*words, typed=typed, **env)
        return sentence_of(said)

    def lines(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.folder / "reporter.sqlite") as connection:
            return list(connection.execute(statement))

    def counted(self) -> dict[str, object]:
        """How many rows every table has."""
        tables = self.lines("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return {str(name): self.lines(f'SELECT count(*) FROM "{name}"')[0][0] for (name,) in tables}  # noqa: S608


def sentence_of(said: Said) -> str:
    """The sentence on stderr of a command that failed with 1; nothing else was said, least of all a traceback."""
    assert said.returncode == 1, said.stderr
    assert said.stdout == ""
    assert re.fullmatch(r"reporter: [^\n]+[.]\n", said.stderr), said.stderr
    return said.stderr.removeprefix("reporter: ").removesuffix("\n")

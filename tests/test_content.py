"""The goals and targets that ship with the program: all codes of the United Nations, in words of our own."""

import csv
import os
import re
import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

FIELD = Path(os.environ.get("FIELD_FILES") or Path(__file__).resolve().parents[2] / "shared" / "field") / "taxonomy"
needs_field = pytest.mark.skipif(
    not (FIELD / "SDG-targets.csv").is_file(), reason="the official list is not here (FIELD_FILES)"
)
LONGEST = 60
# Goal by goal: how many targets have a number, and how many a letter (the means of implementation).
NUMBERED = (5, 5, 9, 7, 6, 6, 3, 10, 5, 7, 7, 8, 3, 7, 9, 10, 19)
LETTERED = (2, 3, 4, 3, 3, 2, 2, 2, 3, 3, 3, 3, 2, 3, 3, 2, 0)


def entries(kind: str) -> list[dict[str, str]]:
    """The entries of one kind, `goal` or `target`, in the order of the file."""
    text = resources.files("reporter").joinpath("content", "sdg_targets.toml").read_text(encoding="utf-8")
    found: list[dict[str, str]] = tomllib.loads(text)[kind]
    return found


def codes(kind: str) -> list[str]:
    return [entry["code"] for entry in entries(kind)]


def names() -> list[str]:
    return [entry["name"] for kind in ("goal", "target") for entry in entries(kind)]


def official(kind: str) -> dict[str, str]:
    """The sentences of the official list by code, in its order."""
    with (FIELD / f"SDG-{kind}s.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row[kind]: row["description"] for row in csv.DictReader(file)}


def words(sentence: str) -> str:
    """A sentence as its words alone, with a space on either side, so that one can be looked for in another."""
    found = re.findall(r"[^\W_]+", sentence.casefold())
    return f" {' '.join(found)} "


def test_there_are_seventeen_goals_and_all_their_targets_in_order() -> None:
    assert codes("goal") == [str(goal) for goal in range(1, 18)]
    assert codes("target") == [
        f"{goal}.{last}"
        for goal, numbered, lettered in zip(range(1, 18), NUMBERED, LETTERED, strict=True)
        for last in (*range(1, numbered + 1), *"abcd"[:lettered])
    ]
    assert len(codes("target")) == 169


def test_no_code_occurs_twice_and_every_target_has_its_goal() -> None:
    assert [code for code, times in Counter(codes("goal") + codes("target")).items() if times > 1] == []
    assert {code.split(".")[0] for code in codes("target")} == set(codes("goal"))


def test_an_entry_says_its_code_and_its_name_and_nothing_else() -> None:
    assert [one for kind in ("goal", "target") for one in entries(kind) if list(one) != ["code", "name"]] == []


def test_names_are_short_and_tell_the_entries_apart() -> None:
    assert [name for name in names() if not 0 < len(name) <= LONGEST or not 2 <= len(name.split()) <= 8] == []
    assert [name for name in names() if name != " ".join(name.split()) or name.endswith(".")] == []
    assert [name for name, times in Counter(map(str.casefold, names())).items() if times > 1] == []


@needs_field
@pytest.mark.parametrize("kind", ["goal", "target"])
def test_the_codes_are_those_of_the_official_list(kind: str) -> None:
    assert codes(kind) == list(official(kind))


@needs_field
def test_no_name_is_an_official_sentence_or_a_piece_of_one() -> None:
    sentences = [words(one) for kind in ("goal", "target") for one in official(kind).values()]
    assert len(sentences) == 17 + 169
    assert [name for name in names() if any(words(name) in sentence for sentence in sentences)] == []

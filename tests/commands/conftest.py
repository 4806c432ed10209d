"""Installations to run commands on."""

import shutil
from pathlib import Path

import pytest
from commands.installation import Installation, Said


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `reporter init` makes, once for all tests here."""
    folder = tmp_path_factory.mktemp("prepared") / "instance"
    Installation(folder).done("init")
    return folder


@pytest.fixture(scope="module")
def demonstrated(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """The same after `reporter demo`, and what that said."""
    folder = tmp_path_factory.mktemp("demonstrated") / "instance"
    shutil.copytree(prepared, folder)
    return folder, Installation(folder).run("demo")


@pytest.fixture
def at(prepared: Path, tmp_path: Path) -> Installation:
    """A fresh installation after `init`."""
    shutil.copytree(prepared, tmp_path / "instance")
    return Installation(tmp_path / "instance")


@pytest.fixture
def sampled(demonstrated: tuple[Path, Said], tmp_path: Path) -> Installation:
    """A fresh installation after `init` and `demo`."""
    shutil.copytree(demonstrated[0], tmp_path / "instance")
    return Installation(tmp_path / "instance")

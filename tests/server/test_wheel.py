"""A wheel, installed in an environment that holds nothing else, does the main job: init, demo, serve."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from served import environment, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.server]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the tree, so that nothing of an earlier build is in it."""
    copy = tmp_path_factory.mktemp("source") / "reporter"
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "build", "*.egg-info", "instance", ".*_cache")
    )
    target = tmp_path_factory.mktemp("wheel")
    pip(sys.executable, "wheel", "--no-deps", "-w", str(target), str(copy))
    return next(target.glob("reporter-*.whl"))


def pip(python: str, *words: str) -> None:
    command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_holds_everything_that_the_tree_holds(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(ROOT)) if part == "reporter" else f"reporter/{path.relative_to(ROOT)}"
        for part in ("reporter", "templates")
        for path in (ROOT / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - inside == set()
    assert [name for name in inside if "test" in name] == []


def test_does_the_main_job_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    # The pinned versions without their hashes: constraints on what the wheel itself asks for.
    pins = re.findall(r"^\S+==[^\s\\]+(?: ; [^\\\n]+)?", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("\n".join(pins))
    pip(str(home / "bin/python"), "install", "-c", str(constraints), str(wheel))

    command = str(home / "bin/reporter")
    env = environment(REPORTER_INSTANCE=str(tmp_path / "instance"))
    run = {"env": env, "cwd": str(tmp_path), "capture_output": True, "text": True}
    assert subprocess.run([command, "init"], **run).returncode == 0  # type: ignore[call-overload]
    signins = subprocess.run([command, "demo"], **run)  # type: ignore[call-overload]
    assert len(signins.stdout.splitlines()) == 6, signins.stderr
    port = free_port()
    with subprocess.Popen([command, "serve", "--port", str(port)], env=env, cwd=tmp_path) as server:
        try:
            wait_until(lambda: "ok" in ask(port, "/healthz"), "a start")
            assert "<rss" in ask(port, "/reports.rss")
            assert "--ink" in ask(port, "/static/reporter.css")
            assert "UNCTAD eWeek 2023 (sample)" in ask(port, "/")
        finally:
            server.terminate()


def ask(port: int, address: str) -> str:
    """What curl would show; empty while nobody answers."""
    script = f"import urllib.request as r; print(r.urlopen('http://127.0.0.1:{port}{address}').read().decode())"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False).stdout

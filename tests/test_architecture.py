"""Who may import whom, and the other rules of the house that the syntax alone can show; see ARCHITECTURE.md.

A rule is a function over a file's path and its syntax tree. Each is also tried on lines that break it and on their
lawful neighbours, because a check that cannot fail proves nothing.
"""

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATE_WRITER = "reporter/newsroom/transition.py"
STATES = {"work_state", "public_state"}
COMMITTER = "reporter/models/database.py"
CLOCK = "reporter/rules/clock.py"
ADDRESSES = "reporter/rules/addresses.py"
MIGRATIONS = "reporter/migrations/"

MAY_IMPORT = {  # layer: what it may import of ours, beside itself; what is not named here may import all ...
    "rules": "",
    "text": "rules",
    "sources": "rules text",
    "models": "rules",
    "queries": "rules models",
    "newsroom": "rules text sources models queries",
    "outlets": "rules text models queries",
    "migrations": "",
}
OUTERMOST = {"web", "cli", "worker"}  # ... except these, which only the joiners import
JOINERS = {"__init__", "__main__", "cli", "worker"}

ONLY_IN = {  # outside package: the folders and files under reporter/ that may import it
    "sqlalchemy": "models/ queries/ migrations/",
    "flask_sqlalchemy": "models/database.py",
    "alembic": "models/schema.py migrations/ cli.py __init__.py",
    "flask_migrate": "models/schema.py migrations/ cli.py __init__.py",
    "flask": "web/ worker.py cli.py serving.py __init__.py",
    "flask_security": "models/people.py web/ cli.py __init__.py",
    "flask_wtf": "web/forms/ web/security.py",
    "wtforms": "web/forms/",
    "flask_babel": "web/ outlets/mail.py __init__.py",
    "markdown_it": "text/",
    "bleach": "text/markup.py",
    "nh3": "text/markup.py",
    "feedgen": "outlets/feeds.py",
    "markdownify": "text/paste.py",
    "bs4": "text/paste.py",
    "mammoth": "text/docx_child.py",
    "granian": "serving.py",
}
FORBIDDEN = {  # name: why nobody uses it
    **dict.fromkeys(
        ("roles_required", "roles_accepted", "permissions_required", "permissions_accepted"),
        "it would take a role at one event for a role everywhere; ask rules.permissions",
    ),
    **dict.fromkeys(("import_module", "__import__"), "it hides an import; write it at the top of the file"),
}
NAIVE = {f"datetime.datetime.{name}" for name in ("utcnow", "utcfromtimestamp", "today")} | {"datetime.date.today"}
DOCUMENTED = {"rules", "text", "sources", "queries", "newsroom", "outlets"}
NEED_NO_DOCSTRING = {"property", "cached_property", "setter", "overload"}
SHARED_TEMPLATES = {"layouts", "components", "mail"}
TEMPLATE_NAME = re.compile(r"[\w-]+(/[\w-]+)+\.(html|txt|xml)")
JUNK_DRAWERS = {"utils", "helpers", "common", "misc"}

Rule = Callable[[str, ast.Module], Iterator[str]]  # (path, tree): what breaks the rule, a sentence each
Trees = Mapping[str, ast.Module]


# What a tree says


def layer(path: str) -> str:
    """`models` for everything under reporter/models/, `cli` for reporter/cli.py."""
    return path.split("/")[1].removesuffix(".py")


def module(path: str) -> str:
    """`reporter.models` for reporter/models/__init__.py."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def at(path: str, node: ast.AST, sentence: str) -> str:
    return f"{path}:{getattr(node, 'lineno', 1)}: {sentence}"


def imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, ast.alias, str]]:
    """Every imported name: the statement, the alias in it, and the name in full (`reporter.rules.clock.now`)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            origin = f"{node.module or ''}." if isinstance(node, ast.ImportFrom) else ""
            yield from ((node, alias, origin + alias.name) for alias in node.names)


def bindings(tree: ast.Module) -> dict[str, str]:
    """What the imported names stand for here: after `from datetime import datetime as dt`, dt: datetime.datetime."""
    return {alias.asname or alias.name: name for _, alias, name in imports(tree)}


def in_full(node: ast.AST, bound: Mapping[str, str]) -> str:
    """A dotted name with its first part spelt out, so `dt.now` as `datetime.datetime.now`; "" for other expressions."""
    if isinstance(node, ast.Attribute):
        return f"{in_full(node.value, bound)}.{node.attr}"
    return bound.get(node.id, node.id) if isinstance(node, ast.Name) else ""


def for_types_only(tree: ast.Module) -> set[ast.stmt]:
    """The statements directly under a top-level `if TYPE_CHECKING:`."""
    bound = bindings(tree)
    blocks = (node for node in tree.body if isinstance(node, ast.If))
    return {node for block in blocks if in_full(block.test, bound) == "typing.TYPE_CHECKING" for node in block.body}


def template_names(tree: ast.Module) -> Iterator[tuple[ast.Constant, str]]:
    """Every string that reads as a template's name, in `render_template(...)` or in a setting."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TEMPLATE_NAME.fullmatch(node.value):
            yield node, node.value


# The rules for one file


def import_direction(path: str, tree: ast.Module) -> Iterator[str]:
    here = layer(path)
    if path.count("/") > 1 and here not in {*MAY_IMPORT, "web"}:
        yield f"{path}:1: the design has no layer {here}"
    for node, _, name in imports(tree):
        ours, there, *_ = [*name.split("."), "__init__"]
        if ours != "reporter" or there == here or here in JOINERS:
            continue
        if here in MAY_IMPORT and there not in MAY_IMPORT[here].split():
            yield at(path, node, f"{here} imports {MAY_IMPORT[here] or 'nothing'} of ours, not {name}")
        elif here not in MAY_IMPORT and there in OUTERMOST:
            yield at(path, node, f"only {', '.join(sorted(JOINERS))} import {there}")


def imports_at_the_top(path: str, tree: ast.Module) -> Iterator[str]:
    typed = for_types_only(tree)

    def leads(node: ast.stmt) -> bool:
        return isinstance(node, ast.Import | ast.ImportFrom) or (isinstance(node, ast.If) and node.body[0] in typed)

    top = typed.union(takewhile(leads, tree.body[ast.get_docstring(tree) is not None :]))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and node not in top:
            yield at(path, node, "imports stand at the top of the file, outside functions, if and try")
        if isinstance(node, ast.ImportFrom) and node.level:
            yield at(path, node, "imports are absolute")


def outside_packages(path: str, tree: ast.Module) -> Iterator[str]:
    for node, _, name in imports(tree):
        package = name.split(".")[0]
        places = ONLY_IN.get(package)
        if places and not path.removeprefix("reporter/").startswith(tuple(places.split())):
            yield at(path, node, f"{package} is imported only in {places}")


def forbidden_names(path: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for name in (getattr(node, "id", None), getattr(node, "attr", None), getattr(node, "name", None)):
            if name in FORBIDDEN:
                yield at(path, node, f"{name} is not used here: {FORBIDDEN[name]}")


def commits(path: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"} and path != COMMITTER:
            yield at(path, node, f"only unit_of_work() in {COMMITTER} calls {node.attr}")


def database_sessions(path: str, tree: ast.Module) -> Iterator[str]:
    """Through `db.session` SQL could reach the web without an import of sqlalchemy."""
    bound = bindings(tree)
    for node in ast.walk(tree):
        if layer(path) in {"web", "outlets"} and in_full(node, bound).endswith("db.session"):
            yield at(path, node, f"{layer(path)} asks queries, not the database session")


def times(path: str, tree: ast.Module) -> Iterator[str]:
    bound = bindings(tree)
    with_zone = {call.func for call in ast.walk(tree) if isinstance(call, ast.Call) and (call.args or call.keywords)}
    for node in ast.walk(tree):
        name = in_full(node, bound)
        if name in NAIVE:
            yield at(path, node, f"{name} knows no time zone")
        elif name == "datetime.datetime.now" and (path != CLOCK or node not in with_zone):
            yield at(path, node, f"the time comes from {CLOCK}, with its zone")


def state_writers(path: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                written = {name}
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=name), *_]):
                written = {str(name)}
            case ast.Call(func=ast.Attribute(attr="values"), keywords=columns):
                written = {column.arg or "" for column in columns}
            case _:
                continue
        if written & STATES and path != STATE_WRITER:
            yield at(path, node, f"only {STATE_WRITER} writes {', '.join(sorted(written & STATES))}")


def docstrings(path: str, tree: ast.Module) -> Iterator[str]:
    if not ast.get_docstring(tree):
        yield f"{path}:1: the module does not say why it exists"
    if layer(path) in DOCUMENTED:
        yield from missing_docstrings(path, tree.body)


def missing_docstrings(path: str, body: Collection[ast.stmt]) -> Iterator[str]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        excused = NEED_NO_DOCSTRING & {in_full(mark, {}).split(".")[-1] for mark in node.decorator_list}
        plain_address = path == ADDRESSES and len(node.body) == 1
        if not (ast.get_docstring(node) or excused or plain_address):
            yield at(path, node, f"{node.name} is public and has no docstring")
        if isinstance(node, ast.ClassDef):
            yield from missing_docstrings(path, node.body)


def own_templates(path: str, tree: ast.Module) -> Iterator[str]:
    folder = Path(path).stem
    for node, name in template_names(tree):
        if layer(path) == "web" and not name.startswith(f"{folder}/"):
            yield at(path, node, f"{name} lies outside {folder}/, where the templates of this module belong")


# The rules for all files together


def import_cycle(trees: Trees) -> list[str]:
    paths = {module(path): path for path in trees}
    lines: dict[str, dict[str, ast.stmt]] = {name: {} for name in paths}
    for name, path in paths.items():
        typed = for_types_only(trees[path])
        for node, _, imported in imports(trees[path]):
            while imported and imported not in paths:
                imported = imported.rpartition(".")[0]
            if imported and imported != name and node not in typed:
                lines[name].setdefault(imported, node)
    try:
        TopologicalSorter(lines).prepare()
    except CycleError as error:
        first, second, *rest = reversed(error.args[1])
        return [at(paths[first], lines[first][second], "import cycle: " + " -> ".join((first, second, *rest)))]
    return []


def templates_and_views(trees: Trees, files: Collection[str]) -> list[str]:
    named = {name: at(path, node, name) for path, tree in trees.items() for node, name in template_names(tree)}
    missing = [f"{where} is not in templates/" for name, where in named.items() if name not in files]
    own = (name for name in files if name.split("/")[0] not in SHARED_TEMPLATES)
    return missing + [f"templates/{name}:1: no view shows this template" for name in own if name not in named]


def junk_drawers(paths: Collection[str]) -> list[str]:
    words = {path: set(re.split("[^a-z]+", path.lower())) for path in paths}
    return [f"{path}:1: no {', '.join(found)} here" for path in paths if (found := sorted(words[path] & JUNK_DRAWERS))]


# The rules, held against what they are for

# A path under reporter/, code whose last line breaks the rule there, and code that keeps it.
EXAMPLES: dict[Rule, list[tuple[str, str, str]]] = {
    import_direction: [
        ("rules/a.py", "import reporter.text.diff", "import reporter.rules.clock"),
        ("text/a.py", "from reporter import models", "from reporter import rules"),
        ("sources/a.py", "from reporter.queries import people", "from reporter.text import slug"),
        ("models/a.py", "from reporter.config import Settings", "import reporter.rules.clock"),
        ("queries/a.py", "from reporter.newsroom import filing", "import reporter.models.people"),
        ("newsroom/a.py", "import reporter.outlets.mail", "import reporter.queries.people"),
        ("outlets/a.py", "from reporter.newsroom import filing", "from reporter.queries import people"),
        ("outlets/a.py", "from reporter import create_app", "from reporter.outlets import feeds"),
        ("web/a.py", "from reporter import worker", "from reporter.web import security"),
        ("config.py", "import reporter.web", "import reporter.rules.errors"),
        ("sample.py", "import reporter.cli", "from reporter.newsroom import filing"),
        ("migrations/env.py", "from reporter.models.database import db", "import alembic"),
    ],
    imports_at_the_top: [
        ("web/a.py", "def f():\n    import os", '"""Why."""\nimport os\n\ndef f(): ...'),
        ("web/a.py", "import os\nx = 1\nimport io", "import os\nimport io\nx = 1"),
        ("web/a.py", "try: f()\nfinally:\n    import os", "import os\ntry: f()\nfinally: g()"),
        ("web/a.py", "if x:\n    import os", "import typing\nif typing.TYPE_CHECKING:\n    import os\nimport io"),
        ("web/a.py", "from . import security", "from reporter.web import security"),
    ],
    outside_packages: [
        *(("rules/a.py", f"import {package}.x", f"import {package}s.x") for package in ONLY_IN),
        ("web/a.py", "from sqlalchemy import select", "from flask import request"),
        ("web/a.py", "from flask_wtf import FlaskForm", "from flask_babel import gettext"),
        ("models/a.py", "import flask_sqlalchemy", "import sqlalchemy.orm"),
        ("models/database.py", "import flask", "import flask_sqlalchemy"),
    ],
    forbidden_names: [
        ("web/a.py", "from flask_security import roles_required", "from flask_security import login_required"),
        ("web/a.py", "guard = security.roles_accepted('x')", "security.login_required"),
        ("cli.py", "importlib.import_module('x')", "importlib.resources.files('x')"),
    ],
    commits: [
        ("newsroom/a.py", "db.session.flush()\ndb.session.commit()", "db.session.flush()"),
        ("web/a.py", "finish = db.session.rollback", "finish = db.session.flush"),
    ],
    database_sessions: [("web/a.py", "database.db.session.scalar('x')", "session['x'] = 1")],
    times: [
        ("rules/clock.py", "import datetime as d\nd.datetime.now()", "import datetime as d\nd.datetime.now(d.UTC)"),
        ("web/a.py", "from datetime import datetime as dt\ndt.now(UTC)", "import reporter.rules.clock as dt\ndt.now()"),
        ("web/a.py", "from datetime import datetime\nColumn(default=datetime.utcnow)", "Column(default=clock.now)"),
    ],
    state_writers: [
        ("newsroom/a.py", "report.work_state = x", "if report.work_state == x: y = report.work_state"),
        ("web/a.py", "a, report.public_state = x", "class A:\n    public_state: str = x"),
        ("web/a.py", "setattr(report, 'work_state', x)", "setattr(report, 'headline', x)"),
        ("queries/a.py", "update(Report).values(public_state=x)", "facts(public_state=x).values(at=y)"),
    ],
    docstrings: [
        ("web/a.py", "x = 1", '"""Why."""\ndef f(): ...'),
        ("text/a.py", '"""Why."""\ndef f(): ...', '"""Why."""\ndef f():\n    """What."""\ndef _g(): ...'),
        ("text/a.py", '"""Why."""\nclass A:\n    "What."\n    def f(self): ...', '"""Why."""\nclass _A: ...'),
        ("text/a.py", '"Why."\nclass A: ...', '"Why."\nclass A:\n    "What."\n    @property\n    def f(self): ...'),
        ("rules/addresses.py", '"""Why."""\ndef f(x): x += 1; return x', '"""Why."""\ndef f(): return "/"'),
    ],
    own_templates: [("web/a.py", "render_template('b/c.html')", "render_template('a/c.html', kind='text/html')")],
}


@pytest.mark.parametrize(("rule", "example"), [(rule, example) for rule in EXAMPLES for example in EXAMPLES[rule]])
def test_a_rule_finds_what_it_is_for_and_nothing_else(rule: Rule, example: tuple[str, str, str]) -> None:
    path, broken, kept = f"reporter/{example[0]}", ast.parse(example[1]), ast.parse(example[2])
    last_line = example[1].count("\n") + 1
    assert [finding.split(": ")[0] for finding in rule(path, broken)] == [f"{path}:{last_line}"]
    assert list(rule(path, kept)) == []


def test_a_folder_that_the_design_does_not_know_is_found() -> None:
    assert len(list(import_direction("reporter/services/a.py", ast.parse("")))) == 1


def test_a_circle_of_imports_is_found() -> None:
    there, back = "from reporter.rules import b", "import io\nfrom reporter.rules.a import x"
    trees = {"reporter/rules/a.py": ast.parse(there), "reporter/rules/b.py": ast.parse(back)}
    assert import_cycle(trees) == [
        "reporter/rules/a.py:1: import cycle: reporter.rules.a -> reporter.rules.b -> reporter.rules.a"
    ]
    for_types = ast.parse(f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {there}")
    assert import_cycle({**trees, "reporter/rules/a.py": for_types}) == []


def test_missing_and_unused_templates_are_found() -> None:
    trees = {"reporter/web/a.py": ast.parse("render_template('a/b.html')")}
    assert templates_and_views(trees, ["a/b.html", "layouts/page.html"]) == []
    assert templates_and_views(trees, ["a/c.html"]) == [
        "reporter/web/a.py:1: a/b.html is not in templates/",
        "templates/a/c.html:1: no view shows this template",
    ]


def test_junk_drawers_are_found() -> None:
    drawers = ["reporter/utils/dates.py", "templates/common.html", "tests/test_web_helpers.py"]
    assert junk_drawers([*drawers, "tests/text/test_commonmark.py"]) == [
        "reporter/utils/dates.py:1: no utils here",
        "templates/common.html:1: no common here",
        "tests/test_web_helpers.py:1: no helpers here",
    ]


# The house, held against the rules


def none(findings: list[str]) -> None:
    assert findings == [], "\n" + "\n".join(findings)


def files_in(folder: str, pattern: str = "*") -> list[str]:
    found = [path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob(pattern) if path.is_file()]
    return sorted(path for path in found if "__pycache__" not in path)


HOUSE = {path: ast.parse((ROOT / path).read_text("utf-8"), path) for path in files_in("reporter", "*.py")}


@pytest.mark.parametrize("rule", EXAMPLES)
def test_every_file_keeps(rule: Rule) -> None:
    # Alembic writes the migrations its own way: of them only the direction of imports is asked.
    asked = {path: tree for path, tree in HOUSE.items() if rule is import_direction or not path.startswith(MIGRATIONS)}
    assert CLOCK in asked
    none([finding for path, tree in asked.items() for finding in rule(path, tree)])


def test_no_circle_of_imports() -> None:
    none(import_cycle(HOUSE))


def test_templates_mirror_views() -> None:
    none(templates_and_views(HOUSE, [path.removeprefix("templates/") for path in files_in("templates")]))


def test_no_junk_drawer() -> None:
    none(junk_drawers([path for folder in ("reporter", "templates", "tests") for path in files_in(folder)]))

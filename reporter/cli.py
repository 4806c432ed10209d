"""The `reporter` command. Every error is one sentence that says what to do; no traceback for a person's mistake."""

import os
import secrets
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask

from reporter import config, create_app, sample, serving, worker
from reporter.config import CONFIG_FILE, Settings
from reporter.models import schema
from reporter.models.database import db, unit_of_work
from reporter.models.taxonomy import Process, SdgTarget
from reporter.newsroom import people, programme, programme_import, publication, revisions, taxonomy
from reporter.queries import people as known_people
from reporter.queries import programmes, reports
from reporter.rules import addresses, clock
from reporter.rules.errors import BadSetting, NotFound, Refused, ReporterError
from reporter.rules.vocabulary import Role
from reporter.sources import fetch
from reporter.sources.draft import MAX_BYTES
from reporter.web.accounts import hashed


def main() -> NoReturn:
    """Run the command; exit code 1 for what could not be done, 2 for words that the command does not know."""
    try:
        # What a terminal sends that is no Unicode could not be stored: it becomes a replacement character.
        words = [word.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for word in sys.argv[1:]]
        code = cli.main(args=words, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = 1
    except ReporterError as error:
        _say_sorry(str(error))
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _say_sorry(sentence: str) -> None:
    click.echo(f"reporter: {sentence}", err=True)


@click.group()
@click.version_option(package_name="reporter")
def cli() -> None:
    """Reporter: just-in-time reporting from policy events."""


def with_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command that needs the application and a database that is up to date."""

    @wraps(command)
    def wrapped(**kwargs: Any) -> Any:
        app = _ready_app()
        with app.app_context():
            return command(app, **kwargs)

    return wrapped


def _ready_app(settings: Settings | None = None) -> Flask:
    settings = settings or config.load()
    if not settings.secret_key:
        raise BadSetting(f"There is no secret key in {settings.instance}. Run “reporter init” first.")
    app = create_app(settings)
    with app.app_context():
        if not schema.is_current(db.engine):
            raise BadSetting("The database is not up to date. Run “reporter init” first; nothing in it is lost.")
    return app


@cli.command()
def init() -> None:
    """Make the instance folder, the secret key, the database and the policy issues; what is there stays."""
    settings = config.load()
    if not settings.secret_key:
        _write_secret(settings.instance)
        settings = config.load()
    _make_folder(settings.instance)
    app = create_app(settings)
    with app.app_context():
        schema.upgrade(db.engine)
        with unit_of_work():
            added = taxonomy.load(sample.starting_issues(), by=None, at=clock.now())
            added += taxonomy.load(sample.starting_processes(), by=None, at=clock.now(), of=Process)
            added += taxonomy.load(sample.starting_sdg_targets(), by=None, at=clock.now(), of=SdgTarget)
    click.echo(f"Ready in {settings.instance}: database up to date, {added} subjects added.")


def _make_folder(instance: Path) -> None:
    try:
        instance.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(instance, error) from error


def _unwritable(instance: Path, error: OSError) -> BadSetting:
    return BadSetting(f"{instance} cannot be written ({error.strerror}). Choose another in REPORTER_INSTANCE.")


def _write_secret(instance: Path) -> None:
    _make_folder(instance)
    try:
        path = instance / CONFIG_FILE
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        stored = "".join(line for line in lines if line.partition("=")[0].strip() != "secret_key")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)  # a file that was there keeps its own permissions otherwise
            file.write(f'secret_key = "{secrets.token_urlsafe(48)}"\n{stored}')
    except OSError as error:
        raise _unwritable(instance, error) from error


@cli.command()
@with_app
def demo(app: Flask) -> None:
    """Add the sample event with people and reports in every state; prints a sign-in a line."""
    persons = sample.people_of(app.config["REPORTER"].secret_key)
    known = {person.email for person in persons if known_people.by_email(person.email) is not None}
    if len(known) < len(persons):
        click.echo("Adding the sample people, programme and reports …", err=True)
    hashes = {person.email: hashed(person.password) for person in persons if person.email not in known}
    with unit_of_work():
        sample.load(hashes=hashes, at=clock.now())
    for person in persons:
        user = known_people.by_email(person.email)
        if user is not None and user.active and user.is_sample:
            click.echo(f"{person.role.value}\t{person.email}\t{person.password}")


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the pages and run the worker, until SIGTERM or Ctrl-C ends both."""
    if "base_url" not in config.read_config(config.load().instance) and not os.environ.get("REPORTER_BASE_URL"):
        # The processes that this one starts read their settings themselves.
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared with, not bound to
        os.environ["REPORTER_BASE_URL"] = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    settings = config.load()
    app = _ready_app(settings)
    with app.app_context():
        samples = known_people.sample_accounts_enabled()
        db.engine.dispose()
    if samples and settings.is_public:
        raise BadSetting(
            f"The sample accounts are still enabled, and {settings.base_url} is a public address. "
            "Disable them with “reporter user disable --samples”, or serve on 127.0.0.1."
        )
    serving.check_port(host, port)
    click.echo(f"Reporter is at {settings.base_url}")
    serving.serve(settings, host=host, port=port)


@cli.command("worker")
@click.option("--parent", type=int, default=None, hidden=True, help="End when this process is gone.")
@with_app
def run_worker(app: Flask, parent: int | None) -> None:
    """Do what is due without anybody pressing a button: publish when embargoes lift."""
    worker.run(app, parent=parent)


@cli.command("rebuild-public")
@with_app
def rebuild_public(_app: Flask) -> None:
    """Write what public lists read anew from the approved revisions; changes nothing that the public sees."""
    numbers = reports.public_numbers()
    with click.progressbar(numbers, label="Public reports", file=sys.stderr) as shown:
        for number in shown:
            report = reports.by_number(number)
            row = reports.revision(number, report.published_revision) if report and report.published_revision else None
            if row is None:
                continue
            rendered = revisions.render(reports.text_of(row))
            with unit_of_work():
                locked = reports.for_change(number)
                if locked is not None and locked.published_revision == row.number:
                    publication.rebuild(locked, rendered=rendered)
    click.echo(f"{len(numbers)} public reports written anew.")


@cli.group()
def event() -> None:
    """Events."""


@event.command("add")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--time-zone", required=True, help="Such as Europe/Zurich.")
@click.option("--starts", type=click.DateTime(["%Y-%m-%d"]), default=None, help="First day; today when left out.")
@click.option("--ends", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Last day; the first when left out.")
@click.option("--place", default="")
@with_app
def event_add(
    _app: Flask, slug: str, name: str, time_zone: str, starts: datetime | None, ends: datetime | None, place: str
) -> None:
    """Add an event; SLUG becomes part of its address."""
    first = starts.date() if starts else clock.local_day(clock.now(), time_zone)
    last: date = ends.date() if ends else first
    with unit_of_work():
        programme.add_event(
            slug=slug,
            name=name,
            time_zone=time_zone,
            starts_on=first,
            ends_on=last,
            place=place,
            by=None,
            at=clock.now(),
        )
    click.echo(f"Event {slug} added, {first} to {last}.")


@event.command("list")
@with_app
def event_list(_app: Flask) -> None:
    """The events, newest first."""
    for one in programmes.events():
        click.echo(f"{one.slug}\t{one.starts_on}\t{one.ends_on}\t{one.time_zone}\t{one.name}")


@cli.command("import-programme")
@click.argument("event_slug", metavar="EVENT")
@click.argument("source", metavar="FILE|URL")
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
@click.option("--yes", is_flag=True, help="Apply it although entries could not be read or many would be cancelled.")
@with_app
def import_programme(app: Flask, event_slug: str, source: str, dry_run: bool, yes: bool) -> None:
    """Read a programme into EVENT: a calendar, schedule.xml or .json, an export of Indico, or a table (CSV, XLSX).

    The same file again changes nothing.
    """
    found = programmes.event_by_slug(event_slug)
    if found is None:
        raise NotFound(f"There is no event “{event_slug}”. “reporter event list” shows them.")
    data = _programme(source, app.config["REPORTER"])
    click.echo(f"Reading {source.rsplit('/', 1)[-1]} …", err=True)
    draft = programme_import.read(data, event=found)
    for entry in draft.unreadable:
        where = f"Line {entry.line}: " if entry.line else ""
        click.echo(f"{where}{entry.why % dict(entry.values)} {entry.uid}".rstrip())
    click.echo(f"{len(draft.sessions)} sessions read; comparing …", err=True)
    planned = programme_import.plan(found, draft)
    if dry_run or planned.suggested or (planned.doubts and not yes):
        _show_plan(planned, done=False)
        if not dry_run and planned.suggested:
            # Never decided here: a report would follow the wrong session, and nobody would have looked.
            with unit_of_work():
                kept = programme_import.keep(found, data=data, file_name=source, by=None, at=clock.now())
                where = addresses.programme_import(event_slug, kept.id)
            raise Refused(
                f"{len(planned.suggested)} sessions may be ones that are known. An editor decides at {where}; "
                "nothing was changed."
            )
        if not dry_run:
            raise Refused(" ".join([*planned.doubts, "Nothing was changed; use --yes if that is right."]))
        for doubt in planned.doubts:
            click.echo(f"{doubt} Use --yes if that is right.")
        return
    with unit_of_work():
        locked = programmes.event_for_change(found.id)
        if locked is None:
            raise NotFound
        made = programme_import.apply(locked, draft, by=None, at=clock.now(), confirmed=yes, kept=None)
        _show_plan(made, done=True)


def _programme(source: str, settings: Settings) -> bytes:
    """The bytes of a programme file, by its name or its address."""
    if "://" in source:
        return fetch.download(source, allowed_hosts=settings.known_hosts).data or b""
    file = Path(source)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise Refused(f"{file} is larger than {MAX_BYTES // 1024**2} MB. Export a smaller programme.")
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise Refused(
            f"{file} cannot be read ({getattr(error, 'strerror', None) or error}). Check its name."
        ) from error


def _show_plan(made: programme_import.Plan, *, done: bool) -> None:
    for change in made.changed:
        click.echo(f"changed: {change.draft.title} ({', '.join(change.parts)})")
    for session in made.vanished:
        click.echo(f"cancelled: {session.title}")
    for one in made.suggested:
        click.echo(f"perhaps the same: {one.draft.title} = {one.session.title} ({one.why})")
    counts = ", ".join(f"{count} {what}" for what, count in made.counts.items())
    if made.nothing:
        click.echo(f"Nothing changed: {counts}.")
    else:
        click.echo(f"{'Applied' if done else 'Would apply'}: {counts}.")


@cli.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--event", "event_slug", default=None, help="Where the role holds; everywhere when left out.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_app
def user_add(_app: Flask, email: str, name: str, role: str, event_slug: str | None, password_stdin: bool) -> None:
    """Add an account, or give an existing one a further role."""
    found = None
    if event_slug is not None:
        found = programmes.event_by_slug(event_slug)
        if found is None:
            raise NotFound(f"There is no event “{event_slug}”. “reporter event list” shows them.")
    there = known_people.by_email(email)
    password_hash = None
    if there is None:
        password_hash = hashed(_password(password_stdin))
    with unit_of_work():
        person = there or people.add_user(email=email, name=name, password_hash=password_hash, by=None, at=clock.now())
        people.grant(person, Role(role), event=found, by=None, at=clock.now())
    where = f"at {event_slug}" if event_slug else "everywhere"
    click.echo(f"{email} is {role} {where}.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        if not sys.stdin.isatty():
            raise Refused("There is no terminal to ask for the password. Give it with --password-stdin.")
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return people.acceptable(str(password))


@user.command("list")
@with_app
def user_list(_app: Flask) -> None:
    """The accounts with their roles."""
    for one in known_people.everybody():
        roles = ", ".join(f"{grant.role.value}@{grant.event.slug if grant.event else '*'}" for grant in one.roles)
        click.echo(f"{one.email}\t{one.name}\t{'active' if one.active else 'disabled'}\t{roles}")


@user.command("disable")
@click.argument("emails", nargs=-1)
@click.option("--samples", is_flag=True, help="Disable every account of the sample.")
@with_app
def user_disable(_app: Flask, emails: tuple[str, ...], samples: bool) -> None:
    """End every sign-in of these people, now and later; what they wrote stays."""
    wanted = [*emails, *(one.email for one in known_people.everybody() if samples and one.is_sample and one.active)]
    if not wanted and not samples:
        raise click.UsageError("Name an e-mail address, or use --samples.")
    for email in wanted:
        with unit_of_work():
            one = known_people.by_email(email)
            if one is None:
                raise NotFound(f"There is no account for {email}. “reporter user list” shows them.")
            people.disable(one, by=None, at=clock.now())
        click.echo(f"{email} is disabled.")

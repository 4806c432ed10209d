"""What the database itself refuses, whatever the program does: every check, key, pointer and trigger, by raw SQL.

Each refusal starts from a row that the database takes (`COPY` makes one of every table), with one thing wrong in it.
"""

# ruff: noqa: S608 - the statements are made of what stands in this file; names of tables cannot be parameters

import re
from collections.abc import Iterator, Mapping

import factories
import pytest
import sqlalchemy as sa
from conftest import available
from databases import Databases
from factories import T0, later
from sqlalchemy import Engine, exc

from reporter import create_app
from reporter.config import Settings
from reporter.models import guards
from reporter.models.assignment import Assignment, EditorDuty, Notice
from reporter.models.database import Base, db, unit_of_work
from reporter.models.event import EventSeries
from reporter.models.programme import ProgrammeImport, ProgrammeSource, SessionIssue, Speaker, Track
from reporter.models.report import AttributionWaiver, HeldText, PrivateNotes
from reporter.models.taxonomy import Process, SdgTarget
from reporter.newsroom import review, taxonomy
from reporter.newsroom.taxonomy import TermDraft
from reporter.rules.vocabulary import AssignmentState, HeldCause, NoticeKind, Role

TABLES = Base.metadata.tables
NOW = "'2023-12-05 09:00:00'"
COUNT_UP = "UPDATE publication_counter SET number = number + 1"

# What must differ for a second row like the first one of a table to be taken.
COPY: Mapping[str, Mapping[str, str]] = {
    "event_series": {"slug": "'other'"},
    "event": {"slug": "'other'"},
    "policy_issue": {"slug": "'other'"},
    "process": {"slug": "'other'"},
    "sdg_target": {"slug": "'other'"},
    "user": {"email": "'other@example.org'", "fs_uniquifier": "'other'"},
    "role_grant": {"role": "'administrator'"},
    "room": {"name": "'Other'"},
    "track": {"name": "'Other'"},
    "speaker": {"name": "'Other'"},
    "programme_session": {},
    "programme_import": {},
    "programme_source": {"event_id": "(SELECT max(id) FROM event)"},
    "session_issue": {"policy_issue_id": "(SELECT max(id) FROM policy_issue)"},
    "assignment": {"user_id": "(SELECT max(id) FROM \"user\")", "lead": "false"},
    "editor_duty": {"user_id": "(SELECT max(id) FROM \"user\")", "lead": "false"},
    "notice": {},
    "session_speaker": {"speaker_id": "(SELECT max(id) FROM speaker)"},
    "report": {"programme_session_id": "NULL", "filed_revision": "NULL", "approved_revision": "NULL",
               "published_revision": "NULL", "work_state": "'draft'", "public_state": "'never'"},
    "report_rapporteur": {"user_id": "(SELECT max(id) FROM \"user\")"},
    "draft_save": {"sequence": "99", "client_id": "'other'"},
    "revision": {"number": "99"},
    "revision_policy_issue": {"policy_issue_id": "(SELECT max(id) FROM policy_issue)"},
    "revision_process": {"process_id": "(SELECT max(id) FROM process)"},
    "revision_sdg_target": {"sdg_target_id": "(SELECT max(id) FROM sdg_target)"},
    "held_text": {"client_id": "'other'"},
    "private_notes": {"user_id": "(SELECT max(id) FROM \"user\")"},
    "attribution_waiver": {"name": "'Other'"},
    "approval": {},
    "review_note": {},
    "public_change": {"number": "(SELECT number FROM publication_counter)"},
    "published_report": {"report_number": "2", "revision_number": "1"},
    "published_term": {"term_id": "99"},
    "history_entry": {},
}  # fmt: skip
PREPARE: Mapping[str, str] = {"public_change": COUNT_UP}
# Of these the last row is copied: its number is the counter's, its revision is not approved.
COPY_LAST = frozenset({"public_change", "revision_policy_issue", "revision_process", "revision_sdg_target"})


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def world(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One database of each kind for all tests here, with at least one row in every table.

    Report 1 is public (one revision), 2 is filed for the second time, 3 a draft, 4 a translation of 1, 5 discarded.
    """
    kind = available(request.param, databases)
    app = create_app(
        Settings(instance=tmp_path_factory.mktemp("instance"), database_url=databases.fresh(kind), secret_key="x")
    )
    with app.app_context():
        make_world()
        db.session.remove()
        yield db.engine
        db.engine.dispose()


def make_world() -> None:
    factories.issues()
    with unit_of_work():
        below = [TermDraft(slug, slug, parent="joint-initiative") for slug in ("services", "goods")]
        processes = [TermDraft("joint-initiative", "Joint initiative"), *below, TermDraft("depa", "DEPA")]
        taxonomy.load(processes, by=None, at=T0, of=Process)
        below = [TermDraft(slug, slug, parent="16") for slug in ("16.6", "16.7")]
        taxonomy.load([TermDraft("16", "Peace"), *below, TermDraft("17", "Partners")], by=None, at=T0, of=SdgTarget)
    words = factories.text(processes=frozenset({1}), sdg_targets=frozenset({2}))
    event = factories.event("forum")
    writer, editor = factories.person(Role.RAPPORTEUR, event), factories.person(Role.EDITOR, event)
    factories.person(Role.RAPPORTEUR, None)
    sessions = [factories.session(event, f"Session {number}") for number in range(3)]
    with unit_of_work() as session:
        series = EventSeries(slug="forums", name="Forums")
        session.add_all([series, Track(event_id=event.id, name="Track"), Speaker(event_id=event.id, name="Last")])
        session.add(
            ProgrammeImport(event_id=event.id, file_name="a.ics", sha256="0", content=b"x", read_by_id=1, read_at=T0)
        )
        session.add(ProgrammeSource(event_id=event.id, address="https://events.example/programme.ics"))
        session.add(SessionIssue(programme_session_id=sessions[0].id, policy_issue_id=1))
        session.add(
            Assignment(
                programme_session_id=sessions[0].id, user_id=writer.id, state=AssignmentState.ASSIGNED, lead=True,
                assigned_by_id=editor.id, assigned_at=T0,
            )
        )  # fmt: skip
        session.add(EditorDuty(event_id=event.id, user_id=editor.id, lead=True))
        session.add(Notice(user_id=writer.id, event_id=event.id, kind=NoticeKind.ASSIGNED, told_at=T0))
        session.flush()
        event.series_id = series.id
    factories.event("afterwards")
    factories.published(event, writer, editor, words, of=sessions[0])
    filed = factories.draft(event, writer, words, of=sessions[1])
    factories.file(filed, writer)
    with unit_of_work():
        review.send_back(factories.locked_report(filed), note="Say who.", by=editor, at=later(6))
    factories.file(filed, writer, minute=7)
    factories.draft(event, writer, of=sessions[2])
    with unit_of_work() as session:
        held = {
            "headline": "Held",
            "lead": "",
            "body": "",
            "byline": "",
            "key_points": [],
            "links": [],
            "language": "en",
        }
        session.add(
            HeldText(
                event_id=event.id, report_number=1, client_id="held", cause=HeldCause.PUBLISHED,
                written_by_id=writer.id, received_at=T0, **held,
            )
        )  # fmt: skip
        session.add(PrivateNotes(report_number=1, user_id=writer.id, text="Said in the corridor.", saved_at=T0))
        session.add(
            AttributionWaiver(
                report_number=1, revision_number=1, name="Ana", reason="Agreed.", waived_by_id=editor.id, waived_at=T0
            )
        )
        for work_state, translation_of, language, programme_session_id in (
            ("draft", 1, "fr", None),
            ("discarded", None, "en", sessions[0].id),
        ):
            session.execute(
                TABLES["report"].insert(),
                {
                    "event_id": event.id, "started_at": T0, "version": 1, "public_state": "never",
                    "work_state": work_state, "translation_of": translation_of, "language": language,
                    "programme_session_id": programme_session_id,
                },
            )  # fmt: skip


@pytest.fixture
def database(world: Engine) -> Iterator[sa.Connection]:
    """A connection to it; what a test does there is rolled back at its end."""
    with world.connect() as connection:
        yield connection
        connection.rollback()


def primary_key(table: str) -> list[str]:
    return [column.name for column in TABLES[table].primary_key.columns]


def copy_of(table: str, wrong: Mapping[str, str], *, keep: tuple[str, ...] = ()) -> str:
    """SQL that adds a row like one of the table's, but for what COPY says (not of `keep`) and for what is `wrong`."""
    changed = {name: value for name, value in COPY[table].items() if name not in keep} | dict(wrong)
    given_by_itself = {"id", "number"} if len(primary_key(table)) == 1 and table != "public_change" else set()
    names = [
        column.name for column in TABLES[table].columns if column.name not in given_by_itself or column.name in wrong
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    order = ", ".join(f"{name} DESC" if table in COPY_LAST else name for name in primary_key(table))
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    return f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}" ORDER BY {order} LIMIT 1'


def refusal(database: sa.Connection, *statements: str) -> exc.DBAPIError:
    """The error with which the last of the statements is refused; the ones before it are taken."""
    *before, last = statements
    for statement in before:
        database.execute(sa.text(statement))
    with pytest.raises(exc.DBAPIError) as refused:
        database.execute(sa.text(last))
    assert isinstance(refused.value, exc.IntegrityError)
    return refused.value


def said_by(error: exc.DBAPIError) -> str:
    """The constraint that refused, as PostgreSQL names it and as SQLite describes it."""
    diagnosis = getattr(error.orig, "diag", None)
    return str(diagnosis.constraint_name if diagnosis is not None else error.orig)


# --- the rows from which everything below starts


def test_every_table_has_a_copy_here() -> None:
    assert set(COPY) == set(TABLES) - {"publication_counter"}


@pytest.mark.parametrize("table", COPY)
def test_a_second_row_is_taken(database: sa.Connection, table: str) -> None:
    if table in PREPARE:
        database.execute(sa.text(PREPARE[table]))
    assert database.execute(sa.text(copy_of(table, {}))).rowcount == 1


# --- checks

CHECKS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "ck_event_ends_after_start": ("event", {"ends_on": "'2023-12-03'"}),
    "ck_event_words_in_order": ("event", {"max_words": "299"}),
    "ck_policy_issue_one_deeper_than_parent": ("policy_issue", {"depth": "1"}),
    "ck_policy_issue_not_merged_into_itself": ("policy_issue", {"id": "77", "merged_into_id": "77"}),
    "ck_process_one_deeper_than_parent": ("process", {"depth": "1"}),
    "ck_process_not_merged_into_itself": ("process", {"id": "77", "merged_into_id": "77"}),
    "ck_sdg_target_one_deeper_than_parent": ("sdg_target", {"depth": "1"}),
    "ck_sdg_target_not_merged_into_itself": ("sdg_target", {"id": "77", "merged_into_id": "77"}),
    "ck_held_text_cause": ("held_text", {"cause": "'whim'"}),
    "ck_held_text_settled_as": ("held_text", {"settled_as": "'lost'", "settled_at": NOW}),
    "ck_held_text_settled_whole": ("held_text", {"settled_as": "'merged'"}),
    "ck_private_notes_version_from_one": ("private_notes", {"version": "0"}),
    "ck_role_grant_role": ("role_grant", {"role": "'king'"}),
    "ck_programme_session_ends_after_start": ("programme_session", {"ends_at": "'2023-12-04 08:59:59'"}),
    "ck_programme_import_applied_without_content": ("programme_import", {"applied_at": NOW}),
    "ck_programme_session_rule": ("programme_session", {"rule": "'whispered'"}),
    "ck_programme_session_cover": ("programme_session", {"cover": "'perhaps'"}),
    "ck_programme_source_not_too_often": ("programme_source", {"every_minutes": "4"}),
    "ck_assignment_state": ("assignment", {"state": "'hoped'"}),
    "ck_assignment_lead_runs": ("assignment", {"state": "'declined'", "lead": "true"}),
    "ck_notice_kind": ("notice", {"kind": "'gossip'"}),
    "ck_report_work_state": ("report", {"work_state": "'lost'"}),
    "ck_report_public_state": ("report", {"number": "1000", "public_state": "'seen'", "published_revision": "1"}),
    "ck_report_public_has_revision": ("report", {"public_state": "'public'"}),
    "ck_report_approved_has_revision": ("report", {"work_state": "'approved'", "filed_revision": "1"}),
    "ck_report_filed_has_revision": ("report", {"work_state": "'filed'"}),
    "ck_report_approved_was_filed": (
        "report", {"work_state": "'approved'", "filed_revision": "1", "approved_revision": "2"}
    ),
    "ck_report_settled_was_public": ("report", {"work_state": "'settled'"}),
    "ck_report_discarded_never_public": (
        "report", {"work_state": "'discarded'", "public_state": "'public'", "published_revision": "1"}
    ),
    "ck_report_claim_whole": ("report", {"claimed_by_id": "1"}),
    "ck_draft_save_sequence_from_one": ("draft_save", {"sequence": "0"}),
    "ck_revision_number_from_one": ("revision", {"number": "0"}),
    "ck_revision_origin": ("revision", {"origin": "'heaven'"}),
    "ck_public_change_kind": ("public_change", {"kind": "'secret'"}),
    "ck_public_change_reason": ("public_change", {"kind": "'withdrawal'", "reason": "'whim'"}),
    "ck_public_change_withdrawal_has_reason": ("public_change", {"kind": "'withdrawal'"}),
    "ck_published_term_kind": ("published_term", {"kind": "'colour'"}),
}  # fmt: skip
# Further ways to break a check that has several arms.
MORE_CHECKS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("ck_policy_issue_one_deeper_than_parent", "policy_issue", {"depth": "-1"}),
    ("ck_policy_issue_one_deeper_than_parent", "policy_issue", {"parent_id": "1", "depth": "1"}),
    ("ck_policy_issue_one_deeper_than_parent", "policy_issue", {"parent_depth": "0", "depth": "1"}),
    ("ck_policy_issue_one_deeper_than_parent", "policy_issue", {"parent_id": "1", "parent_depth": "0", "depth": "2"}),
    ("ck_policy_issue_one_deeper_than_parent", "policy_issue", {"parent_id": "1", "parent_depth": "0", "depth": "0"}),
    ("ck_report_public_has_revision", "report", {"public_state": "'withdrawn'"}),
    ("ck_report_public_has_revision", "report", {"published_revision": "1"}),
    ("ck_report_approved_has_revision", "report", {"approved_revision": "1"}),
    ("ck_report_approved_was_filed", "report", {"work_state": "'approved'", "filed_revision": "2",
                                                "approved_revision": "1"}),
    ("ck_report_discarded_never_public", "report", {"work_state": "'discarded'", "public_state": "'withdrawn'",
                                                    "published_revision": "1"}),
    ("ck_report_claim_whole", "report", {"claimed_until": NOW}),
    ("ck_event_words_in_order", "event", {"min_words": "-1"}),
    ("ck_held_text_settled_whole", "held_text", {"settled_at": NOW}),
    ("ck_public_change_withdrawal_has_reason", "public_change", {"reason": "'other'"}),
)  # fmt: skip
# A null in a comparison makes a check pass: approval of a text that nobody handed in has a row of its own.
COUNTER_CHECKS: Mapping[str, str] = {
    "ck_publication_counter_one_row": "INSERT INTO publication_counter (id, number) VALUES (2, 0)",
    "ck_publication_counter_counts_up": "INSERT INTO publication_counter (id, number) VALUES (1, -1)",
}


def test_every_check_of_the_models_is_tried() -> None:
    named = {
        f"ck_{table.name}_{str(constraint.name).removeprefix(f'ck_{table.name}_')}"
        for table in TABLES.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert named == {*CHECKS, *COUNTER_CHECKS}


@pytest.mark.parametrize(("check", "table", "wrong"), [*((name, *rest) for name, rest in CHECKS.items()), *MORE_CHECKS])
def test_checks(database: sa.Connection, check: str, table: str, wrong: Mapping[str, str]) -> None:
    prepare = [PREPARE[table]] if table in PREPARE else []
    assert said_by(refusal(database, *prepare, copy_of(table, wrong))) in (check, f"CHECK constraint failed: {check}")


@pytest.mark.parametrize("check", COUNTER_CHECKS)
def test_checks_of_the_counter(database: sa.Connection, check: str) -> None:
    assert said_by(refusal(database, COUNTER_CHECKS[check])) in (check, f"CHECK constraint failed: {check}")


def test_an_approved_report_has_a_filed_revision(database: sa.Connection) -> None:
    """`approved_revision = filed_revision` is neither true nor false where nothing was filed."""
    refusal(database, "UPDATE report SET work_state = 'approved', approved_revision = 1, filed_revision = NULL "
                      "WHERE number = 2")  # fmt: skip


# --- keys: (table, the columns that may not stand twice, what else the copy needs)

UNIQUE: Mapping[str, tuple[str, tuple[str, ...], Mapping[str, str]]] = {
    "uq_event_series_slug": ("event_series", ("slug",), {}),
    "uq_event_slug": ("event", ("slug",), {}),
    "uq_policy_issue_slug": ("policy_issue", ("slug",), {}),
    "uq_process_slug": ("process", ("slug",), {}),
    "uq_sdg_target_slug": ("sdg_target", ("slug",), {}),
    "uq_held_text_client_id": ("held_text", ("client_id",), {}),
    "uq_attribution_waiver_report_number_revision_number_name": (
        "attribution_waiver",
        ("report_number", "revision_number", "name"),
        {},
    ),
    "uq_user_email": ("user", ("email",), {}),
    "uq_user_fs_uniquifier": ("user", ("fs_uniquifier",), {}),
    "uq_role_grant_user_event_role": ("role_grant", ("user_id", "event_id", "role"), {}),
    "uq_room_event_id_name": ("room", ("event_id", "name"), {}),
    "uq_track_event_id_name": ("track", ("event_id", "name"), {}),
    "uq_speaker_event_id_name_organisation": ("speaker", ("event_id", "name", "organisation"), {}),
    "uq_draft_save_client_id": ("draft_save", ("client_id",), {}),
    "uq_assignment_lead": ("assignment", ("programme_session_id",), {"lead": "true"}),
    "uq_editor_duty_lead": ("editor_duty", ("event_id",), {"lead": "true"}),
    "uq_report_session": ("report", ("programme_session_id",), {}),
    "uq_report_translation": ("report", ("translation_of", "language"), {"translation_of": "1", "language": "'fr'"}),
}
# Keys that one copied row cannot try: the statements of which the last is refused.
UNIQUE_STATEMENTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "uq_role_grant_user_role_everywhere": (
        ("user_id", "role"),
        ("INSERT INTO role_grant (user_id, event_id, role, granted_at) "
         f"SELECT user_id, NULL, role, {NOW} FROM role_grant WHERE event_id IS NULL",),
    ),
    # Only there for the pointer of a child to its parent's depth; `id` alone is unique already.
    **{
        f"uq_{table}_id_depth": (
            ("id",),
            (f"INSERT INTO {table} (id, depth, slug, name, description, position) "
             f"SELECT id, depth, 'x', 'x', '', 0 FROM {table}",),
        )
        for table in ("policy_issue", "process", "sdg_target")
    },
}  # fmt: skip


def test_every_unique_key_of_the_models_is_tried() -> None:
    convention = Base.metadata.naming_convention["uq"]
    assert isinstance(convention, str)
    named = set()
    for table in TABLES.values():
        for constraint in table.constraints:
            if isinstance(constraint, sa.UniqueConstraint):
                columns = "_".join(column.name for column in constraint.columns)
                named.add(convention % {"table_name": table.name, "column_0_N_name": columns})
        named |= {str(index.name) for index in table.indexes if index.unique}
    assert named == {*UNIQUE, *UNIQUE_STATEMENTS}


def twice(error: exc.DBAPIError, name: str, table: str, columns: tuple[str, ...]) -> None:
    """Check that it was this key that refused: SQLite names its columns."""
    described = "UNIQUE constraint failed: " + ", ".join(f"{table}.{column}" for column in columns)
    assert said_by(error) in (name, described)


@pytest.mark.parametrize("name", UNIQUE)
def test_unique_keys(database: sa.Connection, name: str) -> None:
    table, columns, needs = UNIQUE[name]
    twice(refusal(database, copy_of(table, needs, keep=columns)), name, table, columns)


@pytest.mark.parametrize("name", UNIQUE_STATEMENTS)
def test_unique_keys_by_statements(database: sa.Connection, name: str) -> None:
    columns, statements = UNIQUE_STATEMENTS[name]
    error = refusal(database, *statements)
    if name.endswith("_id_depth"):
        table = name.removeprefix("uq_").removesuffix("_id_depth")
        assert said_by(error) in (name, f"pk_{table}", f"UNIQUE constraint failed: {table}.id")
    else:
        twice(error, name, "role_grant", columns)


@pytest.mark.parametrize("table", TABLES)
def test_primary_keys(database: sa.Connection, table: str) -> None:
    if table == "publication_counter":
        error = refusal(database, "INSERT INTO publication_counter (id, number) VALUES (1, 0)")
    else:
        keys = {name: f'"{name}"' for name in primary_key(table)}
        others = {name: value for name, value in COPY[table].items() if name not in keys}
        error = refusal(database, copy_of(table, others | keys))
    twice(error, f"pk_{table}", table, tuple(primary_key(table)))


@pytest.mark.parametrize(
    "statement",
    [
        # A second report of a session, once the first is discarded, and a discarded one beside a live one
        copy_of("report", {"work_state": "'discarded'"}, keep=("programme_session_id",)),
        # A translation has its original's session and is no second report of it
        copy_of("report", {"translation_of": "1", "language": "'es'"}, keep=("programme_session_id",)),
        # Another language, and the same language once the first translation is discarded
        copy_of("report", {"translation_of": "1", "language": "'es'"}),
        copy_of("report", {"translation_of": "1", "language": "'fr'", "work_state": "'discarded'"}),
        # Wrap-ups of no session
        copy_of("report", {}),
        # The same role at one event and everywhere, and one role at two events
        "INSERT INTO role_grant (user_id, event_id, role, granted_at) "
        f"SELECT user_id, NULL, role, {NOW} FROM role_grant WHERE event_id IS NOT NULL",
        # Many sessions of one calendar entry
        copy_of("programme_session", {}),
        # Several on one session of whom one leads, and several editors
        copy_of("assignment", {}),
        copy_of("editor_duty", {}),
    ],
)
def test_what_unique_keys_leave_alone(database: sa.Connection, statement: str) -> None:
    assert database.execute(sa.text(statement)).rowcount >= 1


def test_a_report_cannot_come_back_beside_another_of_its_session(database: sa.Connection) -> None:
    error = refusal(database, "UPDATE report SET work_state = 'draft' WHERE number = 5")
    twice(error, "uq_report_session", "report", ("programme_session_id",))


# --- pointers


def foreign_keys() -> list[tuple[str, tuple[str, ...], str]]:
    """(table, columns, the table that they point to) of every foreign key of the models."""
    return [
        (table.name, tuple(column.name for column in constraint.columns), constraint.referred_table.name)
        for table in TABLES.values()
        for constraint in sorted(table.foreign_key_constraints, key=lambda one: tuple(one.column_keys))
    ]


# A pointer is only tried where no check stands before it.
NEEDS: Mapping[tuple[str, ...], Mapping[str, str]] = {
    ("parent_id", "parent_depth"): {"depth": "100000"},
    ("number", "filed_revision"): {},
    ("number", "approved_revision"): {"work_state": "'approved'", "filed_revision": "99999"},
    ("number", "published_revision"): {"public_state": "'public'"},
    ("claimed_by_id",): {"claimed_until": NOW},
}


@pytest.mark.parametrize(("table", "columns", "_target"), foreign_keys())
def test_no_pointer_points_nowhere(database: sa.Connection, table: str, columns: tuple[str, ...], _target: str) -> None:
    wrong = {name: "99999" for name in columns if name != "number"} | dict(NEEDS.get(columns, {}))
    prepare = [PREPARE[table]] if table in PREPARE else []
    error = refusal(database, *prepare, copy_of(table, wrong))
    if database.dialect.name == "sqlite":
        assert said_by(error) == "FOREIGN KEY constraint failed"
    else:
        named = {"filed_revision", "approved_revision", "published_revision"} & set(columns)
        expected = {f"fk_{table}_{'_'.join(columns)}", *(f"fk_report_{name}" for name in named)}
        # Of two pointers that are wrong at once, either may be the one that is named.
        expected |= {"fk_report_filed_revision"} if "approved_revision" in columns else set()
        assert said_by(error) in expected


@pytest.mark.parametrize(
    "statement",
    [
        # Report 2 has revision 2, report 1 has only revision 1: the number alone exists, but is another report's.
        "UPDATE report SET filed_revision = 2 WHERE number = 1",
        "UPDATE report SET published_revision = 2 WHERE number = 1",
        "UPDATE report SET work_state = 'approved', filed_revision = 2, approved_revision = 2 WHERE number = 1",
        copy_of("approval", {"revision_number": "2"}),
        copy_of("review_note", {"report_number": "1", "revision_number": "2"}),
        copy_of("published_report", {"report_number": "3", "revision_number": "1"}),
        "UPDATE published_report SET revision_number = 2",
        copy_of("revision_policy_issue", {"report_number": "1", "revision_number": "2"}),
        copy_of("revision_process", {"report_number": "1", "revision_number": "2"}),
        copy_of("revision_sdg_target", {"report_number": "1", "revision_number": "2"}),
        copy_of("attribution_waiver", {"report_number": "1", "revision_number": "2"}),
    ],
)
def test_no_pointer_names_another_reports_revision(database: sa.Connection, statement: str) -> None:
    assert database.execute(sa.text("SELECT count(*) FROM revision WHERE number = 2")).scalar_one() == 1
    error = refusal(database, statement)
    assert "FOREIGN KEY constraint failed" in str(error) or said_by(error).startswith("fk_")


def test_no_public_change_names_another_reports_revision(database: sa.Connection) -> None:
    error = refusal(database, COUNT_UP, copy_of("public_change", {"revision_number": "2"}))
    assert "FOREIGN KEY constraint failed" in str(error) or said_by(error).startswith("fk_public_change_")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM policy_issue WHERE slug = 'data-flows'",
        "DELETE FROM \"user\" WHERE id = 1",
        "DELETE FROM event",
        "DELETE FROM programme_session WHERE id = 1",
        "DELETE FROM published_report",
    ],
)  # fmt: skip
def test_what_is_pointed_at_stays(database: sa.Connection, statement: str) -> None:
    """No foreign key empties or unsets what points to a row that goes."""
    error = refusal(database, statement)
    assert "FOREIGN KEY constraint failed" in str(error) or said_by(error).startswith("fk_")


def test_no_pointer_takes_texts_along() -> None:
    acts = {
        (constraint.ondelete, constraint.onupdate)
        for table in TABLES.values()
        for constraint in table.foreign_key_constraints
    }
    assert acts == {(None, None)}


# --- the trees of policy issues, processes and development goals: in each, 2 and 3 lie below 1, and 4 by itself


def child(of: int, depth: int) -> str:
    return (
        "INSERT INTO {tree} (id, parent_id, parent_depth, depth, slug, name, description, position) "
        f"VALUES (10, {of}, {depth - 1}, {depth}, 'ten', 'Ten', '', 0)"
    )


@pytest.mark.parametrize(
    "statements",
    [
        # its own parent
        ("UPDATE {tree} SET parent_id = id, parent_depth = depth, depth = depth + 1 WHERE id = 4",),
        ("UPDATE {tree} SET parent_id = id, parent_depth = depth WHERE id = 4",),
        ("UPDATE {tree} SET parent_id = id WHERE id = 2",),
        # a ring of two, in one step and in two
        ("UPDATE {tree} SET parent_id = 2, parent_depth = 1, depth = 2 WHERE id = 1",),
        ("UPDATE {tree} SET parent_id = CASE id WHEN 1 THEN 2 ELSE 1 END, parent_depth = 1 - depth, "
         "depth = 2 - depth WHERE id IN (1, 2)",),
        # a ring of three
        (child(2, 2), "UPDATE {tree} SET parent_id = 10, parent_depth = 2, depth = 3 WHERE id = 1"),
        (child(2, 2), "UPDATE {tree} SET parent_id = 10, parent_depth = 2, depth = 1 WHERE id = 2"),
        (child(2, 2), "UPDATE {tree} SET parent_id = CASE id WHEN 1 THEN 10 ELSE parent_id END, "
                      "parent_depth = CASE id WHEN 1 THEN 2 ELSE parent_depth END, "
                      "depth = CASE id WHEN 1 THEN 3 ELSE depth END WHERE id IN (1, 2, 10)"),
        # a depth that is not its parent's plus one
        (child(2, 1),),
        (child(2, 3),),
        ("UPDATE {tree} SET depth = 5 WHERE id = 2",),
        # moved below another, its own children left behind
        ("UPDATE {tree} SET parent_id = 4, parent_depth = 0, depth = 1 WHERE id = 1",),
    ],
)  # fmt: skip
@pytest.mark.parametrize("tree", ["policy_issue", "process", "sdg_target"])
def test_no_tree_closes_into_a_ring(database: sa.Connection, tree: str, statements: tuple[str, ...]) -> None:
    error = refusal(database, *(statement.format(tree=tree) for statement in statements))
    assert re.search(f"FOREIGN KEY constraint failed|fk_{tree}_parent|ck_{tree}_one_deeper", str(error))


@pytest.mark.parametrize("statement", [child(2, 2), "UPDATE {tree} SET parent_id = 4, parent_depth = 0 WHERE id = 2"])
@pytest.mark.parametrize("tree", ["policy_issue", "process", "sdg_target"])
def test_terms_may_be_added_below_and_moved(database: sa.Connection, tree: str, statement: str) -> None:
    assert database.execute(sa.text(statement.format(tree=tree))).rowcount == 1


# --- triggers: by their names, statements of which the last is refused, and the sentence that says why

REDACT = f"UPDATE revision SET redacted_at = {NOW}, body = '[removed]' WHERE report_number = 1"
GUARDS: Mapping[str, tuple[str, tuple[tuple[str, ...], ...]]] = {
    **{
        f"guard_{table}_no_{act}": (f"{table} is append-only", ((statement.format(table=table),),))
        for table in guards.APPEND_ONLY
        for act, statement in (
            ("update", "UPDATE {table} SET report_number = report_number"),
            ("delete", "DELETE FROM {table}"),
        )
    },
    **{
        f"guard_revision_{term}_before_approval": (
            "an approved revision takes no further subject",
            ((copy_of(f"revision_{term}", {"report_number": "1", "revision_number": "1", f"{term}_id": "4"}),),),
        )
        for term in ("policy_issue", "process", "sdg_target")
    },
    "guard_revision_no_update": (
        "a revision is never changed",
        (
            ("UPDATE revision SET headline = 'Other'",),
            ("UPDATE revision SET body = body",),
            ("UPDATE revision SET redacted_at = NULL",),
            (REDACT, REDACT),
            (REDACT, "UPDATE revision SET body = 'Other' WHERE report_number = 1"),
            (REDACT, "UPDATE revision SET redacted_at = NULL WHERE report_number = 1"),
            (f"{REDACT.partition(' WHERE')[0]}, number = number + 100",),
            (f"{REDACT.partition(' WHERE')[0]}, report_number = 3",),
            (f"{REDACT.partition(' WHERE')[0]}, made_by_id = 3",),
            (f"{REDACT.partition(' WHERE')[0]}, made_at = {NOW}",),
            (f"{REDACT.partition(' WHERE')[0]}, origin = 'merged'",),
            (f"{REDACT.partition(' WHERE')[0]}, based_on = 7",),
            (f"{REDACT.partition(' WHERE')[0]}, draft_sequence = 7",),
            (f"{REDACT.partition(' WHERE')[0]}, draft_sequence = NULL",),
        ),
    ),
    "guard_revision_no_delete": ("a revision is never deleted", (("DELETE FROM revision",),)),
    "guard_report_no_delete": (
        "a report is never deleted",
        (("DELETE FROM report",), ("DELETE FROM report WHERE number = 5",)),
    ),
    "guard_draft_save_no_update": (
        "a draft save is never changed",
        (("UPDATE draft_save SET body = 'Other'",), ("UPDATE draft_save SET set_aside = NOT set_aside",)),
    ),
    "guard_public_change_follows_counter": (
        "a public change takes its number from the counter",
        tuple(
            (COUNT_UP, copy_of("public_change", {"number": f"(SELECT number + {away} FROM publication_counter)"}))
            for away in (-2, 1, 100)
        ),
    ),
    "guard_publication_counter_by_one": (
        "the publication counter goes up by one",
        tuple(
            (f"UPDATE publication_counter SET {change}",)
            for change in ("number = number", "number = number + 2", "number = number - 1", "number = 0",
                           "number = number + 1, id = 2")
        ),
    ),
    "guard_publication_counter_stays": ("the publication counter stays", (("DELETE FROM publication_counter",),)),
}  # fmt: skip


def triggers(connection: sa.Connection) -> set[str]:
    """The names of the database's own triggers, without those by which PostgreSQL keeps foreign keys."""
    if connection.dialect.name == "sqlite":
        statement = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        statement = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.execute(sa.text(statement)).scalars())


def test_every_trigger_of_the_database_is_tried(database: sa.Connection) -> None:
    assert triggers(database) == set(GUARDS)


@pytest.mark.parametrize(
    ("guard", "statements"), [(name, statements) for name, (_, every) in GUARDS.items() for statements in every]
)
def test_guards(database: sa.Connection, guard: str, statements: tuple[str, ...]) -> None:
    sentence = str(refusal(database, *statements).orig)
    assert sentence.partition("\n")[0] == GUARDS[guard][0]


def test_a_revision_is_redacted_once(database: sa.Connection) -> None:
    before = database.execute(sa.text("SELECT body FROM revision WHERE report_number = 2")).scalars().all()
    assert database.execute(sa.text(REDACT)).rowcount == 1
    rows = database.execute(sa.text("SELECT report_number, body, redacted_at IS NOT NULL FROM revision ORDER BY 1, 2"))
    assert [tuple(row) for row in rows] == [(1, "[removed]", True), *((2, body, False) for body in sorted(before))]


def test_what_guards_leave_alone(database: sa.Connection) -> None:
    """Old saves may be thinned, the counter goes up, reports move, the projection is written anew."""
    for statement, rows in (
        ("DELETE FROM draft_save WHERE report_number = 1", 1),
        (COUNT_UP, 1),
        ("UPDATE report SET work_state = 'draft' WHERE number = 2", 1),
        ("DELETE FROM published_term", 2 + 1 + 1),
        ("DELETE FROM published_report", 1),
    ):
        assert database.execute(sa.text(statement)).rowcount == rows


def test_the_numbers_of_public_changes_have_no_gap(database: sa.Connection) -> None:
    """A number can only be the counter's, and the counter moves by one: so skipping needs a change left out."""
    for _ in range(3):
        database.execute(sa.text(COUNT_UP))
        database.execute(sa.text(copy_of("public_change", {})))
    assert database.execute(sa.text("SELECT number FROM public_change ORDER BY number")).scalars().all() == [1, 2, 3, 4]
    assert database.execute(sa.text("SELECT number FROM publication_counter")).scalar_one() == 4


@pytest.mark.parametrize("table", ["approval", "public_change", "history_entry", "revision", "revision_policy_issue",
                                   "revision_process", "publication_counter", "report"])  # fmt: skip
def test_no_row_is_replaced(database: sa.Connection, table: str) -> None:
    """SQLite's REPLACE deletes and inserts: a way around the triggers that keep rows."""
    if database.dialect.name != "sqlite":
        pytest.skip("PostgreSQL knows no REPLACE; ON CONFLICT … DO UPDATE meets the triggers as an UPDATE")
    names = ", ".join(f'"{column.name}"' for column in TABLES[table].columns)
    refusal(database, f'REPLACE INTO "{table}" ({names}) SELECT {names} FROM "{table}"')


@pytest.mark.usefixtures("context")
def test_a_naive_moment_is_refused() -> None:
    """Nobody can know what it meant."""
    event = factories.event()
    with pytest.raises(exc.StatementError, match="a naive datetime was given to the database"), unit_of_work():
        event.created_at = T0.replace(tzinfo=None)


@pytest.mark.usefixtures("context")
def test_moments_come_back_aware_and_in_utc() -> None:
    event = factories.event()
    db.session.expire_all()
    assert (event.created_at, event.created_at.tzinfo) == (T0, T0.tzinfo)

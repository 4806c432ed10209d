"""What somebody follows, to and from an address: one selection has one address, and nothing is silently dropped."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from conftest import SCALE
from hypothesis import given, settings
from hypothesis import strategies as st

from reporter.rules import addresses
from reporter.rules.errors import Refused
from reporter.rules.selection import PARAMETERS, Selection

randomised = settings(max_examples=max(20, int(300 * SCALE)), deadline=None, derandomize=True)
slugs = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
slug_lists = st.lists(slugs, max_size=4)


def test_values_are_sorted_and_stand_once() -> None:
    chosen = Selection.of(policy_issues=["spam", "data-flows", "spam"], events=["b", "a", "b"], processes=["d", "c"])
    assert chosen == Selection(policy_issues=("data-flows", "spam"), events=("a", "b"), processes=("c", "d"))


@randomised
@given(st.permutations(["spam", "data-flows", "customs-duties"]), st.permutations(["b", "a"]))
def test_the_order_of_choosing_does_not_matter(issues: list[str], events: list[str]) -> None:
    chosen = Selection.of(policy_issues=issues, events=events)
    assert chosen.query() == "event=a&event=b&issue=customs-duties&issue=data-flows&issue=spam"


def test_everything_has_no_query() -> None:
    assert Selection().query() == ""
    assert Selection.from_query([]) == Selection()


@randomised
@given(slug_lists, slug_lists, slug_lists)
def test_to_an_address_and_back(issues: list[str], events: list[str], processes: list[str]) -> None:
    chosen = Selection.of(policy_issues=issues, events=events, processes=processes)
    assert Selection.from_query(parse_qsl(chosen.query(), strict_parsing=chosen != Selection())) == chosen


@randomised
@given(st.lists(st.tuples(st.sampled_from(PARAMETERS), slugs), max_size=6))
def test_from_an_address_whatever_the_order_of_its_parameters(pairs: list[tuple[str, str]]) -> None:
    assert Selection.from_query(pairs) == Selection.from_query(reversed(pairs))
    assert Selection.from_query(pairs) == Selection.of(
        policy_issues=[value for name, value in pairs if name == "issue"],
        events=[value for name, value in pairs if name == "event"],
        processes=[value for name, value in pairs if name == "process"],
    )


@pytest.mark.parametrize("name", ["issues", "Issue", "policy_issue", "lang", "page", "", "issue "])
def test_an_unknown_parameter_is_refused_by_name(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        Selection.from_query([("issue", "data-flows"), (name, "x")])
    assert str(refusal.value) == f"This list cannot be narrowed by “{name}”. Use issue, event or process."


def test_an_empty_value_is_not_the_same_as_no_limit() -> None:
    """`?issue=` must not show everything; nothing is called "", so the listing answers that there is no such thing."""
    assert Selection.from_query([("issue", "")]) != Selection()
    assert Selection.from_query([("event", "")]).events == ("",)


def test_a_character_that_no_database_holds_names_nothing() -> None:
    assert Selection.from_query([("issue", "data\x00flows")]).policy_issues == ("data\ufffdflows",)


@pytest.mark.parametrize(
    ("chosen", "page", "feed"),
    [
        (Selection(), "/reports", "/reports.rss"),
        (Selection.of(policy_issues=["data-flows"]), "/issues/data-flows", "/issues/data-flows.rss"),
        (Selection.of(events=["eweek-2023"]), "/events/eweek-2023", "/events/eweek-2023.rss"),
        (
            Selection.of(policy_issues=["spam", "data-flows"]),
            "/reports?issue=data-flows&issue=spam",
            "/reports.rss?issue=data-flows&issue=spam",
        ),
        (Selection.of(events=["b", "a"]), "/reports?event=a&event=b", "/reports.rss?event=a&event=b"),
        (
            Selection.of(policy_issues=["data-flows"], events=["eweek-2023"]),
            "/reports?event=eweek-2023&issue=data-flows",
            "/reports.rss?event=eweek-2023&issue=data-flows",
        ),
        (Selection.of(processes=["depa"]), "/processes/depa", "/processes/depa.rss"),
        (
            Selection.of(processes=["jsi", "depa"], policy_issues=["spam"]),
            "/reports?issue=spam&process=depa&process=jsi",
            "/reports.rss?issue=spam&process=depa&process=jsi",
        ),
        (Selection.of(policy_issues=["中文"]), "/issues/%E4%B8%AD%E6%96%87", "/issues/%E4%B8%AD%E6%96%87.rss"),
        (
            Selection.of(policy_issues=["a&b", "c=d?e"]),
            "/reports?issue=a%26b&issue=c%3Dd%3Fe",
            "/reports.rss?issue=a%26b&issue=c%3Dd%3Fe",
        ),
    ],
)
def test_the_address_of_a_selection_and_of_its_feed(chosen: Selection, page: str, feed: str) -> None:
    assert addresses.selection(chosen) == page
    assert addresses.feed(chosen, "rss") == feed
    assert addresses.feed(chosen, "atom") == feed.replace(".rss", ".atom", 1)


@randomised
@given(slug_lists, slug_lists, slug_lists)
def test_an_address_says_the_whole_selection(issues: list[str], events: list[str], processes: list[str]) -> None:
    chosen = Selection.of(policy_issues=issues, events=events, processes=processes)
    parts = urlsplit(addresses.selection(chosen))
    if len(chosen.policy_issues) + len(chosen.events) + len(chosen.processes) == 1:
        assert parts.query == ""
    else:
        assert parts.path == "/reports"
        assert Selection.from_query(parse_qsl(parts.query)) == chosen

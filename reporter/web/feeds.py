"""Every selection as RSS and Atom, at the address of its page with the format's ending."""

from collections.abc import Callable
from typing import cast

from flask import Blueprint, Response, current_app, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from reporter.models.taxonomy import Tree
from reporter.outlets import feeds
from reporter.queries import published, taxonomy
from reporter.rules import addresses
from reporter.rules.addresses import FeedFormat
from reporter.rules.errors import N_, NotFound, Refused
from reporter.rules.selection import Selection
from reporter.web.pages import base_url, listing

blueprint = Blueprint("feeds", __name__)

MIME = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


@blueprint.get("/reports.<any(rss, atom):kind>")
def reports(kind: str) -> AnyResponse:
    """Any selection; a single term's feed stands beside its page."""
    selection = Selection.from_query(request.args.items(multi=True))
    canonical = addresses.feed(selection, cast(FeedFormat, kind))
    if request.full_path.rstrip("?") != canonical:
        return redirect(canonical, 301)
    return _feed(selection, cast(FeedFormat, kind))


@blueprint.get("/issues/<slug>.<any(rss, atom):kind>")
def policy_issue(slug: str, kind: str) -> AnyResponse:
    """One policy issue, its children included; one that was merged goes on as what it became."""
    return _of_term(taxonomy.by_slug(slug), cast(FeedFormat, kind), lambda one: Selection.of(policy_issues=[one]))


@blueprint.get("/processes/<slug>.<any(rss, atom):kind>")
def process(slug: str, kind: str) -> AnyResponse:
    """One negotiation or agreement; one that was merged goes on as what it became."""
    return _of_term(taxonomy.process_by_slug(slug), cast(FeedFormat, kind), lambda one: Selection.of(processes=[one]))


@blueprint.get("/events/<slug>.<any(rss, atom):kind>")
def event(slug: str, kind: str) -> AnyResponse:
    """One event."""
    return _feed(_narrowed(Selection.of(events=[slug])), cast(FeedFormat, kind))


def _of_term(found: Tree | None, kind: FeedFormat, select: Callable[[str], Selection]) -> AnyResponse:
    if found is None:
        raise NotFound
    now = taxonomy.now_called(found)
    if now is not found:
        return redirect(addresses.feed(select(now.slug), kind), 301)
    return _feed(_narrowed(select(found.slug)), kind)


def _narrowed(selection: Selection) -> Selection:
    """The selection of a term's own feed; refused where the address asks for less: nothing is dropped in silence."""
    for name in request.args:
        raise Refused(N_("This list cannot be narrowed by “%(name)s”. Use issue, event or process."), name=name)
    return selection


def _feed(selection: Selection, kind: FeedFormat) -> Response:
    settings = current_app.config["REPORTER"]
    make = feeds.rss if kind == "rss" else feeds.atom
    entries = listing(selection, size=published.FEED_SIZE)
    data = make(
        entries,
        selection=selection,
        base_url=base_url(),
        tag_authority=settings.authority,
        translate=gettext,
        hub=settings.websub_hub or None,
    )
    response = Response(data, mimetype=MIME[kind])
    response.headers["Content-Type"] = f"{MIME[kind]}; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    # Of any public change, not of the newest entry: a withdrawal or a minor change makes no entry newer.
    response.last_modified = published.changed_at()
    response.add_etag()
    return cast(Response, response.make_conditional(request))

"""Every selection as RSS and Atom, at the address of its page with the format's ending."""

from typing import cast

from flask import Blueprint, Response, current_app, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from reporter.outlets import feeds
from reporter.queries import published, taxonomy
from reporter.rules import addresses
from reporter.rules.addresses import FeedFormat
from reporter.rules.errors import NotFound
from reporter.rules.selection import Selection
from reporter.web.pages import asked_address, asked_for, base_url, listing

blueprint = Blueprint("feeds", __name__)


@blueprint.after_request
def _revalidate(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    return response


MIME = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


@blueprint.get("/reports.<any(rss, atom):kind>")
def reports(kind: str) -> AnyResponse:
    """Any selection; a single term's feed stands beside its page."""
    return _feed(asked_for(), cast(FeedFormat, kind))


@blueprint.get("/issues/<slug>.<any(rss, atom):kind>")
def policy_issue(slug: str, kind: str) -> AnyResponse:
    """One policy issue, its children included; one that was merged goes on as what it became."""
    issue = taxonomy.by_slug(slug)
    if issue is None:
        raise NotFound
    now = taxonomy.now_called(issue)
    if now is not issue:
        return redirect(addresses.feed(Selection.of(policy_issues=[now.slug]), cast(FeedFormat, kind)), 301)
    return _feed(asked_for(policy_issues=[slug]), cast(FeedFormat, kind))


@blueprint.get("/processes/<slug>.<any(rss, atom):kind>")
def process(slug: str, kind: str) -> AnyResponse:
    """One negotiation or agreement; one that was merged goes on as what it became."""
    found = taxonomy.process_by_slug(slug)
    if found is None:
        raise NotFound
    now = taxonomy.now_called(found)
    if now is not found:
        return redirect(addresses.feed(Selection.of(processes=[now.slug]), cast(FeedFormat, kind)), 301)
    return _feed(asked_for(processes=[slug]), cast(FeedFormat, kind))


@blueprint.get("/events/<slug>.<any(rss, atom):kind>")
def event(slug: str, kind: str) -> AnyResponse:
    """One event."""
    return _feed(asked_for(events=[slug]), cast(FeedFormat, kind))


def _feed(selection: Selection, kind: FeedFormat) -> AnyResponse:
    canonical = addresses.feed(selection, kind)
    if asked_address() != canonical:
        return redirect(canonical, 301)
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
    # When the public last saw anything change, not when the newest entry did: a withdrawal takes that one away.
    response.last_modified = published.changed_at()
    response.add_etag()
    return cast(Response, response.make_conditional(request))

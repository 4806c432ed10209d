"""A person at a browser without script: follows addresses, fills in forms with their CSRF tokens, checks every page."""

from collections.abc import Mapping, Sequence
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from lxml import html as lxml_html
from werkzeug.test import TestResponse

Typed = Mapping[str, str | int | Sequence[str | int]]


def parsed(text: str) -> Any:
    """The tree of a page; lxml's types say too little of what XPath answers to be of use here."""
    return lxml_html.fromstring(text)


class Navigator:
    """Every HTML page that comes back must parse without an error and hold no inline script or style."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def get(self, address: str, *, status: int = 200, **options: Any) -> TestResponse:
        """Open an address; the answer must have this status."""
        return self._check(self.client.get(address, **options), status)

    def post(self, address: str, typed: Typed | None = None, *, status: int = 303, token: str | None = None,
             **options: Any) -> TestResponse:  # fmt: skip
        """Send a form as a page of ours would, with the token of the present sign-in."""
        data = {**(typed or {}), "csrf_token": token if token is not None else self.token()}
        return self._check(self.client.post(address, data=data, **options), status)

    def submit(self, page: TestResponse, *, act: str | None = None, status: int = 303, form: int | str = 0,
               **typed: str | int | Sequence[str | int]) -> TestResponse:  # fmt: skip
        """Fill in a form of `page` (by place or the end of its address) and press the button with the value `act`."""
        tree = parsed(page.get_data(as_text=True))
        forms = [one for one in tree.forms if "/logout" not in (one.action or "")]
        found = forms[form] if isinstance(form, int) else next(f for f in forms if (f.action or "").endswith(form))
        data: dict[str, Any] = {}
        for name, value in found.form_values():
            data.setdefault(name, []).append(value)
        data.update(typed)
        if act is not None:
            data["act"] = act
        return self._check(self.client.post(found.action, data=data), status)

    def token(self) -> str:
        """A CSRF token of the present sign-in, as any page of the desk carries one."""
        page = parsed(self.client.get("/desk/", follow_redirects=True).get_data(as_text=True))
        return str(page.xpath("//input[@name='csrf_token']/@value")[0])

    def sign_in(self, email: str, password: str) -> "Navigator":
        """Sign in on the page for it."""
        page = self.get("/login")
        self.submit(page, status=302, email=email, password=password)
        return self

    def _check(self, response: TestResponse, status: int) -> TestResponse:
        text = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        assert response.status_code == status, f"{response.status} at {response.request.path}: {text[:2000]}"
        if text and response.status_code not in (301, 302, 303):
            check_page(text)
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        return response


def check_page(text: str) -> None:
    """Raise where a page is not well-formed HTML, or holds script or style of its own."""
    html5lib.HTMLParser(strict=True).parse(text)
    tree = parsed(text)
    assert not tree.xpath("//script[not(@src)] | //style | //*[@style] | //@*[starts-with(name(), 'on')]")
    assert len(tree.xpath("//h1")) == 1, "a page has one main heading"
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)), "an id stands twice on the page"
    unlabelled = [
        field.get("name")
        for field in tree.xpath("//input[not(@type='hidden')] | //textarea | //select")
        if not tree.xpath(f"//label[@for='{field.get('id')}']") and not field.xpath("ancestor::label")
    ]
    assert unlabelled == [], "a field has no label"

"""A writing page at the real server, as its script behaves: what it sends, what it takes in, what it was promised."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from served import Person

RECEIVED = ("received", "filed")


@dataclass
class WritingPage:
    """One page on one device, on which one paragraph of the text is written; what others write it takes in.

    `kept` is what the server said that it received: the report, the save's number and its text. `errors` is every
    answer that a page could do nothing with.
    """

    person: Person
    place: str
    account: int
    paragraph: int = 0
    device: str = field(default_factory=lambda: uuid4().hex)
    report: int | None = None
    base: int = 0
    headline: str = ""
    paragraphs: list[str] = field(default_factory=list)
    kept: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @staticmethod
    def of(person: Person, place: str, *, paragraph: int = 0) -> "WritingPage":
        """A page opened by somebody who is signed in, at a connection of its own."""
        window = person.beside()
        ready = json.loads(window.get("/desk/ready").text)
        window.token = ready["token"]
        page = WritingPage(window, place, ready["account"], paragraph)
        page.look()
        window.connection.close()  # others are still opening theirs: no server keeps one so long that says nothing
        return page

    def look(self) -> None:
        """Show the working text as it is now, where there is one."""
        told = json.loads(self.person.get(f"{self.place}/saves?after=0").text)
        if "fields" in told:
            self._show(told["report"], told["head"], told["fields"])

    def write(self, words: str, *, adopts: bool = True, resends: bool = False) -> None:
        """Type into the paragraph and send; sent again, as after an answer that was lost, it must be answered alike."""
        while len(self.paragraphs) <= self.paragraph:
            self.paragraphs.append(f"Paragraph {len(self.paragraphs)} to be written.")
        self.paragraphs[self.paragraph] = words
        body = "\n\n".join(self.paragraphs)
        fields = [
            ("headline", self.headline or "A headline"), ("lead", ""), ("key_points", ""), ("body", body),
            ("byline", ""), ("language", "en"), ("checked_by", ""), ("client_id", uuid4().hex), ("based_on", self.base),
            ("report", "" if self.report is None else self.report), ("act", "save"), ("account", self.account),
            ("device", self.device),
        ]  # fmt: skip
        told = self._send(fields)
        if resends and (again := self._send(fields)).get("sequence") != told.get("sequence"):
            self.errors.append(f"sent again: {told} and then {again}")
        if told.get("state") not in RECEIVED:
            self.errors.append(str(told)[:500])
            return
        self.kept[told["report"], told["sequence"]] = body
        self.report, self.base = told["report"], told["sequence"]
        if "fields" in told and adopts:
            self._show(told["report"], told["head"], told["fields"])

    def _send(self, fields: list[tuple[str, Any]]) -> dict[str, Any]:
        answer = self.person.send(f"{self.place}/saves", urlencode(fields), X_CSRFToken=self.person.token)
        if answer.status != 200:
            return {"state": f"{answer.status} {answer.text[:500]}"}
        return dict(json.loads(answer.text))

    def _show(self, report: int, head: int, fields: list[list[str]]) -> None:
        values = dict(reversed([(name, value) for name, value in fields]))
        self.report, self.base = report, head
        self.headline, self.paragraphs = values["headline"], values["body"].split("\n\n")

"""People at a browser, named as they act."""

import re
from dataclasses import dataclass
from typing import Self

from playwright.sync_api import Page, expect

EVENT = "UNCTAD eWeek 2023 (sample)"


@dataclass
class Actor:
    """Somebody who signed in."""

    page: Page

    @classmethod
    def signs_in(cls, page: Page, email: str, password: str) -> Self:
        page.goto("/desk/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="What comes next")).to_be_visible()
        return cls(page)

    def signs_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_have_count(0)


class Rapporteur(Actor):
    def chooses_session(self, title: str) -> None:
        self.page.goto("/desk/")
        self.page.get_by_role("link", name=EVENT).click()
        self.page.get_by_role("link", name=title).first.click()

    def writes(self, *, headline: str, lead: str, key_points: str, text: str, policy_issues: tuple[str, ...]) -> None:
        self.page.get_by_label("Headline").fill(headline)
        self.page.get_by_label("In one or two sentences").fill(lead)
        self.page.get_by_label("Key points").fill(key_points)
        self.page.get_by_label("Text", exact=True).fill(text)
        for issue in policy_issues:
            self.page.get_by_label(issue).check()

    def saves(self) -> None:
        self.page.get_by_role("button", name="Save the draft").click()
        expect(self.page.get_by_text("Draft safe on the server")).to_be_visible()

    def hands_in(self) -> int:
        """The number of the report."""
        self.page.get_by_role("button", name="Hand in to the editors").click()
        expect(self.page.get_by_role("status")).to_contain_text("Handed in")
        found = re.search(r"/desk/reports/(\d+)$", self.page.url)
        assert found is not None, self.page.url
        return int(found[1])


class Editor(Actor):
    def opens(self, headline: str) -> None:
        self.page.goto("/desk/review/")
        self.page.get_by_role("link", name=headline).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(headline)

    def presses(self, button: str, then: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()
        expect(self.page.get_by_role("status")).to_contain_text(then)

    def withdraws(self, why: str) -> None:
        self.page.get_by_text("Take the public text back").click()
        self.page.get_by_label("What readers are told").fill(why)
        self.page.get_by_label("Why").select_option(label="It is not accurate")
        self.presses("Withdraw", "Withdrawn")

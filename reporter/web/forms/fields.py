"""A field that several forms share."""

from collections.abc import Sequence

from wtforms import IntegerField
from wtforms.widgets import HiddenInput


class HiddenNumber(IntegerField):  # type: ignore[misc]
    """A number that a page carries along; what is none, or fits no table, counts as not sent."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take a whole number from 0 to 2**31 - 1."""
        typed = valuelist[0] if valuelist else ""
        sound = typed.isascii() and typed.isdigit() and len(typed) <= 10 and int(typed) < 2**31
        self.data = int(typed) if sound else None

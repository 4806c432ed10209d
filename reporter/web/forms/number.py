"""A whole number that a hidden field carries."""

from collections.abc import Sequence

from wtforms import IntegerField


class NumberField(IntegerField):  # type: ignore[misc]
    """Counted from 0; what no table can hold counts as nothing sent. Shows `data`, whatever was sent before."""

    data: int | None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the number that was sent."""
        super().process_formdata(valuelist)
        if self.data is not None and not 0 <= self.data < 2**31:
            self.data = None

    def _value(self) -> str:
        # IntegerField prefers what was sent: a form shown again after a refusal would be out of date for ever.
        return "" if self.data is None else str(self.data)

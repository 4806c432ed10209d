"""An end for what would otherwise never end."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class Hangs(BaseException):
    """No Exception: readers turn every one of those into a refusal."""


@contextmanager
def no_hang(seconds: int = 30) -> Iterator[None]:
    """Raise Hangs in what takes longer; far more than anything needs, because no test is about speed."""

    def stop(_number: int, _frame: object) -> None:
        raise Hangs(f"still at it after {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)

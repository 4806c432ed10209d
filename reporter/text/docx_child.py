"""A program of its own: a Word document on standard input becomes HTML on standard output, within limits.

mammoth builds the whole document several times over in memory; a small file can make it take minutes and gigabytes.
Here it may have a bounded share of both, and when it takes more, only this process ends. It is started by its path
and imports nothing of Reporter, so it begins within a fifth of a second and knows none of the server's secrets.
Its answers: 0 and the HTML, or one of the exit codes below.
"""

import resource
import sys
from io import BytesIO
from pathlib import Path

import defusedxml
import mammoth

DAMAGED = 2
TOO_LARGE = 3
MAX_SECONDS = 4  # of processor time
MAX_MEMORY = 140_000_000  # bytes beyond those that the program itself takes
MAX_HTML = 8_000_000  # bytes
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
"""


def main() -> int:
    """Convert standard input; the exit code."""
    # mammoth reads XML with the standard library, which would expand entities.
    defusedxml.defuse_stdlib()  # type: ignore[attr-defined]  # its types forget this one
    _limit()
    try:
        document = BytesIO(sys.stdin.buffer.read())
        converted = mammoth.convert_to_html(document, style_map=STYLES, convert_image=_no_image)
        html = converted.value.encode()
        if len(html) > MAX_HTML:
            return TOO_LARGE
        sys.stdout.buffer.write(html)
        sys.stdout.buffer.flush()
    except (MemoryError, RecursionError):
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - whatever mammoth stumbles over, the document is at fault
        return DAMAGED
    return 0


def _no_image(image: object) -> list[object]:  # noqa: ARG001 - mammoth's argument
    """Nothing for any picture; so none is opened either, wherever it may lie."""
    return []


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # bytes of any file
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    own = Path("/proc/self/statm")
    if own.exists():  # elsewhere than on Linux the limit on time is what ends it
        limit = int(own.read_text().split()[0]) * resource.getpagesize() + MAX_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    sys.exit(main())

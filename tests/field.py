"""Where the real files are: programmes of past events, hostile files and texts. They are no part of the project.

Tests that read them are skipped where the folder is not there; each has smaller samples of its own beside it.
"""

import os
from pathlib import Path

FIELD = Path(os.environ.get("FIELD_FILES") or Path(__file__).resolve().parents[2] / "shared" / "field")

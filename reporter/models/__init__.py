"""Tables, constraints and nothing else. Importing this package makes every table known to `database.Base`."""

from reporter.models import assignment, event, history, people, programme, report, taxonomy

__all__ = ["assignment", "event", "history", "people", "programme", "report", "taxonomy"]

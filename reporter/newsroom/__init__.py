"""Every change of the house: verb(thing, *, by, at). Verbs may flush, never commit, and leave a HistoryEntry."""

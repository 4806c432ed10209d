"""Readers of programme files: bytes in, one ProgrammeDraft out; no database, no network."""

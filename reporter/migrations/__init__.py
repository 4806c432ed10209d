"""Alembic's migrations, and the one way to bring a database to the newest."""

"""Bytes and text in, values out: Markdown, slugs."""

"""Readers of our topics in other languages, as docs/consume.md has them, on a real cluster."""

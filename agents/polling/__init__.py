"""Polling: when feeds are due, reading them, remembering what was seen."""

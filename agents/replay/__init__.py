"""Sends archives and seeds through the very path that live feeds take: files in, entries on their topic."""

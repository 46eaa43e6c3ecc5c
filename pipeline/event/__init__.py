"""Decides what is published about an article: who said what about a subject; fed by `mention`."""

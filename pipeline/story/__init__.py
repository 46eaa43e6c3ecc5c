"""Decides what a reader is told of a running story and what changed; fed with events alone."""

"""Decides which article an entry belongs to and which revisions that article has; fed by `feed`."""

"""Decides what a source document says: bytes of a feed, an archive row or a plain text in, entries out."""

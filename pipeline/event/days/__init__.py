"""Expressions of days in a sentence, and the days they mean."""

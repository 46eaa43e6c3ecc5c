"""Quantities of a sentence as rows of the claim ledger."""

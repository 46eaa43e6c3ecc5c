"""Tests of the events: cases as data beside them."""

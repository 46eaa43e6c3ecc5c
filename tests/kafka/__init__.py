"""A real Apache Kafka cluster on loopback, for tests and for trying storywire on one machine.

Fixtures are in `fixtures.py`; `make kafka` is `__main__.py`. Nobody who runs storywire needs this room.
"""

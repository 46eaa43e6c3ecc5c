"""The transports under the Faust app; the embedded one is a durable log in one SQLite file."""

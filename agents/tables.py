"""Writing table rows from a batch of events.

Inside `take_events()` Faust has no current event, and a table needs one to know which partition of the
changelog a row belongs to. Write rows one after the other, after the outputs of their events are
confirmed; two events of one key must see each other's row.

`writing(event)` is Faust's own way (`table[key] = row` within it). `rows_of` and `write_row` do the same
for tables of bytes at a fifth of the price (about 15 against 80 microseconds), past Faust's codecs,
futures and sensors: the same changelog record to the same partition, the same store, so recovery cannot
tell the difference.
"""

import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from faust.streams import _current_event
from faust.types import TP


@contextmanager
def writing(event: Any) -> Iterator[None]:
    """Within it, table rows belong to `event`'s partition: `with writing(event): table[key] = row`."""
    token = _current_event.set(weakref.ref(event))
    try:
        yield
    finally:
        _current_event.reset(token)


def rows_of(table: Any, keys: Iterable[bytes]) -> dict[bytes, bytes]:
    """The rows that there are of `keys`."""
    found: dict[bytes, bytes] = table.data.get_all(keys)
    return found


def write_row(table: Any, event: Any, key: bytes, value: bytes | None) -> None:
    """Set the row (None: delete it) in the changelog partition of `event`.

    Raises NeverError for a row too large; the event must then not be acknowledged, and is not: a
    changelog record that was not taken stops all commits. An event of an earlier assignment writes
    nothing and is not acknowledged either: it comes again, here or to another worker.
    """
    if event.message.generation_id != table.app.consumer_generation_id:
        return
    partition, store = event.message.partition, table.data
    topic = table.changelog_topic_name
    tp = TP(topic, partition)
    table.app.producer.send_row(topic, key, value, partition, lambda at: store.set_persisted_offset(tp, at))
    store.put(key, value, partition)

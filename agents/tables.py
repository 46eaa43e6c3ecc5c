"""Writing table rows from a batch of events.

Inside `take_events()` Faust has no current event, and a table needs one to know which partition of the
changelog a row belongs to. Write rows one after the other, after the outputs of their events are
confirmed; two events of one key must see each other's row.
"""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from faust.streams import _current_event


@contextmanager
def writing(event: Any) -> Iterator[None]:
    """Within it, table rows belong to `event`'s partition: `with writing(event): table[key] = row`."""
    token = _current_event.set(weakref.ref(event))
    try:
        yield
    finally:
        _current_event.reset(token)

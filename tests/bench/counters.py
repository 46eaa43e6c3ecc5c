"""Counts the CPU time of named steps while the real program runs: exclusive of each other, per thread."""

import functools
import inspect
import threading
import types
from collections import Counter
from collections.abc import Callable, Coroutine, Generator, Iterator
from time import thread_time_ns
from typing import Any

Name = str | Callable[..., str]
"""A step's name, or what makes it from the arguments of the call."""


class Counters:
    """Nanoseconds of CPU and calls by step, of iterators items; a step in another one counts for itself.

    Time during which a coroutine or an iterator is suspended belongs to whoever runs then.
    """

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._running = threading.local()

    def count(self, name: Name, owner: Any, *attributes: str) -> None:
        """Count every call of these functions of a module or class. Raises AttributeError for others."""
        for attribute in attributes:
            setattr(owner, attribute, self._counted(name, getattr(owner, attribute)))

    def then(self, owner: Any, attribute: str, action: Callable[[], None]) -> None:
        """Call `action` each time this coroutine function has returned."""
        function = getattr(owner, attribute)

        @functools.wraps(function)
        async def call(*args: Any, **kwargs: Any) -> Any:
            result = await function(*args, **kwargs)
            action()
            return result

        setattr(owner, attribute, call)

    def rename(self, name: str, other: str) -> None:
        """What was counted as `name` up to now was `other`."""
        self.spent[other] += self.spent.pop(name, 0)
        self.calls[other] += self.calls.pop(name, 0)

    def _counted(self, name: Name, function: Callable[..., Any]) -> Callable[..., Any]:
        label = name if callable(name) else lambda *_args, **_kwargs: name
        is_coroutine = inspect.iscoroutinefunction(function)
        is_generator = inspect.isgeneratorfunction(function)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            step = label(*args, **kwargs)
            if is_generator:
                return self._iterate(step, function(*args, **kwargs))
            self.calls[step] += 1
            if is_coroutine:
                return self._drive(step, function(*args, **kwargs))
            return self._run(step, function, *args, **kwargs)

        return call

    def _run(self, step: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call it; what steps inside of it took is theirs."""
        stack = self._running.__dict__.setdefault("inner", [])
        stack.append(0)
        started = thread_time_ns()
        try:
            return function(*args, **kwargs)
        finally:
            took = thread_time_ns() - started
            self.spent[step] += took - stack.pop()
            if stack:
                stack[-1] += took

    def _iterate(self, step: str, items: Iterator[Any]) -> Iterator[Any]:
        end = object()
        while (item := self._run(step, next, items, end)) is not end:
            self.calls[step] += 1
            yield item

    @types.coroutine
    def _drive(self, step: str, inner: Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """Run a coroutine from one suspension to the next."""
        resume, value = inner.send, None
        while True:
            try:
                waiting = self._run(step, resume, value)
            except StopIteration as end:
                return end.value
            try:
                resume, value = inner.send, (yield waiting)
            except BaseException as error:  # whatever is thrown in belongs to the coroutine inside
                resume, value = inner.throw, error

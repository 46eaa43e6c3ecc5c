"""Faults: pydantic's errors in plain words."""

from dataclasses import dataclass, field, fields
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter, ValidationError

from pipeline.faults import faults, like


@dataclass(frozen=True)
class Pump:
    """A declaration with a key of every kind."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: str = "x"
    code: Annotated[str, like("[a-z]+", "small letters")] = "a"
    kind: Literal["hand", "motor"] = "hand"
    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    power: Annotated[float, Field(gt=0, lt=9)] = 1.5
    wells: tuple[str, ...] = ()
    parts: tuple["Pump", ...] = ()
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    built: AwareDatetime | None = None
    broken: bool = False
    label: Annotated[str, Field(min_length=1, max_length=3)] = "ab"


KEYS = [one.name for one in fields(Pump)]


def told(entry: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Pump).validate_python(entry)
    return [str(fault) for fault in faults(caught.value, lambda _: KEYS)]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": 3}, "name: must be a text in quotes, not 3"),
        ({"code": "A-1"}, "code: must be small letters, not 'A-1'"),
        ({"code": "ab\n"}, "code: must be small letters, not 'ab\\n'"),
        ({"kind": "wind"}, "kind: must be 'hand' or 'motor', not 'wind'"),
        ({"count": "eight"}, "count: 'eight' is no whole number"),
        ({"count": 1.5}, "count: 1.5 is no whole number"),
        ({"count": 0}, "count: must be at least 1, not 0"),
        ({"count": 10_001}, "count: must be at most 10000, not 10001"),
        ({"power": "much"}, "power: 'much' is no number"),
        ({"power": 0}, "power: must be more than 0, not 0"),
        ({"power": 9}, "power: must be less than 9, not 9"),
        ({"wells": "Ain"}, 'wells: must be a list of texts, like ["Ain"]'),
        ({"wells": 3}, 'wells: must be a list of texts, like ["..."]'),
        ({"wells": [3]}, "wells.0: must be a text in quotes, not 3"),
        ({"parts": {"name": "x"}}, "parts: must be tables, each under [[parts]]"),
        ({"parts": ["x"]}, "parts.0: must be a table of keys, not 'x'"),
        ({"names": ["x"]}, "names: must be a table of keys, not ['x']"),
        ({"names": {"fr": "x"}}, 'names.fr: must be a list of texts, like ["x"]'),
        ({"built": "2024-05-04T10:00:00"}, "built: needs a time zone, as in 2024-05-04T18:30:00Z"),
        ({"built": "May"}, "built: must be a time, as in 2024-05-04T18:30:00Z, not 'May'"),
        ({"broken": "perhaps"}, "broken: must be true or false, not 'perhaps'"),
        ({"label": ""}, "label: must not be empty"),
        ({"label": "abcd"}, "label: must have at most 3 characters, not 'abcd'"),
        ({"cuont": 1}, "cuont: unknown key; did you mean 'count'?"),
        ({"name": "y" * 9, "code": "Z" * 90}, f"code: must be small letters, not '{'Z' * 56}..."),
    ],
)
def test_a_fault_is_told_in_plain_words(entry: dict[str, Any], said: str) -> None:
    """Key, what is wanted, and what stands there."""
    assert told(entry) == [said]


def test_an_unknown_key_without_likeness_lists_the_known() -> None:
    """Where no key is near, all are named."""
    assert told({"zzzz": 1}) == [f"zzzz: unknown key; the keys here are {', '.join(KEYS)}"]


def test_all_faults_are_told_in_order() -> None:
    """Nothing stops at the first fault."""
    assert [line.partition(":")[0] for line in told({"count": "x", "name": 1, "kind": 2})] == [
        "name",
        "kind",
        "count",
    ]

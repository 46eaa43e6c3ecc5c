"""Time to derive a summary from more and more rows."""

import json
from pathlib import Path

from tests.bench.children import MODULE, run
from tests.bench.table import aimed, table

AIM_MS, AIM_ROWS = 200, 10_000
LINEAR = 1.5
"""The time per row may be that many times the one of a tenth of the rows and still count as linear."""
HEAD = ("rows", "contribute ms", "derive ms", "derive us/row", "summary bytes")

Derived = dict[str, float]


def measure(folder: Path, counts: tuple[int, ...]) -> list[Derived]:
    """Derive from seeded events, in a process of its own."""
    found: list[Derived] = json.loads(
        run([*MODULE, "tests.bench.derivation", *map(str, counts)], folder).output
    )
    return found


def as_table(found: list[Derived]) -> str:
    """The table, with the two aims."""
    rows = [
        [
            f"{one['rows']:,}",
            f"{one['contribute']:.1f}",
            f"{one['derive']:.1f}",
            f"{1000 * one['derive'] / one['rows']:.1f}",
            f"{one['bytes']:,}",
        ]
        for one in found
    ]
    tenth, whole = found[-2:]
    growth = (whole["derive"] / whole["rows"]) / (tenth["derive"] / tenth["rows"])
    notes = [
        f"time per row grows {growth:.2f}-fold in the last step ({aimed(growth, LINEAR, at_least=False)})"
    ]
    if whole["rows"] == AIM_ROWS:
        notes.append(f"{AIM_ROWS:,} rows: ms {aimed(whole['derive'], AIM_MS, at_least=False)}")
    return table("4. Deriving a summary, CPU, medians of 5", HEAD, rows, *notes)

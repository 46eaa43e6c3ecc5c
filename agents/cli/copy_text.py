"""What a copy says at its end: a table for people, one JSON document for programs."""

import hashlib
from collections.abc import Sequence
from itertools import groupby

from agents.cli.columns import columns
from agents.copying.check import Compared
from agents.copying.copy import Copied
from agents.copying.plan import Plan
from pipeline.codec import encode

HEAD = ("topic", "messages", "digest", "same")


def table(plan: Plan, copied: Copied | None, compared: Sequence[Compared]) -> str:
    """One row per topic, or per part of it; digests of all its partitions in one, cut to 16 digits."""
    rows = [HEAD, *(_row(name, list(found)) for name, found in groupby(_sorted(compared), _name))]
    return "\n".join([*columns(rows, gap=2, right={HEAD.index("messages")}), "", _said(plan, copied)])


def _said(plan: Plan, copied: Copied | None) -> str:
    if copied is None:
        return f"compared with {plan.identity}; nothing was copied"
    count = sum(copied.messages.values())
    again = ", going on from an earlier copy" if copied.resumed else ""
    return f"{count:,} messages copied{again}; worker's group {plan.group}"


def _sorted(compared: Sequence[Compared]) -> list[Compared]:
    """Stable: partitions stay in order, folds at the end."""
    return sorted(compared, key=lambda one: (one.part == "fold", _name(one)))


def _name(one: Compared) -> str:
    return f"{one.topic} ({one.part})" if one.part else one.topic


def _row(name: str, found: Sequence[Compared]) -> tuple[str, str, str, str]:
    here, there = (sum(one.messages[side] for one in found) for side in (0, 1))
    prints = [_together(found, side) for side in (0, 1)]
    if all(one.same for one in found):
        return name, f"{here:,}", prints[0], "yes"
    return name, f"{here:,} | {there:,}", " | ".join(prints), "NO"


def _together(found: Sequence[Compared], side: int) -> str:
    digests = [one.digests[side] for one in found]
    if len(digests) == 1:
        return digests[0][:16]
    return hashlib.sha256("".join(digests).encode()).hexdigest()[:16]


def as_json(plan: Plan, copied: Copied | None, compared: Sequence[Compared]) -> str:
    """One line: what was copied, where the worker goes on, and every partition as it was compared."""
    document: dict[str, object] = {
        "source": plan.identity,
        "group": plan.group,
        "same": all(one.same for one in compared),
        "compared": [_document(one) for one in compared],
    }
    if copied is not None:
        places = [
            {"topic": topic, "partition": partition, "offset": offset}
            for (topic, partition), offset in sorted(copied.places.items())
        ]
        document |= {"copied": copied.messages, "resumed": copied.resumed, "goes_on": places}
    return encode(document).decode()


def _document(one: Compared) -> dict[str, object]:
    return {
        "topic": one.topic,
        "partition": one.partition,
        "part": one.part,
        "messages": one.messages,
        "digests": one.digests,
        "same": one.same,
        "difference": one.difference,
    }

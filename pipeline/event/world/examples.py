"""Examples of conditions: are the names found in the sentences that a condition `finds`, and in none that it
`leaves`?"""

from collections.abc import Iterable, Iterator

from pipeline.event.world.actor import Actor
from pipeline.event.world.gazetteer import Gazetteer
from pipeline.event.world.place import Place


def unheld(declared: Iterable[Actor | Place], names: Gazetteer) -> Iterator[str]:
    """A line for each example that does not hold, with what was found in it."""
    for one in declared:
        for number, doubt in enumerate(one.conditions):
            key = f"[{one.id}]: conditions.{number}.examples"
            for kind, sentences in (("finds", doubt.examples.finds), ("leaves", doubt.examples.leaves)):
                for sentence in sentences:
                    found = _found(sentence, names)
                    if (one.id in {ident for _, ident in found}) != (kind == "finds"):
                        told = ", ".join(f"{words!r} ({ident})" for words, ident in found) or "nothing"
                        yield f"{key}.{kind}: {sentence!r}: found: {told}"


def _found(sentence: str, names: Gazetteer) -> list[tuple[str, str]]:
    """The names in a sentence, each with the ids that it stands for."""
    return [
        (sentence[one.start : one.end], ident)
        for one in names.find("", sentence)[1]
        for ident in dict.fromkeys((one.actor, one.place))
        if ident is not None
    ]

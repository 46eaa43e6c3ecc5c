"""Examples: does a subject file find what its own examples say, and can each alias be found at all?"""

from collections.abc import Callable, Iterable, Iterator

from pipeline.mention.detect import Detector, Judged
from pipeline.mention.pattern import parse, sample, spelled
from pipeline.mention.subject import Examples, Subject, aliases

Rule = Callable[[Judged], bool]
"""Is a place that was judged one of this rule's?"""


def wrong(subject: Subject) -> Iterator[str]:
    """A line for each example that does not hold, by file key, with what was found instead; and for each
    alias that nothing can find. Costs a detector of the subject and a reading of each example."""
    detector = Detector((subject,))
    for language, examples in subject.examples.items():
        own = frozenset(subject.aliases.get(language, ()))
        key = f"examples.{language}"
        yield from _finds(detector, examples, language, key, lambda at, own=own: at.form in own)  # type: ignore[misc]
        yield from _leaves(detector, examples, language, key, "excluded", lambda at: at.verdict == "excluded")
    for number, condition in enumerate(subject.conditions):
        yield from _of_condition(detector, condition.examples, condition.language, number)
    yield from _never(detector, subject)


def _of_condition(detector: Detector, examples: Examples, language: str, number: int) -> Iterator[str]:
    key = f"conditions.{number}.examples"
    yield from _finds(detector, examples, language, key, lambda at: at.condition == number)
    yield from _leaves(
        detector, examples, language, key, "barred by this condition",
        lambda at: at.condition == number and at.verdict == "out of company",
    )  # fmt: skip


def _finds(detector: Detector, examples: Examples, language: str, key: str, own: Rule) -> Iterator[str]:
    """The sentences in which no alias of the rule counts."""
    for sentence in examples.finds:
        places = detector.judged(sentence, language)
        if not any(own(at) and at.verdict == "counts" for at in places):
            yield f"{key}.finds: {sentence!r}: no alias of this rule counts in it; {_told(places)}"


def _leaves(
    detector: Detector, examples: Examples, language: str, key: str, how: str, own: Rule
) -> Iterator[str]:
    """The sentences in which something counts all the same, or that the rule has no part in."""
    for sentence in examples.leaves:
        places = detector.judged(sentence, language)
        if any(at.verdict == "counts" for at in places):
            yield f"{key}.leaves: {sentence!r}: something counts in it; {_told(places)}"
        elif not any(own(at) for at in places):
            yield f"{key}.leaves: {sentence!r}: no alias in it is {how}; {_told(places)}"


def _told(places: Iterable[Judged]) -> str:
    """What was found instead."""
    told = [f"{at.surface!r} by {at.form!r} ({at.verdict})" for at in places]
    return f"found: {', '.join(told) or 'nothing'}"


def _never(detector: Detector, subject: Subject) -> Iterator[str]:
    """The aliases that an exclusion covers wherever they stand, or whose condition bars what it needs."""
    for _, alias, key in aliases(subject):
        text = _sample(alias, subject)
        if all(at.verdict == "excluded" for at in detector.judged(text) if at.form == alias):
            yield f"{key}: {alias!r} can never count: an exclusion covers it; remove one of the two"
    for number, condition in enumerate(subject.conditions):
        alias = _sample(condition.aliases[0], subject)
        beside = (f"{_sample(need, subject)} {alias}" for need in condition.needs)
        if condition.needs and not any(_counts(detector, text, number) for text in beside):
            yield (
                f"conditions.{number}: its aliases can never count: what it needs is barred or covered by "
                "an exclusion; remove it there"
            )


def _sample(phrase: str, subject: Subject) -> str:
    return sample(parse(spelled(phrase, subject.words)))


def _counts(detector: Detector, text: str, condition: int) -> bool:
    return any(at.condition == condition and at.verdict == "counts" for at in detector.judged(text))

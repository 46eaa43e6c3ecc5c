"""Which part of the rules is which: a digest for each, so that a change can be named."""

from collections.abc import Mapping

from pipeline.codec import encode
from pipeline.ids import rules_digest
from pipeline.rules import DETECTION_VERSION, Rules


def rule_parts(rules: Rules) -> dict[str, str]:
    """A digest by name: each subject and story, the lists of actors, places and publishers, the
    words of all languages for each purpose, the code."""
    publishers = [one.model_dump(mode="json") for one in sorted(rules.publishers.all, key=lambda one: one.id)]
    parts: dict[str, object] = {
        "the detection code": DETECTION_VERSION,
        "actors": rules.actors,
        "places": rules.places,
        "publishers": publishers,
        **{f"subject {subject.id}": subject for subject in rules.subjects},
        **{f"story {story.id}": story for story in rules.stories},
        **{f"words of {purpose}": digests for purpose, digests in rules.words.items()},
    }
    return {name: rules_digest(encode(part)) for name, part in sorted(parts.items())}


def rule_changes(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What is new, changed or gone, in words; empty where nothing is."""
    named = [
        (name, "new" if name not in before else "gone" if name not in after else "changed")
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    return ", ".join(f"{name} ({what})" for name, what in named)

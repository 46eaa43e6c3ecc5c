"""`make quality`: the detector judged on the labelled sentences; exit code 1 below a floor.

python -m tests.quality [--only CAPABILITY] [--language xx] [--cases] [--raise | --lower]
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.rules import Rules
from tests.quality import split
from tests.quality.corpus import CAPABILITIES, FOLDER, LANGUAGES, Case, read
from tests.quality.floor import HELD_OUT, SENTENCES
from tests.quality.judge import Judge, Verdict
from tests.quality.table import as_text, tallies, values
from tests.shipped import shipped


def known(rules: Rules) -> dict[str, frozenset[str]]:
    """The ids that labels may name."""
    return {
        "actors": frozenset(rules.actors_by_id),
        "places": frozenset(one.id for one in rules.places),
        "stories": frozenset(scope.id for scope, _ in rules.scopes),
    }


def verdicts(
    rules: Rules,
    capabilities: tuple[str, ...] = tuple(CAPABILITIES),
    languages: tuple[str, ...] = LANGUAGES,
    folder: Path = FOLDER,
) -> Iterator[tuple[str, Case, Verdict]]:
    """Language, case and verdict of every measure of every case."""
    judge, ids = Judge(rules), known(rules)
    for capability in capabilities:
        for language in languages:
            for case in read(capability, language, ids, folder):
                for verdict in judge.verdicts(capability, case, language):
                    yield language, case, verdict


def main() -> int:
    """Print the table, and the cases that are wrong where asked for."""
    given = arguments()
    capabilities = (given.only,) if given.only else tuple(CAPABILITIES)
    languages = (given.language,) if given.language else LANGUAGES
    rules = shipped()
    found = list(verdicts(rules, capabilities, languages))
    if given.cases:
        for language, case, verdict in found:
            if not verdict.good:
                print(f"{verdict.measure} {language}: {verdict.note}\n    {case.text}")
    measured = tallies((language, verdict) for language, _, verdict in found)
    if given.only or given.language:
        print(as_text(measured, SENTENCES.read()[1]))
        return 0
    held = tallies((language, one) for language, _, one in verdicts(rules, folder=HELD_OUT.folder))
    faults: list[str] = []
    for floors, reached in ((SENTENCES, measured), (HELD_OUT, held)):
        if given.raise_ or given.lower:
            floors.write(values(reached), given.lower)
        if floors is HELD_OUT:
            print("\nOn sentences held out, which no rule was made by")
        print(as_text(reached, floors.read()[1]))
        faults += floors.faults(values(reached))
    print(f"\n{split.report()}\n")
    hashes = " and ".join(floors.corpus_hash() for floors in (SENTENCES, HELD_OUT))
    print("\n".join(faults or [f"All floors are held; sentences {hashes}."]))
    return 1 if faults else 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="quality", description=__doc__)
    parser.add_argument("--only", choices=tuple(CAPABILITIES))
    parser.add_argument("--language", choices=LANGUAGES)
    parser.add_argument("--cases", action="store_true", help="each case that is wrong")
    parser.add_argument(
        "--raise", dest="raise_", action="store_true", help="raise floors to what was reached"
    )
    parser.add_argument("--lower", action="store_true", help="set floors to what was reached, also lower")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

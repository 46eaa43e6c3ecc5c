"""Texts that are made to take long: `python -m tests.bench.detection.hostile ROUNDS BYTES ...`.

Prints JSON: per shape and size CPU seconds of the whole detect stage in each round, and the mentions found.
"""

import sys
from time import process_time

import orjson

from config.load import ConfigProblems, load_rules
from config.settings import FOLDER
from pipeline.event.events import Content, find
from pipeline.rules import Rules
from tests.bench.detection.names import NO_MENTION
from tests.bench.detection.texts import DAY
from tests.bench.words import WORDS

MENTION = "Hamas said on Monday that a ceasefire in Gaza was near, "
WARM = 2_000
ROUNDS_BELOW = 1_000_000
"""Bytes from which on one round will do."""

_HIDDEN = "\u200b\u200d\ufeff\u00ad"
_MARKS = "\u0301\u0327\u0483"
_HEBREW, _ARABIC = WORDS["he"][0], WORDS["ar"][0]
SHAPES = {
    "one endless line": " ".join(WORDS["en"]) + ", ",
    "one endless line, many mentions": MENTION + " ".join(WORDS["en"]) + ", ",
    NO_MENTION[0]: _MARKS,
    "combining marks": _MARKS,
    "lone surrogates": "\udc80\ud800 ",
    "zero-width characters in words": _HIDDEN.join(MENTION),
    "mixed directions": f"\u202b{_HEBREW} abc \u202a{_ARABIC}\u202c 12 \u2067{_HEBREW}\u2069 ",
    "many mentions": MENTION.rstrip(", ") + ". ",
    "many quotations": "“" + MENTION + "”, he said: “",
    "many figures": "12,345 people and 3 million dollars in two days, ",
}
"""What is repeated up to the size."""


def main(rounds: int, sizes: list[int]) -> None:
    """Read each shape in each size."""
    rules = load_rules(FOLDER)
    assert not isinstance(rules, ConfigProblems), rules
    for shape in SHAPES:
        find(_content(shape, WARM), rules)  # compiles what is compiled on first use
    found = [_measured(shape, size, rounds, rules) for shape in SHAPES for size in sizes]
    sys.stdout.buffer.write(orjson.dumps(found))


def _measured(shape: str, size: int, rounds: int, rules: Rules) -> dict[str, object]:
    content = _content(shape, size)
    seconds = []
    for _ in range(rounds if size < ROUNDS_BELOW else 1):
        started = process_time()
        found = find(content, rules)
        seconds.append(process_time() - started)
    mentions = sum(map(len, found.mentions.values()))
    return {"shape": shape, "size": size, "seconds": seconds, "mentions": mentions}


def _content(shape: str, size: int) -> Content:
    """A text of that many bytes; where a shape has no mention of its own, one stands in front."""
    piece = SHAPES[shape]
    start = "" if shape in NO_MENTION else MENTION
    times = (size - len(start)) // len(piece.encode("utf-8", "surrogatepass"))
    return Content("", start + piece * times, "en", DAY)


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(size) for size in sys.argv[2:]])

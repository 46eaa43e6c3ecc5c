"""The marked text of a terminal."""

from io import StringIO

from rich.console import Console
from rich.text import Text

from agents.cli.marked import drawn
from agents.cli.marked_text import marked_lines
from pipeline.event.events import Content
from tests.marked.build import finding, found, nested

SUBJECTS = ["ceasefire", "hostages"]


def test_what_a_stretch_is_stands_beside_it() -> None:
    """Without any colour a reader sees who says what, what is done, how many and when."""
    shown = [line.plain for line in marked_lines(drawn(*nested()).text, SUBJECTS)]
    assert shown == [
        "CAIRO — [Hamas: speaker] [reportedly: hedge] told Egypt on [Saturday: 2024-05-04] that it "
        "“‹[accepts: AGREE by Hamas to Egypt through Qatar] [about 40 to 42 days: 40-42 days] of "
        "[truce: ceasefire, conditional]›”, [sources: source] said."
    ]


def test_each_kind_has_a_style_of_its_own() -> None:
    """No two kinds look the same: words, speaker, verb, source, hedge, figure, days, act, mention."""
    line = next(iter(marked_lines(drawn(*nested()).text, SUBJECTS)))
    looks = {line.plain[span.start : span.end]: str(span.style) for span in line.spans}
    wanted = (
        "Hamas",
        "reportedly",
        "told",
        "Saturday",
        "accepts",
        "about 40 to 42 days",
        "truce",
        " of ",
        "sources",
    )
    assert len({looks[words] for words in wanted}) == len(wanted)


def test_it_fits_eighty_columns() -> None:
    """Lines break at blanks, wide and joined letters counted as they are shown."""
    text = "停戦 truce " * 20 + "هدنة " * 30
    content = Content("", text, "en")
    out = StringIO()
    console = Console(file=out, width=80, force_terminal=True, color_system="truecolor")
    for line in marked_lines(drawn(content, found({"ceasefire": [finding(text, "truce")]})).text, SUBJECTS):
        console.print(line)
    widths = [Text.from_ansi(row).cell_len for row in out.getvalue().splitlines()]
    assert len(widths) > 4
    assert max(widths) <= 80


def test_a_terminal_is_not_moved() -> None:
    """Escapes, overrides and invisible signs do not reach the terminal, inside of marks or out."""
    text = "a\x9b31m \u202etru\u200bce\u202c b"
    content = Content("", text, "en")
    one = finding(text, "tru\u200bce")
    assert [
        line.plain for line in marked_lines(drawn(content, found({"ceasefire": [one]})).text, SUBJECTS)
    ] == ["a31m [truce: ceasefire] b"]

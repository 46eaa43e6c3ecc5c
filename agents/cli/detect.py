"""`storywire detect`: what would be found in a text, marked for a person or as JSON for a program."""

import sys
from datetime import UTC, date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from agents.cli.context import USAGE, ConfigOption, complain, end, rules_from, settings_from
from agents.cli.detect_lines import json_lines
from agents.cli.headline import headline
from agents.cli.marked import Marked, marked, summary
from agents.cli.marked_text import marked_lines
from agents.cli.subscribe import time_of
from agents.cli.width import width
from agents.polling.feeds_file import replace_bytes
from pipeline.article.language import language_of, primary_subtag
from pipeline.characters import scalar
from pipeline.event.events import Content
from pipeline.feed.archive import decoded_text
from pipeline.outcome import Rejected
from pipeline.rules import Rules

_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig
    ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh
    mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru
    rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty
    ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
LANGUAGES = frozenset(_CODES.split())
"""ISO 639-1."""


def detect(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Text; '-' is standard input.")] = "-",
    as_json: Annotated[
        bool, typer.Option("--json", help="Read JSON lines {id, text, lang?}, write JSON lines.")
    ] = False,
    as_html: Annotated[
        bool, typer.Option("--html", help="Write one HTML page: the marked text and a card per mention.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where --html writes; else standard output."),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--lang", help="Language code of the text (en, ar); else detected.")
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="The headline; FILE is then all text.")
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(
            "--published", metavar="DATE", help="Its day (2024-05-04); without it no 'on Saturday' is dated."
        ),
    ] = None,
    config_dir: ConfigOption = None,
) -> None:
    """Show what a text says of the subjects, and who says it.

    The first line is the headline if a blank line follows it, or if there is no blank line at all: then
    every further line is a paragraph. One line alone is text. Marks stand beside the words:
    [Hamas: speaker] rejects ‹a [truce: ceasefire, denied]›.

    Examples:

      storywire detect article.txt --published 2024-05-04

      storywire detect article.txt --html --out article.html

      echo '{"id": 1, "text": "Talks on a ceasefire in Rafah"}' | storywire detect --json
    """
    if language is not None and (wrong := _no_language(language)):
        end(f"--lang: {wrong}", USAGE)
    if out is not None and not as_html:
        end("--out is where --html writes: say --html too", USAGE)
    if as_json and (as_html or title is not None or published is not None):
        end("--json goes with --config-dir alone: a line says its own language, and has no page", USAGE)
    day = None if published is None else _day(published)
    rules = rules_from(settings_from({"config_dir": config_dir}))
    data = _input(file)
    if as_json:
        _lines(file, data, rules)
        return
    shown = marked(_content(_text(file, data), title, language, day), rules)
    if not as_html:
        _print(shown, rules)
    else:
        from agents.cli.marked_page import page  # templates cost every other command a tenth of its start

        _write(page(shown, rules), out)
    complain(summary(shown))


def _lines(file: str, data: bytes, rules: Rules) -> None:
    if b"\0" in data:
        end(f"{_named(file)}: the file is binary, not text", USAGE)
    if not json_lines(data.splitlines(), rules):
        raise typer.Exit(1)


def _text(file: str, data: bytes) -> str:
    text = decoded_text(data)
    if isinstance(text, Rejected):
        end(f"{_named(file)}: {text.message}", USAGE)
    return scalar(text)


def _content(written: str, title: str | None, language: str | None, day: date | None) -> Content:
    title, text = headline(written, None if title is None else scalar(title))
    return Content(title, text, language_of(language, title, text)[0], day)


def _input(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        end(f"{file}: {error.strerror}", USAGE)


def _named(file: str) -> str:
    return "standard input" if file == "-" else file


def _no_language(tag: str) -> str | None:
    """Why a tag names no language, or None. Of three letters there are thousands: those are taken."""
    subtag = primary_subtag(tag)
    if subtag is not None and (len(subtag) > 2 or subtag in LANGUAGES):
        return None
    return f"{tag!r} is no language code; write the two letters of BCP 47, such as en, ar or fr"


def _day(written: str) -> date:
    """The day of publication: a date, or that of a time with its zone, in UTC as everywhere."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return time_of(written).astimezone(UTC).date()


def _print(shown: Marked, rules: Rules) -> None:
    """The marked text: in colour and as wide as the terminal, or plain and unbroken where there is none."""
    console = Console(highlight=False, emoji=False)
    between = [()] if shown.title else []
    subjects = [subject.id for subject in rules.subjects]
    for line in marked_lines((*shown.title, *between, *shown.text), subjects):
        if console.is_terminal:
            console.print(line, width=width())
        else:
            print(line.plain)


def _write(html: str, out: Path | None) -> None:
    data = html.encode()
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        replace_bytes(out, data)
    except OSError as error:
        end(f"{out} cannot be written: {error.strerror}", USAGE)

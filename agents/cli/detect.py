"""`storywire detect`: what would be found in a text, marked for a person or as JSON for a program."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.text import Text

from agents.cli.context import USAGE, ConfigOption, complain, end, rules_from, settings_from
from agents.cli.safe import safe
from pipeline.article.language import language_of, primary_subtag
from pipeline.characters import scalar
from pipeline.feed.archive import decoded_text
from pipeline.mention.mention import Mention
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
STYLES = ("bold yellow", "bold magenta", "bold cyan", "bold green")


def detect(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Text; '-' is standard input.")] = "-",
    as_json: Annotated[
        bool, typer.Option("--json", help="Read JSON lines {id, text, lang?}, write JSON lines.")
    ] = False,
    language: Annotated[
        str | None, typer.Option("--lang", help="Language code of the text (en, ar); else detected.")
    ] = None,
    config_dir: ConfigOption = None,
) -> None:
    """Show which subjects a text mentions, and where.

    Examples:

      storywire detect article.txt

      echo '{"id": 1, "text": "Talks on a ceasefire in Rafah"}' | storywire detect --json
    """
    if language is not None and (wrong := _no_language(language)):
        end(f"--lang: {wrong}", USAGE)
    rules = rules_from(settings_from({"config_dir": config_dir}))
    data = _input(file)
    if as_json:
        if b"\0" in data:
            end(f"{_named(file)}: the file is binary, not text", USAGE)
        if not _json_lines(data.splitlines(), rules):
            raise typer.Exit(1)
        return
    text = decoded_text(data)
    if isinstance(text, Rejected):
        end(f"{_named(file)}: {text.message}", USAGE)
    text = scalar(text)
    _marked(text, _mentions(text, language, rules)[1], rules)


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


def _json_lines(lines: Iterable[bytes], rules: Rules) -> bool:
    """Writes what each line gives; whether all lines were good."""
    good = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _parsed(line)
        if isinstance(row, str):
            complain(f"line {number}: {row}")
            good = False
            continue
        sys.stdout.buffer.write(orjson.dumps(_row(row, rules)) + b"\n")
    sys.stdout.buffer.flush()
    return good


def _parsed(line: bytes) -> dict[str, Any] | str:
    """The row of a line, or what is wrong with it."""
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return "not a JSON object"
    if not isinstance(row, dict):
        return "not a JSON object"
    missing = [key for key in ("id", "text") if key not in row]
    if missing:
        return f"{' and '.join(map(repr, missing))} {'is' if len(missing) == 1 else 'are'} missing"
    if not isinstance(row["text"], str):
        return "'text' must be a string"
    tag = row.get("lang")
    if tag is not None and not isinstance(tag, str):
        return "'lang' must be a string"
    return row


def _row(row: dict[str, Any], rules: Rules) -> dict[str, Any]:
    text = row["text"]
    language, mentions = _mentions(text, row.get("lang"), rules)
    return {
        "id": row["id"],
        "lang": language,
        "mentions": [
            {
                "subject": mention.subject,
                "start": mention.start,
                "end": mention.end,
                "surface": mention.surface,
                "alias": mention.alias,
            }
            for mention in mentions
        ],
    }


def _mentions(text: str, language: str | None, rules: Rules) -> tuple[str | None, tuple[Mention, ...]]:
    known = language_of(language, "", text)[0]
    return known, rules.detector.detect("", text, known)


def _marked(text: str, mentions: tuple[Mention, ...], rules: Rules) -> None:
    console = Console(highlight=False)
    subjects = [subject.id for subject in rules.subjects]
    shown, at = Text(), 0
    for mention in mentions:
        if mention.start < at:
            continue
        style = STYLES[subjects.index(mention.subject) % len(STYLES)]
        shown.append(safe(text[at : mention.start]))
        shown.append(safe(mention.surface), style=style)
        shown.append(f"[{mention.subject}]", style="dim")
        at = mention.end
    shown.append(safe(text[at:]))
    console.print(shown, soft_wrap=True)
    complain(f"{len(mentions)} mention{'' if len(mentions) == 1 else 's'}")

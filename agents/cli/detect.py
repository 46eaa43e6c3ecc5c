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
from pipeline.article.language import language_of
from pipeline.characters import scalar
from pipeline.mention.mention import Mention
from pipeline.rules import Rules

STYLES = ("bold yellow", "bold magenta", "bold cyan", "bold green")


def detect(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="Text; '-' is standard input.")] = "-",
    as_json: Annotated[
        bool, typer.Option("--json", help="Read JSON lines {id, text, lang?}, write JSON lines.")
    ] = False,
    language: Annotated[
        str | None, typer.Option("--lang", help="Language of the text; else detected.")
    ] = None,
    config_dir: ConfigOption = None,
) -> None:
    """Show which subjects a text mentions, and where.

    Examples:

      storywire detect article.txt

      echo '{"id": 1, "text": "Talks on a ceasefire in Rafah"}' | storywire detect --json
    """
    rules = rules_from(settings_from({"config_dir": config_dir}))
    data = _input(file)
    if as_json:
        if not _json_lines(data.splitlines(), rules):
            raise typer.Exit(1)
        return
    text = scalar(data.decode("utf-8", "replace"))
    _marked(text, _mentions(text, language, rules)[1], rules)


def _input(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        end(f"{file}: {error.strerror}", USAGE)


def _json_lines(lines: Iterable[bytes], rules: Rules) -> bool:
    good = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
            found = _row(row, rules)
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            complain(f"line {number}: expected {{id, text, lang?}}: {error}")
            good = False
            continue
        sys.stdout.buffer.write(orjson.dumps(found) + b"\n")
    sys.stdout.buffer.flush()
    return good


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

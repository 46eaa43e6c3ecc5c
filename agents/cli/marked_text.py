"""A marked text for a terminal: what each stretch is stands beside it, so that nothing rests on colour."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.style import Style
from rich.text import Text

from agents.cli.marks import Kind, Mark
from agents.cli.safe import safe
from agents.cli.steps import Line

SUBJECTS = tuple(
    Style(bold=True, color="black", bgcolor=color) for color in ("yellow", "magenta", "cyan", "green")
)
STYLES: Mapping[Kind, Style] = {
    "words": Style(italic=True),
    "speaker": Style(bold=True, color="magenta"),
    "source": Style(color="magenta", underline=True),
    "verb": Style(color="magenta"),
    "hedge": Style(color="red"),
    "figure": Style(bold=True, color="green"),
    "days": Style(color="green", underline=True),
    "act": Style(bold=True, color="red"),
}
"""Colours of the terminal's own palette, which its owner can read, each with a shape of its own."""
SIGN = Style(dim=True)


def marked_lines(lines: Iterable[Line], subjects: Sequence[str]) -> Iterator[Text]:
    """Each line as rich writes it: "[Hamas: speaker] rejects a [truce: ceasefire, denied]"."""
    styles = {subject: SUBJECTS[n % len(SUBJECTS)] for n, subject in enumerate(subjects)}
    for line in lines:
        shown, running = Text(), [Style.null()]
        for step in line:
            if step.mark is None:
                shown.append(safe(step.words), running[-1])
                continue
            opens = step.do == "open"
            if opens:
                running.append(running[-1] + _style(step.mark, styles))
            else:
                running.pop()
            if step.edge:
                shown.append(_opening(step.mark) if opens else _closing(step.mark), SIGN)
        yield shown


def _style(mark: Mark, subjects: Mapping[str, Style]) -> Style:
    return subjects[mark.subject] if mark.kind == "mention" else STYLES[mark.kind]


def _opening(mark: Mark) -> str:
    if mark.kind == "words":
        return "‹"
    return "[" if mark.tag else ""


def _closing(mark: Mark) -> str:
    if mark.kind == "words":
        return "›"
    return f": {mark.tag}]" if mark.tag else ""

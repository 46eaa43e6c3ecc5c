"""`storywire detect` on input that cannot be used."""

from pathlib import Path

import orjson
import pytest

from tests.whole.command import storywire


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x7fELF\x00\x01 truce \x1b[31m\xff", "standard input: the file is binary, not text"),
        (b"caf\xe9", "standard input: not UTF-8: byte 3, line 1; save it as UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, said: str, tmp_path: Path) -> None:
    """Binary input and other encodings end the command by name; nothing of them reaches the terminal."""
    done = storywire("detect", folder=tmp_path, stdin=data)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"storywire: {said}\n"


@pytest.mark.parametrize("tag", ["english", "zz", "e", ""])
def test_an_unknown_language_is_refused(tag: str, tmp_path: Path) -> None:
    """What names no language is refused with the form that is wanted."""
    done = storywire("detect", "--lang", tag, folder=tmp_path, stdin=b"A truce.")
    assert done.returncode == 2
    said = f"--lang: {tag!r} is no language code; write the two letters of BCP 47, such as en, ar or fr"
    assert said in done.stderr.decode()


def test_language_tags_are_taken(tmp_path: Path) -> None:
    """A tag with a region counts by its first part."""
    done = storywire("detect", "--lang", "en-GB", folder=tmp_path, stdin=b"A truce.")
    assert (done.returncode, b"[truce: ceasefire]" in done.stdout) == (0, True)


def test_bad_lines_are_told_in_plain_words(tmp_path: Path) -> None:
    """Each bad line is named with its fault, the good ones are answered, and the command says it failed."""
    rows = [b'{"id": 1, "text": "A truce."}', b'{"id": 2}', b"[1]", b"{", b'{"id": 3, "text": 4}',
            b'{"id": 4, "text": "x", "lang": 5}', b"{}",
            b'{"id": 6, "text": "caf\xe9"}', b'{"id": 7, "text": "A truce.", "lang": "und"}']  # fmt: skip
    done = storywire("detect", "--json", folder=tmp_path, stdin=b"\n".join(rows))
    assert done.returncode == 1
    assert [orjson.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 7]
    assert done.stderr.decode().splitlines() == [
        "storywire: line 2: 'text' is missing",
        "storywire: line 3: not a JSON object",
        "storywire: line 4: not a JSON object",
        "storywire: line 5: 'text' must be a string",
        "storywire: line 6: 'lang' must be a string",
        "storywire: line 7: 'id' and 'text' are missing",
        "storywire: line 8: not a JSON object",
    ]


ARTICLE = "Hamas rejects truce\n\nHamas said on Tuesday that a 40-day truce was <b>no</b> option.\n"


def test_a_pipe_gets_neither_colour_nor_line_breaks(tmp_path: Path) -> None:
    """Marks are told by words, the headline first, and a long line stays one."""
    text = ARTICLE + "\n" + "Words and words. " * 40 + "A truce."
    done = storywire("detect", "--published", "2024-05-01", folder=tmp_path, stdin=text.encode())
    assert done.returncode == 0, done.stderr.decode()
    lines = done.stdout.decode().splitlines()
    assert b"\x1b" not in done.stdout
    assert "[truce: ceasefire" in lines[0]
    assert "[Hamas: speaker]" in lines[2]
    assert "<b>no</b>" in lines[2]
    assert len(lines) == 5
    assert done.stderr.decode() == "storywire: 3 mentions (ceasefire 3)\n"


def test_a_terminal_gets_colour(tmp_path: Path) -> None:
    """Where there is a terminal the marks are coloured and lines fit its columns."""
    extra = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "80"}
    done = storywire("detect", folder=tmp_path, stdin=ARTICLE.encode(), extra=extra)
    assert b"\x1b[" in done.stdout
    assert b"truce" in done.stdout


def test_the_page_goes_to_standard_output_or_a_file(tmp_path: Path) -> None:
    """Both are the same page, and a folder that is not there is named."""
    (tmp_path / "article.txt").write_text(ARTICLE, "utf-8")
    printed = storywire("detect", "article.txt", "--html", folder=tmp_path)
    written = storywire("detect", "article.txt", "--html", "--out", "page.html", folder=tmp_path)
    assert (printed.returncode, written.returncode, written.stdout) == (0, 0, b"")
    assert (tmp_path / "page.html").read_bytes() == printed.stdout
    assert printed.stdout.startswith(b"<!DOCTYPE html>")
    assert b"&lt;b&gt;no&lt;/b&gt;" in printed.stdout
    failed = storywire("detect", "article.txt", "--html", "--out", "none/page.html", folder=tmp_path)
    assert failed.returncode == 2
    assert "none/page.html cannot be written: No such file or directory" in failed.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "page.html"], "--out is where --html writes: say --html too"),
        (["--json", "--html"], "--json"),
        (["--json", "--published", "2024-05-01"], "--json"),
        (["--published", "yesterday"], "'yesterday' is no"),
        (["--published", "2024-05-01T10:00:00"], "has no time zone"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: list[str], said: str, tmp_path: Path) -> None:
    """Options that would be ignored, and days that are none, end the command before it reads anything."""
    done = storywire("detect", *arguments, folder=tmp_path, stdin=b"A truce.")
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()


def test_a_language_without_grammar_is_told(tmp_path: Path) -> None:
    """In a language that is not listed names alone are read, and the command says so."""
    done = storywire("detect", "--lang", "sv", folder=tmp_path, stdin=b"Rafah")
    assert done.stdout.decode() == "[Rafah: rafah]\n"
    assert "no grammar is listed for the language 'sv': names alone were read" in done.stderr.decode()


def test_a_given_title_makes_the_file_all_text(tmp_path: Path) -> None:
    """The headline comes first, the file as it stands behind it."""
    done = storywire("detect", "--title", "No truce", folder=tmp_path, stdin=b"One\ntruce")
    assert [line.partition(":")[0] for line in done.stdout.decode().splitlines()] == [
        "No [truce",
        "",
        "One",
        "[truce",
    ]

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

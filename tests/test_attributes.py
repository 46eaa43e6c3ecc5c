"""Attributes: a tag with very many is found, however it is written."""

import time

import pytest
from lxml.html import fromstring

from pipeline.attributes import MOST, crowded_html, crowded_xml


def crowd(number: int, form: str = "a{}='1'") -> str:
    return " ".join(form.format(each) for each in range(number))


@pytest.mark.parametrize("form", ["a{}=1", "a{}", "a{}='>'", 'a{}="<p a>"', "a{}=/", "a{}='1'/", "\n:{}"])
def test_html_is_counted_as_the_parser_counts(form: str) -> None:
    """Quotes, ends within quotes, and attributes without a value hide none."""
    before = "<html><body><p title=it's><!-- ' --><a b='"
    for between in ("'><p ", "' c=1 ", "\"'d' ", " "):
        for number in (MOST - 3, MOST, MOST + 1):
            data = f"{before}{between}{crowd(number, form)}>x".encode()
            richest = max(len(each.attrib) for each in fromstring(data).iter())
            assert crowded_html(data) == (richest > MOST)


def test_many_tags_with_few_are_no_crowd() -> None:
    """Only attributes of one and the same tag count."""
    assert not crowded_html(b"<p a=1 b=2>x" * MOST)
    assert not crowded_xml(b"<o>" + b"<o a='1' b='2'/>" * MOST + b"</o>")


def test_xml_is_counted_to_its_break() -> None:
    """A broken document is no crowd by itself, and one in front of the break is."""
    assert not crowded_xml(f"<o {crowd(MOST)}>&".encode())
    assert crowded_xml(f"<o {crowd(MOST + 1)}>&".encode())


@pytest.mark.parametrize("data", [b"", b" ", b"<", b"\xff\x00", b"<p", b"<!--"])
def test_what_is_no_document_is_no_crowd(data: bytes) -> None:
    """What cannot be parsed is left to its reader to refuse."""
    assert not crowded_html(data)
    assert not crowded_xml(data)


def test_counting_is_linear() -> None:
    """150,000 attributes of one tag are found in a fraction of a second."""
    begin = time.process_time()
    assert crowded_html(f"<p {crowd(150_000)}>".encode())
    assert crowded_xml(f"<o {crowd(150_000)}/>".encode())
    assert time.process_time() - begin < 3

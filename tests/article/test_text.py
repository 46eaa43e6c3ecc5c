"""Words out of markup."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.feed.entry import Content
from pipeline.text import MAX_TEXT_BYTES, cut_at_paragraph, is_cut, plain, wire_bytes

HTML = {
    "plain words": ("Talks go on.", "Talks go on."),
    "paragraphs": ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
    "paragraphs without end tags": ("<p>One.<p>Two.", "One.\n\nTwo."),
    "line breaks part paragraphs": ("One.<br>Two.<BR />Three.", "One.\n\nTwo.\n\nThree."),
    "blocks": (
        "<div>One</div><ul><li>Two<li>Three</ul><h2>Four</h2>Five",
        "One\n\nTwo\n\nThree\n\nFour\n\nFive",
    ),
    "inline tags leave no blank": ("cease<b>fire</b> and <i>truce</i>.", "ceasefire and truce."),
    "cells are parted": ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
    "blanks and line ends collapse": (
        "<p>One\n  two\t\u00a0three\u2009four</p>\n\n<p></p>",
        "One two three four",
    ),
    "entities": ("&lt;3 &amp; &#8220;x&#8221; &eacute;&nbsp;&#x2014;", "<3 & “x” é —"),
    "entities escaped twice": ("AT&amp;amp;T &amp;#39;s", "AT&T 's"),
    "markup escaped twice": ("&lt;p&gt;One &lt;b&gt;two&lt;/b&gt;&lt;/p&gt;", "One two"),
    "markup escaped three times": ("&amp;lt;p&amp;gt;One&amp;lt;/p&amp;gt;", "One"),
    "markup that is spoken about": ("<p>Use &lt;br&gt; here</p>", "Use <br> here"),
    "script, style and comment": (
        "a<script>if (a<b) '</p>'</script><style>p{}</style><!-- <p>x --> b",
        "a\n\nb",
    ),
    "caption of a picture": (
        "<figure><img src=x><figcaption>Photo: AFP</figcaption></figure><p>Text</p>",
        "Text",
    ),
    "attributes with angle brackets": ('<a title="a > b" href=x>One</a> two', "One two"),
    "apostrophe in a tag": ("<a title=it's>One</a> isn't two", "One isn't two"),
    "cdata": ("<![CDATA[<p>One</p>]]>", "One"),
    "a cut tag at the end": ('One two <a href="https://x.example', "One two"),
    "a smaller-than sign": ("1 < 2 and 3 <4", "1 < 2 and 3 <4"),
    "processing instruction and doctype": ("<!DOCTYPE html><?xml version='1.0'?>One", "One"),
    "unknown tags": ("<gcse:search></gcse:search><o:p>One</o:p>", "One"),
    "Arabic with marks stays": ("<p>وقفُ إطلاقِ النار</p>", "وقفُ إطلاقِ النار"),
    "zero-width characters stay": ("cease\u200bfire\u00ad", "cease\u200bfire\u00ad"),
    "decomposed letters stay": ("e\u0301", "e\u0301"),
    "nothing": ("<p> </p>", ""),
}


@pytest.mark.parametrize(("markup", "wanted"), HTML.values(), ids=HTML.keys())
def test_plain_of_markup(markup, wanted):
    """Markup becomes the words that a reader sees."""
    assert plain(Content(markup, "html")) == wanted


TEXT = {
    "paragraphs by blank lines": ("One\ntwo.\n\n \nThree.", "One two.\n\nThree."),
    "a paragraph a line": (
        "Talks resume.\nHamas said “yes”\nNo answer.",
        "Talks resume.\n\nHamas said “yes”\n\nNo answer.",
    ),
    "wrapped at a column": (
        "The talks between the two sides were said to go on for at\nleast another week.",
        "The talks between the two sides were said to go on for at least another week.",
    ),
    "carriage returns": ("One.\r\nTwo.\rThree.", "One.\n\nTwo.\n\nThree."),
    "paragraph separator": ("One.\u2029Two.", "One.\n\nTwo."),
    "angle brackets are words": ("a <b> c & d", "a <b> c & d"),
    "entities": ("Duffy&apos;s &#8217;x&#8217; &amp;amp; more", "Duffy's ’x’ & more"),
    "an address keeps its ampersands": ("see x.example/?a=1&copy=2", "see x.example/?a=1&copy=2"),
    "control characters": ("a\x00b\x1b[31mc\x9fd", "ab[31mcd"),
    "lone surrogates": ("a\ud800b", "a\ufffdb"),
    "a surrogate pair": ("\ud83d\ude00", "😀"),
}


@pytest.mark.parametrize(("text", "wanted"), TEXT.values(), ids=TEXT.keys())
def test_plain_of_text(text, wanted):
    """Text keeps its paragraphs, and its angle brackets are words."""
    assert plain(Content(text)) == wanted


# fmt: off
pieces = st.sampled_from((
    "<p>", "</p>", "<br>", "<", ">", "&", "amp;", "&lt;", "&#38;", "&#x26;", "lt;", "#39;", "<script>",
    "</script>", "<!--", "-->", "<![CDATA[", "]]>", "\n", "\n\n", "\r", " ", "\x00", "\x85", "\u2028",
    "\u2029", "\ud800", "word", "end.", '"', "='", "<figcaption>", "&#0;", "&#x80;", "&#55296;", "é",
    "שלום", "x" * 60,
))
# fmt: on
markup = st.lists(pieces, max_size=20).map("".join) | st.text()


@given(markup, st.sampled_from(("text", "html")))
@example("&am&#112;;lt;", "text")
@example("&amp;#13;x", "text")
@example("&" + "amp;" * 50 + "lt;p>", "html")
def test_plain_never_raises_and_is_its_own_plain_text(value, kind):
    """What comes out is clean, and read as text it is the same again."""
    words = plain(Content(value, kind))
    assert plain(Content(words)) == words
    words.encode()
    assert not [c for c in words if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]
    assert all(part and part == " ".join(part.split()) for part in words.split("\n\n") if words)


HOSTILE = {
    "deep nesting": "<div>" * 400_000,
    "tags that never end": "<a " * 700_000,
    "quotes that never end": '<a b="' * 400_000,
    "comments that never end": "<!--" * 500_000,
    "captions that never end": "<figcaption>" * 200_000,
    "brackets": "<" * 2_000_000,
    "escaped without end": "&" + "amp;" * 500_000,
    "escaped in turns": "&am&#112;;" * 200_000,
    "blank lines": "\n \n" * 700_000,
    "ten megabytes": "<p>word</p>" * 1_000_000,
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_takes_linear_time(value):
    """Megabytes made to be slow to read are read in seconds, however they are declared."""
    start = time.process_time()
    plain(Content(value, "html"))
    plain(Content(value))
    assert time.process_time() - start < 20


def test_long_text_is_cut_at_a_paragraph():
    """Beyond the limit whole paragraphs go, and the cut is told."""
    paragraphs = ["«word» " * 100] * 400
    text = plain(Content("\n\n".join(paragraphs)))
    kept, cut = cut_at_paragraph(text)
    assert cut
    assert text.startswith(kept + "\n\n")
    assert MAX_TEXT_BYTES - 2000 < wire_bytes(kept) <= MAX_TEXT_BYTES
    assert cut_at_paragraph(kept) == (kept, False)


def test_a_single_paragraph_is_cut_at_a_blank():
    """A text without paragraphs ends after a whole word."""
    kept, cut = cut_at_paragraph("word " * 100_000)
    assert (cut, kept[-5:]) == (True, " word")


def test_escapes_count():
    """The limit is one of bytes on the wire, where a quotation mark takes two."""
    kept, cut = cut_at_paragraph('"' * 200_000)
    assert (cut, wire_bytes(kept)) == (True, MAX_TEXT_BYTES)


def test_content_that_is_not_read_to_its_end_says_so():
    """What is longer than is read at all counts as cut, even if it is mostly markup."""
    assert is_cut(Content("<i></i>" * 400_000, "html"))
    assert not is_cut(Content("<i></i>" * 100, "html"))

"""The text of a page: what is the article's, whatever stands around it and however broken it is."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article.fulltext import LONGEST_SUMMARY, wants_page, with_page
from pipeline.article.page import LARGEST_PAGE, LEAST_TEXT, MOST_TAGS, THOROUGH_TAGS, PageText, page_text
from pipeline.attributes import MOST
from pipeline.feed.entry import Content, Entry
from pipeline.outcome import Reason, Rejected
from pipeline.text import MAX_TEXT_BYTES, plain, wire_bytes
from tests.article.strategies import PUBLISHERS

URL = "https://harbourpost.example/talks"

ENGLISH = (
    "The delegations met again in the harbour town on Tuesday and spoke for six hours about the pause.",
    "Officials of both sides said that the lists of names had been exchanged and that nobody had left.",
    "A second round is to begin on Thursday, in the same house at the end of the quay.",
)
FRENCH = (
    "Les délégations se sont retrouvées mardi dans la ville portuaire et ont parlé six heures de la trêve.",
    "Selon des responsables des deux camps, les listes ont été échangées et personne n'a quitté la salle.",
    "Une deuxième rencontre doit commencer jeudi, dans la même maison, au bout du quai.",
)
ARABIC = (
    "التقى الوفدان مجددا يوم الثلاثاء في مدينة الميناء وتحدثا ست ساعات عن وقف القتال في المنطقة كلها.",
    "وقال مسؤولون من الجانبين إن قوائم الأسماء جرى تبادلها وإن أحدا لم يغادر القاعة قبل انتهاء الاجتماع.",
    "ومن المقرر أن تبدأ جولة ثانية يوم الخميس في البيت نفسه عند آخر الرصيف القديم.",
)
HEBREW = (
    "המשלחות נפגשו שוב ביום שלישי בעיר הנמל ודיברו שש שעות על ההפוגה בלחימה באזור כולו, כך נמסר.",
    "גורמים משני הצדדים אמרו כי רשימות השמות הוחלפו וכי איש לא עזב את החדר לפני תום הפגישה הארוכה.",
    "סבב שני אמור להתחיל ביום חמישי, באותו הבית שבקצה הרציף הישן, ולהימשך כמה ימים.",
)
CHINESE = (
    "两个代表团星期二在港口城市再次会面，就停火问题谈了六个小时，会后双方都没有立即发表声明。" * 2,
    "双方官员表示，名单已经交换，没有人在会议结束之前离开房间，气氛比上一次会面时要好得多。" * 2,
    "第二轮会谈定于星期四在码头尽头的同一座房子里开始，预计将持续数天，调解人也会到场。" * 2,
)


def page(paragraphs: tuple[str, ...], head: str = "", lang: str = "en") -> str:
    """A page as outlets make them: an article among navigation, advertising, links and comments."""
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!DOCTYPE html><html lang="{lang}"><head><title>Talks resume | Harbour Post</title>{head}
<script>var a = "<p>no words of the article</p>";</script><style>p {{ color: red }}</style></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav></header>
<div class="cookie-banner"><p>We use cookies to make this site better. <button>Accept</button></p></div>
<main><article><h1>Talks resume</h1>
<figure><img src="quay.jpg"><figcaption>The quay on Monday. Photo: Harbour Post</figcaption></figure>
{body}
<table><tr><td>Days of talks</td><td>12</td></tr></table></article>
<aside class="advert"><p>Buy two lamps and get the third one for nothing, this week only.</p></aside>
<section class="related"><h2>Related</h2><ul><li><a href="/ferry">Ferry timetable changed</a></li>
<li><a href="/lamp">Lamp prices</a></li></ul></section>
<div id="comments" class="comments"><div class="comment"><p>First! And I never liked the quay anyway.</p>
</div></div></main>
<footer><p>Copyright Harbour Post. <a href="/imprint">Imprint</a></p></footer></body></html>"""


WRITTEN = {
    "English": (ENGLISH, "en"),
    "French": (FRENCH, "fr"),
    "Arabic": (ARABIC, "ar"),
    "Hebrew": (HEBREW, "he"),
    "Chinese": (CHINESE, "zh"),
}


@pytest.mark.parametrize(("paragraphs", "lang"), WRITTEN.values(), ids=WRITTEN.keys())
def test_the_article_and_nothing_else(paragraphs, lang):
    """Of a page the article's paragraphs stay, parted by blank lines, letter for letter."""
    found = page_text(page(paragraphs, lang=lang).encode(), URL, "text/html; charset=utf-8")
    assert found == PageText("\n\n".join(paragraphs))


CHARSETS = {
    "in the header": (ARABIC, "windows-1256", "text/html; charset=windows-1256", ""),
    "in a meta": (ARABIC, "windows-1256", "text/html", '<meta charset="windows-1256">'),
    "in an old meta": (
        ARABIC,
        "windows-1256",
        "text/html",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">',
    ),
    "Hebrew in reading order": (HEBREW, "iso-8859-8", "text/html; charset=ISO-8859-8-I", ""),
    "the header before the meta": (
        FRENCH,
        "utf-8",
        "text/html; charset=utf-8",
        "<meta charset=windows-1256>",
    ),
    "a mark before both": (FRENCH, "utf-8-sig", "text/html; charset=iso-8859-1", "<meta charset=koi8-r>"),
    "none, UTF-8": (HEBREW, "utf-8", "text/html", ""),
    "unknown, UTF-8": (HEBREW, "utf-8", "text/html; charset=none-of-the-kind", ""),
    "two bytes, marked": (ENGLISH, "utf-16", "text/html", ""),
}


@pytest.mark.parametrize(("paragraphs", "codec", "kind", "head"), CHARSETS.values(), ids=CHARSETS.keys())
def test_charset(paragraphs, codec, kind, head):
    """The encoding is what the mark, the header, the page says, in that order."""
    found = page_text(page(paragraphs, head).encode(codec), URL, kind)
    assert isinstance(found, PageText)
    assert found.text == "\n\n".join(paragraphs)


def test_one_bad_byte_costs_one_character():
    """A byte that the claimed encoding does not have does not garble the rest."""
    body = page(HEBREW).encode("windows-1255").replace(b"</p>", b"\xff</p>", 1)
    found = page_text(body, URL, "text/html; charset=windows-1255")
    assert isinstance(found, PageText)
    assert found.text.endswith(HEBREW[-1])


def test_lines_lists_and_quotes_are_paragraphs():
    """Breaks, items and quotations part paragraphs; emphasis and links do not."""
    body = (
        f"<p>{ENGLISH[0]}<br>{ENGLISH[1]}</p><ul><li>{ENGLISH[2]}</li><li>The <b>quay</b> is "
        "<a href=/q>closed</a> until then, and so is the road to it.</li></ul><blockquote><p>We will come "
        "back on Thursday, said the envoy, with an answer.</p></blockquote>"
    )
    found = page_text(f"<html><body><article>{body}</article></body></html>".encode(), URL, "")
    assert isinstance(found, PageText)
    assert found.text.split("\n\n") == [
        *ENGLISH,
        "The quay is closed until then, and so is the road to it.",
        "We will come back on Thursday, said the envoy, with an answer.",
    ]


def attributes(number: int) -> str:
    return " ".join(f"a{each}=1" for each in range(number))


NO_PAGE = {
    "nothing": (b"  \n", "text/html"),
    "a picture": (b"\x89PNG", "image/png"),
    "a feed": (b"<rss><channel/></rss>", "application/rss+xml"),
    "plain words": (" ".join(ENGLISH).encode(), "text/plain; charset=utf-8"),
    "JSON": (b'{"a": 1}', "application/json"),
    "too many bytes": (page(ENGLISH * 10_000).encode(), "text/html"),
    "too many tags": (page(ENGLISH).encode() + b"<b>" * MOST_TAGS, "text/html"),
    "too many attributes": (page(ENGLISH, f"<meta {attributes(MOST + 1)}>").encode(), "text/html"),
    "attributes behind what looks like an end": (
        page(ENGLISH, f"<meta a='>' b=\">\" {attributes(MOST)}>").encode(),
        "text/html",
    ),
    "attributes that a control character hides": (
        page(ENGLISH, f"<!-- -\x01-> <meta {attributes(MOST + 1)}> -->").encode(),
        "text/html",
    ),
}


@pytest.mark.parametrize(("body", "kind"), NO_PAGE.values(), ids=NO_PAGE.keys())
def test_no_page(body, kind):
    """What is no HTML, or too much of it, is not looked at, and the reason names the page."""
    found = page_text(body, URL, kind)
    assert isinstance(found, Rejected)
    assert (found.reason, found.where) == (Reason.NO_PAGE, URL)


NO_TEXT = {
    "navigation alone": page(()),
    "a consent wall": """<html><body><div class="consent"><h2>Before you go on</h2><p>We and our
        partners store cookies.</p><button>Accept all</button><button>Refuse</button></div></body></html>""",
    "a teaser before a paywall": page((ENGLISH[0][:90], "Subscribe to continue reading.")),
    "an error": "<html><body><h1>404</h1><p>Sorry, there is nothing here.</p></body></html>",
}


@pytest.mark.parametrize("markup", NO_TEXT.values(), ids=NO_TEXT.keys())
def test_no_text(markup):
    """A page without an article on it gives none."""
    found = page_text(markup.encode(), URL, "text/html")
    assert isinstance(found, Rejected)
    assert found.reason is Reason.NO_TEXT


BROKEN = {
    "nothing closed": "<html><body><article>" + "".join(f"<p>{each}" for each in ENGLISH),
    "wrongly nested": page(ENGLISH)
    .replace("<article>", "<article><b><i><p>")
    .replace("</p>", "</b></p></i>"),
    "cut in a tag": page(ENGLISH)[: page(ENGLISH).index("<table>")] + '<div class="x',
    "declared as XML": '<?xml version="1.0" encoding="utf-8"?>' + page(ENGLISH),
    "NUL characters": page(ENGLISH).replace("<p>", "\0<p>\0"),
    "a comment never closed": page(ENGLISH).replace("<table>", "<!-- <table>"),
}


@pytest.mark.parametrize("markup", BROKEN.values(), ids=BROKEN.keys())
def test_broken_html(markup):
    """Broken markup costs no paragraph of the article."""
    found = page_text(markup.encode(), URL, "text/html")
    assert isinstance(found, PageText)
    assert found.text.split("\n\n")[:3] == list(ENGLISH)


P = f"<p>{ENGLISH[0]}</p>"
HEAVY = {
    "2 MB of divs": "<html><body>" + "<div>" * 399_990,
    "divs and paragraphs": "<html><body>" + "<div><p>some words</p></div>" * (MOST_TAGS // 2 - 2),
    "divs and paragraphs, thorough": "<html><body>" + "<div><p>words</p></div>" * (THOROUGH_TAGS // 2 - 2),
    "nested blocks": "<html><body>" + ("<div>" * 230 + "w" + "</div>" * 230) * (MOST_TAGS // 230 - 1),
    "deep nesting": "<html><body>" + "<div>" * (MOST_TAGS - 10) + P,
    "links": "<html><body><div>" + "<a href=/x>some words</a> " * (MOST_TAGS - 10),
    "breaks": "<html><body><div>" + "x<br>" * (MOST_TAGS - 10),
    "one long word": "<html><body><article><p>" + "a" * 1_900_000,
    "blanks": "<html><body><article><p>" + " \n\t" * 600_000,
    "entities": "<html><body><article><p>" + "&amp;&#65;" * 190_000,
    "smaller than": "<html><body><article><p>" + "< " * 900_000,
    "one class": f"<html><body><article>{P * 9}<div class='" + "comment " * 200_000 + "'>x</div>",
    "attributes of one tag": f"<html><body>{P * 9}<p {attributes(150_000)}>",
    "attributes of each tag": f"<html><body>{P * 9}" + f"<p {attributes(MOST)}>" * 480,
    "an open comment": f"<html><body><article>{P * 9}<!--" + "- " * 900_000,
}


@pytest.mark.parametrize("markup", HEAVY.values(), ids=HEAVY.keys())
def test_heavy_pages_take_bounded_time(markup):
    """Whatever fits the limits is done in a second, eight at most, and gives a text within bounds."""
    assert len(markup) <= LARGEST_PAGE
    begin = time.process_time()
    found = page_text(markup.encode(), URL, "text/html")
    assert time.process_time() - begin < 8
    if isinstance(found, PageText):
        assert wire_bytes(found.text) <= MAX_TEXT_BYTES


def test_a_long_text_is_cut_and_says_so():
    """A text beyond what travels keeps whole paragraphs from its beginning, and the entry is marked."""
    found = page_text(page(tuple(f"{number}. {ENGLISH[0]}" for number in range(4_000))).encode(), URL, "")
    assert isinstance(found, PageText)
    assert found.truncated
    assert found.text.endswith(ENGLISH[0])
    full = with_page(ENTRY, found, URL)
    assert isinstance(full, Entry)
    assert full.truncated


@given(st.binary(max_size=300) | st.text(alphabet="<>/!-=\"'& apdiv\0é", max_size=200).map(str.encode))
def test_never_raises(body):
    """Any bytes are a text or a reason, and a text is its own plain text of at least some length."""
    found = page_text(b"<html><body>" + body + P.encode() * 3, URL, "text/html")
    if isinstance(found, PageText):
        assert len(found.text) >= LEAST_TEXT
        assert plain(Content(found.text)) == found.text
    else:
        assert found.reason in (Reason.NO_TEXT, Reason.NO_PAGE)


# --- which entries want it, and what becomes of them

ENTRY = Entry(
    feed="a",
    origin="feed",
    url=URL,
    title=Content("Talks resume in harbour town"),
    summary=Content("The delegations met again on Tuesday and spoke about the pause."),
)
PAGE = PageText("\n\n".join(ENGLISH))

WANTS = {
    "a summary": (ENTRY, True),
    "a title alone": (replace(ENTRY, summary=None), True),
    "content that repeats the summary": (replace(ENTRY, content=ENTRY.summary), True),
    "content that is a teaser": (replace(ENTRY, content=Content("The delegations met again. " * 5)), True),
    "content": (replace(ENTRY, content=Content(PAGE.text)), False),
    "an article for a summary": (replace(ENTRY, summary=Content("word " * (LONGEST_SUMMARY // 4))), False),
    "no address": (replace(ENTRY, url=None), False),
    "an address of no page": (replace(ENTRY, url="ftp://harbourpost.example/talks"), False),
    "an aggregator's link": (replace(ENTRY, url="https://gather.example/read/1"), False),
    "withdrawn": (replace(ENTRY, withdrawn=True), False),
    "moved": (replace(ENTRY, moved_to="u2"), False),
    "has it": (replace(ENTRY, text_from=URL), False),
}


@pytest.mark.parametrize(("entry", "wanted"), WANTS.values(), ids=WANTS.keys())
def test_wants_page(entry, wanted):
    """A page is wanted for a live entry with one of its own, of which the feed tells a summary only."""
    assert wants_page(entry, PUBLISHERS) is wanted


def test_with_page():
    """The page's text becomes the content, and the entry says where it came from."""
    assert with_page(ENTRY, PAGE, URL) == replace(ENTRY, content=Content(PAGE.text), text_from=URL)


NO_GAIN = {
    "no longer than the summary": (ENTRY, PageText(ENTRY.summary.value)),
    "the summary and a call to subscribe": (
        ENTRY,
        PageText(f"{ENTRY.summary.value}\n\nSubscribe to continue reading."),
    ),
    "about something else": (
        ENTRY,
        PageText("We and our partners store information on a device and read it there. " * 6),
    ),
}


@pytest.mark.parametrize(("entry", "found"), NO_GAIN.values(), ids=NO_GAIN.keys())
def test_no_gain(entry, found):
    """A text that adds nothing, or is no text about the entry, is not taken."""
    why = with_page(entry, found, URL)
    assert isinstance(why, Rejected)
    assert (why.reason, why.where) == (Reason.NO_TEXT, URL)


ABOUT = {
    "Arabic, with particles": ("عودة الوفدين إلى المحادثات", ARABIC[0], ARABIC),
    "Hebrew": ("המשלחות נפגשו שוב", HEBREW[0][:60], HEBREW),
    "Chinese, which has no words to compare": ("代表团再次会面", "停火谈判恢复", CHINESE),
    "few words": ("Quay", None, ENGLISH),
}


@pytest.mark.parametrize(("title", "summary", "paragraphs"), ABOUT.values(), ids=ABOUT.keys())
def test_is_about(title, summary, paragraphs):
    """In every script an article's page is known as one about its own summary, or the benefit of doubt."""
    entry = replace(ENTRY, title=Content(title), summary=Content(summary) if summary else None)
    assert isinstance(with_page(entry, PageText("\n\n".join(paragraphs)), URL), Entry)

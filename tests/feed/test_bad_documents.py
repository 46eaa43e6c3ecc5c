"""Bad input: each kind has its reason, says what and where, and harms nothing else."""

import builtins
import io
import socket
import time
import urllib.request

import pytest

from pipeline.feed.document import FeedDocument
from pipeline.feed.limits import Limits
from pipeline.feed.parse import parse_feed
from pipeline.outcome import Reason, Rejected
from tests.feed.documents import ATOM, JSON, RSS, atom, rss


def read(body: bytes | str, **given: object) -> FeedDocument | Rejected:
    data = body.encode() if isinstance(body, str) else body
    return parse_feed(data, **({"feed": "f", "origin": "feed"} | given))  # type: ignore[arg-type]


def document(body: bytes | str, **given: object) -> FeedDocument:
    found = read(body, **given)
    assert isinstance(found, FeedDocument), found
    return found


WEB_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Sorry</p></body></html>"
XHTML_PAGE = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>No</body></html>'
LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    ("body", "reason", "said"),
    [
        (b"", Reason.EMPTY_BODY, "empty"),
        (b" \r\n\t ", Reason.EMPTY_BODY, "empty"),
        (b"\xef\xbb\xbf", Reason.EMPTY_BODY, "empty"),
        (WEB_PAGE, Reason.HTML_NOT_FEED, "web page"),
        ("<!-- cache --> " + XHTML_PAGE, Reason.HTML_NOT_FEED, "web page"),
        (XHTML_PAGE, Reason.HTML_NOT_FEED, "web page"),
        ('{"error": "rate limit", "code": 429}', Reason.NOT_A_FEED, "keys: code, error"),
        ('["a"]', Reason.NOT_A_FEED, "list"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', Reason.NOT_A_FEED, "items"),
        (JSON[:-30], Reason.BAD_JSON, "not JSON"),
        ("[" * 100_000, Reason.BAD_JSON, "not JSON"),
        ("Service unavailable", Reason.NOT_A_FEED, "'Service unavailable'"),
        ("<opml version='2.0'><body/></opml>", Reason.NOT_A_FEED, "<opml"),
        (b"\x1f\x8b\x08\x00" + b"\x9c" * 40, Reason.NOT_A_FEED, "neither"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Reason.NOT_A_FEED, "neither"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: bytes | str, reason: Reason, said: str) -> None:
    """Error pages, web pages, other formats and binaries are refused with their own reason."""
    found = read(body)
    assert isinstance(found, Rejected)
    assert found.reason == reason
    assert said in found.message


def test_a_body_over_the_limit_is_refused() -> None:
    """Size counts before anything is read."""
    found = read(RSS, limits=Limits(body=100))
    assert found == Rejected(Reason.TOO_LARGE, f"{len(RSS)} bytes; at most 100 are read")


@pytest.mark.parametrize(
    "definition",
    [
        LAUGHS,
        LAUGHS.replace("&a;", "&#38;a;").replace("&b;", "&#x26;b;"),
        f'<!DOCTYPE rss [<!ENTITY long "{"x" * 5000}">]>',
        '<!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % dtd SYSTEM "http://evil.example/x.dtd"> %dtd;]>',
        "<!-- <a> --><!DOCTYPE rss [<!ENTITY a 'x'><!ENTITY b '&a;'>]>",
        "<!DOCTYPE rss [<!ENTITY a\n>]>",
    ],
)
def test_entity_bombs_are_refused(definition: str) -> None:
    """What expands, reaches out or cannot be read in a document type definition ends the document."""
    found = read(definition + rss("<title>&c;</title>"))
    assert isinstance(found, Rejected)
    assert found.reason == Reason.FORBIDDEN_DTD


def test_the_quadratic_blow_up_is_refused() -> None:
    """One harmless-looking entity that is used a hundred thousand times is a bomb too."""
    body = f'<!DOCTYPE rss [<!ENTITY a "{"x" * 900}">]>' + rss("<title>" + "&a;" * 100_000 + "</title>")
    found = read(body)
    assert isinstance(found, Rejected)
    assert found.reason == Reason.FORBIDDEN_DTD


@pytest.mark.parametrize(
    "definition",
    [
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss.dtd">',
        '<!DOCTYPE rss [\n<!ENTITY nbsp "&#160;">\n<!ENTITY copy "(C)">\n]>',
        '<!DOCTYPE rss [\n<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1//EN" "http://w3.example/l.ent">\n'
        "%HTMLlat1;\n]>",
    ],
)
def test_harmless_doctypes_stay_harmless(definition: str) -> None:
    """Doctypes of old feeds and plain entities are read as ever."""
    found = document(definition + "\n" + rss("<title>T</title>"))
    assert [entry.title.value for entry in found.entries if entry.title] == ["T"]
    assert found.rejected == ()


def test_an_example_of_a_bomb_in_a_text_is_a_text() -> None:
    """An article about entity bombs is no bomb: only the prolog defines."""
    found = document(rss(f"<title>T</title><description><![CDATA[{LAUGHS}]]></description>"))
    assert found.entries[0].summary is not None
    assert "ENTITY" in found.entries[0].summary.value


THREE = rss("</item><item>".join(f"<guid>{n}</guid><description>{'word ' * 20}</description>" for n in "abc"))


@pytest.mark.parametrize("at", [len(THREE) - 120, len(THREE) - 30, len(THREE) - 14, len(THREE) - 3])
def test_a_truncated_feed_is_not_complete(at: int) -> None:
    """Whole items are read, the one it breaks off in is not taken for an edit, and the document says so."""
    found = document(THREE[:at])
    assert [entry.guid for entry in found.entries] in (["a", "b"], ["a", "b", "c"])
    assert all(entry.summary and entry.summary.value == ("word " * 20).strip() for entry in found.entries)
    assert not found.complete
    (lost,) = found.rejected
    assert lost.reason == Reason.MALFORMED_FEED
    assert lost.message.startswith("broken; entries may be missing: line 1, column")


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="utf-8"?>'])
def test_a_feed_that_is_not_in_its_encoding_is_told(declaration: str) -> None:
    """Bytes that are neither what the feed declares nor UTF-8 are read by a guess, which is reported."""
    found = document((declaration + rss("<title>Café à Gaza</title>")).encode("cp1252"))
    title = found.entries[0].title
    assert title is not None and title.value == "Café à Gaza"
    (lost,) = found.rejected
    assert lost.reason == Reason.BAD_ENCODING
    assert lost.message == "not in the encoding it declares, nor in UTF-8; read as Windows-1252"


def test_a_feed_cut_within_a_character_keeps_its_encoding() -> None:
    """One broken byte at the end does not turn the Arabic before it into Latin."""
    whole = rss("<title>عادت الوفود إلى القاهرة</title><guid>1</guid></item><item><title>غزة").encode()
    body = whole[: whole.index("غزة".encode()) + 3]
    found = document(body)
    assert found.entries[0].title is not None
    assert found.entries[0].title.value == "عادت الوفود إلى القاهرة"
    assert Reason.BAD_ENCODING in [one.reason for one in found.rejected]


@pytest.mark.parametrize(
    ("spoil", "count"),
    [
        (lambda text: text.replace("word ", "fish & chips ", 1), 3),
        (lambda text: text.replace("word ", "&nbsp;", 1), 3),
        (lambda text: text + "<script>x</script>", 3),
        (lambda text: "<<<<<<< HEAD\n" + text, 3),
    ],
)
def test_ill_formed_but_whole_feeds_are_complete(spoil, count: int) -> None:  # type: ignore[no-untyped-def]
    """What is wrong in the middle is forgiven, told, and does not hide entries."""
    found = document(spoil(THREE))
    assert len(found.entries) == count
    assert found.complete
    assert [one.reason for one in found.rejected] == [Reason.MALFORMED_FEED]
    assert "all entries were read" in found.rejected[0].message


@pytest.mark.parametrize(("closed", "left"), [("</item>", "</item><!-- "), ("</description>", "")])
def test_what_swallows_entries_is_noticed(closed: str, left: str) -> None:
    """Entries inside an unclosed comment or description must not look gone."""
    found = document(THREE.replace(closed, left, 1))
    assert len(found.entries) < 3
    assert not found.complete


def test_the_line_of_a_fault_is_the_documents_own() -> None:
    """Declaration and leading lines count, so that an editor finds the place."""
    found = document('<?xml version="1.0"?>\n\n' + rss("<title>T</title>\n<description>a & b</description>"))
    assert "line 4" in found.rejected[0].message


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (RSS.encode("utf-16"), ""),
        (RSS.encode("utf-16-be"), ""),
        (RSS.encode("utf-32"), "text/xml"),
        (b"\xef\xbb\xbf  \n" + RSS.encode(), ""),
        (('<?xml version="1.0" encoding="cp037"?>' + RSS).encode("cp037"), ""),
        (RSS.encode(), "text/xml; charset=no-such-thing"),
        (RSS.encode(), "text/xml; charset=punycode"),
        (RSS.encode(), "text/xml"),
        (b'<?xml version="1.0" encoding="utf-16"?>' + RSS.encode(), ""),
        (b"\x00\x00" + RSS.encode(), ""),
    ],
    ids=["utf-16", "16be", "utf-32", "bom", "ebcdic", "unknown", "codec", "no charset", "lie", "nul"],
)
def test_encodings_are_found_out(body: bytes, content_type: str) -> None:
    """Marks, first characters, headers and declarations, and those that lie, lead to the same entry."""
    headers = {"Content-Type": content_type} if content_type else {}
    assert document(body, headers=headers).entries == document(RSS).entries


@pytest.mark.parametrize(
    ("name", "title"), [("windows-1256", "غزة"), ("iso-8859-8", "עזה"), ("cp1252", "“é”")]
)
@pytest.mark.parametrize("by", ["header", "declaration"])
def test_declared_encodings_are_used(name: str, title: str, by: str) -> None:
    """An eight-bit encoding comes from the header or the declaration."""
    declaration = f'<?xml version="1.0" encoding="{name}"?>' if by == "declaration" else ""
    body = (declaration + rss(f"<title>{title}</title>")).encode(name)
    headers = {"content-type": f'application/xml; charset="{name}"'} if by == "header" else {}
    found = document(body, headers=headers).entries[0]
    assert found.title is not None
    assert found.title.value == title


def test_strings_hold_scalar_values_only() -> None:
    """References to surrogates and NULs, over which feedparser's loose reader trips, become U+FFFD or go."""
    for body in (
        rss("<title>a&#xD800;b&#0;c&</title><guid>x&#55357;</guid>"),
        rss("<title>a&#x110000;b&</title>"),
    ):
        entry = document(body).entries[0]
        assert entry.title is not None
        for text in (entry.title.value, entry.guid or ""):
            assert "\0" not in text
            text.encode()


def test_elements_named_like_feedparsers_keys_do_no_harm() -> None:
    """An element <authors> or <title_detail> lands among feedparser's own keys."""
    names = ("authors", "title_detail", "summary_detail", "content", "source", "links", "published_parsed")
    for name in names:
        for inside in (f"<{name}>x</{name}>", f'<{name} a="b">x</{name}>'):
            assert len(document(rss(f"<title>T</title>{inside}")).entries) == 1, inside


HOSTILE = {
    "an author without end": lambda n: rss(f"<author>{'a' * n}</author>"),
    "many categories": lambda n: rss("".join(f"<category>{i}</category>" for i in range(n // 20))),
    "leading space": lambda n: " \n" * (n // 2) + rss("<title>&</title>"),
    "space before a doctype": lambda n: (
        '<?xml version="1.0"?>' + " \n" * (n // 2) + "<!DOCTYPE rss>" + rss("")
    ),
    "a declaration without end": lambda n: "<?xml " + "encoding='" * (n // 10) + RSS,
    "namespaces": lambda n: (
        "<rss " + " ".join(f'xmlns:a{i}="u{i}"' for i in range(n // 40)) + '><a1:b c=">"/>'
        + "<a2:b/>" * (n // 40) + "</rss>"
    ),
    "nesting": lambda n: rss("<a>" * (n // 7) + "</a>" * (n // 7)),
    "openings": lambda n: rss("<title>" + "<!--" * (n // 4) + "</title>"),
    "quotes": lambda n: rss("<title>" + "<a b='x\" " * (n // 10) + "</title>"),
    "references": lambda n: rss("<title>" + "&a" * (n // 2) + "</title>"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_bounded(name: str) -> None:
    """400 kB made to be slow to read take seconds at most; feedparser alone needs minutes for some."""
    body = HOSTILE[name](400_000)
    started = time.process_time()
    read(body)
    assert time.process_time() - started < 10


FAR = "http://a.example/" + "a/" * 50_000
ITEMS = "".join(f"<item><title>T {n}</title><link>x{n}</link></item>" for n in range(2_000))
ENTRIES = "".join(f"<entry><title>T {n}</title><link href='x{n}'/></entry>" for n in range(2_000))
ATOM_OF = "<feed xmlns='http://www.w3.org/2005/Atom'"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<rss version='2.0'><channel><link>{FAR}</link>{ITEMS}</channel></rss>", id="link"),
        pytest.param(f"<rss version='2.0' xml:base='{FAR}'><channel>{ITEMS}</channel></rss>", id="RSS base"),
        pytest.param(f"{ATOM_OF} xml:base='{FAR}'>{ENTRIES}</feed>", id="Atom base"),
        pytest.param(f"{ATOM_OF}>{ENTRIES}</feed>", id="header"),
        pytest.param(
            f"{ATOM_OF}>" + "<x xml:base='a/a/a/a/a/a/'>" * 900 + ENTRIES + "</x>" * 900 + "</feed>",
            id="base upon base",
        ),
    ],
)
def test_a_base_longer_than_any_address_is_none(body: str) -> None:
    """2,000 entries whose links stand at an address of 100 kB took up to a minute to be read."""
    started = time.process_time()
    document(body, headers={"Content-Location": FAR})
    assert time.process_time() - started < 8


def test_a_link_that_is_no_address_is_said() -> None:
    """A bracket that opens no IPv6 address costs an entry its link and nothing else."""
    found = document(atom("<title>T</title><id>g</id><link href='//['/>"))
    assert [entry.url for entry in found.entries] == [None]
    assert [lost.reason for lost in found.rejected] == [Reason.BAD_FIELD]


def test_work_stops_at_the_number_of_tags() -> None:
    """A document of tags without end is read up to the limit, and says that it goes on."""
    body = atom("<title>T</title>").replace(
        "</feed>", '<entry type="x">' + "<x/>" * 5_000 + "</entry></feed>"
    )
    found = document(body, limits=Limits(tags=1_000))
    assert not found.complete
    assert found.entries[0].title is not None


@pytest.mark.parametrize(
    "text",
    [
        "<description><![CDATA[What an <item> and an <entry> are]]></description>",
        "<!-- <item><title>An old one</title></item> --><x:y xmlns:x='urn:x'/>",
        "<description><![CDATA[<!-- <item>]]></description><x>--></x>",
    ],
)
def test_an_item_that_is_only_spoken_of_is_none(text: str) -> None:
    """What stands in a CDATA section or a comment is not counted among the items of a document."""
    for body in (rss(f"<title>T</title>{text}"), rss(f"<title>T &nbsp; &</title>{text}")):
        found = document(body.replace("<rss ", "<rss xml:base='https://paper.example/' "))
        assert (len(found.entries), found.cut, found.complete) == (1, 0, True)


def test_a_section_without_an_end_swallows_items_and_says_so() -> None:
    """Items behind a comment that is never closed are missed, and the document is not complete."""
    found = document(rss("<title>T</title></item><!-- x<item><title>U</title>"))
    assert (len(found.entries), found.complete) == (1, False)


def test_nothing_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Bodies that are file names or addresses, and documents that name others, are only ever text."""
    secret = tmp_path / "secret.xml"
    secret.write_text(RSS)

    def forbidden(*args: object, **_: object) -> None:
        raise AssertionError(f"opened {args}")

    monkeypatch.setattr(builtins, "open", forbidden)
    monkeypatch.setattr(io, "open", forbidden)
    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(urllib.request, "urlopen", forbidden)
    bodies = [
        str(secret),
        "http://127.0.0.1:1/feed",
        "file:///etc/passwd",
        f'<!DOCTYPE rss SYSTEM "{secret}">' + rss("<title>&x;</title>"),
        f'<?xml-stylesheet href="{secret}"?>' + RSS,
        atom(f'<title>T</title><content src="{secret}"/>'),
        ATOM,
    ]
    found = [read(body, headers={"Content-Location": "http://127.0.0.1:1/"}) for body in bodies]
    assert [isinstance(one, FeedDocument) for one in found] == [False, False, False, True, True, True, True]

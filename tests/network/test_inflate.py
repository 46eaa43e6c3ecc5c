"""Decompression: right for every way a server may send a coding, bounded for those it should not."""

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable
from functools import cache

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.http.fetcher import Fetcher, Get
from agents.http.inflate import CODINGS, Inflation, inflation, unpacked
from pipeline.outcome import Reason, Rejected
from tests.network.asking import body, unharmed, why
from tests.network.chaos import Chaos, answer, endless, hang_up, head
from tests.network.conftest import PATIENCE

LIMIT = 1_000_000
TEXT = "".join(f"<item><guid>{n}</guid>\u05d0\u0627</item>" for n in range(4_000)).encode()


def bare(data: bytes) -> bytes:
    """Deflate as it was not meant, without zlib's wrapping."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "gzip by its old name": ("x-gzip", gzip.compress),
    "gzip in capitals": ("GZIP", gzip.compress),
    "gzip in members": ("gzip", lambda data: gzip.compress(data[:100]) + gzip.compress(data[100:])),
    "gzip and zeros": ("gzip", lambda data: gzip.compress(data) + b"\0" * 512),
    "gzip and garbage": ("gzip", lambda data: gzip.compress(data) + b"\r\n<!-- served by -->"),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare),
    "brotli": ("br", brotli.compress),
    "gzip, then brotli": ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
    "gzip twice, said once": ("gzip", lambda data: gzip.compress(gzip.compress(data))),
    "a gzip file": ("", gzip.compress),
    "identity": ("identity", bytes),
    "a charset": ("UTF-8", bytes),
}


def whole(coding: str, pieces: list[bytes], limit: int = LIMIT) -> bytes | Rejected:
    """What these pieces decode to, as a body is decoded."""
    document = inflation(coding, limit)
    if isinstance(document, Rejected):
        return document
    for piece in pieces:
        if rejected := document.feed(piece):
            return rejected
    end = document.end()
    return end if isinstance(end, Rejected) else unpacked(end, limit)


@pytest.mark.parametrize("case", PACKED)
@pytest.mark.parametrize("size", [1, 7, 4_096, 10_000_000])
def test_round_trip(case: str, size: int) -> None:
    """Each coding gives the document back, in whatever pieces it comes."""
    coding, pack = PACKED[case]
    document = TEXT[:5_000] if size == 1 else TEXT
    data = pack(document)
    assert whole(coding, [data[at : at + size] for at in range(0, len(data), size)]) == document


@pytest.mark.parametrize("case", [case for case in PACKED if case not in ("identity", "a charset")])
def test_truncated(case: str) -> None:
    """A compressed body that breaks off anywhere is cut short, and never handed on as whole."""
    coding, pack = PACKED[case]
    data = pack(TEXT[:2_000])
    end = len(gzip.compress(TEXT[:100])) if "members" in case else len(data)
    if "and" in case:
        end = len(gzip.compress(TEXT[:2_000]))
    for length in range(2, end, 11):
        found = whole(coding, [data[:length]])
        assert isinstance(found, Rejected), length
        assert found.reason is Reason.CUT_SHORT


@given(data=st.binary(max_size=300), coding=st.sampled_from([*CODINGS, "gzip, br", "br,deflate", "", "zstd"]))
def test_any_bytes(data: bytes, coding: str) -> None:
    """No bytes make a decoder raise; they are a document or have one of three reasons."""
    found = whole(coding, [data])
    if isinstance(found, Rejected):
        assert found.reason in (Reason.BAD_COMPRESSION, Reason.CUT_SHORT)


@given(data=st.binary(max_size=2_000), flips=st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 255))))
def test_damage(data: bytes, flips: list[tuple[int, int]]) -> None:
    """A gzip body with damaged bytes is the document (where the damage does not matter) or has a reason."""
    packed = bytearray(gzip.compress(data, mtime=0))
    for at, flip in flips:
        packed[at % len(packed)] ^= flip
    found = whole("gzip", [bytes(packed)])
    if not isinstance(found, Rejected):
        assert len(found) < LIMIT


@cache
def bomb(coding: str) -> bytes:
    """200 MB of zeros, packed as small as the coding can."""
    if coding == "br":
        packer = brotli.Compressor(quality=1)
        return b"".join(packer.process(bytes(1_000_000)) for _ in range(200)) + packer.finish()
    wbits = {"gzip": 31, "deflate": 15, "gzip, gzip": 31}[coding]
    packer = zlib.compressobj(1, wbits=wbits)
    data = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    return gzip.compress(data) if coding == "gzip, gzip" else data


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, gzip"])
async def test_bombs(coding: str, server: Chaos, patient: Fetcher) -> None:
    """A body that unpacks to 200 MB is too large, and neither its memory nor its time is ever spent."""
    url = server.on("/bomb", answer(200, bomb(coding), Content_Encoding=coding))
    begun = time.monotonic()
    tracemalloc.start()
    try:
        assert await why(patient, Get(url, limit=LIMIT)) is Reason.TOO_LARGE
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * LIMIT
    assert time.monotonic() - begun < PATIENCE / 2
    assert await unharmed(patient, server)


def test_a_bomb_inside_a_bomb() -> None:
    """A stage on the way is bounded as the document is: bytes that come to nothing in the end count too."""
    nothing = gzip.compress(gzip.compress(b"") * 100_000)
    assert len(nothing) < 20_000
    found = whole("gzip, gzip", [nothing], limit=100_000)
    assert isinstance(found, Rejected)
    assert found.reason is Reason.TOO_LARGE


async def test_compressed_without_end(server: Chaos, fetcher: Fetcher) -> None:
    """Compressed bytes that never come to any document are bounded on the wire."""
    first = head(200, {"Content-Encoding": "gzip"})
    url = server.on("/endless", endless(first, gzip.compress(b"") * 1_000))
    assert await why(fetcher, Get(url, limit=100_000)) is Reason.TOO_LARGE
    assert await unharmed(fetcher, server)


@pytest.mark.parametrize(
    ("coding", "data", "reason"),
    [
        ("gzip", b"<rss>not packed at all</rss>", Reason.BAD_COMPRESSION),
        ("deflate", b"<rss>not packed at all</rss>", Reason.BAD_COMPRESSION),
        ("br", b"<rss>not packed at all</rss>", Reason.BAD_COMPRESSION),
        ("gzip", gzip.compress(b"", mtime=0)[:10] + b"\x07a block of no type", Reason.BAD_COMPRESSION),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-8] + b"wrongsum", Reason.BAD_COMPRESSION),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-8], Reason.CUT_SHORT),
        ("br", brotli.compress(TEXT)[:-8], Reason.CUT_SHORT),
        ("zstd", b"(\xb5/\xfd", Reason.BAD_COMPRESSION),
        ("aes128gcm", b"secret", Reason.BAD_COMPRESSION),
        ("gzip, " * 20, b"", Reason.BAD_COMPRESSION),
    ],
)
async def test_damaged(coding: str, data: bytes, reason: Reason, server: Chaos, fetcher: Fetcher) -> None:
    """A body that does not decompress, or not to its end, has its reason; the answer's head is kept."""
    url = server.on("/damaged", answer(200, data, Content_Encoding=coding))
    assert await why(fetcher, url) is reason
    assert await unharmed(fetcher, server)


async def test_over_the_wire(server: Chaos, fetcher: Fetcher) -> None:
    """Each coding is read over a connection, and the request offers those that are understood."""
    for case, (coding, pack) in PACKED.items():
        url = server.on("/packed", answer(200, pack(TEXT), Content_Encoding=coding))
        assert await body(fetcher, url) == TEXT, case
    assert server.requests[0].headers["accept-encoding"] == "gzip, deflate, br"


async def test_the_limit_is_exact(server: Chaos, fetcher: Fetcher) -> None:
    """A body of exactly the limit is read, one byte more is too large, packed or not."""
    for coding, pack in (("identity", bytes), ("gzip", gzip.compress), ("br", brotli.compress)):
        url = server.on("/edge", answer(200, pack(bytes(50_000)), Content_Encoding=coding))
        assert len(await body(fetcher, Get(url, limit=50_000))) == 50_000
        assert await why(fetcher, Get(url, limit=49_999)) is Reason.TOO_LARGE


async def test_cut_within_a_packed_body(server: Chaos, fetcher: Fetcher) -> None:
    """A connection closed within a packed body of no announced length is noticed by the packing."""
    packed = head(200, {"Content-Encoding": "gzip"}) + gzip.compress(TEXT)[:-300]
    assert await why(fetcher, server.on("/cut", hang_up(packed))) is Reason.CUT_SHORT


def test_stages_in_their_order() -> None:
    """The coding that was applied last is undone first."""
    found = inflation("gzip, br", LIMIT)
    assert isinstance(found, Inflation)
    assert found.feed(brotli.compress(gzip.compress(b"hello"))) is None
    assert found.end() == b"hello"

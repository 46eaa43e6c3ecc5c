"""Decompression in bounded steps: no document, and no stage on the way to it, grows beyond its limit."""

import re
import zlib
from collections.abc import Generator, Iterator
from typing import Protocol

import brotli

from pipeline.outcome import Reason, Rejected

ACCEPTED = "gzip, deflate, br"
PLAIN = frozenset(("", "identity", "none", "utf-8"))
"""Codings that are none: origins write `none`, and their charset, into Content-Encoding."""
MOST_CODINGS = 3
PIECE = 262_144
"""Bytes that one step of a decoder may give: a feed of usual size in one, a bomb in small ones."""
GZIP = b"\x1f\x8b"


class Coding(Protocol):
    """A decoder of one content coding. `feed` raises zlib.error or brotli.error on what is damaged."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these further bytes decode to, in pieces of about PIECE bytes at most."""

    def ended(self) -> bool:
        """The stream came to its end, or never began."""


class Gzip:
    """gzip (RFC 1952) of one or several members. What follows them and is none is passed over."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)
        self._begun = self._whole = self._over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these further bytes decode to."""
        while data and not self._over:
            if self._whole and not self._begun and data[0] != GZIP[0]:
                self._over = True
                return
            self._begun = True
            data = yield from _steps(self._member, data)
            if self._member.eof:
                self._member = zlib.decompressobj(31)
                self._begun, self._whole = False, True

    def ended(self) -> bool:
        """The stream came to its end, or never began."""
        return not self._begun


class Deflate:
    """deflate: zlib (RFC 1950), as the name is defined, or bare (RFC 1951), as many servers send it."""

    def __init__(self) -> None:
        self._head = b""
        self._stream: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these further bytes decode to."""
        if self._stream is None:
            data = self._head + data
            if len(data) < 2:
                self._head = data
                return
            wrapped = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._stream = zlib.decompressobj(15 if wrapped else -15)
        if not self._stream.eof:
            yield from _steps(self._stream, data)

    def ended(self) -> bool:
        """The stream came to its end, or never began."""
        return self._stream.eof if self._stream else not self._head


class Brotli:
    """br (RFC 7932)."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these further bytes decode to."""
        self._begun = self._begun or bool(data)
        while not self._stream.is_finished():
            yield self._stream.process(data, output_buffer_limit=PIECE)
            if self._stream.can_accept_more_data():
                return
            data = b""

    def ended(self) -> bool:
        """The stream came to its end, or never began."""
        return not self._begun or bool(self._stream.is_finished())


def _steps(stream: "zlib._Decompress", data: bytes) -> Generator[bytes, None, bytes]:
    """Decode `data` in steps; the value returned is what lies behind the end of the stream."""
    while True:
        piece = stream.decompress(data, PIECE)
        if piece:
            yield piece
        data = stream.unconsumed_tail
        if stream.eof:
            return stream.unused_data
        if not data and len(piece) < PIECE:
            return b""


CODINGS: dict[str, type[Coding]] = {
    "gzip": Gzip,
    "x-gzip": Gzip,
    "deflate": Deflate,
    "br": Brotli,
}


class Inflation:
    """Bytes of the wire in, bytes of the document out; each stage gives at most `limit` bytes."""

    def __init__(self, codings: list[Coding], limit: int) -> None:
        self._codings = codings
        self._left = [limit] * (len(codings) + 1)
        self._limit = limit
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> Rejected | None:
        """Take further bytes; what comes back says why there is no use in any more."""
        try:
            fits = self._pour(data, 0)
        except (zlib.error, brotli.error) as error:
            return Rejected(Reason.BAD_COMPRESSION, f"the body does not decompress ({error})")
        return None if fits else too_large(self._limit)

    def _pour(self, data: bytes, stage: int) -> bool:
        """Let bytes run through the decoders from `stage` on; False as soon as one gave too much."""
        self._left[stage] -= len(data)
        if self._left[stage] < 0:
            return False
        if stage == len(self._codings):
            self._pieces.append(data)
            return True
        return all(self._pour(piece, stage + 1) for piece in self._codings[stage].feed(data))

    def end(self) -> bytes | Rejected:
        """The document, now that all bytes of the wire have come."""
        if all(coding.ended() for coding in self._codings):
            return b"".join(self._pieces)
        return Rejected(Reason.CUT_SHORT, "the compressed body ended before its end")


def inflation(coding: str, limit: int) -> Inflation | Rejected:
    """What decodes a body of this Content-Encoding; the coding that was applied last is undone first."""
    names = [name for name in re.split(r"[\s,]+", coding.lower()) if name not in PLAIN]
    if len(names) > MOST_CODINGS:
        return Rejected(Reason.BAD_COMPRESSION, f"compressed {len(names)} times over")
    unknown = next((name for name in names if name not in CODINGS), None)
    if unknown:
        return Rejected(Reason.BAD_COMPRESSION, f"compressed in a way nobody asked for: {unknown[:40]!a}")
    return Inflation([CODINGS[name]() for name in reversed(names)], limit)


def unpacked(document: bytes, limit: int) -> bytes | Rejected:
    """The document, decompressed if it is a gzip file itself: a packed sitemap, or compressed twice over."""
    if not document.startswith(GZIP):
        return document
    packed = Inflation([Gzip()], limit)
    return packed.feed(document) or packed.end()


def too_large(limit: int) -> Rejected:
    """More than `limit` bytes, on the wire or after decompression."""
    return Rejected(Reason.TOO_LARGE, f"larger than {limit:,} bytes")

"""The body of a response, read as it comes and no further than its limit."""

from aiohttp import StreamReader

from agents.http.inflate import inflation, too_large, unpacked
from pipeline.outcome import Rejected
from pipeline.poll.answer import Answer

BODILESS = frozenset((101, 204, 304))


async def read_body(content: StreamReader, answer: Answer, limit: int) -> bytes | Rejected:
    """The body after decompression, at most `limit` bytes, and never more than that from the wire.

    Raises what aiohttp raises. What stays unread goes with the connection, which is then closed.
    """
    if answer.status in BODILESS:
        return b""
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > limit:
        return too_large(limit)
    document = inflation(answer.headers.get("content-encoding", ""), limit)
    if isinstance(document, Rejected):
        return document
    while data := await content.readany():
        if why := document.feed(data):
            return why
    body = document.end()
    return body if isinstance(body, Rejected) else unpacked(body, limit)

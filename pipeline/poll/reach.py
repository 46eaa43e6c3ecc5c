"""reach: whether and where a feed answers: moved, gone, failing, and what its hub does."""

from datetime import timedelta

from pipeline.outcome import Reason
from pipeline.poll.backoff import CONFIRMED
from pipeline.poll.condition import Condition, Finding, Look, Sign
from pipeline.poll.note import NoteKind
from pipeline.poll.note_text import counted, moment, shown
from pipeline.poll.websub import MISSED, expired, works

FAILING_FOR = timedelta(days=1)
"""Failures are noted after a day: maintenance and broken certificates are mostly mended within hours."""

FAILED_TIMES = 4
"""And after so many looks in a row, so that a worker that was switched off proves nothing."""

HUB_FAILURES = 2
"""One failed request to a hub passes by itself; a denial counts as many (websub.DENIED)."""


def _moved(look: Look) -> Sign:
    address = look.after.address
    if address is None:
        return Sign.FINE if look.poll.why is None else Sign.UNKNOWN
    return Sign.HOLDS if address in (look.before.address, look.before.left) else Sign.AGAIN


def _tell_moved(look: Look) -> Finding:
    address = shown(look.after.address or "", 300)
    since = look.before.moving.since if look.before.moving else look.before.answered
    dated = f" since {moment(since)}" if since else ""
    message = f"It moved for good: its origin has sent us to {address}{dated}, where it is asked from now on."
    return Finding(since, f"{message} The list of feeds can be updated.", {"address": address})


def _gone(look: Look) -> Sign:
    gone, why = look.after.gone, look.poll.why
    if why is None:
        return Sign.FINE if gone is None else Sign.UNKNOWN
    confirmed = gone is not None and look.at - gone >= CONFIRMED and why.reason is Reason.GONE
    return Sign.HOLDS if confirmed else Sign.UNKNOWN


def _tell_gone(look: Look) -> Finding:
    gone = look.after.gone or look.at
    message = (
        f"Its origin has said since {moment(gone)} that it is gone for good (410). It is asked ever more"
    )
    return Finding(gone, f"{message} seldom.", {"seconds": round((look.at - gone).total_seconds())})


def _failing(look: Look) -> Sign:
    failing = look.after.failing
    if failing is None:
        return Sign.FINE if look.poll.why is None else Sign.UNKNOWN
    long = look.at - failing.since >= FAILING_FOR and failing.count >= FAILED_TIMES
    return Sign.HOLDS if long and failing.reason is not Reason.GONE else Sign.UNKNOWN


def _tell_failing(look: Look) -> Finding:
    failing = look.after.failing
    if failing is None:
        return Finding(None, "It cannot be read.")
    looks = counted(failing.count, "look")
    message = f"It could not be read since {moment(failing.since)}, at {looks} in a row ({failing.reason}): "
    message += f"{shown(failing.message, 200).rstrip('.')}."
    answered = look.after.answered
    if answered is not None:
        message += f" It was last read at {moment(answered)}."
    return Finding(failing.since, message, {"reason": failing.reason.value, "failures": failing.count})


def _hub(look: Look) -> Sign:
    hub = look.after.hub
    if hub is None or works(hub, look.at):
        return Sign.FINE
    if hub.leaving is not None:
        return Sign.UNKNOWN
    lost = hub.failures >= HUB_FAILURES or hub.missed >= MISSED or expired(hub, look.at)
    return Sign.HOLDS if lost else Sign.UNKNOWN


def _tell_hub(look: Look) -> Finding:
    hub = look.after.hub
    if hub is None:
        return Finding(None, "It has no hub.")
    where = shown(hub.hub, 200)
    facts: dict[str, str | int | float] = {"hub": where, "failures": hub.failures, "missed": hub.missed}
    if hub.missed >= MISSED:
        said = f"did not deliver what {counted(hub.missed, 'poll')} in a row found new"
    elif hub.trouble:
        said = f"does not take our subscription ({shown(hub.trouble, 120)})"
    elif expired(hub, look.at) and hub.expires:
        said = f"has not renewed our subscription, which ended at {moment(hub.expires)}"
    else:
        said = f"left {counted(hub.failures, 'request')} for a subscription without an answer"
    return Finding(look.before.answered, f"Its hub {where} {said}. The feed is polled as before.", facts)


REACH = (
    Condition(NoteKind.MOVED, _moved, _tell_moved, "It answers at its own address again"),
    Condition(NoteKind.GONE, _gone, _tell_gone, "It is back"),
    Condition(NoteKind.FAILING, _failing, _tell_failing, "It can be read again"),
    Condition(NoteKind.HUB, _hub, _tell_hub, "The trouble with its hub is over"),
)
"""Judged at each look, whatever it brought."""

"""Signatures of deliveries."""

import hashlib
import hmac

import pytest

from pipeline.poll.signature import matches

BODY = b"<rss/>"


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_each_method_of_the_recommendation_is_accepted(method: str) -> None:
    """The HMAC of the body under the secret, in hex of either case."""
    right = hmac.new(b"secret", BODY, getattr(hashlib, method)).hexdigest()
    assert matches("secret", BODY, f"{method}={right}")
    assert matches("secret", BODY, f"{method.upper()}={right.upper()}")
    assert not matches("secret", BODY + b" ", f"{method}={right}")
    assert not matches("other", BODY, f"{method}={right}")
    assert not matches("secret", BODY, f"{method}={right[:-1]}")


def test_a_signature_is_what_it_always_was() -> None:
    """RFC 4231's second test case (key "Jefe"), so that no change of ours re-keys the hubs."""
    known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert matches("Jefe", b"what do ya want for nothing?", f"sha256={known}")


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="none"),
        pytest.param("sha256", id="no value"),
        pytest.param("sha256=", id="an empty value"),
        pytest.param("=" + "0" * 64, id="no method"),
        pytest.param(f"md5={hmac.new(b'secret', BODY, hashlib.md5).hexdigest()}", id="md5"),
        pytest.param(f"sha224={hmac.new(b'secret', BODY, hashlib.sha224).hexdigest()}", id="sha224"),
        pytest.param(f"blake2b={hmac.new(b'secret', BODY, hashlib.blake2b).hexdigest()}", id="blake2b"),
        pytest.param("sha256=\u00e9\udc80", id="no hex at all"),
        pytest.param(hmac.new(b"secret", BODY, hashlib.sha256).hexdigest(), id="the bare value"),
    ],
)
def test_weak_unknown_and_broken_signatures_are_refused(header: str) -> None:
    """What is no method of the Recommendation with the right value never matches, and never raises."""
    assert not matches("secret", BODY, header)

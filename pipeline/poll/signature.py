"""signature: whether a hub's delivery was made by the one who knows the secret (WebSub, section 8)."""

import hmac

METHODS = frozenset(("sha1", "sha256", "sha384", "sha512"))
"""Those that the Recommendation names. SHA-1 as an HMAC is unbroken, and most hubs use it."""


def matches(secret: str, body: bytes, signature_header: str) -> bool:
    """Whether `X-Hub-Signature` (method=hex) is the HMAC of the body as it came; in constant time."""
    method, _, given = signature_header.strip().partition("=")
    method = method.lower()
    if method not in METHODS:
        return False
    right = hmac.new(secret.encode(), body, method).hexdigest()
    return hmac.compare_digest(right.encode(), given.strip().lower().encode("utf-8", "replace"))

"""Callbacks: which feed and subscription a callback's token stands for."""

from hashlib import sha256

from pipeline.poll.state import FeedState, Subscription


class Callbacks:
    """Held in memory, learned from the states of the feeds. A token is looked up by its hash, so that the
    time a look-up takes says nothing about the tokens there are."""

    def __init__(self) -> None:
        self._held: dict[bytes, tuple[str, Subscription]] = {}
        self._tokens: dict[str, bytes] = {}

    def learn(self, state: FeedState) -> None:
        """The feed's subscription as it is now; what stood for the feed before no longer does. A request
        under way is told before it goes out, for hubs verify faster than states become durable; a state
        from before that request changes nothing."""
        known = self._tokens.get(state.feed)
        if state.hub is None:
            self.forget(state.feed)
            return
        if known is not None and self._held[known][1].asked > state.hub.asked:
            return
        key = _key(state.hub.token)
        if known is not None and known != key:
            del self._held[known]
        self._tokens[state.feed] = key
        self._held[key] = (state.feed, state.hub)

    def forget(self, feed: str) -> None:
        """The feed is no longer in the list, or has no subscription."""
        key = self._tokens.pop(feed, None)
        if key is not None:
            del self._held[key]

    def clear(self) -> None:
        """The feeds are another worker's from now on."""
        self._tokens.clear()
        self._held.clear()

    def find(self, token: str) -> tuple[str, Subscription] | None:
        """The feed and its subscription, None for a token that is nobody's."""
        return self._held.get(_key(token))


def _key(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()

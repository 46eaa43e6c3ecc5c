"""WebSub against a hub of the tests, over loopback: subscribing, renewal, falling back."""

from email.utils import format_datetime

import pytest

from tests.polling.hub import only, serving_hub
from tests.polling.subscribing import FEED, Moment, Readers, document, subscribing


def dated(readers: Readers, title: str, minutes_ago: float) -> str:
    """An item that was published so long ago."""
    now = Moment(readers.now())
    now.pass_(minutes=-minutes_ago)
    return f"{title}|{format_datetime(now())}"


# --- subscribing


async def test_a_feed_that_offers_a_hub_is_subscribed_to() -> None:
    """One request; the hub's verification of intent is answered, and what it grants is remembered."""
    async with subscribing() as readers:
        await readers.poll("one")
        (form,) = readers.hub.requests
        assert form == {
            "hub.mode": "subscribe",
            "hub.topic": FEED,
            "hub.callback": f"{readers.base}/luck-1",
            "hub.secret": "luck-2",
            "hub.lease_seconds": "864000",
        }
        assert readers.hub.verifications == [200] and readers.works()
        await readers.poll("one")
        assert len(readers.hub.requests) == 1


async def test_a_hub_may_verify_before_it_answers() -> None:
    """The callback knows a subscription before its request is sent, for its state is durable only later."""
    async with subscribing() as readers:
        readers.hub.manners.eager = True
        await readers.poll("one")
        assert readers.hub.verifications == [200]
        assert only(readers.hub).topic == FEED and readers.works()


async def test_a_hub_that_moved_is_followed_with_the_form() -> None:
    """A 308 keeps the method and the form (section 5.1.1)."""
    async with subscribing() as readers:
        await readers.poll("one", hub=f"{readers.hub.url}moved")
        assert readers.works() and len(readers.hub.requests) == 1


async def test_a_hub_on_a_private_address_is_never_asked() -> None:
    """A hub is named by a stranger's document: the guard judges it like every other address."""
    async with subscribing(networks=()) as readers:
        await readers.poll("one")
        assert not readers.hub.requests
        assert readers.held().failures == 1 and not readers.works()


async def test_a_hub_of_many_feeds_is_asked_at_its_pace() -> None:
    """Requests to one host are five seconds apart; a feed that came too early asks at its next poll."""
    async with subscribing() as readers:
        feeds = [f"http://paper{number}.example/feed" for number in range(3)]
        for feed in feeds:
            await readers.poll("one", feed=feed)
        assert [form["hub.topic"] for form in readers.hub.requests] == feeds[:1]
        readers.now.pass_(seconds=5)
        for feed in feeds:
            await readers.poll("one", feed=feed)
        assert [form["hub.topic"] for form in readers.hub.requests] == feeds[:2]


async def test_a_hub_that_refuses_is_left_alone_for_an_hour() -> None:
    """What it says is kept on one line without controls, and the feed goes on being polled."""
    async with subscribing() as readers:
        readers.hub.manners.answer = (429, "no\x1b[31m more\ntoday")
        await readers.poll("one")
        held = readers.held()
        assert held.trouble == "429 no [31m more today"
        assert held.failures == 1 and not readers.works()
        readers.now.pass_(minutes=59)
        await readers.poll("one")
        assert len(readers.hub.requests) == 1
        readers.now.pass_(minutes=1)
        readers.hub.manners.answer = (202, "")
        await readers.poll("one")
        assert len(readers.hub.requests) == 2 and readers.works() and readers.held().failures == 0


async def test_what_a_hub_repeats_of_a_request_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    """Neither log nor state has the token or secret of this request, of the one before, or part of one, in
    whatever a hub says: both are for anybody's eyes."""
    caplog.set_level("INFO")
    async with subscribing() as readers:
        readers.hub.manners.answer = (400, f"invalid callback {readers.base}/luck-1 secret luck-2")
        await readers.poll("one")
        assert readers.held().trouble == f"400 invalid callback {readers.base}/[...] secret [...]"
        readers.now.pass_(hours=2)
        readers.hub.manners.answer = (400, "x" * 486 + " luck-1, luck-2, luck-3, luck-4")
        await readers.poll("one", hub=f"{readers.hub.url}moved")
        held = readers.held()
        assert (held.token, held.secret) == ("luck-3", "luck-4")
        assert "luck" not in caplog.text + str(held.trouble) and "xx [...]" in caplog.text


async def test_a_hub_that_never_verifies_is_asked_again_later() -> None:
    """Silence is a failure as well; it is noticed at the next request."""
    async with subscribing() as readers:
        readers.hub.manners.verifies = False
        await readers.poll("one")
        readers.now.pass_(minutes=30)
        await readers.poll("one")
        assert len(readers.hub.requests) == 1 and not readers.works()
        readers.now.pass_(hours=1)
        await readers.poll("one")
        assert len(readers.hub.requests) == 2 and readers.held().failures == 1


async def test_a_verification_of_another_topic_is_not_confirmed() -> None:
    """A hub cannot make us subscribe to what we did not ask for (section 5.3.1)."""
    async with subscribing() as readers:
        readers.hub.manners.topic = "http://other.example/feed"
        await readers.poll("one")
        assert readers.hub.verifications == [404]
        assert not readers.hub.subscribers and not readers.works()


async def test_a_denied_subscription_is_polled_and_asked_for_a_day_later() -> None:
    """hub.mode=denied, whether at once or in the middle of a lease (section 5.2)."""
    async with subscribing() as readers:
        await readers.poll("one")
        one = only(readers.hub)
        await readers.hub.deny(one.topic, one.callback, "no news\nfor you")
        await readers.settled()
        assert readers.hub.verifications == [200, 200]
        assert not readers.works() and readers.held().trouble == "denied: no news for you"
        await readers.hub.deny(one.topic, one.callback, f"{one.callback} ended")
        await readers.settled()
        assert readers.held().trouble == f"denied: {readers.base}/[...] ended"
        readers.now.pass_(hours=23)
        await readers.poll("one")
        assert len(readers.hub.requests) == 1
        readers.now.pass_(hours=1)
        await readers.poll("one")
        assert len(readers.hub.requests) == 2 and readers.works()


async def test_an_unsubscription_that_nobody_asked_for_is_not_confirmed() -> None:
    """Who learned a callback cannot end its subscription by asking the hub to."""
    async with subscribing() as readers:
        await readers.poll("one")
        one = only(readers.hub)
        query = {"hub.mode": "unsubscribe", "hub.topic": FEED, "hub.challenge": "c"}
        status, text = await readers.hub.question(one.callback, query)
        assert (status, text) == (404, "") and readers.works()


async def test_a_feed_that_changes_its_hub_leaves_the_old_one_and_its_token() -> None:
    """The old hub is told, the new one is asked with a new token, and what knows the old token is nobody."""
    async with subscribing() as readers, serving_hub(readers.now) as other:
        await readers.poll("one")
        before = only(readers.hub)
        readers.now.pass_(hours=2)
        await readers.poll("one", hub=other.url)
        assert readers.hub.requests[-1]["hub.mode"] == "unsubscribe"
        assert not readers.hub.subscribers and not readers.works()
        assert await readers.hub.deliver(before, document(other.url, FEED, "late"), "text/xml") == 410
        readers.now.pass_(minutes=5)
        await readers.poll("one", hub=other.url)
        await other.settled()
        await readers.settled()
        assert only(other).callback != before.callback and readers.works()
        assert await readers.hub.deliver(before, document(other.url, FEED, "late"), "text/xml") == 404
        status, _ = await readers.hub.question(
            before.callback, {"hub.mode": "subscribe", "hub.topic": FEED, "hub.challenge": "c"}
        )
        assert status == 404 and "late" not in readers.titles


# --- renewal and falling back


async def test_a_subscription_is_renewed_before_its_lease_ends() -> None:
    """By the same token and secret, after four fifths of the lease, while the feed itself is unchanged."""
    async with subscribing() as readers:
        readers.hub.manners.lease = 10 * 3_600
        await readers.poll("one")
        before = readers.held()
        for _ in range(7):
            readers.now.pass_(hours=1)
            await readers.unchanged()
        assert len(readers.hub.requests) == 1
        readers.now.pass_(hours=1)
        await readers.unchanged()
        assert readers.hub.requests[1] == readers.hub.requests[0]
        readers.now.pass_(hours=3)
        assert readers.works() and readers.held().token == before.token
        assert await readers.hub.publish(FEED, document(readers.hub.url, FEED, "two")) == [204]
        assert readers.titles == ["one", "two"]


async def test_a_lease_that_could_not_be_renewed_ends_and_the_feed_is_polled() -> None:
    """Until its end the subscription works; afterwards polls are on their own, and the asking goes on."""
    async with subscribing() as readers:
        readers.hub.manners.lease = 10 * 3_600
        await readers.poll("one")
        readers.hub.manners.answer = (503, "")
        readers.now.pass_(hours=9)
        await readers.unchanged()
        assert readers.works() and readers.held().failures == 1
        readers.now.pass_(hours=1)
        assert not readers.works()
        assert await readers.hub.publish(FEED, document(readers.hub.url, FEED, "two")) == []
        readers.hub.manners.answer = (202, "")
        await readers.unchanged()
        assert readers.works()


async def test_a_hub_that_forgot_us_is_found_out_asked_anew_and_relied_on_when_it_delivers() -> None:
    """Three polls that find what should have been delivered end the trust; a delivery brings it back."""
    async with subscribing() as readers:
        await readers.poll("one")
        readers.hub.forget()
        items = ["one"]
        for number in range(3):
            assert readers.works()
            readers.now.pass_(hours=12)
            items.insert(0, dated(readers, f"missed-{number}", 60))
            await readers.poll(*items)
        assert readers.held().missed == 3 and not readers.works()
        assert len(readers.hub.requests) == 2
        assert await readers.hub.publish(FEED, document(readers.hub.url, FEED, "delivered", *items)) == [204]
        assert readers.held().missed == 0 and readers.works()
        assert len(readers.titles) == len(set(readers.titles)) == 5

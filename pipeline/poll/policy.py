"""Policy: the numbers of a polling worker that its operator may choose."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds. `shortest` and `longest` bound the interval that a feed's habit calls for; what an origin
    asks, and failures, may go beyond `longest` up to `ceiling`. `pace` lies between requests to a host."""

    shortest: float = 300
    longest: float = 3_600
    ceiling: float = 86_400
    pace: float = 5

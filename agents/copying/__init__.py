"""Takes all that a log or cluster holds of ours to another one, and proves that it arrived."""

"""Vocabulary of texts for property tests: words of every listed script, and what is written into them."""

from hypothesis import strategies as st

WORDS = (
    "ceasefire", "cease-fire", "hostages", "Rafah", "هدنة", "وقف إطلاق النار", "الرهائن", "رفح",
    "הפסקת אש", "החטופים", "ברפיח", "trêve", "otages", "alto el fuego", "Geiseln", "युद्धविराम", "बंधकों",
    "заложники", "拉法", "İstanbul", "Straße", "ﻻ",
    "ﷺ", "ﬁn", "U.S.", "#CeasefireNow", "https://a.example/rafah", "a@b.example",
)  # fmt: skip
MARKS = (
    " ", "\n", "\n\n", "-\n", ".", "!", "؟", "।", "…",
    "\u200b", "\u200f", "\u00ad", "\u0640", "\u064e", "\u05b8", "\u0301",
    "\u093c", "\u00a0", "\u2011", "#", "@", "\ud800", "\x00", "\x01", "\ufeff", "ـ.ـ",
)  # fmt: skip

texts = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from(MARKS), st.text(max_size=6)), max_size=24
).map("".join)
"""Aliases, marks, breaks, zero-width characters, lone surrogates and any characters, run together."""

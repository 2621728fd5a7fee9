"""Refuses passwords that are common or soon guessed, and says why in plain words.

zxcvbn (https://github.com/dwolfhub/zxcvbn-python, MIT; the method: D. L. Wheeler, USENIX Security 2016) knows the tens
of thousands of commonest passwords, words and names, and the usual ways of dressing them up. It is imported at the
first use: commands and workers that set no password do not pay for its word lists.
"""

from __future__ import annotations

from magpie.accounts.passwords import require_acceptable
from magpie.kit.errors import RuleBroken

# Below a million guesses, which zxcvbn calls "very guessable": too few even for a throttled login over the years.
LEAST_SCORE = 2
# It takes time that grows with the square of the length; what is longer is not weak for its beginning.
MOST_LOOKED_AT = 72
OWN_WORDS = ("magpie",)


def require_strong(password: str, *about: str | None, field: str = "password") -> None:
    """Raises `RuleBroken` for a password that is too short, or guessable from lists or from `about` its owner."""
    require_acceptable(password, field)
    from zxcvbn import zxcvbn

    words = [*OWN_WORDS, *(word for text in about if text for word in (text, text.partition("@")[0]))]
    verdict = zxcvbn(password[:MOST_LOOKED_AT], user_inputs=words)
    if verdict["score"] >= LEAST_SCORE:
        return
    why = verdict["feedback"]["warning"].rstrip(".") or "It is built of what is easily guessed"
    raise RuleBroken(
        f"the password is too easy to guess. {why}. Three or four words that have nothing to do with each other "
        "make a good one",
        "body",
        field,
        code="password_weak",
    )

"""No text but the one that was issued passes as a token."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from magpie.accounts.tokens import KEY_BYTES, Claims, TokenSigner, signer
from magpie.kit.crypto import derive
from magpie.kit.errors import InvalidCredentials

SECRET = "a secret of at least thirty-two characters"
CLAIMS = Claims(7, "0123456789abcdef" * 2)
NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=1)
SIGNER = TokenSigner(SECRET, "HS256")
TOKEN = SIGNER.issue(CLAIMS, NOW, LATER)
PAYLOAD = {"sub": "7", "jti": CLAIMS.session_id, "iat": NOW, "exp": LATER}
KEY = derive(SECRET, "tokens", KEY_BYTES)


def refused(token: str) -> bool:
    with pytest.raises(InvalidCredentials):
        SIGNER.read(token)
    return True


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
@given(
    user_id=st.integers(1, 2**31 - 1),
    session_id=st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    password=st.none() | st.text(),
)
def test_reads_back_what_it_issued(
    algorithm: str, user_id: int, session_id: str, password: str | None
) -> None:
    both = signer(SECRET, algorithm)
    claims = Claims(user_id, session_id, None if password is None else both.mark(password))
    assert both.read(both.issue(claims, NOW, LATER)) == claims


@given(position=st.integers(0, len(TOKEN) - 1), char=st.characters())
def test_no_character_can_be_replaced(position: int, char: str) -> None:
    assume(char != TOKEN[position])
    assert refused(TOKEN[:position] + char + TOKEN[position + 1 :])


@pytest.mark.parametrize("char", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
def test_the_last_character_has_no_spare_bits(char: str) -> None:
    if char != TOKEN[-1]:
        assert refused(TOKEN[:-1] + char)


@given(position=st.integers(0, len(TOKEN)), text=st.text(min_size=1))
def test_nothing_can_be_inserted(position: int, text: str) -> None:
    assert refused(TOKEN[:position] + text + TOKEN[position:])


@pytest.mark.parametrize("text", ["=", "==", " ", "\n", ".", "!"])
def test_nothing_can_be_appended(text: str) -> None:
    assert refused(TOKEN + text)
    assert refused(text + TOKEN)


@given(start=st.integers(0, len(TOKEN) - 1), length=st.integers(1, 40))
def test_nothing_can_be_cut(start: int, length: int) -> None:
    assert refused(TOKEN[:start] + TOKEN[start + length :])


@given(st.text())
def test_other_text_is_refused(text: str) -> None:
    assert refused(text)


def test_unsigned_tokens_are_refused() -> None:
    unsigned = jwt.encode(PAYLOAD, "", algorithm="none")
    assert refused(unsigned)
    assert refused(unsigned + TOKEN.rpartition(".")[2])


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_with_the_right_key_is_refused(algorithm: str) -> None:
    assert refused(jwt.encode(PAYLOAD, KEY, algorithm=algorithm))


@pytest.mark.parametrize("secret", ["another secret of thirty-two characters!", SECRET + " "])
def test_foreign_keys_are_refused(secret: str) -> None:
    assert refused(TokenSigner(secret, "HS256").issue(CLAIMS, NOW, LATER))


def test_the_secret_itself_signs_nothing() -> None:
    assert refused(jwt.encode(PAYLOAD, SECRET, algorithm="HS256"))
    assert refused(jwt.encode(PAYLOAD, derive(SECRET, "csrf", KEY_BYTES), algorithm="HS256"))


@pytest.mark.parametrize("claim", ["sub", "jti", "iat", "exp"])
def test_every_claim_is_required(claim: str) -> None:
    rest = {name: value for name, value in PAYLOAD.items() if name != claim}
    assert refused(jwt.encode(rest, KEY, algorithm="HS256"))


@pytest.mark.parametrize(
    "change",
    [
        {"sub": "0"},
        {"sub": "-7"},
        {"sub": "7 "},
        {"sub": "٧"},
        {"sub": ""},
        {"jti": "x" * 32},
        {"jti": ""},
        {"exp": NOW - timedelta(seconds=1)},
        {"exp": "soon"},
        {"aud": "somebody else"},
        {"nbf": LATER},
    ],
)
def test_odd_claims_are_refused_though_signed(change: dict[str, object]) -> None:
    assert refused(jwt.encode(PAYLOAD | change, KEY, algorithm="HS256"))


def test_a_host_whose_clock_is_behind_accepts_the_token() -> None:
    token = SIGNER.issue(CLAIMS, NOW + timedelta(minutes=2), LATER)
    assert SIGNER.read(token) == CLAIMS


def test_csrf_tokens_belong_to_their_session() -> None:
    token = SIGNER.csrf_token(CLAIMS.session_id)
    assert SIGNER.is_csrf_token(token, CLAIMS.session_id)
    assert not SIGNER.is_csrf_token(token, "f" * 32)
    assert not SIGNER.is_csrf_token(None, CLAIMS.session_id)
    assert not SIGNER.is_csrf_token("", CLAIMS.session_id)
    assert not SIGNER.is_csrf_token("ü", CLAIMS.session_id)
    assert not TokenSigner(SECRET + "!", "HS256").is_csrf_token(token, CLAIMS.session_id)

"""The address policy: what is public, in every spelling."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit.egress import EgressPolicy, EgressRefused, EgressUnresolved, RefusalReason
from magpie.kit.egress.addresses import METADATA, is_public

FORBIDDEN = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1", "2001:db8::1",
    "2001::1", "64:ff9b:1::1", "::ffff:10.0.0.1", "::10.0.0.1", "::8.8.8.8", "2002:7f00:1::", "2002:c0a8:101::1",
    "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2606::5efe:10.0.0.1",
    "3fff::1", "5f00::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808", "2a00::1"]


def no_names(host: str, port: int) -> list[str]:
    raise OSError(f"no such host {host}:{port}")


def policy(*allow: str, **names: list[str]) -> EgressPolicy:
    """A policy whose names are given, with ``__`` for a dot."""
    known = {name.replace("__", "."): found for name, found in names.items()}

    def resolver(host: str, port: int) -> list[str]:
        return known[host] if host in known else no_names(host, port)

    return EgressPolicy(allow, resolver=resolver)


def reason_of(url: str, rules: EgressPolicy | None = None) -> RefusalReason:
    with pytest.raises(EgressRefused) as caught:
        (rules or policy()).check_url(url)
    return caught.value.reason


def in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.mark.parametrize("address", FORBIDDEN)
def test_forbidden_addresses_are_refused_as_literals_and_as_answers(address: str) -> None:
    assert reason_of(f"http://{in_url(address)}/") is RefusalReason.ADDRESS
    with pytest.raises(EgressRefused):
        policy(media__example=[address]).resolve("media.example", 443)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert policy().check_url(f"https://{in_url(address)}/x").port == 443
    assert [str(a) for a in policy(m__example=[address]).resolve("m.example", 80)] == [address]


@pytest.mark.parametrize(
    "host",
    [
        "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7F.1", "017700000001", "0177.0.0.1", "127.0.0.1.",
        "１２７.０.０.１", "127。0。0。1", "①②⑦.1", "0", "0x", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
        "localhost", "LOCALHOST.", "a.localhost", "ⓛocalhost", "0xa9fea9fe", "169.254.43518",
    ],
)  # fmt: skip
def test_odd_spellings_are_read_as_what_they_mean(host: str) -> None:
    assert reason_of(f"http://{host}/") is RefusalReason.ADDRESS


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", RefusalReason.SCHEME),
        ("file:///etc/passwd", RefusalReason.SCHEME),
        ("//example.org/", RefusalReason.SCHEME),
        ("http://example.org@10.0.0.1/", RefusalReason.CREDENTIALS),
        ("http://u:p@example.org/", RefusalReason.CREDENTIALS),
        ("http:///path", RefusalReason.INVALID),
        ("http://exa mple.org/", RefusalReason.INVALID),
        ("http://example.org\\@10.0.0.1/", RefusalReason.INVALID),
        ("http://%31%32%37.0.0.1/", RefusalReason.INVALID),
        ("http://[fe80::1%25eth0]/", RefusalReason.INVALID),
        ("http://1.2.3.4.5/", RefusalReason.INVALID),
        ("http://256.256.256.256/", RefusalReason.INVALID),
        ("http://example.org:99999/", RefusalReason.INVALID),
        ("http://example.org:٨٠/", RefusalReason.INVALID),
        ("http://example.org:22/", RefusalReason.PORT),
        ("http://example.org:25/", RefusalReason.PORT),
        ("http://[::1", RefusalReason.INVALID),
        ("http://a..b/", RefusalReason.INVALID),
        ("http://" + "a" * 2000 + "/", RefusalReason.INVALID),
    ],
)
def test_urls_that_are_no_plain_web_address_are_refused(url: str, reason: RefusalReason) -> None:
    assert reason_of(url) is reason


def test_names_are_canonical_after_the_check() -> None:
    assert policy().check_url("HTTPS://BÜCHER.example.:8443/a?b#c").host == "xn--bcher-kva.example"
    assert policy().check_url("http://0x08080808/").host == "8.8.8.8"


def test_only_the_permitted_answers_of_a_name_are_used() -> None:
    rules = policy(mixed__example=["10.0.0.1", "8.8.8.8", "::ffff:1.1.1.1", "fe80::1%eth0"])
    assert [str(a) for a in rules.resolve("mixed.example", 80)] == ["8.8.8.8", "1.1.1.1"]


def test_unknown_names_are_not_called_refused() -> None:
    with pytest.raises(EgressUnresolved):
        policy().resolve("gone.example", 80)
    with pytest.raises(EgressUnresolved):
        policy(empty__example=[]).resolve("empty.example", 80)


def test_a_refusal_does_not_tell_the_inner_address() -> None:
    with pytest.raises(EgressRefused) as caught:
        policy(intranet__example=["10.20.30.40"]).resolve("intranet.example", 80)
    assert "10.20" not in str(caught.value)
    assert "intranet.example" in str(caught.value)
    assert "MAGPIE_EGRESS_ALLOW" in str(caught.value)


def test_allowed_ranges_and_ports() -> None:
    rules = policy("192.168.1.0/24", "[fd12::1]:8080", "10.0.0.5:22", nas__lan=["192.168.1.9"])
    assert rules.resolve("nas.lan", 80) == [IPv4Address("192.168.1.9")]
    assert rules.resolve("fd12::1", 8080) == [IPv6Address("fd12::1")]
    assert rules.resolve("10.0.0.5", 22) == [IPv4Address("10.0.0.5")]
    assert reason_of("http://192.168.2.1/", rules) is RefusalReason.ADDRESS
    assert reason_of("http://[fd12::1]/", rules) is RefusalReason.ADDRESS
    assert reason_of("http://10.0.0.5/", rules) is RefusalReason.ADDRESS
    assert reason_of("http://192.168.1.9:22/", rules) is RefusalReason.PORT


def test_an_allowed_name_opens_its_addresses_to_that_name_only() -> None:
    rules = policy(
        "Plex.lan", "ai.lan:11434", plex__lan=["10.0.0.1"], ai__lan=["10.0.0.2"], other__lan=["10.0.0.1"]
    )
    assert rules.resolve("plex.LAN.", 32400) == [IPv4Address("10.0.0.1")]
    assert rules.resolve("ai.lan", 11434) == [IPv4Address("10.0.0.2")]
    for host, port in (("ai.lan", 80), ("other.lan", 80), ("10.0.0.1", 80)):
        with pytest.raises(EgressRefused):
            rules.resolve(host, port)


def test_a_range_does_not_open_cloud_metadata() -> None:
    wide = policy("169.254.0.0/16", "100.64.0.0/10")
    assert wide.check_url("http://169.254.1.1/").host == "169.254.1.1"
    assert reason_of("http://169.254.169.254/", wide) is RefusalReason.ADDRESS
    assert reason_of("http://100.100.100.200/", wide) is RefusalReason.ADDRESS
    assert policy("169.254.169.254").check_url("http://169.254.169.254/").port == 80


@pytest.mark.parametrize("entry", ["*.lan", "10.0.0.0/33", "http://x", "a b", "host:0", "[::1", "1.2.3.4.5"])
def test_an_unreadable_entry_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="neither a host") as caught:
        EgressPolicy([entry])
    assert repr(entry) in str(caught.value)


def test_local_names_are_not_sent_to_another_proxy() -> None:
    rules = policy("nas.local")
    for name in ("plex", "printer.local", "a.internal", "b.localdomain", "c.home.arpa", "localhost"):
        with pytest.raises(EgressRefused):
            rules.check_remote_name(name, 80)
    assert rules.check_remote_name("nas.local", 80) == "nas.local"
    assert rules.check_remote_name("example.org", 80) == "example.org"


forbidden_v4 = st.one_of(
    *(
        st.integers(base, base + 2**bits - 1)
        for base, bits in (
            (0x00000000, 24), (0x0A000000, 24), (0x64400000, 22), (0x7F000000, 24), (0xA9FE0000, 16),
            (0xAC100000, 20), (0xC0A80000, 16), (0xE0000000, 28), (0xF0000000, 28),
        )
    )
)  # fmt: skip


def digits(number: int, base: str) -> str:
    return {
        "d": str(number),
        "o": f"0{number:o}",
        "x": hex(number),
        "X": f"0X{number:X}",
        "z": f"0x00{number:x}",
    }[base]


@given(forbidden_v4, st.integers(1, 4), st.lists(st.sampled_from("doxXz"), min_size=4, max_size=4), st.booleans(),
       st.sampled_from([".", "。", "．"]), st.booleans())  # fmt: skip
def test_no_spelling_of_a_forbidden_ipv4_passes(
    number: int, parts: int, bases: list[str], dot: bool, separator: str, wide: bool
) -> None:
    octets = list(number.to_bytes(4, "big"))
    numbers = [*octets[: parts - 1], number & (2 ** (8 * (5 - parts)) - 1)]
    host = separator.join(digits(n, b) for n, b in zip(numbers, bases, strict=False)) + ("." if dot else "")
    if wide:
        host = host.translate({ord("0") + i: ord("０") + i for i in range(10)})
    assert reason_of(f"http://{host}/") is RefusalReason.ADDRESS


@given(forbidden_v4)
def test_no_ipv6_wrapping_of_a_forbidden_ipv4_passes(number: int) -> None:
    for prefix in (0xFFFF << 32, 0, 0x0064FF9B << 96, 0xFFFF << 48):
        assert not EgressPolicy().permits(IPv6Address(prefix | number), 80)
    assert not is_public(IPv6Address((0x2002 << 112) | (number << 80) | 1))
    for address in (IPv6Address((0xFFFF << 32) | number), IPv6Address((0x0064FF9B << 96) | number)):
        assert reason_of(f"http://[{address.exploded}]/") is RefusalReason.ADDRESS


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_whatever_python_calls_private_is_not_public(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast:
        assert not is_public(address)


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_ipv6_outside_global_unicast_is_not_public(address: IPv6Address) -> None:
    if (int(address) >> 125) != 1 and int(address) >> 32 != 0x0064FF9B << 64:
        assert not is_public(address)


@given(st.text(max_size=80))
def test_any_text_is_answered_or_refused(text: str) -> None:
    for url in (text, f"http://{text}"):
        try:
            target = policy().check_url(url)
        except EgressRefused:
            continue
        assert target.host.isascii()


def test_metadata_services_are_not_public() -> None:
    assert [address for address in METADATA if EgressPolicy().permits(address, 80)] == []

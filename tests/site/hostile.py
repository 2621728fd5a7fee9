"""Titles, names and addresses that somebody wrote to hurt whoever saves them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

TITLES: Mapping[str, str] = {
    "traversal": "../../etc/passwd",
    "absolute": "/etc/cron.d/magpie",
    "windows": "..\\..\\Windows\\System32\\drivers\\etc\\hosts",
    "drive": "C:\\secret.txt",
    "nul": "before\x00after",
    "long": "x" * 300,
    "cjk": "晴" * 300,
    "rtl": "invoice \u202egpj.exe",
    "con": "CON",
    "nultxt": "NUL.txt",
    "aux": "aux.mp4.part",
    "dash": "--exec=touch pwned",
    "emoji": "🎬👩‍👩‍👧‍👦🏳️‍🌈 premiere",
    "newline": "first line\nsecond line\r\nthird",
    "template": "%(id)s %(title)s %(uploader)s.%(ext)s",
    "format": "{0.__class__.__mro__} {title!r} ${HOME} $(id) `id`",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "closing": "</title></script><script>alert(3)</script>",
    "dots": "ends with dots...",
    "spaces": "  spaces around   ",
    "dotdot": "..",
    "hidden": ".bashrc",
    "empty": "",
    "reserved": 'a<b>c:d"e/f\\g|h?i*j',
    "combining": "Z" + "\u0327\u0301" * 120,
    "surrogate": "odd \U0001f600 \ufffe \ufdd0 end",
    "sql": "Robert'); DROP TABLE items;--",
    "ansi": "\x1b[31mred\x1b]0;title\x07",
}

# Where a redirect, a media address or a playlist must never lead a downloader.
FORBIDDEN: Mapping[str, str] = {
    "localhost": "http://localhost:9/x.mp4",
    "loopback": "http://127.0.0.1:9/x.mp4",
    "loopback6": "http://[::1]:9/x.mp4",
    "mapped": "http://[::ffff:127.0.0.1]:9/x.mp4",
    "zero": "http://0.0.0.0:9/x.mp4",
    "decimal": "http://2130706433:9/x.mp4",
    "octal": "http://0177.0.0.1:9/x.mp4",
    "short": "http://127.1:9/x.mp4",
    "ten": "http://10.0.0.1/x.mp4",
    "private": "http://192.168.1.1/x.mp4",
    "private172": "http://172.16.0.1/x.mp4",
    "linklocal": "http://169.254.1.1/x.mp4",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata6": "http://[fd00:ec2::254]/latest/meta-data/",
    "cgnat": "http://100.64.0.1/x.mp4",
    "multicast": "http://224.0.0.1/x.mp4",
    "broadcast": "http://255.255.255.255/x.mp4",
    "linklocal6": "http://[fe80::1]/x.mp4",
    "credentials": "http://user:secret@127.0.0.1:9/x.mp4",
    "file": "file:///etc/passwd",
    "ftp": "ftp://127.0.0.1/x.mp4",
    "gopher": "gopher://127.0.0.1:9/_x",
    "data": "data:video/mp4;base64,AAAA",
    "javascript": "javascript:alert(1)",
    "concat": "concat:/etc/passwd|/etc/hosts",
    "pipe": "pipe:0",
    "subfile": "subfile,,start,0,end,9,,:/etc/passwd",
}

# Paths whose last part is a file name that must not be taken over as it is.
URLS: Mapping[str, str] = {
    "traversal": "..%2F..%2F..%2Fetc%2Fpasswd.mp4",
    "double": "%252e%252e%252fetc%252fpasswd.mp4",
    "backslash": "..%5C..%5Cwindows%5Cwin.ini.mp4",
    "nul": "clip%00.mp4.exe",
    "newline": "clip%0d%0aSet-Cookie:%20a=b.mp4",
    "dash": "--exec=id.mp4",
    "con": "CON.mp4",
    "rtl": "clip%E2%80%AE4pm.exe",
    "template": "%25(title)s.mp4",
    "long": "x" * 300 + ".mp4",
    "invalid": "clip%FF%FE.mp4",
    "spaces": "%20%20clip%20.mp4%20",
}


def disposition(key: str) -> bytes:
    """A whole Content-Disposition line that offers the hostile title as file name, in both spellings. The
    plain one carries whatever HTTP lets through; the extended one (RFC 8187) every byte."""
    name = f"{TITLES[key]}.mp4"
    plain = "".join(letter for letter in name if letter >= " " and letter not in '"\x7f')
    return (
        b'attachment; filename="' + plain.encode() + b"\"; filename*=UTF-8''" + quote(name, safe="").encode()
    )

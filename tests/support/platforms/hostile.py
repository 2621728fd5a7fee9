"""Titles as nobody should make them."""

HOSTILE_TITLES = (
    "<script>alert(1)</script>",
    "'; DROP TABLE tracks; --",
    "../../etc/passwd",
    "A\x00B\x1b[31m red",
    "line one\nline two\r\n#EXTINF:1,fake",
    "=cmd|' /C calc'!A1",
    "</script><script>x</script>",
    "x" * 5000,
    "\u202egnp.exe",
    "Zero\u200bwidth",
    "${jndi:ldap://x}",
    "%s%s%n",
    "🎵" * 300,
    '"quoted" & <b>bold</b>',
    "1989",
)

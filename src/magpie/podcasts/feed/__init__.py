"""The private feed of what somebody has had made."""

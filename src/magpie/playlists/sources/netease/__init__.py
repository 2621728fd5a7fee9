"""NetEase Cloud Music."""

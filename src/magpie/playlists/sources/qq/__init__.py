"""QQ Music."""

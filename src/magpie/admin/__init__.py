"""Administration: the installation itself, health, metrics."""

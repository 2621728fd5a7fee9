"""What dev.py, the build hook and the image use; standard library only."""

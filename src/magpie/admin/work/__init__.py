"""What waits and runs, for administrators."""

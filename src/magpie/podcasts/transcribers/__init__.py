"""What makes text of recordings: one folder for each provider."""

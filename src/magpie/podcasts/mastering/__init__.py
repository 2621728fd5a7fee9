"""From spoken turns to a finished recording."""

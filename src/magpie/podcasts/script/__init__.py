"""The script: from sources to turns, and everything that is known about them without sound."""

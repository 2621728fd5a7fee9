"""The same medium twice: found by number, by tags and by sound; made one, and two again."""

"""What a server's music consists of, kept here so that nobody waits for a hundred thousand tracks."""

"""Each kind of document, read in the child process."""

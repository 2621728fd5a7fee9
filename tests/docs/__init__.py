"""The documentation says what the program does, all of it and nothing else."""

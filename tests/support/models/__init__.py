"""Doubles of servers of language models: real HTTP on 127.0.0.1, with faults on demand."""

"""Processes that do one order for us and end with us: for what takes much memory, or reads hostile files.

The order goes in as one line of JSON; what is told comes out as lines of JSON, and what comes of it is the last of them.
`running` is our side; a program's module calls `serving.serve`, which bounds it.
"""

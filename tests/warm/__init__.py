"""Commands in processes of their own that start warm: forked from one that has imported already what they import.

Nine tenths of a short command's time is the import of packages that no test is about. A warm process has its own
environment, directory, streams, signals and exit code, and runs the command as `python -m` or `python file` would; what
it does not show is that the interpreter itself starts and that the imports succeed from nothing. So each command also
has a test that starts it cold.
"""

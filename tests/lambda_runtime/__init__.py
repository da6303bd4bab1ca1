"""Lambda as a function's process sees it: the Runtime API, and a process that holds the package and nothing else."""

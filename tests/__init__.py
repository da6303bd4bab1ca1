"""Tests of the pipeline; a package, so that the simulator runs as `python -m tests.simulator`."""

"""The shell around the pure modules: gather facts, decide, apply. Everything outside comes in as an argument."""

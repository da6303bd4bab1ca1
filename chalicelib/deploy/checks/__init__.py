"""What is there against what must be, a line each with the command that mends it. Pure; `doctor` gathers and prints."""

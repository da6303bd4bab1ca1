"""Retake: prompts in, checked images out, one attempt an invocation."""

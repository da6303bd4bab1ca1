"""Prompts in whatever form people have them: each row becomes one prompt file, or a refusal that says where and why."""

"""The shell around the pure modules: gather facts, decide, apply. Everything outside comes in as an argument.

From the door to what follows: `deliver` (one delivery of one message) → `claim` → `perform` (draw, check, conclude)
with `image_plan`, `draw`, `saved_images`, `check`, `ask`, `rewrite` → `conclude` (the outcome) → `follow_up` (send, or
write the result).
"""

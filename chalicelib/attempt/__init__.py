"""The shell around the pure modules: gather facts, decide, apply. Everything outside comes in as an argument.

From the door to what follows: `deliver` (one delivery of one message) → `claim` → `perform` (`requirements`, `draw` by
`image_plan` into `saved_images`, `check` by one `look` after the other, each of which `ask`s) → `conclude` (the
outcome, with `rewrite` or `late_grades`) → `follow_up` (send, or write the result). `cancel` comes from outside, from
the user's machine, and ends a job by the same means.
"""

"""How far judges can be trusted: recorded looks played again under every rule, and pictures drawn to be judged.

`looks` says what was recorded; `replay` plays a job over it with the rule that handlers use; `figures` and `grid` say
what came of it; `recorded` and `labels` bring an outbox and what people said of it together, `further` takes looks
that are missing, `calibrate` is the command. `pairs`, `pictures` and `probe` ask a judge about pictures whose contents
are known. Runs on your machine only.
"""

"""How long an attempt that is put off waits before it is tried again. Pure; must not wait itself."""

import random

BACKOFF_BASE = 2.0
BACKOFF_CAP = 2_700.0


def backoff(deferrals: int, chance: random.Random) -> float:
    """Seconds to wait before try `deferrals` + 1: from half to all of 2, 4, 8 … 2,700 s, never under one second.

    Jitter spreads a herd (AWS Architecture Blog, "Exponential Backoff and Jitter", 2015). Twenty of these waits come to
    about six hours, so that the two limits of a stage (MAX_DEFERRALS, MAX_WAIT_SECONDS) end a job at the same time.
    """
    ceiling = min(BACKOFF_CAP, BACKOFF_BASE * 2 ** min(deferrals, 16))
    return max(1.0, chance.uniform(ceiling / 2, ceiling))

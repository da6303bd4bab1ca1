"""The simulator: the real handlers on one thread and a virtual clock, and everything that can go wrong on its way.

    jobs       what is uploaded, and the stage it runs on
    faults     what can go wrong at an effect or a delivery
    plan       who decides what goes wrong, who looks on, and what a snapshot is
    running    an invocation under way, which can be brought to where it stands again
    scheduler  runs handlers as greenlets over the AWS in memory and injects faults
    watch      what must hold at every step;  promises: what must hold when all is quiet (README, "What is promised")
    explore    every schedule up to a number of faults, equal states once; spread: over several processes
    canonical  what makes two moments the same (standing: while somebody is under way);  seen: which were gone into
    reactions  what handlers did before: one with exactly the same past is not run again
    chances    long random runs
    mutations  the same with one guard removed: the simulator must notice;  unguarded: stores that lack one

    cancels    a user who ends jobs while all this goes on
    forgery    an attacker who may send messages, and knows every name and position

`python -m tests.simulator --help` replays a schedule or runs more of them.

The test command runs every schedule of one fault, a cancel at every effect, and hundreds of random runs, half of them
with the attacker, half with a user who cancels.
With `PYTEST_ADDOPTS="-m long"`, as in CI, it runs all schedules of up to two faults over jobs of three attempts (of one
picture and of two, through ports and through botocore's own request code), all of up to three of the common faults over
ports in memory (equal states once), a cancel at every effect with any one fault before or after it, 20,000 long random
runs, and a hundred jobs on real processes killed with SIGKILL.
Three faults are 492,594 branches. On two cores that had other work to do all that took 24 minutes (2026-11-28), three
faults 21 of them. With any one guard taken out the simulator finds a violation; that is a test, too.
"""

"""The simulator: the real handlers on one thread and a virtual clock, and everything that can go wrong on its way.

    jobs       what is uploaded, and the stage it runs on
    faults     what can go wrong at an effect or a delivery
    plan       who decides what goes wrong, who looks on, and what a snapshot is
    running    an invocation under way, which can be brought to where it stands again
    scheduler  runs handlers as greenlets over the AWS in memory and injects faults
    watch      what must hold at every step;  promises: what must hold when all is quiet (README, "What is promised")
    explore    every schedule up to a number of faults, equal states once; spread: over several processes
    chances    long random runs
    mutations  the same with one guard removed: the simulator must notice

`python -m tests.simulator --help` replays a schedule or runs more of them.
"""

"""Retake beside the two ways people build the same thing, in one run; and how it grows.

    python -m tests.bench            the three ways side by side (--quick: the small jobs only; --json FILE)
    python -m tests.bench --scale    workers, a full outbox, a flood of prompts; exit code 1 when a promise is broken

    model     the one stand-in for every way: 8 s an image, 2 s a check, and it keeps the bill
    outside   where every call to AWS and to a model passes: counted, and where a process can be killed
    loop      one long Lambda with a loop in it, as it is usually written
    durable   the same loop as a durable function, with AWS's own SDK and its local runner
    retake    this project's handlers over AWS in memory
    race      times;  memory: peak memory;  kills: what is paid twice;  prices: what orchestration costs
    table     rows of all this, printed
    stage     a faster AWS in memory, for the scale;  flood, depth, throughput: the scale;  quotas: the scale on paper

`durable` needs aws-durable-execution-sdk-python and its -testing package, which requirements-dev.txt has.
"""

"""`confined.py MEMORY_MB COMMAND…` becomes the command, without the power to write where it may not, and with a limit.

Root may write anywhere; as on Lambda, a function may not. So root's right to ignore file modes is given up for good
(Linux capabilities 1 and 2: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH; 3: CAP_FOWNER).
"""

import ctypes
import os
import resource
import sys

DROP_FROM_BOUNDING_SET = 24  # PR_CAPBSET_DROP of linux/prctl.h

if __name__ == "__main__":
    memory = int(sys.argv[1]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    if sys.platform == "linux":
        for capability in (1, 2, 3):
            ctypes.CDLL(None).prctl(
                DROP_FROM_BOUNDING_SET, capability, 0, 0, 0
            )  # of no effect, and no need, for others
    os.execv(sys.argv[2], sys.argv[2:])

"""Solves MPS files with highspy and prints, for each, its seconds of processor time and the objective.

Called by the benchmark, with the options it uses itself: one thread, the same seed, presolve, simplex.
The first line says which HiGHS it is. HiGHS writes a banner of its own to standard output; it is sent
to standard error, so that the answer holds nothing but numbers.
"""

import os
import sys
import time

import highspy

answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
print(highspy.Highs().version(), file=answer)
for path in sys.argv[1:]:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 1)
    highs.readModel(path)
    start = time.process_time()
    highs.run()
    print(time.process_time() - start, repr(highs.getInfo().objective_function_value), file=answer)
answer.close()

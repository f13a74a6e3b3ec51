"""Solves programs in MPS files with every solver this Python has, and prints their seconds of processor time.

Called by the benchmark (`make bench ONLY=speed`) with the files' names; one thread each. A line is
`file solver seconds objective`, or `file solver - why not`. HiGHS's simplex and interior point get the file as it
stands. clarabel and piqp get what HiGHS's presolve leaves of it, as ours does, and presolve counts; both run to
1e-8, clarabel without refining its linear solves. CLP is a program of its own (Debian: coinor-clp).
HiGHS writes a banner to standard output; it is sent to standard error, so that the answer holds nothing else.
"""

import os
import resource
import shutil
import subprocess
import sys
import time

LIMIT_S = 300.0

answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def say(*words):
    print(*words, file=answer, flush=True)


def highs(path):
    import highspy

    model = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("time_limit", LIMIT_S)):
        model.setOptionValue(option, value)
    model.readModel(path)
    return model


def by_highs(path, solver, crossover):
    model = highs(path)
    model.setOptionValue("solver", solver)
    model.setOptionValue("run_crossover", crossover)
    start = time.process_time()
    model.run()
    seconds = time.process_time() - start
    status = str(model.getModelStatus())
    if not status.endswith("kOptimal"):
        return None, status
    return seconds, model.getInfo().objective_function_value


def reduced(path):
    """What presolve leaves, as a minimum: bounds, matrix, sides, costs, constant, the sign of the goal."""
    import highspy
    import numpy
    import scipy.sparse

    model = highs(path)
    lp = model.getLp()
    sign = -1.0 if lp.sense_ == highspy.ObjSense.kMaximize else 1.0
    if sign < 0:
        lp.col_cost_ = [-cost for cost in lp.col_cost_]
        lp.offset_ = -lp.offset_
        lp.sense_ = highspy.ObjSense.kMinimize
        model.passModel(lp)
    start = time.process_time()
    model.setOptionValue("presolve", "on")
    model.presolve()
    small = model.getPresolvedLp()
    seconds = time.process_time() - start
    entries = small.a_matrix_
    parts = tuple(numpy.array(part) for part in (entries.value_, entries.index_, entries.start_))
    shape = (small.num_row_, small.num_col_)
    by_column = entries.format_ == highspy.MatrixFormat.kColwise
    matrix = (scipy.sparse.csc_matrix if by_column else scipy.sparse.csr_matrix)(parts, shape=shape).tocsr()
    rows = numpy.array(small.row_lower_), numpy.array(small.row_upper_)
    # Rows are brought to a largest entry near 1, as the program hands them to its own solvers.
    largest = abs(matrix).max(axis=1).toarray().ravel()
    factor = 2.0 ** -numpy.round(numpy.log2(numpy.where(largest > 0, largest, 1.0)))
    matrix = (scipy.sparse.diags(factor) @ matrix).tocsr()
    # Far bounds are left out, and the sizes of bounds brought to about 1, as for ours.
    lower, upper = numpy.array(small.col_lower_), numpy.array(small.col_upper_)
    lower, upper = numpy.where(lower <= -1e7, -numpy.inf, lower), numpy.where(upper >= 1e7, numpy.inf, upper)
    sides = [lower, upper, rows[0] * factor, rows[1] * factor]
    sizes = numpy.concatenate(sides)
    sizes = abs(sizes[numpy.isfinite(sizes) & (sizes != 0)])
    about = 2.0 ** -round(float(numpy.log2(numpy.exp(numpy.log(sizes).mean())))) if len(sizes) else 1.0
    lower, upper, row_lower, row_upper = (side * about for side in sides)
    return lower, upper, matrix, row_lower, row_upper, numpy.array(small.col_cost_), (small.offset_, about, sign, seconds)


def by_clarabel(path):
    import clarabel
    import numpy
    import scipy.sparse

    lower, upper, matrix, row_lower, row_upper, cost, (constant, about, sign, seconds) = reduced(path)
    columns = len(cost)
    start = time.process_time()
    unit = scipy.sparse.identity(columns, format="csr")
    equal, still = row_lower == row_upper, lower == upper
    most, least = numpy.isfinite(row_upper) & ~equal, numpy.isfinite(row_lower) & ~equal
    above, below = numpy.isfinite(upper) & ~still, numpy.isfinite(lower) & ~still
    rows = scipy.sparse.vstack([matrix[equal], unit[still], matrix[most], -matrix[least], unit[above], -unit[below]]).tocsc()
    sides = numpy.concatenate([row_lower[equal], lower[still], row_upper[most], -row_lower[least], upper[above], -lower[below]])
    equations = int(equal.sum() + still.sum())
    cones = [clarabel.ZeroConeT(equations), clarabel.NonnegativeConeT(len(sides) - equations)]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    settings.time_limit = LIMIT_S
    settings.iterative_refinement_enable = False
    found = clarabel.DefaultSolver(scipy.sparse.csc_matrix((columns, columns)), cost, rows, sides, cones, settings).solve()
    seconds += time.process_time() - start
    if str(found.status) != "Solved":
        return None, found.status
    return seconds, sign * (found.obj_val / about + constant)


def by_piqp(path):
    import piqp
    import scipy.sparse

    lower, upper, matrix, row_lower, row_upper, cost, (constant, about, sign, seconds) = reduced(path)
    columns, equal = len(cost), row_lower == row_upper
    start = time.process_time()
    solver = piqp.SparseSolver()
    nothing = scipy.sparse.csc_matrix((columns, columns))
    other = matrix[~equal].tocsc()
    solver.setup(nothing, cost, matrix[equal].tocsc(), row_lower[equal], other, row_lower[~equal], row_upper[~equal], lower, upper)
    status = solver.solve()
    seconds += time.process_time() - start
    if not str(status).endswith("PIQP_SOLVED"):
        return None, status
    return seconds, sign * (solver.result.info.primal_obj / about + constant)


def by_clp(path):
    program = shutil.which("clp")
    if program is None:
        return None, "not installed (Debian: coinor-clp)"
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    words = [program, path, "-seconds", str(LIMIT_S), "-dualsimplex"]
    text = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    found = [line.split() for line in text.splitlines() if line.startswith("Optimal objective")]
    return (seconds, float(found[-1][2])) if found else (None, "no optimum said")


SOLVERS = {
    "simplex": lambda path: by_highs(path, "simplex", "on"),
    "ipx": lambda path: by_highs(path, "ipx", "off"),
    "clarabel": by_clarabel,
    "piqp": by_piqp,
    "clp": by_clp,
}

for name in sys.argv[1:]:
    for solver, run in SOLVERS.items():
        try:
            seconds, value = run(name)
        except ImportError as missing:
            seconds, value = None, f"not installed ({missing.name})"
        except Exception as failed:  # a peer's own mistake ends no benchmark
            seconds, value = None, f"failed: {failed}"
        if seconds is None:
            say(name, solver, "-", str(value).replace("\n", " "))
        else:
            say(name, solver, seconds, repr(value))
answer.close()

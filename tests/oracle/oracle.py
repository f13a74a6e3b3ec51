"""Compares our answers with a program stated apart from `src/`, plan by plan.

    oracle.py BINARY [--write FILE | --committed FILE] PLAN...

Each plan is exported resolved, stated again by `program.py` and solved by HiGHS from
Python's package index; then `tokenworks solve` must say the same: the status, and every phase's value
to 1e-6. The export's own `--lp` must also read back to the same first goal.
"""

import argparse
import concurrent.futures
import csv
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import highspy

from program import Disagreement, month, START, Stated
from reader import read as read_plan
from resolved import Resolved, never_serves
from trade import Trading, compare, conduct

TOLERANCE = 1e-6
# What a plan may be refused for before it is solved; such plans have no numbers.
REFUSED = ("training-need", "no-throughput\n", "not-in-time\n")


def run(*command) -> subprocess.CompletedProcess:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)


def lp_value(program: pathlib.Path) -> tuple[str, float]:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(program))
    highs.run()
    return highs.modelStatusToString(highs.getModelStatus()), highs.getInfo().objective_function_value


def exported(binary: str, plan: pathlib.Path) -> dict:
    """The resolved plan."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "resolved.json"
        done = run(binary, "export", plan, "--resolved", file)
        if done.returncode != 0:
            raise Disagreement(f"no export: {done.stderr.strip()[:300]}")
        return json.loads(file.read_text())


def apart(ours: float, theirs: float, scale: float = 0.0) -> float:
    return abs(ours - theirs) / max(abs(ours), abs(theirs), scale, 1e-6)


def one(binary: str, plan: pathlib.Path, lp: bool) -> tuple[str, list, float, str]:
    """Status and phases by the oracle, the largest relative difference, and what differs too much."""
    solved = run(binary, "solve", plan, "--format", "json")
    words = read_plan(plan.read_text())
    late = never_serves(words)
    if not solved.stdout and late and all(f"contracts.{id_}" in solved.stderr for id_ in late):
        return "refused", [], 0.0, ""
    unsaid = [id_ for id_ in late if f"contracts.{id_}" not in run(binary, "check", plan).stderr]
    if unsaid:
        return "error", [], 0.0, f"{unsaid} can't arrive within the horizon, and that was not said"
    if not solved.stdout and any(code in solved.stderr for code in REFUSED):
        return "refused", [], 0.0, ""
    if not solved.stdout:
        return "error", [], 0.0, f"no answer: {solved.stderr.strip()[:300]}"
    answer = json.loads(solved.stdout)
    ours = [(phase["name"], phase["value"]) for phase in answer["objective"]["phases"]]
    with tempfile.TemporaryDirectory() as folder:
        try:
            resolved = exported(binary, plan)
            START[0] = month(words["horizon"]["start"])
            Resolved(words, resolved)
            stated = (Trading if conduct(words) else Stated)(resolved, words)
        except Disagreement as disagreement:
            return "error", [], 0.0, f"coefficients: {disagreement}"
        status, theirs = stated.solve()
        status = status.lower().replace("primal ", "")
        faults, worst = [], 0.0
        if status != answer["status"]:
            faults.append(f"{answer['status']} against {status}")
        elif status == "optimal" and conduct(words):
            faults += compare(answer, theirs)
            ours = ours[:1]
            worst = apart(ours[0][1], theirs[0][1])
            if not answer["certificate"]["checked"]:
                faults.append("our certificate is not checked")
        elif status == "optimal":
            for (name, value), (other, reference) in zip(ours, theirs, strict=False):
                # Whole numbers are found to within the plan's gap only. A difference of revenue and
                # cost is as exact as they are.
                tolerance = max(TOLERANCE, stated.x["whole"].get("gap_fraction", 0.01) if stated.lp.whole else 0.0)
                difference = apart(value, reference, stated.money if name.startswith("npv") else 0.0)
                worst = max(worst, 0.0 if stated.lp.whole else difference)
                if name != other or not difference <= tolerance:
                    faults.append(f"{name} {value:.12g} against {other} {reference:.12g} ({apart(value, reference):.1e})")
            if ours[len(theirs) :] and ours[-1][0] == "revenue" and not stated.lp.whole:
                low, high = stated.dearest_first()
                # As exact as the money that is held before it: a plan that may spend a dollar more than the
                # least of a million sells a dollar's worth, to within the solver's rounding of the million.
                value, room = ours.pop()[1], TOLERANCE * max(1e-3, abs(high), stated.money)
                if not low - room <= value <= high + room:
                    faults.append(f"revenue {value:.12g} outside {low:.12g} to {high:.12g}")
            if len(ours) != len(theirs) and not stated.lp.whole:
                faults.append(f"{len(ours)} phases against {len(theirs)}")
            if not answer["certificate"]["checked"]:
                faults.append("our certificate is not checked")
        if lp and status == "optimal" and not stated.lp.whole and ours[0][0] != "cost_per_token":
            program = pathlib.Path(folder) / "program.mps"
            run(binary, "export", plan, "--lp", program)
            read, value = lp_value(program)
            if read != "Optimal" or not apart(value, ours[0][1]) <= TOLERANCE:
                faults.append(f"--lp read back: {read} {value:.12g} against {ours[0][1]:.12g}")
    return status, theirs, worst, "; ".join(faults)


def timed(binary: str, plan: pathlib.Path, lp: bool) -> tuple[str, list, float, str, float]:
    start = time.monotonic()
    try:
        status, theirs, worst, faults = one(binary, plan, lp)
    except Exception as error:  # one plan's fault must not hide the others
        status, theirs, worst, faults = "error", [], 0.0, f"the oracle failed: {error!r}"
    return status, theirs, worst, faults, time.monotonic() - start


def name_of(plan: pathlib.Path) -> str:
    """Generated plans have the same name wherever they are written."""
    return f"generated/{plan.name}" if plan.parent.name == "generated" else str(plan)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("plans", nargs="+", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path, help="write the oracle's numbers into this file")
    parser.add_argument("--committed", type=pathlib.Path, help="hold the oracle's numbers against those of this file")
    parser.add_argument("--no-lp", action="store_true", help="do not read back the exported program")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    committed = {}
    if arguments.committed:
        with arguments.committed.open(newline="") as file:
            for row in csv.DictReader(file):
                committed.setdefault(row["plan"], []).append((row["status"], row["phase"], row["value"]))
    rows, failed, counts = [], 0, {}
    workers = concurrent.futures.ProcessPoolExecutor(arguments.jobs)
    answers = workers.map(timed, itertools.repeat(arguments.binary), arguments.plans, itertools.repeat(not arguments.no_lp))
    largest = 0.0
    for plan, (status, theirs, worst, faults, seconds) in zip(arguments.plans, answers, strict=True):
        numbers = [(status, name, repr(float(value))) for name, value in theirs] if status == "optimal" else [(status, "", "")]
        if arguments.committed:
            known = committed.get(name_of(plan), [])
            same = len(known) == len(numbers) and all(
                one[:2] == other[:2] and (one[2] == other[2] or apart(float(one[2]), float(other[2]), 1e-6) <= TOLERANCE) for one, other in zip(known, numbers)
            )
            faults += "" if same else f" committed: {known}"
        largest = max(largest, worst)
        counts[status] = counts.get(status, 0) + 1
        failed += bool(faults)
        said = ", ".join(f"{name} {value:.9g}" for name, value in theirs)
        print(f"{'FAIL' if faults else 'ok':4}  {name_of(plan)}: {status} {said} ({seconds:.1f} s) {faults}", flush=True)
        rows += [(name_of(plan), *number) for number in numbers]
    workers.shutdown()
    if arguments.write:
        with arguments.write.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["plan", "status", "phase", "value"])
            writer.writerows(rows)
    print(f"{len(arguments.plans) - failed} agree, {failed} differ; {counts}; largest relative difference of a goal {largest:.1e}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

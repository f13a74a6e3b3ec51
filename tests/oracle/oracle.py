"""Compares our answers with a program stated apart from `src/`, plan by plan.

    oracle.py BINARY [--write expected.csv] PLAN...

Each plan is exported as a resolved scenario, stated again by `program.py` and solved by HiGHS from
Python's package index; then `tokenworks solve` must say the same: the status, and every phase's value
to 1e-6. The export's own `--lp` must also read back to the same first goal.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import highspy

from program import Disagreement, Stated

TOLERANCE = 1e-6


def run(*command) -> subprocess.CompletedProcess:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)


def lp_value(program: pathlib.Path) -> tuple[str, float]:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(program))
    highs.run()
    return highs.modelStatusToString(highs.getModelStatus()), highs.getInfo().objective_function_value


def apart(ours: float, theirs: float, scale: float = 0.0) -> float:
    return abs(ours - theirs) / max(abs(ours), abs(theirs), scale, 1e-9)


def one(binary: str, plan: pathlib.Path, lp: bool) -> tuple[str, list, list, str]:
    """Status and phases by the oracle, our phases, and what differs."""
    solved = run(binary, "solve", plan, "--format", "json")
    if not solved.stdout:
        return "error", [], [], f"no answer: {solved.stderr.strip()[:300]}"
    answer = json.loads(solved.stdout)
    ours = [(phase["name"], phase["value"]) for phase in answer["objective"]["phases"]]
    with tempfile.TemporaryDirectory() as folder:
        scenario = pathlib.Path(folder) / "scenario.json"
        exported = run(binary, "export", plan, "--scenario", scenario)
        if exported.returncode != 0:
            return "error", [], ours, f"no export: {exported.stderr.strip()[:300]}"
        try:
            stated = Stated(json.loads(scenario.read_text()))
        except Disagreement as disagreement:
            return "error", [], ours, f"coefficients: {disagreement}"
        status, theirs = stated.solve()
        status = status.lower().replace("primal ", "")
        faults = []
        if status != answer["status"]:
            faults.append(f"{answer['status']} against {status}")
        elif status == "optimal":
            money = max([abs(value) for name, value in theirs if name in ("cost", "revenue", "npv")], default=0.0)
            for (name, value), (other, reference) in zip(ours, theirs, strict=False):
                # Whole numbers are found to within the plan's gap only. A difference of revenue and
                # cost is as exact as they are.
                tolerance = max(TOLERANCE, stated.x["whole"].get("gap_fraction", 0.01) if stated.lp.whole else 0.0)
                if name != other or not apart(value, reference, money if name == "npv" else 0.0) <= tolerance:
                    faults.append(f"{name} {value:.12g} against {other} {reference:.12g} ({apart(value, reference):.1e})")
            if not answer["certificate"]["checked"]:
                faults.append("our certificate is not checked")
        if lp and status == "optimal" and not stated.lp.whole and ours[0][0] != "cost_per_token":
            program = pathlib.Path(folder) / "program.mps"
            run(binary, "export", plan, "--lp", program)
            read, value = lp_value(program)
            if read != "Optimal" or not apart(value, ours[0][1]) <= TOLERANCE:
                faults.append(f"--lp read back: {read} {value:.12g} against {ours[0][1]:.12g}")
    return status, theirs, ours, "; ".join(faults)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("plans", nargs="+", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path, help="commit the oracle's numbers to this file")
    parser.add_argument("--no-lp", action="store_true", help="do not read back the exported program")
    arguments = parser.parse_args()
    rows, failed, counts = [], 0, {}
    for plan in arguments.plans:
        start = time.monotonic()
        status, theirs, ours, faults = one(arguments.binary, plan, not arguments.no_lp)
        counts[status] = counts.get(status, 0) + 1
        failed += bool(faults)
        said = ", ".join(f"{name} {value:.9g}" for name, value in theirs)
        print(f"{'FAIL' if faults else 'ok':4}  {plan}: {status} {said} ({time.monotonic() - start:.1f} s) {faults}", flush=True)
        rows += [(str(plan), status, name, repr(value)) for name, value in theirs] if status == "optimal" else [(str(plan), status, "", "")]
    if arguments.write:
        with arguments.write.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["plan", "status", "phase", "value"])
            writer.writerows(rows)
    print(f"{len(arguments.plans) - failed} agree, {failed} differ; {counts}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

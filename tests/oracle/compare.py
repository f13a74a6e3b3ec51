"""Compares our objective with that of another HiGHS reading the program we export."""

import json
import pathlib
import subprocess
import sys
import tempfile

import highspy

TOLERANCE = 1e-6


def objective_of(program: pathlib.Path) -> tuple[str, float]:
    """Status and objective by the other HiGHS."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(program))
    highs.run()
    status = highs.modelStatusToString(highs.getModelStatus())
    return status, highs.getInfo().objective_function_value


def main() -> int:
    binary, *plans = sys.argv[1:]
    failed = 0
    for plan in plans:
        solved = subprocess.run([binary, "solve", plan, "--format", "json"], capture_output=True, text=True, check=False)
        if not solved.stdout:
            print(f"FAIL  {plan}: {solved.stderr.strip()}")
            failed += 1
            continue
        answer = json.loads(solved.stdout)
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / "program.mps"
            subprocess.run([binary, "export", plan, "--lp", str(program)], check=True, capture_output=True)
            status, theirs = objective_of(program)
        if answer["status"] != "optimal":
            same = status.lower() in answer["status"] or answer["status"] in status.lower()
            print(f"{'ok' if same else 'FAIL':5} {plan}: {answer['status']} against {status}")
            failed += not same
            continue
        phase = answer["objective"]["phases"][0]
        ours = phase["value"]
        gap = abs(ours - theirs) / max(abs(ours), abs(theirs), 1e-12)
        good = status == "Optimal" and gap <= TOLERANCE
        print(f"{'ok' if good else 'FAIL':5} {plan}: {phase['name']} {ours:.9g} {phase['unit']}, theirs {theirs:.9g} ({status}), apart {gap:.1e}")
        failed += not good
    print(f"{len(plans) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

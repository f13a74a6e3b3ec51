"""Makes plans of those of `lossy.py` whose connections ask for backup plant.

    backed.py FOLDER PLAN...
"""
import pathlib
import random
import re
import sys


def backup(rng: random.Random, mw: float) -> str:
    fuel = rng.choice(["60.0", "150.0", "{\"start\": 90.0, \"2028-01\": 140.0}"])
    stated = f"mw: {round(mw * rng.uniform(0.2, 0.9), 1)!r}, hours_per_year: {rng.choice([40.0, 150.0, 600.0])!r}, fuel_usd_per_mwh: {fuel}"
    if rng.random() < 0.7:
        stated += f", capex_usd_per_kw: {rng.choice([300.0, 900.0])!r}, om_usd_per_kw_year: {rng.choice([5.0, 20.0])!r}, life_years: {rng.choice([2.0, 15.0])!r}"
    if rng.random() < 0.5:
        stated += f", g_per_kwh: {rng.choice([0.0, 650.0])!r}"
    return f"backup: ({stated})"


def backed(text: str, rng: random.Random) -> str:
    """Every connection by the name of `late` with more non-firm power, that is more often away, and with backup plant."""

    def connection(found):
        mw = float(re.search(r"non_firm_mw: (\d+(?:\.\d+)?)", found.group(0)).group(1))
        return f'"late": ({backup(rng, mw)}, {found.group(0)[len(chr(34) + "late" + chr(34) + ": ("):]}'

    text = re.sub(r'"late": \(firm_mw: [^\n]*?response_fraction: ', connection, text)
    # What else comes through the grid is scarce, so that backup is wanted.
    return re.sub(r"(interconnect_mw: )(\d+(?:\.\d+)?)", lambda found: f"{found.group(1)}{round(float(found.group(2)) * 0.5, 1)!r}", text)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for path in map(pathlib.Path, sys.argv[2:]):
        text = path.read_text()
        made = backed(text, random.Random(int(re.search(r"(\d+)", path.name).group(1)) + 5000))
        if made != text and "backup:" in made:
            (folder / path.name.replace("lossy-", "backed-")).write_text(made)


if __name__ == "__main__":
    main()

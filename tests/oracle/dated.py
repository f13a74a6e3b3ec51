"""Makes dated plans of random ones: prices, chips, halls and software by steps and by curves.

    python3 dated.py FOLDER PLAN...

Every number of a kind in a plan takes the same course, so that segments keep their order.
"""
import pathlib
import random
import re
import sys

NUMBER = r"(\d+(?:\.\d+)?)"


def dated(text, rng):
    def replaced(text, pattern, how):
        return re.sub(pattern, lambda found: f"{found.group(1)}{how(float(found.group(2)))}", text)

    prices = rng.choice([0.4, 0.7, 0.9])
    text = replaced(text, r"(answer: )" + NUMBER, lambda usd: f"Curve(from: {usd!r}, factor_per_year: {prices})")
    for field in ("capex_usd", "capex_usd_per_w", "om_usd_per_year"):
        factor = rng.choice([0.6, 0.85, 1.1])
        half = rng.choice([f"factor_per_year: {factor}", "half_life_years: 2.5"])
        text = replaced(text, rf"(\b{field}: )" + NUMBER, lambda usd: f"Curve(from: {usd!r}, {half})")
    speed = rng.choice(['{"start": 1.0, "2027-07": 1.3}', "Curve(from: 1.0, factor_per_year: 1.4, ceiling: 1.8)", 'Curve(from: 1.0, catalog: "software-mature-model")'])
    return re.sub(r"(quality: (?:Stated\([^)]*\)|FromIndex))", rf"\1, speed_factor: {speed}", text)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(sys.argv[2:]):
        text = pathlib.Path(path).read_text()
        made = dated(text, random.Random(number))
        if made != text:
            (folder / f"dated-{pathlib.Path(path).name}").write_text(made)


main()

"""Makes dated plans of random ones: whatever may change by date does, by steps and by curves.

    dated.py FOLDER PLAN...

Prices of tokens take the same course in a whole plan, so that segments keep their order; everything else
takes a course of its own. In some plans served models follow one another, each with throughput rows of its
own, and some look for value after tax.
"""
import pathlib
import random
import re
import sys

NUMBER = r"(\d+(?:\.\d+)?)"


class Dated:
    def __init__(self, text: str, rng: random.Random):
        self.text, self.rng = text, rng
        horizon = re.search(r'start: "(\d+)-(\d+)", period_months: (\d+), periods: (\d+)', text)
        year, month, self.months, self.periods = map(int, horizon.groups())
        self.first = year * 12 + month - 1

    def date(self, period: int) -> str:
        month = self.first + period * self.months
        return f"{month // 12}-{month % 12 + 1:02d}"

    def later(self) -> str:
        return self.date(self.rng.randrange(1, max(2, self.periods)))

    def course(self, value: float, low: float = 0.5, high: float = 1.6, most: float | None = None) -> str:
        """A number that changes: steps, a factor a year, or a half-life, never above `most`."""
        factor = round(self.rng.uniform(low, high), 2)
        kind = self.rng.choice(["steps", "steps", "factor", "half-life"])
        if kind == "steps":
            after = round(value * factor, 4) if most is None else min(most, round(value * factor, 4))
            return f'{{"start": {value!r}, "{self.later()}": {after!r}}}'
        how = f"factor_per_year: {factor}" if kind == "factor" else "half_life_years: 3.0"
        ceiling = f", ceiling: {most!r}" if most is not None else ""
        floor = f", floor: {round(value * 0.6, 4)!r}" if self.rng.random() < 0.3 else ""
        return f"Curve(from: {value!r}, {how}{floor}{ceiling})"

    def replaced(self, field: str, share: float, **how) -> None:
        def change(found):
            if self.rng.random() >= share:
                return found.group(0)
            value = float(found.group(2))
            return f"{found.group(1)}{self.course(value, **how)}"

        self.text = re.sub(rf"(\b{field}: ){NUMBER}(?=[,)}}])", change, self.text)

    def prices(self) -> None:
        factor = self.rng.choice([0.4, 0.7, 0.9])
        self.text = re.sub(r"(\b(?:answer|prompt|cached_prompt): )" + NUMBER, lambda found: f"{found.group(1)}Curve(from: {float(found.group(2))!r}, factor_per_year: {factor})", self.text)

    def speeds(self) -> None:
        speed = self.rng.choice(['{"start": 1.0, "2027-07": 1.3}', "Curve(from: 1.0, factor_per_year: 1.4, ceiling: 1.8)", 'Curve(from: 1.0, catalog: "software-mature-model")'])
        self.text = re.sub(r"(quality: (?:Stated\([^)]*\)|FromIndex))(?=\))", rf"\1, speed_factor: {speed}", self.text)

    def succession(self) -> None:
        """Another served model takes over, faster or slower by a factor of its own on each chip."""
        model = re.search(r'served_models: \{\n\s+"([^"]+)"', self.text).group(1)
        self.text = self.text.replace("    served_models: {\n", f'    served_models: {{\n        "next": (quality: Stated({round(self.rng.uniform(0.5, 2.0), 2)})),\n', 1)
        taken = set()

        def follow(found):
            if self.rng.random() < 0.3:
                return found.group(0)
            taken.add(found.group(1))
            return f'{found.group(0)[: found.start(2) - found.start(0)]}{{"{self.date(0)}": "{model}", "{self.later()}": "next"}}'

        self.text = re.sub(r'(?m)^        "(p\d+)": \(served_model: ("[^"]+")', follow, self.text)
        rows = []
        for row in re.finditer(r'(?m)^        "[^"]+": \(chip: "([^"]+)", product: "([^"]+)"(.*)\),$', self.text):
            chip, product, rest = row.groups()
            if product not in taken or "tok_per_s" not in rest or self.rng.random() < 0.15:
                continue
            factor = round(self.rng.uniform(0.4, 1.6), 2)
            rest = re.sub(rf"(_tok_per_s: ){NUMBER}", lambda found: f"{found.group(1)}{round(float(found.group(2)) * factor, 1)!r}", rest)
            rows.append(f'        "{chip}-{product}-next": (chip: "{chip}", product: "{product}", served_model: "next"{rest}),\n')
        self.text = self.text.replace("    throughput: {\n", "    throughput: {\n" + "".join(rows), 1)

    def taxed(self) -> None:
        if "objective:" in self.text or "whole:" in self.text:
            return
        kind = self.rng.choice(["Macrs3", "Macrs5", "Straight(4.0)", "Bonus(0.4)"])
        halls = self.rng.choice(["None", "Some(Straight(10.0))"])
        goal = self.rng.choice(["[MaxTokens, MaxNpvAfterTax]", "[MaxNpvAfterTax]"])
        finance = f"finance: (tax_fraction: {self.rng.choice([0.21, 0.25, 0.4])}, inflation_fraction: {self.rng.choice([0.0, 0.03])}, depreciation: {kind}, hall_depreciation: {halls}, loss: PaidOut)"
        self.text = self.text.replace("    budget: (", f"    {finance},\n    objective: {goal},\n    budget: (", 1)

    def made(self) -> str:
        self.prices()
        for field in ("capex_usd", "capex_usd_per_w", "om_usd_per_year"):
            self.replaced(field, 0.8, low=0.6, high=1.2)
        for field in ("capex_usd_per_kw", "capex_usd_per_kwh", "om_usd_per_kw_year", "om_usd_per_kwh_year", "om_usd_per_mw_year", "egress_usd_per_mtok", "expand_usd_per_gtok_per_hour"):
            self.replaced(field, 0.6)
        for field in ("price_usd_per_mwh", "strike_usd_per_mwh", "usd_per_mwh_thermal", "demand_charge_usd_per_kw_month", "fixed_usd_per_month", "credit_usd_per_year"):
            self.replaced(field, 0.6)
        # Surplus that sells above its price, or falls less than it, would have the plan trade power.
        self.replaced("resale_usd_per_mwh", 0.4, low=0.3, high=0.6)
        self.replaced("rate_fraction", 0.6, most=1.0)
        self.replaced("usd_per_mtok", 0.5)
        self.replaced("cache_hit_fraction", 0.5, most=0.95)
        self.replaced("prompt_tokens", 0.5)
        self.replaced("answer_tokens", 0.3)
        self.replaced("quality_weight", 0.5)
        self.replaced("answer_gtok_per_day", 0.4)
        self.speeds()
        if self.rng.random() < 0.5 and "throughput: {" in self.text:
            self.succession()
        if self.rng.random() < 0.35:
            self.taxed()
        return self.text


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(sys.argv[2:]):
        text = pathlib.Path(path).read_text()
        if "Hourly" in text:
            continue  # a year of hours takes a minute
        made = Dated(text, random.Random(number)).made()
        if made != text:
            (folder / f"dated-{pathlib.Path(path).name}").write_text(made)


if __name__ == "__main__":
    main()

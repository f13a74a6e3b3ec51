"""Makes plans of random ones with what a plan carries that was rolled on: halls whose life ends, a pipeline whose
capacity is known by date, backup plant that stands already, and chips of the country's own that a domestic share counts.

    carried.py FOLDER PLAN...
"""
import pathlib
import random
import re
import sys

from dated import NUMBER, Dated


class Carried(Dated):
    def halls(self) -> None:
        """Some halls end. Not many: what stands in them needs another place, or nothing is feasible."""

        def hall(found):
            if self.rng.random() < 0.7:
                return found.group(0)
            return f'{found.group(1)}until: "{self.later()}", '

        self.text = re.sub(r'("(?:old|coming)": \((?=it_mw: ))', hall, self.text)

    def pipelines(self) -> None:
        def capacity(found):
            value = float(found.group(2))
            after = round(value * self.rng.choice([0.3, 0.6, 1.5]), 2)
            return f'{found.group(1)}{{"start": {value!r}, "{self.later()}": {after!r}}}'

        self.text = re.sub(rf"(\bcapacity_gtok_per_hour: ){NUMBER}(?=,)", capacity, self.text)

    def backups(self) -> None:
        def backup(found):
            return f"{found.group(0)}, existing_mw: {round(float(found.group(2)) * self.rng.choice([0.3, 0.7, 1.0, 1.2]), 2)!r}"

        self.text = re.sub(rf"(\bbackup: \(mw: ){NUMBER}", backup, self.text)

    def home(self) -> None:
        """A share of the chips must be the country's own; those that stand count, and few of them can still be bought."""
        chips = re.findall(r'(?m)^        "(c\d+)": \(.*\borigin: "(\w+)"', self.text)
        sites = re.findall(r'(?m)^        "(s\d+)": \(country: "(\w+)".*halls: \{"old"', self.text)
        able = [(site, country, chip) for site, country in sites for chip, origin in chips if origin == country and len({of for _, of in chips}) > 1]
        if not able:
            return
        site, country, chip = self.rng.choice(able)
        self.text = re.sub(r'(?m)^        "[^"]+": DomesticShare\(.*\n', "", self.text)
        fleet = f'        "home": (site: "{site}", chip: "{chip}", count: {round(self.rng.uniform(100, 900))}.0, in_service: "2025-01"),\n'
        rule = f'        "home": DomesticShare(site_country: "{country}", minimum_fraction: {round(self.rng.uniform(0.2, 0.7), 2)}, include_existing: true),\n'
        for block, entry, before in (("fleets", fleet, "contracts"), ("policies", rule, "budget")):
            if f"    {block}: {{\n" in self.text:
                self.text = self.text.replace(f"    {block}: {{\n", f"    {block}: {{\n{entry}", 1)
            else:
                self.text = re.sub(rf"(?m)^    {before}: ", f"    {block}: {{\n{entry}    }},\n    {before}: ", self.text, count=1)
        self.text = re.sub(rf'(?m)^(        "{chip}": \(.*supply_per_period: )(?:\{{[^}}]*\}}|{NUMBER})', rf"\g<1>{self.rng.choice([0.0, 20.0, 150.0])}", self.text)

    def made(self) -> str:
        self.halls()
        self.pipelines()
        self.backups()
        self.home()
        return self.text


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for path in map(pathlib.Path, sys.argv[2:]):
        text = path.read_text()
        if "Hourly" in text:
            continue  # a year of hours takes a minute
        made = Carried(text, random.Random(int(re.search(r"(\d+)", path.name).group(1)) + 9000)).made()
        if made != text:
            (folder / f"carried-{path.name}").write_text(made)


if __name__ == "__main__":
    main()

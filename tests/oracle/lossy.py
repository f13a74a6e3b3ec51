"""Makes plans of random ones whose chips have operating points, whose halls hang on feeds, whose live tokens may be
shed in events, and of which a share has to go on after a loss.

    lossy.py FOLDER PLAN...
"""
import pathlib
import random
import re
import sys


class Lossy:
    def __init__(self, text: str, rng: random.Random):
        self.text, self.rng = text, rng

    def number(self, field: str, text: str, otherwise: float = 0.0) -> float:
        found = re.search(rf"\b{field}: (\d+(?:\.\d+)?)", text)
        return float(found.group(1)) if found else otherwise

    def chips(self) -> None:
        def point(found):
            if self.rng.random() < 0.3:
                return found.group(0)
            kw, idle = self.number("all_in_kw", found.group(0)), self.number("idle_fraction", found.group(0))
            low = max(idle, self.rng.choice([0.5, 0.6, 0.75]))
            points = [(round(kw * (low + (1 - low) * share), 3), round(self.rng.uniform(0.7, 0.98), 2)) for share in self.rng.choice([[0.05], [0.05, 0.5]])]
            stated = ", ".join(f'"o{number}": (kw: {kw!r}, speed_fraction: {speed!r})' for number, (kw, speed) in enumerate(points))
            return f"{found.group(0)[:-2]}, operating_points: {{{stated}}}),"

        self.text = re.sub(r'(?m)^        "c\d+": \(all_in_kw: .*\),$', point, self.text)

    def window(self) -> str:
        first = self.rng.choice([0, 6, 12, 18])
        months = self.rng.choice(["", "months: [6, 7, 8], ", "months: [1, 2, 12], "])
        return f"Windows([({months}from_hour: {first}, until_hour: {first + self.rng.choice([4, 6])})])"

    def sites(self) -> None:
        def site(found):
            text = found.group(0)
            halls = sum(map(float, re.findall(r"\bit_mw: (\d+(?:\.\d+)?)", text)))
            if self.rng.random() < 0.8:
                kinds = [self.rng.choice(["N", "N", "N1", "TwoN"]) for _ in range(2)]
                feeds = ", ".join(f'"{name}": (mw: {round(halls * self.rng.uniform(0.2, 0.8), 1)!r}, redundancy: {kind})' for name, kind in zip(("east", "west"), kinds))
                text = re.sub(r'("(?:old|coming|new)": \()', lambda hall: hall.group(1) + self.rng.choice(['feed: "east", ', 'feed: "west", ', ""]), text)
                text = text.replace("halls: {", f"feeds: {{{feeds}}}, halls: {{", 1)
            if "connections:" not in text:
                mw = round(max(halls, 4.0) * self.rng.uniform(0.1, 0.6), 1)
                notice = self.rng.choice(["notice_hours: 1.0, ", "notice_hours: 1.0, ", "notice_hours: 8.0, "])
                extra = f'"late": (firm_mw: {round(mw / 3, 1)!r}, non_firm_mw: {mw!r}, events: {self.window()}, {notice}response_fraction: {self.rng.choice([1.0, 0.7])!r})'
                text = text.replace("pue: ", f"connections: {{{extra}}}, pue: ", 1)
            return text

        self.text = re.sub(r'(?m)^        "s\d+": \(country: .*\),$', site, self.text)

    def products(self) -> None:
        def product(found):
            if "urgency: Interactive" not in found.group(0) or self.rng.random() < 0.25:
                return found.group(0)
            shed = f"flexible_fraction: {self.rng.choice([0.2, 0.5, 1.0])!r}, shed: {self.rng.choice(['Lost', 'SameDay'])}"
            if self.rng.random() < 0.6:
                shed += f", shed_discount_usd_per_mtok: {self.rng.choice([0.1, 0.5, 2.0])!r}"
            if self.rng.random() < 0.4:
                shed += ", shed_notice_hours: 4.0"
            return f"{found.group(0)[:-2]}, {shed}),"

        self.text = re.sub(r'(?m)^        "p\d+": \(served_model: .*\),$', product, self.text)

    def resilience(self) -> None:
        products = re.findall(r'(?m)^        "(p\d+)": \(served_model: ', self.text)
        rules = []
        for number in range(self.rng.choice([1, 1, 2])):
            kept = self.rng.sample(products, self.rng.randrange(1, len(products) + 1))
            keep = ", ".join(f'"{product}": (fraction: {self.rng.choice([0.15, 0.3, 0.6])!r})' for product in kept)
            parts = ["Connection"] if "oversubscribed: true" in self.text else ["Feed", "Feed", "Connection"]
            # Of one site nothing goes on without it.
            parts += ["Site"] * (len(re.findall(r'(?m)^        "s\d+": \(country: ', self.text)) > 1)
            parts += ["Plant"] * ("OnSite(" in self.text)
            worst = self.rng.choice(["", "", "worst_hours: Busiest(2000.0), ", f"worst_hours: Stated({self.window()}), "])
            rules.append(f'        "n{number}": (lose: Largest({self.rng.choice(parts)}), {worst}keep: {{{keep}}}),\n')
        self.text = self.text.replace("    budget: (", "    resilience: {\n" + "".join(rules) + "    },\n    budget: (", 1)

    def made(self) -> str:
        self.chips()
        self.sites()
        self.products()
        self.resilience()
        return self.text


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for path in sys.argv[2:]:
        path = pathlib.Path(path)
        text = path.read_text()
        if "Hourly" in text:
            continue  # a year of hours takes a minute
        number = int(re.search(r"(\d+)", path.name).group(1))
        (folder / f"lossy-{path.name}").write_text(Lossy(text, random.Random(number)).made())


if __name__ == "__main__":
    main()

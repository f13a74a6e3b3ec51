"""Makes random plans whose prices form among actors, and ones with tasks to be done.

    trading.py FOLDER [COUNT [SEED]]

Two of three have actors, curves and a market equilibrium in turn of each conduct; the third has tasks.
"""
import pathlib
import sys

from generate import Generator, Struct, Variant, plan_text

THEMES = ("any", "burn", "trade", "any", "green", "any", "trade", "linked")
CONDUCTS = ("Competition", "Cournot", "Cartel")


class Trader(Generator):
    def __init__(self, seed: int, theme: str, conduct):
        super().__init__(seed, theme)
        self.conduct = conduct

    def plan(self) -> str:
        super().plan()
        for field in ("whole", "tolerance_fraction", "objective"):
            self.fields.pop(field, None)
        if self.conduct:
            self.actors()
            self.curves()
            self.fields["objective"] = [Variant("MarketEquilibrium", Variant(self.conduct))]
        else:
            self.tasks()
            self.fields["objective"] = [Variant(self.pick("MaxNpv", "MaxNpv", "MinCost"))]
        for number in range(self.pick(0, 1, 1, 2)):
            country = self.pick(None, "US", "CN")
            site = self.pick(None, None, next(iter(self.fields["sites"])))
            actor = self.pick(None, None, *self.fields.get("actors", {}))
            self.fields["policies"][f"power{number}"] = Struct("PowerSubsidy", usd_per_mwh=self.steps(1, 8, 1, late=True), site_country=country, site=site, actor=actor)
        for rule in self.fields["policies"].values():
            if rule.name == "ChipLicence" and self.fields.get("actors") and self.chance(0.4):
                rule.fields["actor"] = self.pick(*self.fields["actors"])
        # The order in which a plan is read: goals come last.
        return plan_text(self.fields)

    def actors(self):
        names = ["us", "cn", "other"][: self.pick(1, 2, 2, 3)]
        sites, chips = list(self.fields["sites"]), list(self.fields["chips"])
        actors = {}
        for name in names:
            limits = {}
            if self.chance(0.5):
                limits["chips"] = {"own": Struct(chip=self.pick(*chips), at_most_per_period=self.steps(50, 2500, 0, late=True))}
            if self.chance(0.3):
                limits["capex_musd_per_period"] = self.steps(5, 120, 1, late=True)
            if self.chance(0.2):
                limits["capex_musd_total"] = self.between(10, 200, 1)
            actors[name] = Struct(**limits)
        # A site more, so that there is somebody to reckon with.
        if len(names) > len(sites):
            more = f"s{len(sites)}"
            self.countries[more] = self.pick("US", "CN")
            self.fields["sites"][more] = self.site(more)
            self.fields["fleets"][f"of-{more}"] = Struct(site=more, chip=chips[0], count=self.between(200, 3000, 0), in_service=self.starts()[0])
            self.contracts_of(more)
            sites.append(more)
        for number, site in enumerate(sites):
            self.fields["sites"][site].fields["actor"] = names[number % len(names)]
        for thing in [*self.fields["rentals"].values(), *self.fields["purchases"].values()]:
            thing.fields["actor"] = self.pick(*names)
        self.fields["actors"] = actors

    def curves(self):
        for market in self.fields["markets"].values():
            market.fields.pop("single_price", None)
            for product, demand in market.fields["demand"].items():
                if self.chance(0.2):
                    continue
                if self.chance(0.4):
                    curve = Struct("Linear", nobody_buys_at_usd_per_mtok=self.steps(1, 6, 2), free_gtok_per_day=self.steps(50, 500, 0))
                else:
                    low = self.conduct != "Cartel" and self.chance(0.2)
                    curve = Struct(
                        "Isoelastic",
                        at_usd_per_mtok=self.steps(0.4, 3, 2),
                        at_gtok_per_day=self.steps(20, 200, 0),
                        elasticity=self.between(0.6, 0.95, 2) if low else self.between(1.1, 2.5, 2),
                        highest_usd_per_mtok=self.between(8, 20, 1) if low else None,
                    )
                fields = {"growth_factor_per_year": self.pick(1.0, 1.5, 2.0), "price_factor_per_year": self.pick(1.0, 1.0, 0.7), "curve": curve}
                market.fields["demand"][product] = Struct(**fields)

    def tasks(self):
        products, markets = list(self.fields["products"]), list(self.fields["markets"])
        for market in self.fields["markets"].values():
            market.fields.pop("single_price", None)
        tasks = {}
        for number in range(self.pick(1, 2)):
            small, large = self.between(0.3, 0.7, 2), self.between(0.7, 0.98, 2)
            rates = dict(zip(products, (small, large)))
            answers = [Struct(product=product, pass_fraction=right, answer_tokens_per_task=self.between(100, 600, 0) if right == small else self.between(900, 3000, 0)) for product, right in rates.items()]
            best = max(rates.values())
            cascades = []
            if len(rates) == 2:
                first, then = rates
                cascades = [Struct(first=first, then=then, noticed_fraction=self.pick(None, self.between(0.4, 1, 2)), asked_again_fraction=self.pick(None, self.between(0, 0.3, 2)))]
                if self.chance(0.3):
                    cascades[0].fields["then_pass_fraction"] = self.between(max(large - small, 0) / (1 - small), min(1.0, large / (1 - small)), 3)
            tasks[f"t{number}"] = Struct(
                market=self.pick(*markets),
                tasks_per_day=self.steps(2e3, 1e6, 0),
                growth_factor_per_year=self.pick(1.0, 1.4),
                pass_fraction=self.between(min(rates.values()) * 0.8, best, 2) if self.chance(0.9) else self.pick(0.0, min(1.0, round(best, 2))),
                answers=answers,
                cascades=cascades,
            )
        self.fields["tasks"] = tasks


def main():
    folder = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 90
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        conduct = None if number % 3 == 2 else CONDUCTS[number // 3 % 3]
        text = Trader(seed * 100_000 + number, THEMES[number % len(THEMES)], conduct).plan()
        (folder / f"trading-random-{number:03d}.ron").write_text(text)


if __name__ == "__main__":
    main()

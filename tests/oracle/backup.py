"""Backup plant that a connection asks for, stated from the plan's own words.

The design's sentences (power.md, section 2): a connection may require backup plant of so many MW, with fuel, carbon and
the hours of a year that its permit allows. It stands on the site from the first period in which the connection
carries anything, is paid like any plant, runs in slices with events only, and after any loss.
"""

from __future__ import annotations

import math

from program import agree, in_period, steps_at


class Backups:
    """Backup plant over the columns of a `Stated`, in the form of its other plant."""

    def __init__(self, stated):
        self.s, self.plan = stated, stated.plan
        self.exported = {k["id"]: k for k in stated.x["contracts"] if k["path"].endswith(".backup")}

    def all(self) -> list:
        found = [self.one(site, name, connection) for site, stated in self.plan["sites"].items() for name, connection in stated.get("connections", {}).items() if self.stated(connection)]
        if {k["id"] for k in found} != set(self.exported):
            raise AssertionError(f"backup plant: {sorted(k['id'] for k in found)} by the text, {sorted(self.exported)} in the export")
        return found

    @staticmethod
    def stated(connection):
        backup = connection.get("backup")
        return backup if isinstance(backup, dict) and backup["mw"] > 0 else None

    def carries(self, connection, p):
        """Whether anything can come through it in a period."""
        start = self.s.periods[p]["start"]
        stated = [steps_at(connection.get(field, 0.0), start) or 0.0 for field in ("firm_mw", "non_firm_mw")]
        offers = self.s.tariffs.offers(connection).values()
        return any(mw > 0 for mw in stated) or any(self.s.tariffs.offered(offer, start) for offer in offers)

    def one(self, site, name, connection):
        backup = self.stated(connection)
        in_force = [self.carries(connection, p) for p in self.s.P]
        at = lambda field, default: [steps_at(backup.get(field, default), self.s.periods[p]["start"]) or 0.0 for p in self.s.P]
        life = max(math.floor(backup.get("life_years", 20.0) * 12 / self.s.period_months + 0.5), 1)
        # What stands already is paid; the rest is bought.
        stands = min(backup.get("existing_mw", 0.0), backup["mw"])
        capex = [usd * 1e-3 for usd in at("capex_usd_per_kw", 0.0)]
        id_ = f"{site}/{name}/backup"
        k = {
            "id": id_, "place": site, "in_force_by_period": in_force, "renewable": False, "connection_of": connection,
            "carbon_g_per_kwh": {"by_period": [backup.get("g_per_kwh", 800.0)] * len(in_force)},
            "terms": {
                "kind": "on_site", "mw_at_least": backup["mw"] - stands, "mw_at_most": backup["mw"] - stands, "existing_mw": stands,
                "lead_periods": 0, "life_periods": life, "capex_musd_per_mw": capex,
                "annuity_musd_per_mw_year": self.exported[id_]["terms"]["annuity_musd_per_mw_year"],  # compared when it is ordered
                "om_musd_per_mw_year": [usd * 1e-3 for usd in at("om_usd_per_kw_year", 0.0)],
                "output_per_mw_by_slice": [1.0] * len(self.s.slices),
                "energy_usd_per_mwh": {"by_period": at("fuel_usd_per_mwh", 0.0)},
                "gwh_per_year_by_period": [backup["mw"] * backup["hours_per_year"] * 1e-3] * len(in_force),
            },
        }  # fmt: skip
        self.compare(k, self.exported[id_])
        return k

    def compare(self, k, exported):
        """The export says the same, wherever it matters."""
        for p in self.s.P:
            agree(f"{k['id']} in force in period {p}", float(k["in_force_by_period"][p]), float(exported["in_force_by_period"][p]))
            if not k["in_force_by_period"][p]:
                continue
            agree(f"fuel of {k['id']} in period {p}", k["terms"]["energy_usd_per_mwh"]["by_period"][p], exported["terms"]["energy_usd_per_mwh"]["by_period"][p])
            agree(f"carbon of {k['id']} in period {p}", k["carbon_g_per_kwh"]["by_period"][p], exported["carbon_g_per_kwh"]["by_period"][p])
            for field in ("capex_musd_per_mw", "om_musd_per_mw_year"):
                agree(f"{field} of {k['id']} in period {p}", k["terms"][field][p], in_period(exported["terms"][field], p))
        agree(f"life of {k['id']}", k["terms"]["life_periods"], exported["terms"]["life_periods"])

    def runs(self, k, p, t):
        """Whether it may run in a slice: in events of its connection."""
        return "connection_of" not in k or self.s.losses.in_event(k["place"], k["connection_of"], p, t)

    def has_permit(self, k):
        """Whether only so much energy of a year may come from it."""
        return "connection_of" in k

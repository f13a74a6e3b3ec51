"""How many plans exercise a line of the formulation's second edition."""

from __future__ import annotations

from reader import read


def contracts(plan: dict, *kinds: str) -> list:
    return [contract for contract in plan.get("contracts", {}).values() if contract["terms"]["kind"] in kinds]


def rules(plan: dict, kind: str) -> list:
    return [rule for rule in plan.get("policies", {}).values() if rule["kind"] == kind]


def urgencies(plan: dict) -> set:
    return {product.get("urgency", "Interactive") for product in plan["products"].values()}


def drains(plan: dict) -> set:
    return {chip.get("drain", "PerDay") for chip in plan["chips"].values()}


def paid_to_draw(plan: dict) -> bool:
    return any(isinstance(tariff["terms"]["energy_usd_per_mwh"], dict) and tariff["terms"]["energy_usd_per_mwh"].get("id") == "dip" for tariff in contracts(plan, "Tariff"))


def free_energy(plan: dict) -> bool:
    """Own sun or wind, or a contract paid whether it is used or not: it costs nothing to burn."""
    return bool(contracts(plan, "OnSite", "PayAsProduced"))


def share_with_battery(plan: dict, matching: str) -> bool:
    return bool(contracts(plan, "Battery")) and any(rule.get("matching", "Annual") == matching for rule in rules(plan, "RenewableShare"))


def goals(plan: dict) -> list:
    return [goal if isinstance(goal, str) else goal["kind"] for goal in plan.get("objective", ["MaxTokens", "MaxNpv"])]


def hourly(plan: dict) -> bool:
    return plan["slices"] == "Hourly"


def linked(plan: dict) -> bool:
    return not hourly(plan) and bool(plan["slices"].get("linked"))


FEATURES = {
    "paid to draw, live product": lambda plan: paid_to_draw(plan) and "Interactive" in urgencies(plan),
    "paid to draw, work that can wait": lambda plan: paid_to_draw(plan) and "WithinDay" in urgencies(plan),
    "paid to draw, powered by the slice": lambda plan: paid_to_draw(plan) and "PerSlice" in drains(plan),
    "free energy under a renewable share": lambda plan: free_energy(plan) and rules(plan, "RenewableShare"),
    "one pool for prompts and answers": lambda plan: any(product.get("disaggregated") is False and product["prompt_tokens"] != 0.0 for product in plan["products"].values()),
    "rented chips": lambda plan: plan.get("rentals"),
    "rented chips at a site": lambda plan: any(rental.get("site") for rental in plan.get("rentals", {}).values()),
    "bought tokens": lambda plan: plan.get("purchases"),
    "bought tokens under a duty": lambda plan: plan.get("purchases") and rules(plan, "TokenDuty"),
    "bought tokens under a ban": lambda plan: plan.get("purchases") and rules(plan, "RouteBan"),
    "hours in order, battery": lambda plan: hourly(plan) and contracts(plan, "Battery"),
    "linked days, battery": lambda plan: linked(plan) and contracts(plan, "Battery"),
    "work within the week, hours in order": lambda plan: hourly(plan) and "WithinWeek" in urgencies(plan),
    "work within the week": lambda plan: "WithinWeek" in urgencies(plan),
    "work within the period": lambda plan: "WithinPeriod" in urgencies(plan),
    "default goals": lambda plan: "objective" not in plan and "tolerance_fraction" not in plan,
    "tokens then NPV": lambda plan: goals(plan) == ["MaxTokens", "MaxNpv"],
    "cost per token": lambda plan: "MinCostPerToken" in goals(plan),
    "cost for a target": lambda plan: "MinCostForTtok" in goals(plan),
    "unmarked virtual contract under a renewable share": lambda plan: rules(plan, "RenewableShare") and any("renewable" not in contract for contract in contracts(plan, "Virtual")),
    "annual renewable share with a battery": lambda plan: share_with_battery(plan, "Annual"),
    "hourly renewable share with a battery": lambda plan: share_with_battery(plan, "Hourly"),
    "export share of a country": lambda plan: any(rule.get("scope", "Country") == "Country" for rule in rules(plan, "ExportShare")),
    "export share of each site": lambda plan: any(rule.get("scope") == "Site" for rule in rules(plan, "ExportShare")),
    "export share and rented chips": lambda plan: plan.get("rentals") and rules(plan, "ExportShare"),
    "local day by representative day": lambda plan: any(market.get("local_time") == "local-day" for market in plan["markets"].values()),
    "fixed plant": lambda plan: any("kind" in (amount := contract["terms"].get("mw") or contract["terms"]["energy_mwh"]) and amount["kind"] == "Fixed" for contract in contracts(plan, "OnSite", "Battery")),
    "plant in force for a part of the horizon": lambda plan: any(contract.get("from") or contract.get("until") for contract in contracts(plan, "OnSite", "Battery")),
    "rates that need a replica": lambda plan: any(row.get("replica_chips") for row in plan.get("throughput", {}).values()),
    "rates of the catalog's replicas": lambda plan: any(chip.get("catalog") for chip in plan["chips"].values()),
    "whole numbers": lambda plan: plan.get("whole"),
    "whole replicas": lambda plan: plan.get("whole") and any(row.get("replica_chips", 1) > 1 for row in plan.get("throughput", {}).values()),
    "oversubscribed": lambda plan: any(site.get("oversubscribed") for site in plan["sites"].values()),
    "interruptible hours": lambda plan: any(contract["terms"].get("interruptible") for contract in contracts(plan, "Tariff")),
    "training at a constant rate": lambda plan: any(programme["rhythm"] == "Rigid" for programme in plan.get("training", {}).values()),
    "domestic share with existing chips": lambda plan: any(rule.get("include_existing") for rule in rules(plan, "DomesticShare")),
    "licence": lambda plan: rules(plan, "ChipLicence"),
    "subsidy with a ceiling": lambda plan: any(rule.get("ceiling_musd") for rule in rules(plan, "CapexSubsidy")),
    "import duty": lambda plan: rules(plan, "ImportDuty"),
    "token duty": lambda plan: rules(plan, "TokenDuty"),
    "residency": lambda plan: rules(plan, "Residency"),
    "carbon cap": lambda plan: rules(plan, "CarbonCap"),
    "carbon price": lambda plan: rules(plan, "CarbonPrice"),
    "water cap": lambda plan: rules(plan, "WaterCap"),
    "hydropower": lambda plan: contracts(plan, "Hydro"),
    "take or pay": lambda plan: any(contract["terms"].get("take_or_pay_fraction") for contract in contracts(plan, "Baseload")),
    "resale": lambda plan: any(contract["terms"].get("resale_usd_per_mwh") for contract in contracts(plan, "PayAsProduced")),
    "demand charge": lambda plan: any(contract["terms"].get("demand_charge_usd_per_kw_month") for contract in contracts(plan, "Tariff")),
    "escalation": lambda plan: any(contract["terms"].get("escalation_fraction_per_year") for contract in plan.get("contracts", {}).values()),
    "pipeline that can grow": lambda plan: any(site.get("data_pipeline") and site["data_pipeline"].get("expand_usd_per_gtok_per_hour") for site in plan["sites"].values()),
    "elastic training": lambda plan: any(isinstance(programme["rhythm"], dict) for programme in plan.get("training", {}).values()),
    "decisions": lambda plan: plan.get("decisions"),
    "capital budget": lambda plan: plan["budget"].get("capex_musd_per_period") or plan["budget"].get("capex_musd_total"),
    "budget of running costs": lambda plan: plan["budget"].get("opex_musd_per_period"),
    "energy budget": lambda plan: plan["budget"].get("energy_gwh_per_year"),
    "dated capex": lambda plan: any(isinstance(chip.get("capex_usd"), dict) and len(chip["capex_usd"]) > 1 for chip in plan["chips"].values()),
    "dated speed": lambda plan: any(isinstance(thing.get("speed_factor"), dict) and len(thing["speed_factor"]) > 1 for thing in [*plan["chips"].values(), *plan["served_models"].values()]),
    "dated weight": lambda plan: any(isinstance(product.get("quality_weight"), dict) and len(product["quality_weight"]) > 1 for product in plan["products"].values()),
    "dated capex of halls": lambda plan: any(isinstance(hall["capex_usd_per_w"], dict) and len(hall["capex_usd_per_w"]) > 1 for site in plan["sites"].values() for hall in site.get("buildable", {}).values()),
    "dated token price": lambda plan: any(isinstance(segment["usd_per_mtok"].get("answer"), dict) and len(segment["usd_per_mtok"]["answer"]) > 1 for market in plan["markets"].values() for demand in market["demand"].values() for segment in demand["segments"]),
    "one price": lambda plan: any(market.get("single_price") for market in plan["markets"].values()),
    "peak days": lambda plan: not hourly(plan) and any(day.get("days_per_year") for day in plan["slices"]["days"].values()),
}


def losing(plan: dict, part: str) -> bool:
    return any(rule["lose"]["value"] == part and rule["keep"] for rule in plan.get("resilience", {}).values())


def forms(plan: dict, conduct: str = "") -> bool:
    return any(isinstance(goal, dict) and goal["kind"] == "MarketEquilibrium" and conduct in goal["value"] for goal in plan.get("objective", []))


# Of plans that `trading.py` makes.
TRADING = {
    "few sellers": lambda plan: forms(plan, "Cournot") and len(plan.get("actors", {})) > 1,
    "limits of actors": lambda plan: forms(plan) and any(actor.get("chips") or "capex_musd_total" in actor for actor in plan.get("actors", {}).values()),
    "tasks under a power subsidy": lambda plan: plan.get("tasks") and rules(plan, "PowerSubsidy"),
    "prices under a power subsidy": lambda plan: forms(plan) and rules(plan, "PowerSubsidy"),
    "cascades that miss failures": lambda plan: any(cascade.get("noticed_fraction", 1.0) < 1 for task in plan.get("tasks", {}).values() for cascade in task.get("cascades", [])),
}
# Of plans that `lossy.py` makes.
LOSSY = {
    "operating points": lambda plan: any(chip.get("operating_points") for chip in plan["chips"].values()),
    "feeds": lambda plan: any(site.get("feeds") and not site.get("oversubscribed") for site in plan["sites"].values()),
    "feeds of an oversubscribed site": lambda plan: any(site.get("feeds") and site.get("oversubscribed") for site in plan["sites"].values()),
    "what is shed": lambda plan: any(product.get("flexible_fraction") for product in plan["products"].values()),
    "a discount for what is shed": lambda plan: any(product.get("shed_discount_usd_per_mtok") for product in plan["products"].values()),
    "notice of events": lambda plan: any(product.get("shed_notice_hours") for product in plan["products"].values()),
    "a lost feed": lambda plan: losing(plan, "Feed"),
    "a lost connection": lambda plan: losing(plan, "Connection"),
    "a lost plant": lambda plan: losing(plan, "Plant"),
    "a lost site": lambda plan: losing(plan, "Site"),
    "the busiest hours": lambda plan: any((rule.get("worst_hours") or {}).get("kind") == "Busiest" for rule in plan.get("resilience", {}).values() if rule.get("worst_hours") != "None"),
}


# Of plans that `backed.py` makes.
BACKED = {
    "backup plant": lambda plan: any(isinstance(connection.get("backup"), dict) for site in plan["sites"].values() for connection in site.get("connections", {}).values()),
}
# Of plans that `carried.py` makes.
CARRIED = {
    "halls that end": lambda plan: any(hall.get("until") for site in plan["sites"].values() for hall in site.get("halls", {}).values()),
    "pipeline by date": lambda plan: any(isinstance((site.get("data_pipeline") or {}).get("capacity_gtok_per_hour"), dict) for site in plan["sites"].values()),
    "backup plant that stands": lambda plan: any(isinstance(connection.get("backup"), dict) and connection["backup"].get("existing_mw") for site in plan["sites"].values() for connection in site.get("connections", {}).values()),
}


def counts(texts: list) -> dict:
    plans = [read(text) for text in texts]
    return {what: sum(bool(has(plan)) for plan in plans) for what, has in FEATURES.items()}

"""Value after tax, before debt, as a goal: by the words of `finance`, from the flows of one unit of each order.

Real money of the start; depreciation is nominal. Losses save tax at once. Revenue and running cost count by what tax
leaves of them; an order by what is paid, what writing it off saves, and what is left at the end, taxed on the
difference to its book.
"""

import math

MACRS = {
    "Macrs3": [0.3333, 0.4445, 0.1481, 0.0741],
    "Macrs5": [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576],
    "Macrs7": [0.1429, 0.2449, 0.1749, 0.1249, 0.0893, 0.0892, 0.0893, 0.0446],
    "Macrs15": [0.05, 0.095, 0.0855, 0.077, 0.0693, 0.0623, 0.059, 0.059, 0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.0295],
}


def written(kind) -> list:
    """Shares of the cost by year of service."""
    name = kind if isinstance(kind, str) else kind["kind"]
    if name == "Straight":
        years = kind["value"]
        return [min(1.0, years - year) / years for year in range(math.ceil(years))]
    if name == "Bonus":
        first = kind["value"]
        return [first * (year == 0) + (1 - first) * share for year, share in enumerate(MACRS["Macrs5"])]
    return MACRS[name]


def split(years: float):
    """A moment as shares of the year's start and its end."""
    whole = math.floor(years + 1e-9)
    return [(whole, 1 - max(0.0, years - whole)), (whole + 1, max(0.0, years - whole))]


def after_tax(stated):
    from program import Linear

    finance = stated.plan["finance"]
    tax, inflation = finance.get("tax_fraction", 0.0), finance.get("inflation_fraction", 0.0)
    real = stated.x["calendar"]["discount_rate_fraction"]
    nominal = (1 + real) * (1 + inflation) - 1
    months = int(stated.x["calendar"]["period_months"])
    count = len(stated.periods)
    end = count * months / 12
    last = math.floor(end - 1e-9) + 1
    own = finance.get("depreciation", "Macrs5")
    kinds = {"chips": own, "halls": finance.get("hall_depreciation") or own, "plant": finance.get("plant_depreciation") or own}
    goal = Linear().add(stated.revenue, 1 - tax).add(stated.running, -(1 - tax))
    for q, column, capex, annuity, lead, life, what in stated.things:
        # What the annuities are worth at the start: those within the horizon by its days, the others by months.
        worth, unpaid = 0.0, 0.0
        for p in range(q + lead, q + lead + life):
            due = 1 + math.floor(p * months / 12 + 1e-9)
            paid = annuity * (stated.periods[p]["years"] if p < count else months / 12)
            worth += paid * (1 + real) ** -due
            if p >= count:
                unpaid += paid * (1 + real) ** -(due - end)
        cost = worth / sum(share * (1 + real) ** -time for time, share in split(q * months / 12))
        value, basis = 0.0, 0.0
        for time, share in split(q * months / 12):
            paid = cost * share * (1 + inflation) ** time
            basis += paid
            value -= paid * (1 + nominal) ** -min(time, last)
        first = min(math.floor((q + lead) * months / 12 + 1e-9) + 1, last)
        book = basis
        for year, share in enumerate(written(kinds[what])):
            if first + year <= last:
                book -= basis * share
                value += tax * basis * share * (1 + nominal) ** -(first + year)
        left = unpaid * (1 + inflation) ** end
        value += (left - tax * (left - book)) * (1 + nominal) ** -end
        goal.add(column, value)
    return goal

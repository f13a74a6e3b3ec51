"""Random projects and what a second program, written on its own, makes of them.

    python3 generate.py > cases.json

Debt that is sculpted is found here by walking forward from a guess of what is drawn and halving until
nothing is owed at the end; the Rust settles interest and tax in turns. Rates of return are found here
by halving over a grid of its own. Nothing of the Rust is used.
"""
import json
import random

MACRS5 = [0.20, 0.32, 0.192, 0.1152, 0.1152, 0.0576]


def write_off(kind, year):
    """Share of the cost written off in a year of service, 1 the first."""
    if kind["kind"] == "straight":
        n = kind["years"]
        whole = int(n)
        if year <= whole:
            return 1 / n
        return (n - whole) / n if year == whole + 1 else 0.0
    table = MACRS5[year - 1] if 1 <= year <= 6 else 0.0
    if kind["kind"] == "macrs5":
        return table
    return kind["first"] * (year == 1) + (1 - kind["first"]) * table


def nominal(terms, t):
    return (1 + terms["inflation"]) ** t


def build(project, terms):
    n = len(project["revenue"])
    rev = [0.0] + [r * nominal(terms, t + 1) for t, r in enumerate(project["revenue"])]
    opx = [0.0] + [r * nominal(terms, t + 1) for t, r in enumerate(project["opex"])]
    crd = [0.0] + [r * nominal(terms, t + 1) for t, r in enumerate(project["credits"])]
    bought, dep = [0.0] * (n + 1), [0.0] * (n + 1)
    book = worth = 0.0
    for asset in project["assets"]:
        at = int(asset["paid_years"])
        part = asset["paid_years"] - at
        first, second = asset["cost"] * (1 - part) * nominal(terms, at), asset["cost"] * part * nominal(terms, at + 1)
        bought[at] += first
        if part > 0:
            bought[min(at + 1, n)] += second
        cost = first + second
        service = min(int(asset["serves_years"]) + 1, n)
        credit = cost * asset["credit_fraction"]
        crd[service] += credit
        basis = cost - credit * asset["credit_basis_fraction"]
        gone = 0.0
        for t in range(service, n + 1):
            w = basis * write_off(asset["depreciation"], t - service + 1)
            dep[t] += w
            gone += w
        book += basis - gone
        worth += asset["end_value"] * nominal(terms, n)
    return n, rev, opx, crd, bought, dep, book, worth


class TaxOffice:
    def __init__(self, terms):
        self.terms, self.losses = terms, 0.0

    def due(self, profit):
        if self.terms["loss"] == "paid_out":
            return self.terms["tax"] * profit
        if profit < 0:
            self.losses += -profit
            return 0.0
        used = min(profit, self.losses)
        self.losses -= used
        return self.terms["tax"] * (profit - used)


def walk(case, terms, draw_fraction, service_factor=1.0):
    """Forward, year by year; sculpted service from what the year leaves."""
    n, rev, opx, crd, bought, dep, book, worth = case
    debt = terms["debt"]
    office, rows, owed, loans, fee_left = TaxOffice(terms), [], 0.0, [], []
    for t in range(n + 1):
        fee_written = sum(f / y for (f, y, s) in fee_left if s < t <= s + y)
        if debt["kind"] == "sculpted":
            interest = owed * debt["rate"]
        elif debt["kind"] == "share":
            interest = sum(l["owed"] for l in loans) * debt["rate"]
        else:
            interest = 0.0
        profit = rev[t] - opx[t] - dep[t] - interest - fee_written
        before = office.losses
        tax = office.due(profit)
        cfads = rev[t] - opx[t] - tax + crd[t]
        principal = drawn = 0.0
        if debt["kind"] == "sculpted":
            last = min(debt["years"], n)
            want = max(cfads, 0.0) / debt["dscr"] * service_factor if 1 <= t <= last else 0.0
            paid = min(want, owed + interest)
            principal = paid - interest
            owed -= principal
            drawn = draw_fraction * bought[t] if t < last else 0.0
            owed += drawn
        elif debt["kind"] == "share":
            for loan in loans:
                k = t - loan["from"]
                pay = debt["years"] - debt["grace"]
                if debt["grace"] < k <= debt["years"]:
                    if debt["shape"] == "level":
                        p = loan["amount"] / pay
                    else:
                        i = debt["rate"]
                        payment = loan["amount"] / sum((1 + i) ** -j for j in range(1, pay + 1))
                        p = payment - loan["owed"] * i
                    loan["owed"] -= p
                    principal += p
            drawn = debt["fraction"] * bought[t]
            if drawn:
                loans.append({"from": t, "amount": drawn, "owed": drawn})
            owed = sum(l["owed"] for l in loans)
        fee = debt.get("fee", 0.0) * drawn
        if fee:
            fee_left.append((fee, debt["years"], t))
        rows.append(dict(interest=interest, principal=principal, drawn=drawn, owed=owed, tax=tax, cfads=cfads, fee=fee, bought=bought[t],
                         ebitda=rev[t] - opx[t], profit=profit, losses_before=before))
    return rows, owed


def debt_of(case, terms):
    debt = terms["debt"]
    if debt["kind"] != "sculpted":
        return walk(case, terms, 0.0)[0]
    last = min(debt["years"], case[0])

    def left(f, s=1.0):
        return walk(case, terms, f, s)[0][last]["owed"]

    scale = sum(case[4])
    low, high = 0.0, 1.0
    while left(high) <= 1e-12 * scale:
        high *= 2
        if high > 1e6:
            break
    for _ in range(200):
        mid = (low + high) / 2
        if left(mid) > 1e-13 * scale:
            high = mid
        else:
            low = mid
    if low <= debt["most_fraction"]:
        return walk(case, terms, low)[0]
    f = debt["most_fraction"]
    low, high = 0.0, 1.0
    for _ in range(200):
        mid = (low + high) / 2
        if left(f, mid) > 1e-13 * scale:
            low = mid
        else:
            high = mid
    return walk(case, terms, f, high)[0]


def pv(flows, rate):
    return sum(m / (1 + rate) ** t for t, m in flows)


def irr(flows):
    grid = [-0.9 + 0.005 * k for k in range(0, 3000)]
    signs = []
    for a, b in zip(grid, grid[1:]):
        if (pv(flows, a) > 0) != (pv(flows, b) > 0):
            signs.append((a, b))
    if len(signs) != 1 or all(m <= 0 for _, m in flows) or all(m >= 0 for _, m in flows):
        return None
    a, b = signs[0]
    up = pv(flows, b) > 0
    for _ in range(200):
        mid = (a + b) / 2
        if (pv(flows, mid) > 0) == up:
            b = mid
        else:
            a = mid
    return (a + b) / 2


def owners(case, terms, rows):
    n, _, _, _, _, _, book, worth = case
    flows, reserve = [], 0.0
    service = [r["interest"] + r["principal"] for r in rows] + [0.0]
    for t, r in enumerate(rows):
        kept = service[t + 1] * terms["reserves_months"] / 12
        flows.append((t, r["cfads"] - service[t] - r["bought"] + r["drawn"] - r["fee"] - (kept - reserve)))
        reserve = kept
    last = rows[-1]
    office = TaxOffice(terms)
    office.losses = last["losses_before"]
    with_sale = office.due(last["profit"] + worth - book)
    end = worth - (with_sale - last["tax"]) - last["owed"]
    return flows + [(n, end)]


def expected(project, terms):
    case = build(project, terms)
    rows = debt_of(case, terms)
    flows = owners(case, terms, rows)
    bare = dict(terms, debt={"kind": "none"})
    plain = walk(case, bare, 0.0)[0]
    after = owners(case, dict(bare, reserves_months=0.0), plain)
    rate = (1 + terms["discount_rate"]) * (1 + terms["inflation"]) - 1
    before = [(t, r["ebitda"] + case[3][t] - r["bought"]) for t, r in enumerate(plain)] + [(case[0], case[7])]
    covers = [r["cfads"] / (r["interest"] + r["principal"]) for r in rows if r["interest"] + r["principal"] > 1e-9 * sum(case[4])]
    out = dict(npv_before_tax=pv(before, rate), npv_after_tax=pv(after, rate), npv_of_owners=pv(flows, terms["equity_return"]),
               irr_before_tax=irr(before), irr_after_tax=irr(after), irr_of_owners=irr(flows),
               debt=sum(r["drawn"] for r in rows), dscr_least=min(covers) if covers else None,
               dscr_mean=sum(covers) / len(covers) if covers else None,
               tax=sum(r["tax"] for r in rows), interest=sum(r["interest"] for r in rows))
    # Levelised: the price at which the owners' value is nothing, by halving.
    units = [100.0 + 7 * t for t in range(case[0])]

    def value(price):
        p = dict(project, revenue=[u * price for u in units])
        c = build(p, terms)
        return pv(owners(c, terms, debt_of(c, terms)), terms["equity_return"])

    low, high = 0.0, 1.0
    while value(high) < 0:
        high *= 2
    if value(0.0) < 0:
        for _ in range(70):
            mid = (low + high) / 2
            if value(mid) < 0:
                low = mid
            else:
                high = mid
        out["levelised"] = (low + high) / 2
    else:
        out["levelised"] = None
    return out


def one(rng):
    n = rng.choice([4, 5, 6, 8, 10, 12])
    assets = []
    for k in range(rng.choice([1, 1, 2, 3])):
        paid = 0.0 if k == 0 else rng.choice([0.0, 0.25, 0.5, 1.0, 1.75, 2.0])
        cost = rng.uniform(50, 900)
        kind = rng.choice([{"kind": "straight", "years": rng.choice([3.0, 4.5, 5.0, 15.0])}, {"kind": "macrs5"},
                           {"kind": "bonus", "first": rng.choice([0.4, 0.6, 1.0])}])
        assets.append(dict(cost=cost, paid_years=paid, serves_years=paid + rng.choice([0.0, 0.5, 1.0]), depreciation=kind,
                           end_value=cost * rng.choice([0.0, 0.05, 0.3]), credit_fraction=rng.choice([0.0, 0.0, 0.3]),
                           credit_basis_fraction=rng.choice([0.0, 0.5])))
    spent = sum(a["cost"] for a in assets)
    first = spent * rng.uniform(0.25, 0.7)
    fall = rng.uniform(0.75, 1.1)
    revenue = [first * fall ** t for t in range(n)]
    opex = [spent * rng.uniform(0.02, 0.08) for _ in range(n)]
    credits = [spent * rng.choice([0.0, 0.02]) for _ in range(n)]
    debt = rng.choice([
        {"kind": "none"},
        {"kind": "share", "fraction": rng.uniform(0.2, 0.8), "rate": rng.uniform(0.0, 0.12), "years": 4, "grace": rng.choice([0, 1, 2]),
         "shape": rng.choice(["level", "annuity"]), "fee": rng.choice([0.0, 0.02])},
        {"kind": "sculpted", "dscr": rng.choice([1.2, 1.3, 1.8]), "rate": rng.uniform(0.03, 0.11), "years": rng.choice([3, 4]),
         "most_fraction": rng.choice([0.5, 0.8, 5.0]), "fee": rng.choice([0.0, 0.02])},
    ])
    terms = dict(inflation=rng.choice([0.0, 0.025]), tax=rng.choice([0.0, 0.21, 0.3]), loss=rng.choice(["carry_forward", "paid_out"]),
                 debt=debt, discount_rate=0.08, equity_return=rng.choice([0.1, 0.15]), reserves_months=rng.choice([0.0, 6.0]))
    return dict(revenue=revenue, opex=opex, credits=credits, assets=assets), terms


def main():
    rng = random.Random(20261130)
    cases = []
    for _ in range(160):
        project, terms = one(rng)
        cases.append(dict(project=project, terms=terms, expected=expected(project, terms)))
    print("[")
    print(",\n".join(json.dumps(case) for case in cases))
    print("]")


main()

//! How the numbers of tables without a picture are worked out, line by line, and those of the pictures of studies.

/// How a number is worked out: by its table and the name of its line.
pub(super) fn how(table: &str, line: &str) -> Option<&'static str> {
    Some(match (table, line) {
        ("statement", "Revenue") => "tokens sold × their price, in money of the year",
        ("statement", "Operating cost") => "power, upkeep, rent, bought tokens, egress, duties and carbon, in money of the year",
        ("statement", "EBITDA") => "revenue − operating cost",
        ("statement", "Depreciation") => "what was bought × the share written off in its year, by the plan's way of writing off",
        ("statement", "Interest") => "debt owed before × the rate of the debt",
        ("statement", "Taxable profit") => "EBITDA − depreciation − interest − fees written off",
        ("statement", "Losses carried on") => "losses so far that no profit was set against",
        ("statement", "Tax") => "tax rate × taxable profit, after losses carried on",
        ("statement", "Credits") => "investment and production credits of the year",
        ("statement", "Cash for debt service") => "EBITDA − tax + credits",
        ("statement", "Bought") => "chips, halls, plant and connections when they are paid, in money of the year",
        ("statement", "Debt drawn") => "what the debt's terms let be drawn for what is bought",
        ("statement", "Fees") => "debt drawn × the fee",
        ("statement", "Principal paid") => "what is paid back, by the debt's terms",
        ("statement", "Debt owed") => "debt drawn so far − principal paid so far",
        ("statement", "In reserve") => "what the terms ask to keep for debt service",
        ("statement", "Left at the end, less tax and debt") => {
            "what chips, halls and plant are worth at the end − tax on it − debt still owed"
        }
        ("statement", "To the owners") => {
            "cash for debt service − interest − principal − bought + drawn − fees − what goes into the reserve, with what is left at the end"
        }
        ("statement", "Debt service cover") => "cash for debt service ÷ (interest + principal)",
        ("statement", "Loan life cover") => "worth of the cash for debt service to come at the debt's rate ÷ debt owed",
        ("lender", "Debt drawn") => "sum of what is drawn, in money of the day",
        ("lender", "Left at the end, by age") => "worth by age of what stands at the end, as the plan says it",
        ("lender", "Left unpaid by annuities") => "what the annuities of chips, halls and plant leave unpaid at the end",
        ("lender", line) if line.starts_with("NPV") => "the flows of the statement, each discounted from its year to the start",
        ("stress", _) => "the statement with this case's numbers; what is ordered and the debt stay as planned",
        ("stress-solved", _) => "the plan with this case's numbers, solved again",
        ("actors-by-period", _) => {
            "of the period: what the actor sold ÷ what all sold; what it made ÷ its energy, its chip-hours and its cost"
        }
        ("losses", _) => {
            "what the rest still makes in each hour once the part is gone, by the rule in the last column; the worst hour counts"
        }
        ("rests-on", _) => "published runs of one kind, counted; the distance is how far their sizes are from what is asked",
        ("study-points", _) => "the plan solved again with the numbers of this point",
        ("repricing", _) => "the statement with all prices × the factor for each year gone by; what is ordered stays as planned",
        ("bridge", _) => "the plan solved with groups of inputs taken from the one plan or the other: what each group brings",
        (picture, _) => return of_study(picture),
    })
}

/// How the numbers of a picture of a study are worked out.
fn of_study(picture: &str) -> Option<&'static str> {
    Some(match picture {
        "study-lines" | "study-map" | "study-winners" => "the plan solved again at each point, with its inputs changed so",
        "study-chips" => "chips that the plan of each point orders",
        "study-tornado" => "the plan solved again with this input low or high − the plan as it is",
        "study-frontier" => "the plan solved for the most of one goal while the other is held; straight between break points",
        "study-crossover" => "the least cost of each volume, the plan solved way by way; straight between break points",
        "study-alternatives" => {
            "the plan solved for the least and for the most of this thing, its goals giving up no more than the study lets them"
        }
        "study-ranked" => "the plan solved again without what is left out",
        "study-histogram" | "study-exceedance" | "study-fan" | "study-scatter" => "the plan solved in each future",
        "study-explained" => "rank correlation of what was drawn with what came of it, over all futures with an answer",
        "study-sign" => "what is ordered before the date: in the hedged plan, and in the plan of each future if it were known",
        "study-futures" => "what the hedged plan comes to in this future, against the plan made for this future alone",
        "study-worth" => "the goal of the hedged plan against that of the other way to decide",
        "study-care" => "mean over all futures by mean over the worst of them, the plan hedged again at each weight",
        "study-cash" => "revenue − cost of the period in each future, not discounted",
        "study-game" => "what each player is paid where the market is at rest under these moves",
        "study-game-flows" => "tokens sold from each site to each market where the market is at rest",
        "study-game-gains" => "surplus with this move − surplus with all players' first moves",
        _ => return None,
    })
}

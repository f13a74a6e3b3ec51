//! How the numbers of tables without a picture are worked out, line by line.

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
        _ => return None,
    })
}

//! Everything that reads what a stranger wrote, each with what must hold whatever is read: no panic, and
//! where something is understood, that writing and reading it again gives the same.

use std::sync::OnceLock;

use tokenworks::catalog::config::read_config;
use tokenworks::export::mps;
use tokenworks::plan::scan::visible;
use tokenworks::plan::{Plan, edit, file};
use tokenworks::proof;
use tokenworks::series::{self, Reading};

/// A reader under test.
pub struct Target {
    /// Its name, as `make fuzz ONLY=…` takes it.
    pub name: &'static str,
    /// Files with what it should read: folders and endings, from the root of the project.
    pub corpus: &'static [(&'static str, &'static str)],
    /// Texts beside the files.
    pub seeds: &'static [&'static str],
    /// Reads, and panics if what must hold does not.
    pub run: fn(&[u8]),
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target {
        name: "plan",
        corpus: &[("tests/plans", "ron"), ("tests/cases/faults", "ron"), ("tests/oracle/plans", "ron"), ("tests/own", "ron")],
        seeds: &["(schema: 1)", "(schema: 2, name: \"\u{1b}[31m\")", "((((", "(schema: 1, sites: {\"a\": (), \"a\": ()})"],
        run: plan,
    },
    Target {
        name: "set",
        corpus: &[],
        seeds: &[
            "sites.home.interconnect_mw=450",
            "horizon.periods=4",
            "chips.rack.capex_usd={\"2027-01\": 1.0, \"2028-01\": 2.0}",
            "markets.near.demand.chat.segments.0.usd_per_mtok=(answer: 1.0)",
            "objective=[MaxNpv]",
            "sites.home=()",
            "profiles.x=PerHour([1.0])",
            "name=\"a\"",
            ".=1",
            "sites..x=-1e999",
        ],
        run: set,
    },
    Target {
        name: "series",
        corpus: &[],
        seeds: &[
            "value\n1\n2\n3\n",
            "time,price (EUR/MWh)\n2023-01-01T00:00Z,31.5\n2023-01-01T01:00Z,28\n",
            "Datum;Stunde;Wert\n01.01.2023;1;1.234,5\n01.01.2023;2;1.200,0\n",
            "\u{feff}date\thour ending\tload\n1/31/23\t1 AM\t5\n1/31/23\t2 AM\t6\n",
            "# rows of metadata\nSource,NSRDB\nYear,Month,Day,Hour,Minute,GHI\n2023,1,1,0,30,0\n",
            "x,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24\n2023-01-01,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24\n",
            "PK\u{3}\u{4}",
            "\"a\nb\",\"c\"\"d\"\n1,2\n",
        ],
        run: series,
    },
    Target {
        name: "config",
        corpus: &[],
        seeds: &[
            "{\"architectures\": [\"LlamaForCausalLM\"], \"hidden_size\": 4096, \"num_hidden_layers\": 32, \"num_attention_heads\": 32, \"num_key_value_heads\": 8, \"intermediate_size\": 14336, \"vocab_size\": 128256}",
            "{\"model_type\": \"deepseek_v3\", \"n_routed_experts\": 256, \"num_experts_per_tok\": 8, \"kv_lora_rank\": 512, \"hidden_size\": 7168, \"num_hidden_layers\": 61}",
            "[[[[[[",
            "{}",
            "null",
        ],
        run: config,
    },
    Target {
        name: "mps",
        corpus: &[("tests/outside", "mps")],
        seeds: &[
            "NAME x\nROWS\n N cost\n L lim\nCOLUMNS\n a cost 1 lim 1\nRHS\n RHS lim 4\nBOUNDS\n UP BND a 4\nENDATA\n",
            "NAME\nOBJSENSE\n MAX\nROWS\n N c\n G r\nCOLUMNS\n MARKER MARKER INTORG\n x c 1 r 1\nRANGES\n RNG r 2\nENDATA\n",
        ],
        run: program,
    },
    Target {
        name: "proof",
        corpus: &[],
        seeds: &[
            "tokenworks-proof 1\nplan 0000000000000000000000000000000000000000000000000000000000000000\nseries 0000000000000000000000000000000000000000000000000000000000000000\nprogram 0000000000000000000000000000000000000000000000000000000000000000\nscenario \"\"\nsolver \"HiGHS\"\nsize 2 2\ngoal \"tokens\" 1.0\nheld 1.0 2.0\nleast 0.0\nprices 1\n1 2.0\nsum e3b0c44298fc1c14\npoint 1\n0 1.0\nsum e3b0c44298fc1c14\nends 0\n",
        ],
        run: prove,
    },
];

fn plan(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let checked = file::read_plan(&text);
    for problem in &checked.diagnostics {
        assert!(!visible(&problem.message).contains('\u{1b}'), "an escape reaches the terminal");
        if let Some(span) = problem.span {
            assert!(span.start <= span.end && span.end <= text.len(), "a place lies outside the text: {problem:?}");
        }
    }
    // What is understood is written so that it is understood the same.
    if let Some(plan) = checked.plan.as_ref().filter(|_| !checked.has_errors()) {
        let printed = file::print(plan);
        let again = file::read_plan(&printed);
        let again = again.plan.unwrap_or_else(|| panic!("what was printed can't be read: {:?}", again.diagnostics));
        assert_eq!(file::print(&again), printed, "printing is not the same a second time");
    }
}

/// A plan of one of each, on which values are set.
fn base() -> &'static Plan {
    static BASE: OnceLock<Plan> = OnceLock::new();
    BASE.get_or_init(|| file::read_plan(include_str!("../plans/one-site.ron")).plan.unwrap())
}

fn set(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some((path, value)) = text.split_once('=') else { return };
    if let Ok(plan) = edit::with_sets(base(), &[(path, value)]) {
        let printed = file::print(&plan);
        let again = file::parse(&printed).plan.unwrap_or_else(|| panic!("what `{path}` was set to can't be read back:\n{printed}"));
        assert_eq!(file::print(&again), printed);
    }
}

fn series(bytes: &[u8]) {
    if let Ok(clean) = series::read(bytes, &Reading::default()) {
        assert_eq!(clean.values.len(), 8_760, "a clean year has 8,760 hours");
        assert!(clean.values.iter().all(|value| value.is_finite()), "a clean year has finite numbers only");
    }
}

fn config(bytes: &[u8]) {
    if let Err(why) = read_config(&String::from_utf8_lossy(bytes)) {
        assert!(!why.is_empty() && why.len() < 10_000, "{why}");
    }
}

fn program(bytes: &[u8]) {
    if let Ok(program) = mps::read(&String::from_utf8_lossy(bytes)) {
        let text = mps::mps(&program, 0, false);
        assert!(text.len() < 100 * (bytes.len() + 1_000), "a short program became a long one");
    }
}

fn prove(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(proof) = proof::from_text(&text) {
        assert_eq!(proof::from_text(&proof::to_text(&proof)).as_ref(), Ok(&proof));
    }
}

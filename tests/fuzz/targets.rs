//! Everything that reads what a stranger wrote, each with what must hold whatever is read: no panic, and
//! where something is understood, that writing and reading it again gives the same.

use std::io::Write as _;
use std::sync::OnceLock;

use tokenworks::catalog::config::read_config;
use tokenworks::disk::{UserFolder, recent, recovery, versions};
use tokenworks::export::mps;
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::scan::visible;
use tokenworks::plan::urdb;
use tokenworks::plan::{Plan, edit, file};
use tokenworks::proof;
use tokenworks::resolved::Series;
use tokenworks::series::{self, Reading};
use tokenworks::study::engine::{Record, Run};
use tokenworks::study::{self, Options, pictures, planned, summary};

#[cfg(feature = "gui")]
#[path = "window.rs"]
mod window;

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
    /// Most processor time of one run, s.
    pub slow_s: f64,
}

/// Processor time within which a reader has read, s.
const READS_S: f64 = 1.0;

/// All targets.
pub const TARGETS: &[Target] = &[
    Target {
        name: "plan",
        corpus: &[("tests/plans", "ron"), ("tests/cases/faults", "ron"), ("tests/oracle/plans", "ron"), ("tests/own", "ron")],
        seeds: &["(schema: 1)", "(schema: 2, name: \"\u{1b}[31m\")", "((((", "(schema: 1, sites: {\"a\": (), \"a\": ()})"],
        run: plan,
        slow_s: READS_S,
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
        slow_s: READS_S,
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
        slow_s: READS_S,
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
        slow_s: READS_S,
    },
    Target {
        name: "mps",
        corpus: &[("tests/outside", "mps")],
        seeds: &[
            "NAME x\nROWS\n N cost\n L lim\nCOLUMNS\n a cost 1 lim 1\nRHS\n RHS lim 4\nBOUNDS\n UP BND a 4\nENDATA\n",
            "NAME x\nROWS\n N cost\n L lim\nCOLUMNS\n a cost 1 lim 1\nRHS\n RHS lim 1e999\nBOUNDS\n LO BND a nan\nENDATA\n",
            "NAME\nOBJSENSE\n MAX\nROWS\n N c\n G r\nCOLUMNS\n MARKER MARKER INTORG\n x c 1 r 1\nRANGES\n RNG r 2\nENDATA\n",
        ],
        run: program,
        slow_s: READS_S,
    },
    Target {
        name: "proof",
        corpus: &[],
        seeds: &[
            "tokenworks-proof 1\nplan 0000000000000000000000000000000000000000000000000000000000000000\nseries 0000000000000000000000000000000000000000000000000000000000000000\nprogram 0000000000000000000000000000000000000000000000000000000000000000\nscenario \"\"\nsolver \"HiGHS\"\nsize 2 2\ngoal \"tokens\" 1.0\nheld 1.0 2.0\nleast 0.0\nprices 1\n1 2.0\nsum e3b0c44298fc1c14\npoint 1\n0 1.0\nsum e3b0c44298fc1c14\nends 0\n",
        ],
        run: prove,
        slow_s: READS_S,
    },
    Target {
        name: "state",
        corpus: &[("tests/plans", "ron"), ("tests/cases/faults", "ron"), ("tests/oracle/plans", "ron")],
        seeds: &[],
        run: state,
        slow_s: 10.0,
    },
    Target {
        name: "xlsx",
        corpus: &[],
        seeds: &[
            "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>value</t></is></c></row><row r=\"2\"><c r=\"A2\"><v>1.5</v></c></row>",
            "<row r=\"1\"><c r=\"XFD1048576\"><v>1</v></c></row>",
            "<row r=\"4294967295\"><c r=\"ZZZZZZ99999999999\"><v>1e999</v></c></row>",
            "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>999999999</v></c><c t=\"d\"><v>2023-01-01T00:00:00Z</v></c></row>",
            "<row r=\"1\"><c r=\"A1\" s=\"1\"><v>-1e15</v></c><c r=\"B1\" s=\"1\"><v>44927.0416666667</v></c><c t=\"e\"><v>#N/A</v></c></row>",
            "&lol;<!DOCTYPE x [<!ENTITY lol \"lollollol\">]>",
        ],
        run: xlsx,
        slow_s: READS_S,
    },
    Target {
        name: "trace",
        corpus: &[],
        seeds: &[
            "TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930,2162,5\n2024-05-10 00:00:00.017335,2399,6\n",
            "timestamp,input_length,output_length\n0,6758,500\n3000,7000,40\n",
            "{\"timestamp\": 0, \"input_length\": 6758, \"output_length\": 500}\n{\"timestamp\": 3e9, \"input_length\": 1, \"output_length\": 1}\n",
            "time,prompt,answer\n1e999,1,1\n-1e300,2,2\n",
            "timestamp,input_length,output_length\n0,6758,500\n30001e-320,7000,40\n1e300,2,2\n",
            "time,prompt tokens,answer tokens\n2023-01-01T00:00Z,1e308,1e308\n9999-12-31T23:59Z,1e308,1e308\n",
        ],
        run: trace,
        slow_s: READS_S,
    },
    Target {
        name: "runs",
        corpus: &[],
        seeds: &[
            "{\"model_id\": \"m\", \"output_throughput\": 5.0, \"mean_tpot_ms\": 3.0, \"max_concurrency\": 4, \"total_input_tokens\": 10, \"total_output_tokens\": 5, \"completed\": 2}",
            "[{\"output_token_throughput\": {\"avg\": 1e308}, \"inter_token_latency\": {\"avg\": 0.0}, \"input_config\": {\"model_names\": [\"x\"]}}]",
            "hw,model,isl,osl,conc,tput_per_gpu,mean_tpot\nh200,dsr1,1024,1024,4,100.5,0.02\n",
            "system,model,isl,osl,concurrency,tokens/s/gpu,tpot,num_total_gpus\nh200_sxm,X,4000,500,8,1e999,5,0\n",
            "{\"a\": [[[[[[[[[[[[]]]]]]]]]]]]}\n{}",
        ],
        run: runs,
        slow_s: READS_S,
    },
    Target {
        name: "urdb",
        corpus: &[],
        seeds: &[
            "{\"utility\": \"U\", \"name\": \"N\", \"energyratestructure\": [[{\"rate\": 0.1, \"adj\": 0.01}], [{\"rate\": 0.2, \"max\": 100}, {\"rate\": 0.3}]], \"energyweekdayschedule\": [[0,0,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]], \"energyweekendschedule\": [[0]]}",
            "{\"items\": [{\"demandratestructure\": [[{\"rate\": 5.0}]], \"demandweekdayschedule\": [[0]], \"flatdemandstructure\": [[{\"rate\": 1e308, \"max\": -1}]], \"flatdemandmonths\": [0,0,0,0,0,0,0,0,0,0,0,0], \"fixedchargefirstmeter\": 30.0, \"fixedchargeunits\": \"$/month\", \"demandratchetpercentage\": [0.5]}]}",
            "{\"x\": \"{\\\"energyratestructure\\\": [[{\\\"rate\\\": 1}]]}\"}",
            "{\"energyratestructure\": [[{\"rate\": \"\\u001b[31m\", \"unit\": \"kWh daily\"}]], \"energyweekdayschedule\": [[9]]}",
            "[[[[{\"energyratestructure\": 1}]]]]",
        ],
        run: tariff,
        slow_s: READS_S,
    },
    Target {
        name: "points",
        corpus: &[],
        seeds: &[
            "{\"index\":0,\"key\":\"k\",\"label\":\"1 MW\",\"at\":[1.0,1.0],\"status\":\"optimal\",\"phases\":[[\"tokens\",1.0]],\"kpis\":{\"npv_musd\":1.0}}",
            "{\"index\":18446744073709551615,\"key\":\"\",\"label\":\"\",\"at\":[],\"status\":\"infeasible\"}",
        ],
        run: points,
        slow_s: READS_S,
    },
    Target {
        name: "own-files",
        corpus: &[],
        seeds: &[
            "// Recovery of {\"plan\":\"/a/b.ron\",\"on_disk\":\"00\"}\n(schema: 1)",
            "// Recovery of \"/a/b.ron\"\n(schema: 1)",
            "// Version {\"at_s\":18446744073709551615,\"saved\":true,\"figures\":\"NPV\"}\n(schema: 1)",
            "[\"/a\", \"b\", \"\"]",
        ],
        run: own_files,
        slow_s: READS_S,
    },
    #[cfg(feature = "gui")]
    Target { name: "number-field", corpus: &[], seeds: window::NUMBERS, run: window::number_field, slow_s: READS_S },
    #[cfg(feature = "gui")]
    Target { name: "paste-rows", corpus: &[], seeds: window::ROWS, run: window::paste_rows, slow_s: READS_S },
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
        let again = mps::read(&text).unwrap_or_else(|why| panic!("what was written can't be read ({why:?}):\n{text:.2000}"));
        // Names from outside are put under a word for what they name, each time.
        // What is longer than other solvers read is cut, then.
        if text.split_whitespace().any(|word| word.len() > 200) {
            return;
        }
        let bare = |text: &str| text.replace("row.", "").replace("column.", "");
        assert_eq!(bare(&mps::mps(&again, 0, false)), bare(&text), "writing is not the same a second time");
    }
}

fn prove(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(proof) = proof::from_text(&text) {
        assert_eq!(proof::from_text(&proof::to_text(&proof)).as_ref(), Ok(&proof));
    }
}

/// A plan that reads becomes a program, or is refused with words.
fn state(bytes: &[u8]) {
    let checked = file::read_plan(&String::from_utf8_lossy(bytes));
    let Some(plan) = checked.plan.as_ref().filter(|_| !checked.diagnostics.iter().any(|problem| problem.is_error())) else { return };
    // What takes long is as long as it is large; sizes have their own tests.
    if plan.horizon.periods > 24 || bytes.len() > 20_000 {
        return;
    }
    match study::state(plan, &Series::default(), &Options::default()) {
        Err(problems) => assert!(!problems.is_empty(), "refused without a word"),
        Ok(stated) => {
            let program = &stated.formulation.program;
            let is_number = |number: &f64| number.is_finite();
            assert!(
                program
                    .rows
                    .iter()
                    .all(|row| row.terms.iter().all(|(_, value)| is_number(value)) && !row.lower.is_nan() && !row.upper.is_nan())
            );
            assert!(program.columns.iter().all(|column| !column.lower.is_nan() && !column.upper.is_nan()));
        }
    }
}

/// A spreadsheet around rows of cells, packed as spreadsheets are.
fn book(rows: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut part = |name: &str, bytes: &[&[u8]]| {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&bytes.concat()).unwrap();
    };
    part("[Content_Types].xml", &[b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"]);
    part("xl/workbook.xml", &[br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#]);
    part("xl/_rels/workbook.xml.rels", &[br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#]);
    part(
        "xl/sharedStrings.xml",
        &[br#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>value</t></si></sst>"#],
    );
    part(
        "xl/worksheets/sheet1.xml",
        &[
            br#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
            rows,
            b"</sheetData></worksheet>",
        ],
    );
    archive.finish().unwrap().into_inner()
}

fn xlsx(bytes: &[u8]) {
    series(&book(bytes));
}

fn trace(bytes: &[u8]) {
    match series::trace::read(bytes, &Reading::default()) {
        Err(faults) => assert!(!faults.is_empty()),
        Ok(demand) => {
            assert!(demand.day.iter().all(|hour| hour.is_finite()), "a day of {:?}", demand.day);
            assert!(demand.load_factor.is_finite() && demand.span_hours.is_finite());
        }
    }
}

fn runs(bytes: &[u8]) {
    if let Ok(runs) = series::runs::read(bytes) {
        for run in runs {
            let rate = run.answer_tok_per_s_per_chip(Some(8.0));
            assert!(rate.is_ok_and(|rate| rate.is_finite()), "a rate that is no number");
        }
    }
}

/// What is imported is a contract that a plan takes, and reads the same again.
fn tariff(bytes: &[u8]) {
    let Ok(imported) = urdb::import(&String::from_utf8_lossy(bytes)) else { return };
    let mut plan = base().clone();
    let value = format!("(site: \"home\", terms: {}, notes: {:?})", imported.terms, imported.left_out.join(" "));
    let edit = Edit::Insert { path: "contracts".into(), id: "imported".into(), position: None, value };
    match apply(&mut plan, &edit) {
        // A rate may be beyond what a plan takes; then a problem says so.
        Err(problems) => assert!(!problems.is_empty()),
        Ok(()) => {
            let printed = file::print(&plan);
            let again = file::parse(&printed).plan.unwrap_or_else(|| panic!("the import can't be read back:\n{}", imported.terms));
            assert_eq!(file::print(&again), printed);
        }
    }
}

/// Records of a study as a file may hold them, against what tables and pictures make of them.
fn points(bytes: &[u8]) {
    thread_local! {
        static RUN: (Plan, Run) = {
            let text = include_str!("../plans/one-site.ron").trim_end().trim_end_matches(')').to_owned()
                + "studies: {\"map\": Grid(axes: [(name: \"MW\", vary: [(paths: [\"sites.home.interconnect_mw\"], at: Evenly(from: 1.0, to: 4.0, steps: 2))]), (name: \"x\", vary: [(paths: [\"sites.home.latitude\"], at: Evenly(from: 1.0, to: 2.0, steps: 2))])])})";
            let plan = file::read_plan(&text).plan.unwrap();
            let run = planned::prepared(&plan, "map", &Series::default(), &Options::default()).unwrap();
            (plan, run)
        };
    }
    let text = String::from_utf8_lossy(bytes);
    let records: Vec<Record> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for record in &records {
        let line = serde_json::to_string(record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&line).ok().as_ref(), Some(record), "a point is not the same when it is read again");
    }
    RUN.with(|(plan, run)| {
        let study = &plan.studies["map"];
        assert!(!summary::text("map", study, run, &records).is_empty());
        let _ = summary::table("map", study, run, &records);
        let _ = pictures::charts(study, run, &records);
    });
}

/// Files of the program's own, as a crash, an older version or a stranger may leave them.
fn own_files(bytes: &[u8]) {
    thread_local! {
        static FOLDER: (tempfile::TempDir, std::path::PathBuf) = {
            let folder = tempfile::tempdir().unwrap();
            let user = UserFolder::at(folder.path());
            std::fs::create_dir_all(folder.path().join("recovery")).unwrap();
            versions::keep(&user, &folder.path().join("plan.ron"), "(schema: 1)", true, "").unwrap();
            let version = versions::list(&user, &folder.path().join("plan.ron"))[0].file.clone();
            (folder, version)
        };
    }
    FOLDER.with(|(folder, version)| {
        let user = UserFolder::at(folder.path());
        for file in [folder.path().join("recovery/0-1.recovery.ron"), folder.path().join("recent.json"), version.clone()] {
            std::fs::write(file, bytes).unwrap();
        }
        let kept = versions::list(&user, &folder.path().join("plan.ron"));
        for version in &kept {
            let _ = versions::read(version);
        }
        let _ = (recovery::list(&user), recent::list(&user));
    });
}

//! Plans as texts: what is read is printed the same, in one canonical form.

use tokenworks::plan::file::{parse, print, read_plan};

#[test]
fn small() {
    for text in [include_str!("plans/small.ron"), include_str!("plans/every-field.ron")] {
        let checked = read_plan(text);
        assert_eq!(checked.diagnostics, []);
        let plan = checked.plan.unwrap();
        let printed = print(&plan);
        println!("{printed}");
        assert_eq!(parse(&printed).plan.as_ref(), Some(&plan));
        assert_eq!(print(&parse(&printed).plan.unwrap()), printed);
    }
}

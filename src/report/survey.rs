//! What is not supported, as `ekiben graph --unsupported` shows it: figures, and what to support next.
//!
//! In: a [`Survey`]. Out: [`View`], whose fields are the JSON form, and its text form ([`text`]):
//! `method  String#unpack1  4 places, 3 recipes  first at web/recipes/default.rb:3:5`.

use serde::Serialize;

use crate::report::mask::Masker;
use crate::survey::{Survey, Thing};
use crate::unsupported::{Kind, Lack};

/// Longest list of one section in the text form; JSON has everything.
const LONGEST: usize = 40;

/// Longest name that is shown.
const WIDTH: usize = 110;

/// Everything.
#[derive(Debug, Serialize)]
pub struct View {
    /// How far the evaluation came.
    pub figures: Figures,
    /// What ekiben lacks.
    pub unsupported: Vec<Row>,
    /// What is not in the folder that was given.
    pub missing: Vec<Row>,
    /// What would stop Chef as well.
    pub errors: Vec<Row>,
}

/// How far the evaluation came.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// Recipes evaluated, each alone.
    pub recipes: usize,
    /// Of these, the ones that met nothing unsupported.
    pub clean: usize,
    /// Their share, in percent.
    pub clean_percent: f64,
    /// Of these, the ones in which nothing ended early.
    pub whole: usize,
    /// Resources declared, each declaration once.
    pub resources: usize,
    /// Values of resources and files that are not known.
    pub unknown: usize,
    /// Warnings and errors.
    pub diagnostics: usize,
    /// Lines of the cookbooks' Ruby.
    pub lines: usize,
    /// Warnings and errors in a thousand lines.
    pub diagnostics_per_thousand_lines: f64,
}

/// One thing.
#[derive(Debug, Serialize)]
pub struct Row {
    /// What kind of thing it is.
    pub kind: Kind,
    /// `String#unpack1`
    pub name: String,
    /// At how many places it was met.
    pub count: usize,
    /// In how many recipes' runs.
    pub recipes: usize,
    /// The first place, in the order of the files.
    pub path: String,
    /// Its line.
    pub line: u32,
    /// Its column.
    pub column: u32,
}

impl View {
    /// The view of `survey`; names that hold a secret are masked.
    #[must_use]
    pub fn of(survey: &Survey, masker: &Masker) -> Self {
        let rows = |lack| survey.things(lack).into_iter().filter_map(|thing| row(thing, masker)).collect();
        Self {
            figures: Figures {
                recipes: survey.recipes,
                clean: survey.clean,
                clean_percent: tenths(survey.clean * 100, survey.recipes),
                whole: survey.whole,
                resources: survey.resources(),
                unknown: survey.unknown(),
                diagnostics: survey.diagnostics,
                lines: survey.lines,
                diagnostics_per_thousand_lines: tenths(survey.diagnostics * 1000, survey.lines),
            },
            unsupported: rows(Lack::Ekiben),
            missing: rows(Lack::Repository),
            errors: rows(Lack::Input),
        }
    }

    /// The JSON text, with a newline at its end.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}

/// A quotient with one digit behind the point; 0 of nothing.
fn tenths(value: usize, of: usize) -> f64 {
    let tenths = (value * 10 + of / 2).checked_div(of).unwrap_or(0);
    u32::try_from(tenths).map_or(0.0, f64::from) / 10.0
}

fn row(thing: &Thing, masker: &Masker) -> Option<Row> {
    let first = thing.places.first()?;
    Some(Row {
        kind: thing.kind,
        name: masker.message(&thing.name),
        count: thing.places.len(),
        recipes: thing.recipes.len(),
        path: first.path.clone(),
        line: first.line,
        column: first.column,
    })
}

/// The text form.
#[must_use]
pub fn text(view: &View) -> String {
    let figures = &view.figures;
    let mut out = format!(
        "{} recipes evaluated, each alone: {} ({} %) met nothing unsupported, {} ran to their end\n\
         {} resources, {} unknown values; {} warnings and errors in {} lines of Ruby ({} in a thousand)\n",
        figures.recipes,
        figures.clean,
        figures.clean_percent,
        figures.whole,
        figures.resources,
        figures.unknown,
        figures.diagnostics,
        figures.lines,
        figures.diagnostics_per_thousand_lines,
    );
    for (title, rows) in [
        ("not supported by ekiben, what touches most recipes first", &view.unsupported),
        ("missing from the folder", &view.missing),
        ("errors that would stop Chef as well", &view.errors),
    ] {
        section(&mut out, title, rows);
    }
    out
}

fn section(out: &mut String, title: &str, rows: &[Row]) {
    if rows.is_empty() {
        out.push_str(&format!("\n== {title}: none\n"));
        return;
    }
    out.push_str(&format!("\n== {title}\n"));
    out.push_str(&format!("{:>7} {:>7}  {:<9}  name\n", "recipes", "places", "kind"));
    for row in rows.iter().take(LONGEST) {
        let place = format!("{}:{}:{}", row.path, row.line, row.column);
        out.push_str(&format!("{:>7} {:>7}  {:<9}  {}  # {place}\n", row.recipes, row.count, row.kind.name(), cut(&row.name)));
    }
    if rows.len() > LONGEST {
        out.push_str(&format!("… and {} more; `--format json` has them all\n", rows.len() - LONGEST));
    }
}

fn cut(name: &str) -> String {
    let line: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.chars().count() > WIDTH { line.chars().take(WIDTH - 1).collect::<String>() + "…" } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Location, Span};
    use crate::unsupported::Ledger;

    #[test]
    fn what_touches_most_recipes_comes_first_and_secrets_are_masked() {
        let at = |start| Span::new(FileId(0), start, start + 1);
        let place = |span: Span| Location { path: "a.rb".to_owned(), line: span.start, column: 1 };
        let mut survey = Survey::new(500);
        let mut one = Ledger::default();
        one.note(Lack::Ekiben, Kind::Gem, "pg", at(3));
        one.note(Lack::Ekiben, Kind::Method, "String#unpack1", at(4));
        let mut other = Ledger::default();
        other.note(Lack::Ekiben, Kind::Method, "String#unpack1", at(2));
        other.note(Lack::Input, Kind::Error, "RuntimeError: password=hunter2-long", at(9));
        survey.add("a::one", &one, true, place);
        survey.add("a::two", &other, false, place);
        survey.add("a::three", &Ledger::default(), true, place);
        survey.diagnostics = 3;
        let view = View::of(&survey, &Masker::default());
        let shown = text(&view);
        let first = shown.lines().find(|line| line.contains("method")).unwrap_or_default();
        assert_eq!(first, "      2       2  method     String#unpack1  # a.rb:2:1");
        assert!(shown.starts_with("3 recipes evaluated, each alone: 1 (33.3 %) met nothing unsupported, 2 ran to their end\n"), "{shown}");
        assert!(shown.contains("(6 in a thousand)") && shown.contains("missing from the folder: none"), "{shown}");
        assert!(shown.find("unpack1") < shown.find("pg"), "{shown}");
        assert!(!shown.contains("hunter2") && !view.json().contains("hunter2"), "{shown}");
    }
}

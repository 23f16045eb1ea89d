//! The shapes of times: sequences of meanings, and what is made of each (`Parser#definitions`).
//!
//! `repeater_month_name ordinal_day separator_at? =time?` is `january 15th at 3:45am`. `a|b` is either, `?` may be missing,
//! `=name` is one of the shapes of that group.

use super::repeater::Kind;
use super::token::{Count, Separator, Tag, Token};

/// A shape and the name of its handler.
pub type Shape = (&'static str, &'static str);

/// A clock time.
pub const TIME: [Shape; 1] = [("repeater_time repeater_day_portion?", "")];

/// Days in numbers; the other way round where the day comes first.
pub const ENDIAN: [Shape; 4] = [
    ("scalar_month slash|dash scalar_day slash|dash scalar_year at? =time?", "sm_sd_sy"),
    ("scalar_month slash|dash scalar_day at? =time?", "sm_sd"),
    ("scalar_day slash|dash scalar_month at? =time?", "sd_sm"),
    ("scalar_day slash|dash scalar_month slash|dash scalar_year at? =time?", "sd_sm_sy"),
];

/// Days.
pub const DATE: [Shape; 30] = [
    ("day_name month_name scalar_day repeater_time slash?|dash? time_zone scalar_year", "generic"),
    ("day_name month_name scalar_day", "rdn_rmn_sd"),
    ("day_name month_name scalar_day scalar_year", "rdn_rmn_sd_sy"),
    ("day_name month_name ordinal_day", "rdn_rmn_od"),
    ("day_name month_name ordinal_day scalar_year", "rdn_rmn_od_sy"),
    ("day_name month_name scalar_day at? =time?", "rdn_rmn_sd"),
    ("day_name month_name ordinal_day at? =time?", "rdn_rmn_od"),
    ("day_name ordinal_day at? =time?", "rdn_od"),
    ("scalar_year slash|dash scalar_month slash|dash scalar_day repeater_time time_zone", "generic"),
    ("ordinal_day", "generic"),
    ("month_name scalar_day scalar_year", "rmn_sd_sy"),
    ("month_name ordinal_day scalar_year", "rmn_od_sy"),
    ("month_name scalar_day scalar_year at? =time?", "rmn_sd_sy"),
    ("month_name ordinal_day scalar_year at? =time?", "rmn_od_sy"),
    ("month_name slash?|dash? scalar_day at? =time?", "rmn_sd"),
    ("repeater_time repeater_day_portion? on? month_name scalar_day", "rmn_sd_on"),
    ("month_name ordinal_day at? =time?", "rmn_od"),
    ("ordinal_day month_name scalar_year at? =time?", "od_rmn_sy"),
    ("ordinal_day month_name at? =time?", "od_rmn"),
    ("ordinal_day grabber? repeater_month at? =time?", "od_rm"),
    ("scalar_year month_name ordinal_day", "sy_rmn_od"),
    ("repeater_time repeater_day_portion? on? month_name ordinal_day", "rmn_od_on"),
    ("month_name scalar_year", "rmn_sy"),
    ("scalar_day month_name scalar_year at? =time?", "sd_rmn_sy"),
    ("scalar_day slash?|dash? month_name at? =time?", "sd_rmn"),
    ("scalar_year slash|dash scalar_month slash|dash scalar_day at? =time?", "sy_sm_sd"),
    ("scalar_year slash|dash scalar_month", "sy_sm"),
    ("scalar_month slash|dash scalar_year", "sm_sy"),
    ("scalar_day slash|dash month_name slash|dash scalar_year repeater_time?", "sm_rmn_sy"),
    ("scalar_year slash|dash scalar_month slash|dash scalar? time_zone", "generic"),
];

/// Things that come again: `next tuesday at noon`.
pub const ANCHOR: [Shape; 3] = [
    ("on? grabber? repeater at? repeater? repeater?", "r"),
    ("grabber? repeater repeater separator? repeater? repeater?", "r"),
    ("repeater grabber repeater", "r_g_r"),
];

/// Distances: `3 hours past`.
pub const ARROW: [Shape; 4] = [
    ("scalar repeater pointer", "s_r_p"),
    ("scalar repeater and? scalar repeater pointer at? =anchor", "s_r_a_s_r_p_a"),
    ("pointer scalar repeater", "p_s_r"),
    ("scalar repeater pointer at? =anchor", "s_r_p_a"),
];

/// `3rd wednesday in november`
pub const NARROW: [Shape; 2] = [("ordinal repeater in repeater", "o_r_s_r"), ("ordinal repeater grabber repeater", "o_r_g_r")];

/// Whether `tokens` have the shape `pattern` (`Handler#match`, with its ways).
#[must_use]
pub fn fits(pattern: &str, tokens: &[Token]) -> bool {
    let mut index = 0;
    for element in pattern.split(' ') {
        if let Some(group) = element.strip_prefix('=') {
            let optional = group.ends_with('?');
            if optional && index == tokens.len() {
                return true;
            }
            let shapes: &[Shape] = if group.starts_with("time") { &TIME } else { &ANCHOR };
            let rest = tokens.get(index..).unwrap_or(&[]);
            if shapes.iter().any(|(shape, _)| fits(shape, rest)) {
                return true;
            }
            continue;
        }
        let mut was_optional = false;
        let mut alternatives = element.split('|').peekable();
        while let Some(alternative) = alternatives.next() {
            let name = alternative.strip_suffix('?');
            if tokens.get(index).is_some_and(|token| means(token, name.unwrap_or(alternative))) {
                index += 1;
                break;
            }
            if name.is_some() {
                was_optional = true;
            } else if alternatives.peek().is_none() && !was_optional {
                return false;
            }
        }
    }
    index == tokens.len()
}

fn means(token: &Token, name: &str) -> bool {
    token.tags.iter().any(|tag| match tag {
        Tag::Repeater(repeater) => match name {
            "repeater" => true,
            "repeater_time" => matches!(repeater.kind, Kind::Time { .. }),
            "repeater_day_portion" => matches!(repeater.kind, Kind::Portion(..)),
            "repeater_month" => repeater.kind == Kind::Month,
            "day_name" => matches!(repeater.kind, Kind::DayName(_)),
            "month_name" => matches!(repeater.kind, Kind::MonthName(_)),
            _ => false,
        },
        Tag::Grabber(_) => name == "grabber",
        Tag::Pointer(_) => name == "pointer",
        Tag::Scalar(count, _) => counted(name.strip_prefix("scalar"), *count),
        Tag::Ordinal(count, _) => counted(name.strip_prefix("ordinal"), *count),
        Tag::Separator(separator) => match name {
            "separator" => true,
            "slash" => *separator == Separator::Slash,
            "dash" => *separator == Separator::Dash,
            "at" => *separator == Separator::At,
            "in" => *separator == Separator::In,
            "on" => *separator == Separator::On,
            "and" => *separator == Separator::And,
            _ => false,
        },
        Tag::Sign => false,
        Tag::Zone => name == "time_zone",
    })
}

fn counted(suffix: Option<&str>, count: Count) -> bool {
    match suffix {
        Some("") => true,
        Some("_day") => count == Count::Day,
        Some("_month") => count == Count::Month,
        Some("_year") => count == Count::Year,
        _ => false,
    }
}

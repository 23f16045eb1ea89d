//! Every accepted form against both rules, over some years of days; what is refused; and that the table is long.

use super::*;

/// Written, and the portable form; `Err` is a word of the reason.
const TABLE: &[(&str, Result<&str, &str>)] = &[
    ("* * * * *", Ok("* * * * *")),
    ("*/1 * * * *", Ok("* * * * *")),
    ("*/1 */1 */1 */1 */1", Ok("* * * * *")),
    ("0-59 0-23 1-31 1-12 0-6", Ok("* * * * *")),
    ("0 0 1-31 * 1", Ok("0 0 * * *")),
    ("0 0 5 * 0-6", Ok("0 0 * * *")),
    ("0 0 5 * 1-7", Ok("0 0 * * *")),
    ("0 0 5 * */1", Ok("0 0 5 * *")),
    ("0 0 */1 * 1", Ok("0 0 * * 1")),
    ("*/5 * * * *", Ok("*/5 * * * *")),
    ("*/7 * * * *", Ok("*/7 * * * *")),
    ("*/40 * * * *", Ok("*/40 * * * *")),
    ("0,10,20,30,40,50 * * * *", Ok("*/10 * * * *")),
    ("0,15,30,45 * * * *", Ok("*/15 * * * *")),
    ("0,30 * * * *", Ok("0,30 * * * *")),
    ("0,10,20,30,40 * * * *", Ok("0,10,20,30,40 * * * *")),
    ("5,20,35,50 * * * *", Ok("5,20,35,50 * * * *")),
    ("5-59/15 * * * *", Ok("5-59/15 * * * *")),
    ("0-59/15 * * * *", Ok("*/15 * * * *")),
    ("1-59/2 * * * *", Ok("1-59/2 * * * *")),
    ("7 0,2,4,6,8,10,12,14,16,18,20,22 * * *", Ok("7 */2 * * *")),
    ("0 */2 * * *", Ok("0 */2 * * *")),
    ("0 */5 * * *", Ok("0 */5 * * *")),
    ("0 8,20 * * *", Ok("0 8,20 * * *")),
    ("0 9-17 * * *", Ok("0 9-17 * * *")),
    ("0 9-17/2 * * *", Ok("0 9-17/2 * * *")),
    ("00 09 * * *", Ok("0 9 * * *")),
    ("15 2 1 * *", Ok("15 2 1 * *")),
    ("0 0 1,8,15,22 * *", Ok("0 0 1,8,15,22 * *")),
    ("0 0 */2 * *", Ok("0 0 */2 * *")),
    ("0 0 1-31/2 * *", Ok("0 0 1-31/2 * *")),
    ("0 0 31 * *", Ok("0 0 31 * *")),
    ("0 6 1 1,4,7,10 *", Ok("0 6 1 1,4,7,10 *")),
    ("0 6 1 */3 *", Ok("0 6 1 */3 *")),
    ("0 6 1 jan,JUL *", Ok("0 6 1 1,7 *")),
    ("0 6 1 jan-mar *", Ok("0 6 1 1-3 *")),
    ("0 0 29 2 *", Ok("0 0 29 2 *")),
    ("0 0 30,31 2,4 *", Ok("0 0 30,31 2,4 *")),
    ("0 0 * * 0", Ok("0 0 * * 0")),
    ("0 0 * * 7", Ok("0 0 * * 0")),
    ("0 0 * * 0,7", Ok("0 0 * * 0")),
    ("0 0 * * 5-7", Ok("0 0 * * 0,5,6")),
    ("0 0 * * 6-7", Ok("0 0 * * 0,6")),
    ("0 0 * * 6,7", Ok("0 0 * * 0,6")),
    ("0 0 * * 1-7", Ok("0 0 * * *")),
    ("0 0 * * 0-7", Ok("0 0 * * *")),
    ("0 0 * * 1-7/2", Ok("0 0 * * 0,1,3,5")),
    ("0 0 * * 1-5", Ok("0 0 * * 1-5")),
    ("0 0 * * MON-FRI", Ok("0 0 * * 1-5")),
    ("0 0 * * Mon,wed", Ok("0 0 * * 1,3")),
    ("0 0 * * sun", Ok("0 0 * * 0")),
    ("0 0 * * 6,0", Ok("0 0 * * 6,0")),
    ("0 0 * * */2", Ok("0 0 * * */2")),
    ("0 0 * * */7", Ok("0 0 * * */7")),
    ("0 0 1 * 1", Ok("0 0 1 * 1")),
    ("0 0 1,15 * 5-7", Ok("0 0 1,15 * 0,5,6")),
    ("0 0 13 * 5", Ok("0 0 13 * 5")),
    ("0 0 1-7 * 1", Ok("0 0 1-7 * 1")),
    ("0 0 1,*/2 * 1", Ok("0 0 1,*/2 * 1")),
    ("0 0 1,* * 1", Ok("0 0 * * *")),
    ("0 0 *,1 * 1", Ok("0 0 * * 1")),
    ("0 0 1 * *,3", Ok("0 0 1 * *")),
    ("0 0 31 2 1", Ok("0 0 31 2 1")),
    ("0 0 */2 * 1", Err("both match")),
    ("0 0 1 * */2", Err("both match")),
    ("0 0 */2 * */2", Err("both match")),
    ("0 0 */10,5 * 1-5", Err("both match")),
    ("0 0 */5 6 7", Err("both match")),
    ("0 0 30 2 *", Err("never ran")),
    ("0 0 31 2,4,6 *", Err("never ran")),
];

/// A day: of the month, month, weekday with Sunday as 0.
type Day = (u8, u8, u8);

/// The days of 2023 to 2029, two leap years among them.
fn days() -> Vec<Day> {
    let mut all = Vec::new();
    // 2023-01-01 was a Sunday.
    let mut weekday = 0;
    for year in 2023..=2029 {
        for month in 1..=12_u8 {
            let last = match month {
                2 if year % 4 == 0 => 29,
                2 => 28,
                month => LONGEST[usize::from(month) - 1],
            };
            for date in 1..=last {
                all.push((date, month, weekday));
                weekday = (weekday + 1) % 7;
            }
        }
    }
    all
}

/// Vixie's rule over the parsed fields: `entry.c` sets a flag where the field's first character is a star.
fn vixie(cron: &Cron, (date, month, weekday): Day) -> bool {
    let (on_date, on_weekday) = (cron.day_of_month.values().contains(&date), cron.day_of_week.values().contains(&weekday));
    let starred = cron.day_of_month.is_starred() || cron.day_of_week.is_starred();
    cron.month.values().contains(&month) && if starred { on_date && on_weekday } else { on_date || on_weekday }
}

/// The other library, over the text: bits of a field and whether its star counts (`getRange` takes it back for a step above one).
fn bits(text: &str, low: u8, high: u8) -> (BTreeSet<u8>, bool) {
    let (mut set, mut star) = (BTreeSet::new(), false);
    for member in text.split(',') {
        let (range, step) = member.split_once('/').map_or((member, None), |(range, step)| (range, Some(step.parse::<u8>().unwrap())));
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => {
                star |= step.is_none_or(|step| step == 1);
                (low, high)
            }
            Some((from, to)) => (from.parse().unwrap(), to.parse().unwrap()),
            None => {
                let one = range.parse().unwrap();
                (one, if step.is_some() { high } else { one })
            }
        };
        assert!(low <= from && from <= to && to <= high, "{text} is refused");
        set.extend((from..=to).step_by(usize::from(step.unwrap_or(1))));
    }
    (set, star)
}

struct Other {
    fields: Vec<(BTreeSet<u8>, bool)>,
}

impl Other {
    fn read(text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        assert_eq!(words.len(), 5);
        let bounds = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
        Self { fields: words.iter().zip(bounds).map(|(word, (low, high))| bits(word, low, high)).collect() }
    }

    fn runs(&self, (date, month, weekday): Day) -> bool {
        let (on_date, on_weekday) = (self.fields[2].0.contains(&date), self.fields[4].0.contains(&weekday));
        let star = self.fields[2].1 || self.fields[4].1;
        self.fields[3].0.contains(&month) && if star { on_date && on_weekday } else { on_date || on_weekday }
    }
}

/// Whether both run at the same minutes of the same days.
fn same(cron: &Cron, text: &str, days: &[Day]) {
    let other = Other::read(text);
    assert_eq!(cron.minute.values(), other.fields[0].0, "minutes of {cron} and {text}");
    assert_eq!(cron.hour.values(), other.fields[1].0, "hours of {cron} and {text}");
    for day in days {
        assert_eq!(vixie(cron, *day), other.runs(*day), "{cron} and {text} on {day:?}");
    }
}

#[test]
fn the_table_holds_and_means_the_same() {
    assert!(TABLE.len() >= 60);
    let days = days();
    for (text, expected) in TABLE {
        let cron = Cron::parse(text).unwrap();
        match (portable(&cron), expected) {
            (Ok(found), Ok(wanted)) => {
                assert_eq!(found, *wanted, "{text}");
                same(&cron, &found, &days);
            }
            (Err(found), Err(wanted)) => assert!(found.contains(wanted), "{text}: {found}"),
            (found, _) => panic!("{text}: {found:?}"),
        }
    }
}

#[test]
fn every_combination_of_day_fields_means_the_same_or_is_refused() {
    let days = days();
    let dates = ["*", "*/1", "*/2", "*/10", "1", "1,15", "1-7", "1-31", "1-31/2", "2,*/3", "3,*", "*,3", "31"];
    let weekdays = ["*", "*/1", "*/2", "*/7", "0", "7", "1-5", "5-7", "0-6", "0-7", "1-7", "mon,7", "2,*", "*,2", "1-7/3", "6,0"];
    let mut refused = 0;
    for date in dates {
        for weekday in weekdays {
            for month in ["*", "2", "4-6", "*/5"] {
                let cron = Cron::parse(&format!("3 4 {date} {month} {weekday}")).unwrap();
                match portable(&cron) {
                    Ok(text) => same(&cron, &text, &days),
                    Err(_) => {
                        refused += 1;
                        // Nothing that could be said is refused: both fields matter, or the day never comes.
                        let count = |test: &dyn Fn(Day) -> bool| days.iter().filter(|day| test(**day)).count();
                        let runs = count(&|day| vixie(&cron, day));
                        let alone = |field: &Field| covers(field);
                        assert!(runs == 0 || !alone(&cron.day_of_month) && !alone(&cron.day_of_week), "{cron}");
                    }
                }
            }
        }
    }
    assert!(refused > 0);
}

#[test]
fn what_cron_does_not_know_is_explained() {
    for text in ["@every 1h", "H 3 * * *", "H/15 * * * *", "0 0 ? * MON", "0 0 L * *", "0 0 * * 5#3", "0~59 * * * *", "0 0 3 * * *"] {
        assert!(foreign(text).is_some(), "{text}");
    }
    for text in ["0 3 * * *", "0 3 * MAR THU", "61 * * * *"] {
        assert!(foreign(text).is_none(), "{text}");
    }
    assert_eq!(unwrapped("0 22-2 * * *").as_deref(), Some("0 22-23,0-2 * * *"));
    assert_eq!(unwrapped("0 0 * * FRI-SUN").as_deref(), Some("0 0 * * 5-6,0"));
    assert_eq!(unwrapped("0 0 * * 1-5"), None);
    assert_eq!(unwrapped("0 0 * * x-y"), None);
}

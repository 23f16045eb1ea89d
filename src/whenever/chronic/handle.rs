//! From the shape of a text to the span it means (`Chronic::Handlers`).

use super::pattern::{ANCHOR, ARROW, DATE, ENDIAN, NARROW, Shape, fits};
use super::repeater::{Kind, Repeater, fields, midnight};
use super::token::{Count, Grabber, Separator, Tag, Token};
use super::{Context, Options, Span};
use crate::ruby::core::time::calendar::month_length;
use crate::ruby::core::time::parts::Parts;

const DAY: i64 = 86_400;

/// Reads one text.
pub struct Reader<'a> {
    text: &'a str,
    options: &'a Options,
    now: i64,
}

impl<'a> Reader<'a> {
    /// A reader of `text`.
    #[must_use]
    pub fn new(text: &'a str, options: &'a Options) -> Self {
        Self { text, options, now: options.now }
    }

    /// What `tokens` mean.
    ///
    /// # Errors
    /// The message of an `ArgumentError`.
    pub fn span(&mut self, tokens: &[Token]) -> Result<Option<Span>, String> {
        let mut endian: Vec<Shape> = ENDIAN.to_vec();
        if self.options.little_endian {
            endian.reverse();
        }
        let without = |drop: &dyn Fn(Separator) -> bool| -> Vec<Token> {
            let dropped = |token: &Token| token.tags.iter().any(|tag| matches!(tag, Tag::Separator(separator) if drop(*separator)));
            tokens.iter().filter(|token| !dropped(token)).cloned().collect()
        };
        let find = |shapes: &[Shape]| shapes.iter().find(|(shape, _)| fits(shape, tokens)).map(|(_, handler)| *handler);
        if let Some(handler) = find(&endian).or_else(|| find(&DATE)) {
            if handler == "generic" {
                return self.generic();
            }
            return Ok(self.date(handler, &without(&|_| true)));
        }
        if let Some(handler) = find(&ANCHOR) {
            let mut list = without(&|_| true);
            if handler == "r_g_r" && list.len() >= 2 {
                list.swap(0, 1);
            }
            let list = self.clear(list);
            return Ok(self.anchor(list, self.options.context));
        }
        if let Some(handler) = find(&ARROW) {
            let list = without(&|separator| !matches!(separator, Separator::In | Separator::On | Separator::Other));
            return Ok(self.arrow(handler, &list));
        }
        if let Some(handler) = find(&NARROW) {
            return Ok(self.narrow(handler, tokens));
        }
        Ok(None)
    }

    /// `Time.parse` of the text as it was given.
    fn generic(&self) -> Result<Option<Span>, String> {
        let parts = Parts::read(self.text);
        if parts.is_empty() {
            return Err(format!("no time information in {:?}", self.text));
        }
        let today = self.now.div_euclid(DAY);
        let day = if parts.has_date() { parts.days(today) } else { Some(today) };
        // `argument out of range` is caught by the gem.
        Ok(day.zip(parts.clock()).map(|(day, clock)| (day * DAY + clock, day * DAY + clock + 1)))
    }

    fn date(&mut self, handler: &str, tokens: &[Token]) -> Option<Span> {
        let scalar = |index: usize, count: Count| tokens.get(index).and_then(|token| token.scalar(count));
        let ordinal = |index: usize| tokens.get(index).and_then(|token| token.ordinal(Count::Day));
        let name = |index: usize| tokens.get(index).and_then(month_name);
        let rest = |index: usize| tokens.get(index..).unwrap_or(&[]).to_vec();
        let this_year = fields(self.now).0;
        match handler {
            "rmn_sd" => self.month_day(name(0)?, scalar(1, Count::Day)?, rest(2)),
            "rmn_od" => self.month_day(name(0)?, ordinal(1)?, rest(2)),
            "od_rmn" => self.month_day(name(1)?, ordinal(0)?, rest(2)),
            "sd_rmn" => self.month_day(name(1)?, scalar(0, Count::Day)?, rest(2)),
            "rmn_sd_on" | "rmn_od_on" => {
                let at = if tokens.len() > 3 { 2 } else { 1 };
                let day = if handler == "rmn_sd_on" { scalar(at + 1, Count::Day)? } else { ordinal(at + 1)? };
                self.month_day(name(at)?, day, tokens.get(..at).unwrap_or(&[]).to_vec())
            }
            "od_rm" => {
                let mut month = tokens.get(2)?.repeater()?.clone();
                month.now = self.now;
                let (year, month, ..) = fields(month.this(self.options.context)?.0);
                let begin = midnight(year, month, ordinal(0)?)?;
                self.day_or_time(begin, rest(3))
            }
            "sy_rmn_od" => self.day(scalar(0, Count::Year)?, name(1)?, ordinal(2)?, rest(3)),
            "rmn_sd_sy" => self.day(scalar(2, Count::Year)?, name(0)?, scalar(1, Count::Day)?, rest(3)),
            "rmn_od_sy" => self.day(scalar(2, Count::Year)?, name(0)?, ordinal(1)?, rest(3)),
            "od_rmn_sy" => self.day(scalar(2, Count::Year)?, name(1)?, ordinal(0)?, rest(3)),
            "sd_rmn_sy" => self.day(scalar(2, Count::Year)?, name(1)?, scalar(0, Count::Day)?, rest(3)),
            "sm_sd_sy" => self.day(scalar(2, Count::Year)?, scalar(0, Count::Month)?, scalar(1, Count::Day)?, rest(3)),
            "sd_sm_sy" => self.day(scalar(2, Count::Year)?, scalar(1, Count::Month)?, scalar(0, Count::Day)?, rest(3)),
            "sy_sm_sd" => self.day(scalar(0, Count::Year)?, scalar(1, Count::Month)?, scalar(2, Count::Day)?, rest(3)),
            "sm_sd" => self.near_day(scalar(0, Count::Month)?, scalar(1, Count::Day)?, rest(2)),
            "sd_sm" => self.near_day(scalar(1, Count::Month)?, scalar(0, Count::Day)?, rest(2)),
            "rmn_sy" => whole_month(scalar(1, Count::Year)?, name(0)?),
            "sm_sy" => whole_month(scalar(1, Count::Year)?, scalar(0, Count::Month)?),
            "sy_sm" => whole_month(scalar(0, Count::Year)?, scalar(1, Count::Month)?),
            "rdn_rmn_sd" => self.day(this_year, name(1)?, scalar(2, Count::Day)?, rest(3)),
            "rdn_rmn_od" => self.day(this_year, name(1)?, ordinal(2)?, rest(3)),
            "rdn_rmn_sd_sy" => self.day(scalar(3, Count::Year)?, name(1)?, scalar(2, Count::Day)?, Vec::new()),
            "rdn_rmn_od_sy" => self.day(scalar(3, Count::Year)?, name(1)?, ordinal(2)?, Vec::new()),
            "rdn_od" => {
                let day = ordinal(1)?;
                let (year, month, today, ..) = fields(self.now);
                let later = self.options.context == Context::Future && today > day;
                self.day(year, month + i64::from(later), day, rest(2))
            }
            "sm_rmn_sy" => {
                let begin = midnight(scalar(2, Count::Year)?, name(1)?, scalar(0, Count::Day)?)?;
                match tokens.last().filter(|_| tokens.len() > 3) {
                    Some(last) => {
                        let time = self.anchor(vec![last.clone()], self.options.context)?.0;
                        let begin = begin + time.rem_euclid(DAY);
                        Some((begin, begin + DAY))
                    }
                    None if scalar(0, Count::Day)? >= 31 => Some((begin, begin)),
                    None => Some((begin, begin + DAY)),
                }
            }
            _ => None,
        }
    }

    /// A day of the named month that is or comes next.
    fn month_day(&mut self, month: i64, day: i64, time: Vec<Token>) -> Option<Span> {
        let (year, ..) = fields(self.now);
        if day > month_length(year, month) {
            return None;
        }
        let mut repeater = Repeater::new(Kind::MonthName(month));
        repeater.now = self.now;
        let (year, month, ..) = fields(repeater.this(self.options.context)?.0);
        let begin = midnight(year, month, day)?;
        self.day_or_time(begin, time)
    }

    /// A day of this year, of the next when it is over.
    fn near_day(&mut self, month: i64, day: i64, time: Vec<Token>) -> Option<Span> {
        let (year, ..) = fields(self.now);
        if day > month_length(year, month) {
            return None;
        }
        let mut begin = midnight(year, month, day)?;
        if self.options.context == Context::Future && begin < self.now {
            begin = midnight(year + 1, month, day)?;
        }
        self.day_or_time(begin, time)
    }

    fn day(&mut self, year: i64, month: i64, day: i64, time: Vec<Token>) -> Option<Span> {
        if !(1..=12).contains(&month) || day > month_length(year, month) {
            return None;
        }
        let begin = midnight(year, month, day)?;
        self.day_or_time(begin, time)
    }

    fn day_or_time(&mut self, begin: i64, time: Vec<Token>) -> Option<Span> {
        if time.is_empty() {
            return Some((begin, begin + DAY));
        }
        self.now = begin;
        let time = self.clear(time);
        self.anchor(time, Context::Future)
    }

    fn arrow(&mut self, handler: &str, tokens: &[Token]) -> Option<Span> {
        let get = |index: usize| tokens.get(index);
        let now = (self.now, self.now + 1);
        match handler {
            "s_r_p" => shifted(get(0)?, get(1)?, get(2)?, now),
            "p_s_r" => shifted(get(1)?, get(2)?, get(0)?, now),
            "s_r_p_a" => {
                let anchor = self.anchor(tokens.get(3..)?.to_vec(), self.options.context)?;
                shifted(get(0)?, get(1)?, get(2)?, anchor)
            }
            "s_r_a_s_r_p_a" => {
                let anchor = self.anchor(tokens.get(4..)?.to_vec(), self.options.context)?;
                let span = shifted(get(0)?, get(1)?, get(4)?, anchor)?;
                shifted(get(2)?, get(3)?, get(4)?, span)
            }
            _ => None,
        }
    }

    /// `3rd wednesday in november`
    fn narrow(&mut self, handler: &str, tokens: &[Token]) -> Option<Span> {
        let outer = if handler == "o_r_s_r" { tokens.get(3..4)? } else { tokens.get(2..4)? };
        let outer = self.anchor(outer.to_vec(), self.options.context)?;
        let mut repeater = tokens.get(1)?.repeater()?.clone();
        repeater.now = outer.0 - 1;
        let mut span = None;
        for _ in 0..tokens.first()?.ordinal(Count::Any)?.min(10_000) {
            let next = repeater.next(true)?;
            if next.0 >= outer.1 {
                return None;
            }
            span = Some(next);
        }
        span
    }

    fn anchor(&mut self, mut tokens: Vec<Token>, context: Context) -> Option<Span> {
        let mut repeaters: Vec<Repeater> = tokens.iter().filter_map(|token| token.repeater().cloned()).collect();
        repeaters.sort_by_key(Repeater::width);
        repeaters.reverse();
        tokens.truncate(tokens.len().saturating_sub(repeaters.len()));
        let grabber = tokens
            .first()
            .and_then(|token| token.tags.iter().find_map(|tag| if let Tag::Grabber(grabber) = tag { Some(*grabber) } else { None }));
        let mut repeaters = repeaters.into_iter();
        let mut head = repeaters.next()?;
        head.now = self.now;
        let mut span = match grabber.unwrap_or(Grabber::This) {
            Grabber::Last => head.next(false)?,
            Grabber::Next => head.next(true)?,
            Grabber::This if context != Context::Past && repeaters.len() > 0 => head.this(Context::None)?,
            Grabber::This => head.this(context)?,
        };
        for mut inner in repeaters {
            inner.now = span.0;
            let found = inner.this(Context::None)?;
            let covers = |moment: i64| span.0 <= moment && moment <= span.1;
            if !covers(found.0) && !covers(found.1) {
                return None;
            }
            span = found;
        }
        Some(span)
    }

    /// `dealias_and_disambiguate_times`: `7 in the morning` is `7 am`; a time of unclear half gets a half.
    fn clear(&self, mut tokens: Vec<Token>) -> Vec<Token> {
        let portion = tokens.iter().position(|token| is(token, |kind| matches!(kind, Kind::Portion(..))));
        let time = tokens.iter().any(|token| is(token, |kind| matches!(kind, Kind::Time { .. })));
        if let (Some(index), true) = (portion, time) {
            if let Some(token) = tokens.get_mut(index) {
                for tag in &mut token.tags {
                    if let Tag::Repeater(repeater) = tag {
                        repeater.kind = match repeater.kind {
                            kind @ Kind::Portion(low, high) if high == low + 12 * 3600 - 1 => kind,
                            Kind::Portion(low, _) if low < 12 * 3600 => Kind::AM,
                            Kind::Portion(..) => Kind::PM,
                            kind => kind,
                        };
                    }
                }
            }
        }
        let Some(hour) = self.options.ambiguous else { return tokens };
        let mut clear = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            clear.push(token.clone());
            let unclear = is(token, |kind| matches!(kind, Kind::Time { ambiguous: true, .. }));
            let followed = tokens.get(index + 1).is_some_and(|next| is(next, |kind| matches!(kind, Kind::Portion(..))));
            if unclear && !followed {
                let portion = Kind::Portion(hour * 3600, (hour + 12) * 3600);
                clear.push(Token { tags: vec![Tag::Repeater(Repeater::new(portion))] });
            }
        }
        clear
    }
}

fn is(token: &Token, test: impl Fn(Kind) -> bool) -> bool {
    token.repeater().is_some_and(|repeater| test(repeater.kind))
}

fn month_name(token: &Token) -> Option<i64> {
    token.repeater().and_then(|repeater| if let Kind::MonthName(month) = repeater.kind { Some(month) } else { None })
}

fn whole_month(year: i64, month: i64) -> Option<Span> {
    let end = if month == 12 { midnight(year + 1, 1, 1) } else { midnight(year, month + 1, 1) };
    Some((midnight(year, month, 1)?, end?))
}

/// A span moved by a number of units.
fn shifted(scalar: &Token, unit: &Token, pointer: &Token, span: Span) -> Option<Span> {
    let ahead = pointer.tags.iter().find_map(|tag| if let Tag::Pointer(ahead) = tag { Some(*ahead) } else { None })?;
    unit.repeater()?.clone().offset(span, scalar.scalar(Count::Any)?, ahead)
}

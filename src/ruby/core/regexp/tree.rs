//! A regular expression as a tree, and what can be said of it without running it: how many characters it takes.
//!
//! `a(b|cd)?` is a sequence of a character and a repeated group of two alternatives; it takes one to three characters.

/// A node of a regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Nothing: matches everywhere.
    Empty,
    /// One character; the flag says that its case does not matter.
    Char(char, bool),
    /// `.`; the flag says that it takes line ends too.
    Any(bool),
    /// A set of characters, as the inside of a class that the engine reads; negated; case does not matter.
    Set(String, bool, bool),
    /// A place.
    Anchor(Anchor),
    /// A capturing group by its number.
    Group(usize, Box<Node>),
    /// `(?>…)`
    Atomic(Box<Node>),
    /// `(?=…)` and the like.
    Look {
        /// Looks back.
        behind: bool,
        /// Must not match.
        negative: bool,
        /// What is looked for.
        inner: Box<Node>,
    },
    /// `\1`; several numbers where groups share a name. The flag says that case does not matter.
    Backreference(Vec<usize>, bool),
    /// `\g<1>`; 0 is the whole expression.
    Call(usize),
    /// `(?(1)yes|no)`
    Conditional(usize, Box<Node>, Box<Node>),
    /// `(?~…)`
    Absent(Box<Node>),
    /// `\K`
    Keep,
    /// `\R`
    LineBreak,
    /// `\X`
    Grapheme,
    /// One after the other.
    Sequence(Vec<Node>),
    /// One of these.
    Alternatives(Vec<Node>),
    /// Again and again.
    Repeat {
        /// What.
        inner: Box<Node>,
        /// At least so often.
        low: u32,
        /// At most so often.
        high: Option<u32>,
        /// In which way.
        greed: Greed,
    },
}

/// How a repetition gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greed {
    /// As much as possible.
    Greedy,
    /// `?`: as little as possible.
    Lazy,
    /// `+`: never gives back.
    Possessive,
}

/// A place between characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// `^`
    LineStart,
    /// `$`
    LineEnd,
    /// `\A`
    TextStart,
    /// `\z`
    TextEnd,
    /// `\Z`
    TextEndOrNewline,
    /// `\b`
    Word,
    /// `\B`
    NotWord,
    /// `\G`
    SearchStart,
}

impl Node {
    /// The least number of characters that it takes.
    #[must_use]
    pub fn least(&self) -> u32 {
        match self {
            Self::Char(..) | Self::Any(_) | Self::Set(..) | Self::LineBreak | Self::Grapheme => 1,
            Self::Group(_, inner) | Self::Atomic(inner) => inner.least(),
            Self::Sequence(nodes) => nodes.iter().fold(0, |sum: u32, node| sum.saturating_add(node.least())),
            Self::Alternatives(nodes) => nodes.iter().map(Self::least).min().unwrap_or(0),
            Self::Conditional(_, yes, no) => yes.least().min(no.least()),
            Self::Repeat { inner, low, .. } => inner.least().saturating_mul(*low),
            _ => 0,
        }
    }

    /// Whether it never takes a character and captures nothing.
    #[must_use]
    pub fn takes_nothing(&self) -> bool {
        match self {
            Self::Empty | Self::Anchor(_) | Self::Keep => true,
            Self::Look { inner, .. } => !inner.captures(),
            Self::Atomic(inner) | Self::Repeat { inner, .. } => inner.takes_nothing(),
            Self::Sequence(nodes) | Self::Alternatives(nodes) => nodes.iter().all(Self::takes_nothing),
            _ => false,
        }
    }

    /// Whether it holds a capturing group.
    #[must_use]
    pub fn captures(&self) -> bool {
        match self {
            Self::Group(..) | Self::Call(_) => true,
            Self::Atomic(inner) | Self::Absent(inner) | Self::Look { inner, .. } | Self::Repeat { inner, .. } => inner.captures(),
            Self::Conditional(_, yes, no) => yes.captures() || no.captures(),
            Self::Sequence(nodes) | Self::Alternatives(nodes) => nodes.iter().any(Self::captures),
            _ => false,
        }
    }

    /// Whether it may stand in a look-behind: every alternative of one length, nothing that looks ahead.
    #[must_use]
    pub fn may_look_behind(&self, negative: bool) -> bool {
        match self {
            Self::Alternatives(nodes) => nodes.iter().all(|node| node.may_look_behind(negative)),
            other => !(negative && other.captures()) && other.fixed().is_some(),
        }
    }

    /// The number of characters that it takes, when that is always the same.
    fn fixed(&self) -> Option<u32> {
        match self {
            Self::Empty | Self::Anchor(_) | Self::Keep | Self::Look { behind: true, .. } => Some(0),
            Self::Char(..) | Self::Any(_) | Self::Set(..) => Some(1),
            Self::Group(_, inner) => inner.fixed(),
            Self::Sequence(nodes) => nodes.iter().try_fold(0u32, |sum, node| Some(sum.saturating_add(node.fixed()?))),
            Self::Alternatives(nodes) => {
                let mut widths = nodes.iter().map(Self::fixed);
                let first = widths.next()??;
                widths.all(|width| width == Some(first)).then_some(first)
            }
            Self::Repeat { inner, low, high, .. } if *high == Some(*low) => Some(inner.fixed()?.saturating_mul(*low)),
            _ => None,
        }
    }
}

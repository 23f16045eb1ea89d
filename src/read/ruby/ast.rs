//! The syntax tree of Ruby that is evaluated: smaller than the concrete tree of tree-sitter, with spans.
//!
//! `package 'git' do … end` is a [`Expr::Call`] without receiver, with one argument and a [`Block`].

use std::rc::Rc;

use crate::source::Span;

/// A name: method, variable, constant.
pub type Name = Rc<str>;

/// An expression with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands. For a call: from the receiver to the last argument or block.
    pub span: Span,
    /// What it is.
    pub expr: Expr,
}

/// An expression behind a pointer.
pub type P = Rc<Node>;

/// A piece of a string, symbol, regular expression or command.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Characters, escapes already resolved (for a regular expression: as written).
    Text(Rc<str>),
    /// Bytes that are no UTF-8 text, made by escapes: `"\xff"`.
    Bytes(Rc<[u8]>),
    /// `#{…}`
    Code(P),
}

/// What an expression can be.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Nil,
    True,
    False,
    SelfRef,
    /// An integer that fits in 64 bits.
    Integer(i64),
    /// A larger integer, as decimal digits.
    BigInteger(Rc<str>),
    Float(f64),
    /// `3r`, `2i`: the number and the suffix.
    Rational(P),
    Imaginary(P),
    /// `'…'`, `"…"`, heredoc, `%q()`: pieces; one `Text` piece when nothing is interpolated. Adjacent literals are joined.
    Str(Vec<Piece>),
    /// `` `…` ``, `%x()`
    Command(Vec<Piece>),
    /// `:a`, `:"a b"`, `%i()` elements
    Symbol(Rc<str>),
    /// `:"a#{b}"`
    DynamicSymbol(Vec<Piece>),
    /// `/…/imxo`
    Regexp {
        pieces: Vec<Piece>,
        options: Rc<str>,
    },
    /// `[…]`; may hold [`Expr::Splat`]. A trailing brace-less hash is an element [`Expr::Hash`].
    Array(Vec<P>),
    /// `{…}` or the brace-less hash of a call.
    Hash(Vec<Pair>),
    /// `a..b`, `a...b`; either end may be missing.
    Range {
        low: Option<P>,
        high: Option<P>,
        exclusive: bool,
    },

    Local(Name),
    /// `@a`, with the sigil.
    Instance(Name),
    /// `@@a`, with the sigils.
    ClassVariable(Name),
    /// `$a`, with the sigil; also `$1` and `$~`.
    Global(Name),
    /// `A` (no scope), `A::B`, `::A` (scope [`ConstScope::Top`]).
    Const {
        scope: ConstScope,
        name: Name,
    },
    /// `__FILE__`
    File,
    /// `__LINE__`
    Line,
    /// `__dir__` is a call; `__method__` is a call.
    /// `__ENCODING__`
    Encoding,

    /// A method call. A bare identifier that is no local variable is a call without arguments and `bare: true`.
    Call(Rc<Call>),
    /// `super` (`args: None` passes the current ones on) and `super(…)`.
    Super {
        args: Option<Vec<Arg>>,
        block: Option<BlockArg>,
    },
    /// `yield …`
    Yield(Vec<Arg>),

    Not(P),
    And(P, P),
    Or(P, P),
    /// `defined?(x)`
    Defined(P),

    /// `a = v`; also `A = v`, `x.y = v` and `x[i] = v`.
    Assign {
        target: Target,
        value: P,
    },
    /// `a += v`, `a ||= v`, `a &&= v`: `operator` without the `=`.
    OperatorAssign {
        target: Target,
        operator: Name,
        value: P,
    },
    /// `a, (b, *c) = v`: `value` is an [`Expr::Array`] when several values stand on the right.
    MultiAssign {
        targets: Vec<Target>,
        value: P,
    },

    /// Statements one after the other; the value is the last one's.
    Sequence(Vec<P>),
    /// `begin … rescue … else … ensure … end`, and method or block bodies with these; also `x rescue y`.
    Begin(Rc<Begin>),
    /// `if`, `unless` (then and else exchanged), the modifiers, and `?:`.
    If {
        condition: P,
        then: Option<P>,
        otherwise: Option<P>,
    },
    /// `while`, `until` (`negated`), and the modifiers. `do_while`: `begin … end while`.
    While {
        condition: P,
        body: P,
        negated: bool,
        do_while: bool,
    },
    /// `for a, b in list`
    For {
        targets: Vec<Target>,
        list: P,
        body: P,
    },
    /// `case x when … else … end`; without subject the conditions are plain.
    Case {
        subject: Option<P>,
        whens: Vec<When>,
        otherwise: Option<P>,
    },
    /// `case x in … end`
    CaseIn {
        subject: P,
        arms: Vec<InArm>,
        otherwise: Option<P>,
    },
    /// `x => pattern` (raises), `x in pattern` (boolean).
    Match {
        value: P,
        pattern: Pattern,
        test: bool,
    },

    Return(Option<P>),
    Break(Option<P>),
    Next(Option<P>),
    Redo,
    Retry,

    /// `def name…`, `def self.name…` (`singleton`). The value is the symbol.
    Def {
        singleton: Option<P>,
        name: Name,
        params: Rc<Params>,
        body: Option<P>,
    },
    /// `class A < B`
    Class {
        scope: ConstScope,
        name: Name,
        superclass: Option<P>,
        body: Option<P>,
    },
    /// `class << self`
    SingletonClass {
        object: P,
        body: Option<P>,
    },
    /// `module A`
    Module {
        scope: ConstScope,
        name: Name,
        body: Option<P>,
    },
    /// `alias a b` (also of globals)
    Alias {
        new: Name,
        old: Name,
    },
    /// `undef a, b`
    Undef(Vec<Name>),
    /// `->(x) { … }`
    Lambda(Rc<Block>),
    /// `*x` in an array literal, an argument list's element of an index, or a `when`.
    Splat(P),
    /// `BEGIN { }`, `END { }`: the body.
    Hook(Option<P>),
    /// Text that the parser could not make sense of; evaluating it is an error.
    Broken,
}

/// Where a constant is looked up.
#[derive(Debug, Clone, PartialEq)]
pub enum ConstScope {
    /// `A`: the lexical scopes, then the ancestors.
    Lexical,
    /// `::A`
    Top,
    /// `x::A`
    In(P),
}

/// An element of a hash literal.
#[derive(Debug, Clone, PartialEq)]
pub enum Pair {
    /// `k => v`, `k: v`, `"k": v`; `k:` alone has the value of the local or method `k`.
    Entry(P, P),
    /// `**h`
    Splat(P),
}

/// A method call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What it is called on.
    pub receiver: Option<P>,
    /// `&.`
    pub safe: bool,
    /// The method; operators by their method names (`+`, `[]`, `-@`, `!=`, `=~`, `!~`); `.()` is `call`.
    pub name: Name,
    /// Where the name stands.
    pub name_span: Span,
    /// The arguments. Keyword arguments are one last [`Arg::Hash`].
    pub args: Vec<Arg>,
    /// The block that is written or passed.
    pub block: Option<BlockArg>,
    /// A bare word: no receiver, no arguments, no parentheses, no block, and no `?` or `!` at its end (it could have been a local).
    pub bare: bool,
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// A value.
    Value(P),
    /// `*list`
    Splat(P),
    /// `k: v, "a" => b, **more` without braces: the keyword arguments, always last.
    Hash(Vec<Pair>),
    /// `...`
    Forward,
}

/// A block given to a call.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockArg {
    /// `{ |x| … }`, `do |x| … end`
    Block(Rc<Block>),
    /// `&expr`
    Pass(P),
    /// `&` alone (anonymous block forwarding).
    Forward,
}

/// A block or lambda.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The whole block, braces or `do … end` included.
    pub span: Span,
    /// Its parameters; numbered parameters (`_1`) are given as ordinary required ones.
    pub params: Params,
    /// Whether the parameters are `_1`… (then one parameter alone does not destructure like `|a|` does).
    pub numbered: bool,
    /// Its body.
    pub body: Option<P>,
}

/// Parameters of a method or block, in the order written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Params {
    /// The parameters.
    pub list: Vec<Param>,
    /// Block-local variables: `|x; y|`.
    pub locals: Vec<Name>,
    /// `|a,|`: an excess comma, which makes a block with one parameter destructure.
    pub excess_comma: bool,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    /// `a`
    Required(Name),
    /// `(a, *b)`
    Destructure(Vec<Target>),
    /// `a = 1`
    Optional(Name, P),
    /// `*a`, `*`
    Rest(Option<Name>),
    /// `a:`, `a: 1`
    Keyword(Name, Option<P>),
    /// `**a`, `**`
    KeywordRest(Option<Name>),
    /// `**nil`
    NoKeywords,
    /// `&a`, `&`
    Block(Option<Name>),
    /// `...`
    Forward,
}

/// The left side of an assignment.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    Local(Name),
    Instance(Name),
    ClassVariable(Name),
    Global(Name),
    Const {
        scope: ConstScope,
        name: Name,
    },
    /// `x.y`
    Attribute {
        receiver: P,
        name: Name,
        safe: bool,
        span: Span,
    },
    /// `x[i, j]`
    Index {
        receiver: P,
        args: Vec<Arg>,
        span: Span,
    },
    /// `*a`, `*`
    Splat(Option<Box<Target>>),
    /// `(a, b)`
    Nested(Vec<Target>),
}

/// `begin … end` with its clauses.
#[derive(Debug, Clone, PartialEq)]
pub struct Begin {
    /// The protected body.
    pub body: Option<P>,
    /// The `rescue` clauses.
    pub rescues: Vec<Rescue>,
    /// `else`
    pub otherwise: Option<P>,
    /// `ensure`
    pub ensure: Option<P>,
}

/// `rescue A, B => e`
#[derive(Debug, Clone, PartialEq)]
pub struct Rescue {
    /// The classes (may hold [`Expr::Splat`]); empty means `StandardError`.
    pub classes: Vec<P>,
    /// `=> e`
    pub variable: Option<Target>,
    /// The clause's body.
    pub body: Option<P>,
}

/// `when a, *b then …`
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    /// The values (may hold [`Expr::Splat`]).
    pub values: Vec<P>,
    /// The body.
    pub body: Option<P>,
}

/// `in pattern if guard then …`
#[derive(Debug, Clone, PartialEq)]
pub struct InArm {
    /// The pattern.
    pub pattern: Pattern,
    /// `if …`, or `unless …` wrapped in [`Expr::Not`].
    pub guard: Option<P>,
    /// The body.
    pub body: Option<P>,
}

/// A pattern of `case … in`.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// A value, compared with `===` (literals, ranges, constants, `^pin`).
    Value(P),
    /// A name that is bound; `_` too.
    Bind(Name),
    /// `a | b`
    Or(Vec<Pattern>),
    /// `pattern => name`
    As(Box<Pattern>, Name),
    /// `[a, *rest, b]`, `Const[…]`, `Const(…)`
    Array { constant: Option<P>, before: Vec<Pattern>, rest: Option<Option<Name>>, after: Vec<Pattern> },
    /// `[*, x, *]`
    Find { constant: Option<P>, head: Option<Name>, middle: Vec<Pattern>, tail: Option<Name> },
    /// `{a:, b: pattern, **rest}`, `Const(a:)`; `exact` for `**nil`.
    Hash { constant: Option<P>, pairs: Vec<(Name, Option<Pattern>)>, rest: Option<Name>, exact: bool },
}

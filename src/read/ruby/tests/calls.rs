//! Calls, arguments, blocks, operators.

use super::check;

#[test]
fn receivers_and_names() {
    check(&[
        ("foo; foo(); foo?; foo!; Foo; Foo(); Foo 1", "foo (call foo) (call foo?) (call foo!) Foo (call Foo) (call Foo 1)"),
        ("a.b; a&.b(1); a::b(1); A::b; A::B; A::B(); ::A", "(. a b) (&. a b 1) (. a b 1) (. A b) A::B (. A B) ::A"),
        ("f.(1); f::(1); a.+(1); a.class; a.end", "(. f call 1) (. f call 1) (. a + 1) (. a class) (. a end)"),
        ("a[1]; a[1, *b, c: 2]; a[]; a.b[1].c", "(. a [] 1) (. a [] 1 *b ~{:c=>2}) (. a []) (. (. (. a b) [] 1) c)"),
        ("super; super(); super 1; super { |x| x }; super.foo", "(zsuper) (super) (super 1) (zsuper [|x| %x]) (. (zsuper) foo)"),
        ("yield; yield 1, *a; yield(b: 2)", "(yield) (yield 1 *a) (yield ~{:b=>2})"),
        ("self.a; nil.to_s; @a.b; @@c; $d; $1; $~; $stdout", "(. self a) (. nil to_s) (. @a b) @@c $d $1 $~ $stdout"),
    ]);
}

#[test]
fn arguments() {
    check(&[
        ("foo 1, *a, b: 2, 'c' => 3, **d, &e", r#"(call foo 1 *a ~{:b=>2 "c"=>3 **d} &e)"#),
        ("foo({a: 1}); foo a:, b:", "(call foo {:a=>1}) (call foo ~{:a=>a :b=>b})"),
        ("puts -x; puts [1]; puts(*[1])", "(call puts (. x -@)) (call puts [1]) (call puts *[1])"),
        ("foo bar baz, 1; foo (1), 2; foo (1)", "(call foo (call bar baz 1)) (call foo 1 2) (call foo 1)"),
        ("def f(...) = g(...)\ndef h(&) = g(&)", "(def f |...| (call g ...)) (def h |&| (call g &))"),
        ("package %w(a b) do\n action :install\nend", r#"(call package ["a" "b"] [|| (call action :install)])"#),
        ("a.b 1 do |x| x end", "(. a b 1 [|x| %x])"),
        ("a b do end; a b { }; a.b(c) { }.d", "(call a b [|| _]) (call a (call b [|| _])) (. (. a b c [|| _]) d)"),
        ("puts [1, 2].map do |x| x end", "(call puts (. [1 2] map) [|x| %x])"),
    ]);
}

#[test]
fn blocks() {
    check(&[
        (
            "f { |a, (b, *c), d = 1, *r, k:, l: 3, **o, &blk; e| [a, b, c, d, r, k, l, o, blk, e] }",
            "(call f [|a (b *c) d=1 *r k: l:3 **o &blk ;e| [%a %b %c %d %r %k %l %o %blk %e]])",
        ),
        (
            "f { |a,| a }; f { |*| }; f { || 1 }; f { |*, **nil| }",
            "(call f [|a ,| %a]) (call f [|*| _]) (call f [|| 1]) (call f [|* **nil| _])",
        ),
        (
            "f { _1 + _2 }; f { g { _1 } }; f { |x| _1 }",
            "(call f [#|_1 _2| (. %_1 + %_2)]) (call f [|| (call g [#|_1| %_1])]) (call f [|x| _1])",
        ),
        ("f do\n a\nrescue B => e\n e\nensure\n c\nend", "(call f [|| (begin a (rescue [B]=>e %e) (ensure c))])"),
    ]);
}

#[test]
fn operators() {
    check(&[
        ("a + b * c; a == b; a != b; a =~ b; a !~ b; a <=> b", "(. a + (. b * c)) (. a == b) (. a != b) (. a =~ b) (. a !~ b) (. a <=> b)"),
        ("!a; not a; not(a); ~a; a ** -b", "(! a) (! a) (! a) (. a ~) (. a ** (. b -@))"),
        ("a && b || c; a and b or c; a or b and c", "(|| (&& a b) c) (|| (&& a b) c) (&& (|| a b) c)"),
        ("defined?(a); defined? @b && c", "(defined? a) (defined? (&& @b c))"),
        ("'%s' % [a]; a << b; a | b & c", r#"(. "%s" % [a]) (. a << b) (. a | (. b & c))"#),
        ("a ? b : c; a ? b ? 1 : 2 : :c", "(if a b c) (if a (if b 1 2) :c)"),
        ("a\n  .b\n  # c\n  .d", "(. (. a b) d)"),
    ]);
}

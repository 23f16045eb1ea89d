//! Conditions, loops, `case`, patterns, rescue, definitions.

use super::check;

#[test]
fn conditions_and_loops() {
    check(&[
        ("if a then b elsif c then d else e end", "(if a b (if c d e))"),
        ("unless a; b; else; c; end; b unless a; if a then end", "(if a c b) (if a _ b) (if a _ _)"),
        ("while a do b; c end; until a; end; a while b; a until b", "(while a (do b c)) (until a nil) (while b a) (until b a)"),
        ("begin; a; end while b; begin a end until b", "(do-while b a) (do-until b a)"),
        ("for a in b do c end", "(for a in b c)"),
        (
            "loop do break 1; next; redo; retry; return 1, *a; end; return a: 1",
            "(call loop [|| (do (break 1) (next _) redo retry (return [1 *a]))]) (return {:a=>1})",
        ),
        ("a && return; b or raise 'x'", r#"(&& a (return _)) (|| b (call raise "x"))"#),
    ]);
}

#[test]
fn case_and_patterns() {
    check(&[
        (
            "case a when 1, *b then c when D; e else f end; case when x then y end; case a; when 1; else; end",
            "(case a (when 1 *b : c) (when D : e) f) (case _ (when x : y) _) (case a (when 1 : _) nil)",
        ),
        (
            "case x\nin Integer | Float => n if n > 1 then n\nin nil unless y\nelse 2\nend",
            "(case x (in ((| Integer Float)=>n) if (. %n > 1) : %n) (in nil if (! y) : _) 2)",
        ),
        (
            "case x\nin [1, *, 2]\nin a, *b, c\nin [*, 3, *t]\nin d,\nin []\nend",
            "(case x (in [1|*|2] : _) (in [?a|*b|?c] : _) (in [* 3 *t] : _) (in [?d|*|] : _) (in [||] : _) _)",
        ),
        (
            "case x\nin {a: String => s, \"b\": 1, **nil}\nin {c:, **r}\nin Foo(x:)\nin Foo[1]\nin A::B\nin {}\nin k: 1\nend",
            "(case x (in {a:(String=>s) b:1!} : _) (in {c: **r} : _) (in Foo{x:} : _) (in Foo[1||] : _) (in A::B : _) (in {!} : _) (in {k:1} : _) _)",
        ),
        (
            "y = 1\ncase x\nin ^y | ^(1 + 1) | ^@z | 1.. | ..2 | /r/ | :s | ->(v) { v }\nend",
            "(= y 1) (case x (in (| %y (. 1 + 1) @z (.. 1 _) (.. _ 2) /\"r\"/ :s ->[|v| %v]) : _) _)",
        ),
        ("x => {a:}; x in [b]; a; b", "(=> x {a:}) (in x [?b||]) %a %b"),
    ]);
}

#[test]
fn rescue() {
    check(&[
        (
            "begin; a; rescue B, *C => e; d; rescue; f; else; g; ensure; h; end",
            "(begin a (rescue [B *C]=>e d) (rescue [] f) (else g) (ensure h))",
        ),
        ("begin; a; end; begin; end; begin; a; b; end", "a nil (do a b)"),
        (
            "a rescue b; begin; a; rescue => @e; retry; end; begin; rescue A then b; end",
            "(begin a (rescue [] b)) (begin a (rescue []=>@e retry)) (begin _ (rescue [A] b))",
        ),
        ("def m; a; rescue; b; ensure; c; end", "(def m || (begin a (rescue [] b) (ensure c)))"),
    ]);
}

#[test]
fn definitions() {
    check(&[
        (
            "def a; end; def a() 1 end; def a=(v) = @a = v; def +(o); o; end; def a?; end; def [](i); end; def -@; end",
            "(def a || _) (def a || 1) (def a= |v| (= @a %v)) (def + |o| %o) (def a? || _) (def [] |i| _) (def -@ || _)",
        ),
        ("def self.a(b, *c) = b; def x.y; end; def A.z; end", "(def self.a |b *c| %b) (def x.y || _) (def A.z || _)"),
        ("def a b, c: 1, **nil\nend", "(def a |b c:1 **nil| _)"),
        ("private def a = b; def a = b rescue c", "(call private (def a || b)) (def a || (begin b (rescue [] c)))"),
        (
            "class A < B::C; D; end; class A::E; end; class ::F; end; class << x; y; end; module M; end",
            "(class A < B::C D) (class A::E _) (class ::F _) (class << x y) (module M _)",
        ),
        (
            "alias a b; alias :c :d=; alias $e $f; alias + -; undef g, :h, +",
            "(alias a b) (alias c d=) (alias $e $f) (alias + -) (undef g h +)",
        ),
        ("BEGIN { a }; END { b }", "(hook a) nil"),
        ("(a; b); (); ((c))", "(do a b) nil c"),
    ]);
}

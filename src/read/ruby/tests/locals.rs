//! Which bare words are locals, and the operators after them.

use super::{check, dump};
use crate::read::ruby::parse_text;
use crate::source::FileId;

#[test]
fn a_name_is_a_local_from_its_first_assignment_on() {
    check(&[
        ("a; a = 1; a", "a (= a 1) %a"),
        ("a = a; b ||= b; c += c", "(= a %a) (||= b %b) (+= c %c)"),
        ("x = 1 if x; x", "(if %x (= x 1) _) %x"),
        ("y if y = 1", "(if (= y 1) y _)"),
        ("if false\n a = 1\nend\na", "(if false (= a 1) _) %a"),
        ("a = 1; f { a; b = 2 }; b", "(= a 1) (call f [|| (do %a (= b 2))]) b"),
        ("a = 1; def m(b, c = b) a; b; end; b", "(= a 1) (def m |b c=%b| (do a %b)) b"),
        ("a = 1; class C; a; end; module M; a; end; class << self; a; end", "(= a 1) (class C a) (module M a) (class << self a)"),
        ("for i, (j, k) in l do i end; i; j; k", "(for i (j k) in l %i) %i %j %k"),
        ("begin; rescue => e; e; end; e", "(begin _ (rescue []=>e %e)) %e"),
        ("a = 1; a(); a 2; a.b; a { }", "(= a 1) (call a) (call a 2) (. %a b) (call a [|| _])"),
        ("f { |x; y| [x, y] }; x", "(call f [|x ;y| [%x %y]]) x"),
        ("a = 1; \"#{a} #{b}\"; { a:, b: }", "(= a 1) #{%a}+\" \"+#{b} {:a=>%a :b=>b}"),
        ("case x\nin {a:, b: [c, *d]} then [a, b, c, d]\nend", "(case x (in {a: b:[?c|*d|]} : [%a b %c %d]) _)"),
    ]);
}

#[test]
fn locals_given_from_outside() {
    let (program, _) = parse_text(FileId(0), "a; b", &["a"]);
    assert_eq!(dump::program(&program), "%a b");
}

#[test]
fn after_a_local_an_operator_is_no_argument() {
    check(&[
        ("x = 1; x -1; x - 1; x +y; x [0]; x *y; x &y", "(= x 1) (. %x - 1) (. %x - 1) (. %x + y) (. %x [] 0) (. %x * y) (. %x & y)"),
        (
            "x = 1; x -1 * 2; x -1 + 2; x *y + 1; x -y > 3 ? 4 : 5",
            "(= x 1) (. %x - (. 1 * 2)) (. (. %x - 1) + 2) (. (. %x * y) + 1) (if (. (. %x - y) > 3) 4 5)",
        ),
        ("x = 1; x [0].foo + 1; x [y, 1]; x -y.z", "(= x 1) (. (. (. %x [] 0) foo) + 1) (. %x [] y 1) (. %x - (. y z))"),
        ("x -1; x [0]; x *y", "(call x -1) (call x [0]) (call x *y)"),
        (
            "x = 1; [x -1, b]; [x *2, b]; foo(x [0], 1); \"#{x -1}\"",
            "(= x 1) [(. %x - 1) b] [(. %x * 2) b] (call foo (. %x [] 0) 1) #{(. %x - 1)}",
        ),
        (
            "x = 1; x [0].each do |y| y end; x **y; x /2; x %2; x ->{}",
            "(= x 1) (. (. %x [] 0) each [|y| %y]) (. %x ** y) (. %x / 2) (. %x % 2) (call x ->[|| _])",
        ),
        ("x = 1; f(y, x /2)", "(= x 1) (call f y (. %x / 2))"),
        ("x = 1; x /2; y = 1 /1", "(= x 1) (. %x / 2) (= y (. 1 / 1))"),
        ("x = []; x <<y; x <<-z; x <<\"w\"; a", "(= x []) (. %x << y) (. %x << (. z -@)) (. %x << \"w\") a"),
        ("a<<b; c&d; e.f<<g.h; e.f&g; a&b == c", "(. a << b) (. c & d) (. (. e f) << (. g h)) (. (. e f) & g) (. (. a & b) == c)"),
    ]);
}

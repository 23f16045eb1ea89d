//! Everything with a left side.

use super::check;

#[test]
fn single() {
    check(&[
        ("a = 1; @a = 2; @@a = 3; $a = 4; A = 5; A::B = 6; ::C = 7", "(= a 1) (= @a 2) (= @@a 3) (= $a 4) (= A 5) (= A::B 6) (= ::C 7)"),
        ("a.b = 1; a&.b = 2; a[1, 2] = 3; self.c = 4; a = b = 5", "(= a.b 1) (= a&.b 2) (= a[1 2] 3) (= self.c 4) (= a (= b 5))"),
        ("a = 1, 2; a = *b; a = *b, 1", "(= a [1 2]) (= a [*b]) (= a [*b 1])"),
        ("default['a']['b'] = 1", r#"(= (. default [] "a")["b"] 1)"#),
        ("a = b rescue c; a = foo 1 do end", "(= a (begin b (rescue [] c))) (= a (call foo 1 [|| _]))"),
    ]);
}

#[test]
fn with_operator() {
    check(&[
        (
            "a += 1; a ||= 2; @b &&= 3; C ||= 4; d.e -= 5; f[1] <<= 6; g **= 2",
            "(+= a 1) (||= a 2) (&&= @b 3) (||= C 4) (-= d.e 5) (<<= f[1] 6) (**= g 2)",
        ),
        ("A::B ||= 1; a&.b ||= c d", "(||= A::B 1) (||= a&.b (call c d))"),
    ]);
}

#[test]
fn multiple() {
    check(&[
        ("a, b = 1, 2; a, b = b, a", "(= (a b) [1 2]) (= (a b) [%b %a])"),
        ("a, (b, *c), d.e, f[1], *@g = *x, 1", "(= (a (b *c) d.e f[1] *@g) [*x 1])"),
        ("a, = x; *a, b = x; a, * = x; (a, b) = 1, 2; (a, b), c = x", "(= (a) x) (= (*a b) x) (= (a *) x) (= (a b) [1 2]) (= ((a b) c) x)"),
        ("a, b = foo 1", "(= (a b) (call foo 1))"),
    ]);
}

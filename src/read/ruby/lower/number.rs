//! Numbers: `1_000`, `0755`, `0x1f`, `1e3`, `3r`, `2ri`.

use tree_sitter::Node as Syntax;

use super::Lowering;
use crate::read::ruby::ast::Expr;

impl<'t> Lowering<'t> {
    /// A numeric literal, below zero when a minus stands right before it.
    pub(super) fn number(&mut self, node: Syntax<'t>, negative: bool) -> Expr {
        let kind = node.kind();
        if matches!(kind, "rational" | "complex") {
            let text = self.source(node);
            let Some(inside) = self.named(node).first().copied() else { return Expr::Broken };
            // `2ri` is a complex whose part the grammar calls rational though the `r` stands outside of it.
            let number = match inside.kind() {
                "rational" => match self.named(inside).first().copied() {
                    Some(part) => self.number(part, negative),
                    None => plain(self.source(inside), negative),
                },
                _ => self.number(inside, negative),
            };
            let mut number = self.node(inside, number);
            if text.ends_with("ri") || kind == "rational" {
                number = self.node(inside, Expr::Rational(number));
            }
            if kind == "rational" {
                return number.expr.clone();
            }
            return Expr::Imaginary(number);
        }
        plain(self.source(node), negative)
    }
}

fn plain(text: &str, negative: bool) -> Expr {
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let lower = digits.to_ascii_lowercase();
    let (radix, body) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', b'd', ..] => (10, &lower[2..]),
        [b'0', rest @ ..] if !rest.is_empty() && rest.iter().all(u8::is_ascii_digit) => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    if radix == 10 && body.contains(['.', 'e']) {
        let value = body.parse().unwrap_or(f64::NAN);
        return Expr::Float(if negative { -value } else { value });
    }
    let signed = if negative { format!("-{body}") } else { body.to_owned() };
    if let Ok(value) = i64::from_str_radix(&signed, radix) {
        return Expr::Integer(value);
    }
    match decimal(body, radix) {
        Some(decimal) if negative => Expr::BigInteger(format!("-{decimal}").into()),
        Some(decimal) => Expr::BigInteger(decimal.into()),
        None => Expr::Broken,
    }
}

/// The decimal digits of a number written with `radix`.
fn decimal(body: &str, radix: u32) -> Option<String> {
    if radix == 10 {
        let digits = body.trim_start_matches('0');
        return body.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.to_owned());
    }
    const GROUP: u64 = 1_000_000_000;
    let mut groups: Vec<u64> = vec![0];
    for character in body.chars() {
        let mut carry = u64::from(character.to_digit(radix)?);
        for group in &mut groups {
            let value = *group * u64::from(radix) + carry;
            *group = value % GROUP;
            carry = value / GROUP;
        }
        if carry > 0 {
            groups.push(carry);
        }
    }
    let mut text = groups.pop().unwrap_or(0).to_string();
    for group in groups.iter().rev() {
        text.push_str(&format!("{group:09}"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::plain;
    use crate::read::ruby::ast::Expr;

    #[test]
    fn numbers_of_every_radix() {
        for (text, value) in [("1_000", 1000), ("0755", 493), ("0o17", 15), ("0b1_01", 5), ("0xFf", 255), ("0d12", 12), ("0", 0)] {
            assert_eq!(plain(text, false), Expr::Integer(value), "{text}");
        }
        assert_eq!(plain("9223372036854775808", true), Expr::Integer(i64::MIN));
        assert_eq!(plain("9223372036854775808", false), Expr::BigInteger("9223372036854775808".into()));
        assert_eq!(plain("0x1_0000_0000_0000_0000", false), Expr::BigInteger("18446744073709551616".into()));
        assert_eq!(plain("1_0.5e-1", true), Expr::Float(-1.05));
    }
}

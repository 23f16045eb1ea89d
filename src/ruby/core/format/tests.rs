//! Flags, widths and precisions, and that no template makes the program panic.

use std::rc::Rc;

use proptest::prelude::*;

use super::format;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::source::SourceMap;

fn shown(template: &str, values: &[Value]) -> Option<String> {
    let mut interpreter = Interpreter::new(Rc::new(SourceMap::new()));
    format(&mut interpreter, template, values).ok()
}

#[test]
fn flags_width_and_precision() {
    for (template, value, want) in [
        ("%05d", Value::Integer(42), "00042"),
        ("%-5d|", Value::Integer(42), "42   |"),
        ("%+.3d", Value::Integer(5), "+005"),
        ("%05.3d|", Value::Integer(5), "  005|"),
        ("%#x", Value::Integer(-255), "0x..f01"),
        ("%08x", Value::Integer(-255), "..ffff01"),
        ("%x", Value::Integer(-1), "..f"),
        ("%b", Value::Integer(-5), "..1011"),
        ("%o", Value::Integer(-8), "..70"),
        ("%x", Value::Integer(i64::MIN), "..f8000000000000000"),
        ("%+x", Value::Integer(-255), "-ff"),
        ("%.0f", Value::Float(2.5), "2"),
        ("%08.2f", Value::Float(-2.71459), "-0002.71"),
        ("%e", Value::Float(12345.678), "1.234568e+04"),
        ("%g", Value::Float(0.00001), "1e-05"),
        ("%g", Value::Float(1e10), "1e+10"),
        ("%#g", Value::Float(1.0), "1.00000"),
        ("%a", Value::Float(1.0), "0x1p+0"),
        ("%010f", Value::Float(f64::INFINITY), "       Inf"),
        ("%d", Value::Float(1e20), "100000000000000000000"),
        ("%.2s|", Value::str("xyz"), "xy|"),
        ("%c", Value::Integer(65), "A"),
    ] {
        assert_eq!(shown(template, &[value]).as_deref(), Some(want), "{template}");
    }
    assert_eq!(shown("%2$s-%1$s", &[Value::str("a"), Value::str("b")]).as_deref(), Some("b-a"));
    assert_eq!(shown("%d %d", &[Value::Integer(1)]), None);
    assert_eq!(shown("%", &[]), None);
}

proptest! {
    #[test]
    fn never_panics(template in "[%a-zA-Z0-9.*$<>{}+# \\-]{0,24}", number in any::<i64>(), float in any::<f64>(), text in ".{0,6}") {
        let values = [Value::Integer(number), Value::Float(float), Value::str(text), Value::Nil];
        let _ = shown(&template, &values);
    }

    #[test]
    fn decimals_are_those_of_rust(number in any::<i64>(), precision in 0usize..12, float in -1e12f64..1e12) {
        prop_assert_eq!(shown("%d", &[Value::Integer(number)]), Some(number.to_string()));
        // What looks like a tie may go the other way: one unit of the last digit, as in `"%.2f" % -838304844509.3651`.
        let ours: f64 = shown(&format!("%.{precision}f"), &[Value::Float(float)]).unwrap().parse().unwrap();
        let exact: f64 = std::format!("{float:.precision$}").parse().unwrap();
        prop_assert!((ours - exact).abs() <= 1.01 * 10f64.powi(-i32::try_from(precision).unwrap()) + float.abs() * f64::EPSILON);
    }
}

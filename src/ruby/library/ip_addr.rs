//! `IPAddr`: addresses and networks.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

use crate::ruby::big::Big;
use crate::ruby::core::machine::{data_of, object_with, receiver_class};
use crate::ruby::core::string::bytes::binary;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// An address with the length of its prefix.
#[derive(Clone, Copy, PartialEq)]
struct Network {
    address: u128,
    prefix: u32,
    six: bool,
}

impl Network {
    fn bits(self) -> u32 {
        if self.six { 128 } else { 32 }
    }

    fn mask(self) -> u128 {
        let all = if self.six { u128::MAX } else { u128::from(u32::MAX) };
        let host = self.bits() - self.prefix.min(self.bits());
        if host >= 128 { 0 } else { all & !((1_u128 << host) - 1) }
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        let (address, suffix) = text.split_once('/').map_or((text, None), |(address, suffix)| (address, Some(suffix)));
        let address: IpAddr = address.trim_matches(['[', ']']).parse().map_err(|_| "invalid address")?;
        let (number, six) = match address {
            IpAddr::V4(four) => (u128::from(u32::from(four)), false),
            IpAddr::V6(six) => (u128::from(six), true),
        };
        let mut network = Self { address: number, prefix: if six { 128 } else { 32 }, six };
        if let Some(suffix) = suffix {
            network.prefix = match (suffix.parse::<u32>(), suffix.parse::<Ipv4Addr>()) {
                (Ok(length), _) if length <= network.bits() => length,
                (_, Ok(mask)) if !six => u32::from(mask).leading_ones(),
                _ => return Err("invalid length"),
            };
            network.address &= network.mask();
        }
        Ok(network)
    }

    fn text(self, number: u128) -> String {
        if self.six { Ipv6Addr::from(number).to_string() } else { Ipv4Addr::from(u32::try_from(number).unwrap_or(0)).to_string() }
    }

    fn last(self) -> u128 {
        let all = if self.six { u128::MAX } else { u128::from(u32::MAX) };
        self.address | (all & !self.mask())
    }
}

const ADDRESS: &[(&str, Native)] = &[
    ("to_s", |_, me, _| Ok(Value::str(this(me).text(this(me).address)))),
    ("to_string", |_, me, _| {
        let network = this(me);
        if !network.six {
            return Ok(Value::str(network.text(network.address)));
        }
        let groups: Vec<String> = Ipv6Addr::from(network.address).segments().iter().map(|group| format!("{group:04x}")).collect();
        Ok(Value::str(groups.join(":")))
    }),
    ("inspect", |_, me, _| {
        let network = this(me);
        let kind = if network.six { "IPv6" } else { "IPv4" };
        Ok(Value::str(format!("#<IPAddr: {kind}:{}/{}>", network.text(network.address), network.text(network.mask()))))
    }),
    ("to_i", |interpreter, me, _| {
        let number = Big::parse(&this(me).address.to_string(), 10).unwrap_or_else(|| Big::from(0));
        Ok(interpreter.big_integer(number))
    }),
    ("include?", include),
    ("===", include),
    ("ipv4?", |_, me, _| Ok(Value::Bool(!this(me).six))),
    ("ipv6?", |_, me, _| Ok(Value::Bool(this(me).six))),
    ("prefix", |_, me, _| Ok(Value::Integer(i64::from(this(me).prefix)))),
    ("mask", |interpreter, me, args| {
        let suffix = interpreter.display(&args.value(0))?;
        let network = this(me);
        made(interpreter, me, &format!("{}/{suffix}", network.text(network.address)))
    }),
    ("succ", |interpreter, me, _| {
        let network = this(me);
        let class = interpreter.real_class(me);
        Ok(object_with(&class, Rc::new(Network { address: network.address.wrapping_add(1), ..network })))
    }),
    ("|", |interpreter, me, args| combined(interpreter, me, args, |a, b| a | b)),
    ("&", |interpreter, me, args| combined(interpreter, me, args, |a, b| a & b)),
    ("~", |interpreter, me, _| {
        let network = this(me);
        Ok(like(interpreter, me, network, !network.address))
    }),
    ("<<", |interpreter, me, args| shifted(interpreter, me, args, true)),
    (">>", |interpreter, me, args| shifted(interpreter, me, args, false)),
    ("netmask", |_, me, _| Ok(Value::str(this(me).text(this(me).mask())))),
    ("family", |_, me, _| Ok(Value::Integer(if this(me).six { 10 } else { 2 }))),
    ("hton", |_, me, _| {
        let network = this(me);
        let bytes = network.address.to_be_bytes();
        Ok(Value::str(binary(if network.six { &bytes } else { &bytes[12..] })))
    }),
    ("reverse", |_, me, _| Ok(Value::str(reversed(this(me), "ip6.arpa")))),
    ("ip6_arpa", |_, me, _| Ok(Value::str(reversed(this(me), "ip6.arpa")))),
    ("ip6_int", |_, me, _| Ok(Value::str(reversed(this(me), "ip6.int")))),
    ("link_local?", |_, me, _| {
        let network = this(me);
        let local = if network.six { network.address >> 118 == 0x3FA } else { network.address >> 16 == 0xA9FE };
        Ok(Value::Bool(local))
    }),
    ("ipv4_mapped?", |_, me, _| Ok(Value::Bool(this(me).six && this(me).address >> 32 == 0xFFFF))),
    ("ipv4_mapped", |interpreter, me, _| {
        let network = this(me);
        if network.six {
            return interpreter.argument_error(format!("not an IPv4 address: {}", network.text(network.address)));
        }
        let class = interpreter.real_class(me);
        let mapped = Network { address: network.address | 0xFFFF_0000_0000, prefix: network.prefix + 96, six: true };
        Ok(object_with(&class, Rc::new(mapped)))
    }),
    ("native", |interpreter, me, _| {
        let network = this(me);
        if !network.six || network.address >> 32 != 0xFFFF {
            return Ok(me.clone());
        }
        let class = interpreter.real_class(me);
        let four = Network { address: network.address & 0xFFFF_FFFF, prefix: network.prefix.saturating_sub(96), six: false };
        Ok(object_with(&class, Rc::new(four)))
    }),
    ("to_range", |interpreter, me, _| {
        let network = this(me);
        let class = interpreter.real_class(me);
        let end = |address| object_with(&class, Rc::new(Network { address, prefix: network.bits(), six: network.six }));
        Ok(Value::range(end(network.address), end(network.last()), false))
    }),
    ("private?", |_, me, _| {
        let network = this(me);
        let address = u32::try_from(network.address).unwrap_or(0);
        Ok(Value::Bool(if network.six { network.address >> 121 == 0x7E } else { Ipv4Addr::from(address).is_private() }))
    }),
    ("loopback?", |_, me, _| {
        let network = this(me);
        let address = u32::try_from(network.address).unwrap_or(0);
        Ok(Value::Bool(if network.six { network.address == 1 } else { Ipv4Addr::from(address).is_loopback() }))
    }),
    ("==", |_, me, args| {
        Ok(Value::Bool(other(&args.value(0)).is_some_and(|other| other.address == this(me).address && other.six == this(me).six)))
    }),
    ("eql?", |_, me, args| Ok(Value::Bool(data_of::<Network>(&args.value(0)).is_some_and(|other| *other == this(me))))),
    ("hash", |_, me, _| Ok(Value::Integer(i64::try_from(this(me).address & 0xFFFF_FFFF_FFFF).unwrap_or(0)))),
    ("<=>", |_, me, args| {
        let other = other(&args.value(0));
        Ok(other
            .filter(|other| other.six == this(me).six)
            .map_or(Value::Nil, |other| Value::Integer(this(me).address.cmp(&other.address) as i64)))
    }),
];

/// Installs the class.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("IPAddr", &object);
    let comparable = Rc::clone(&interpreter.classes.comparable);
    interpreter.include(&class, &comparable);
    interpreter.define(&class, ADDRESS);
    interpreter.define_singleton(
        &class,
        &[("new", |interpreter, me, args| {
            let text = interpreter.to_str(&args.value(0))?;
            made(interpreter, me, &text)
        })],
    );
    interpreter.looks_at_data(&class);
    error(interpreter, "InvalidAddressError");
    error(interpreter, "InvalidPrefixError");
}

fn error(interpreter: &mut Interpreter, name: &str) -> Rc<Module> {
    let above = Rc::clone(&interpreter.classes.argument_error);
    let base = interpreter.define_class_path("IPAddr::Error", &above);
    interpreter.define_class_path(&format!("IPAddr::{name}"), &base)
}

fn this(me: &Value) -> Network {
    data_of::<Network>(me).map_or(Network { address: 0, prefix: 32, six: false }, |network| *network)
}

fn made(interpreter: &mut Interpreter, me: &Value, text: &str) -> Eval {
    let class = receiver_class(interpreter, me);
    match Network::parse(text) {
        Ok(network) => Ok(object_with(&class, Rc::new(network))),
        Err(words) => {
            let class = error(interpreter, if words == "invalid length" { "InvalidPrefixError" } else { "InvalidAddressError" });
            interpreter.raise(&class, format!("{words}: {text}"))
        }
    }
}

/// The address `address` with the family and prefix of `network`.
fn like(interpreter: &mut Interpreter, me: &Value, network: Network, address: u128) -> Value {
    let all = if network.six { u128::MAX } else { u128::from(u32::MAX) };
    let class = interpreter.real_class(me);
    object_with(&class, Rc::new(Network { address: address & all, ..network }))
}

fn combined(interpreter: &mut Interpreter, me: &Value, args: &Args, with: fn(u128, u128) -> u128) -> Eval {
    let network = this(me);
    let other = match args.value(0) {
        Value::Unknown(hole) => return Ok(interpreter.derived(&hole, " (in an address)")),
        Value::Integer(number) => u128::try_from(number).unwrap_or(0),
        value => match other(&value) {
            Some(other) => other.address,
            None => {
                let text = interpreter.display(&value)?;
                return made(interpreter, me, &text);
            }
        },
    };
    Ok(like(interpreter, me, network, with(network.address, other)))
}

fn shifted(interpreter: &mut Interpreter, me: &Value, args: &Args, left: bool) -> Eval {
    let network = this(me);
    let by = u32::try_from(interpreter.to_integer(&args.value(0))?).unwrap_or(128);
    let address = if left { network.address.checked_shl(by) } else { network.address.checked_shr(by) };
    Ok(like(interpreter, me, network, address.unwrap_or(0)))
}

/// The name of the address in the tree of reverse look-ups.
fn reversed(network: Network, six: &str) -> String {
    if network.six {
        let digits: Vec<String> = format!("{:032x}", network.address).chars().rev().map(String::from).collect();
        return format!("{}.{six}", digits.join("."));
    }
    let parts: Vec<String> = Ipv4Addr::from(u32::try_from(network.address).unwrap_or(0)).octets().iter().rev().map(u8::to_string).collect();
    format!("{}.in-addr.arpa", parts.join("."))
}

fn other(value: &Value) -> Option<Network> {
    match value {
        Value::Str(text) => Network::parse(&text.text.borrow()).ok(),
        other => data_of::<Network>(other).map(|network| *network),
    }
}

fn include(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(interpreter.derived(&hole, " (in a network)"));
    }
    let network = this(me);
    match other(&args.value(0)) {
        Some(other) => {
            let inside = other.six == network.six && other.address & network.mask() == network.address & network.mask();
            Ok(Value::Bool(inside && other.prefix >= network.prefix))
        }
        None => {
            let text = interpreter.display(&args.value(0))?;
            made(interpreter, me, &text)?;
            Ok(Value::Bool(false))
        }
    }
}

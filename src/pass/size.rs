//! What an instance type has, and what a process on it may ask for.

use crate::blueprint::Resources;

/// Types of earlier generations, which follow no rule.
const EARLIER: &[(&str, u32, u32)] = &[
    ("t1.micro", 1, 613),
    ("m1.small", 1, 1740),
    ("m1.medium", 1, 3840),
    ("m1.large", 2, 7680),
    ("m1.xlarge", 4, 15_360),
    ("c1.medium", 2, 1740),
    ("c1.xlarge", 8, 7168),
    ("m2.xlarge", 2, 17_510),
    ("m2.2xlarge", 4, 35_020),
    ("m3.medium", 1, 3840),
    ("m3.large", 2, 7680),
    ("m3.xlarge", 4, 15_360),
    ("m3.2xlarge", 8, 30_720),
    ("c3.large", 2, 3840),
    ("c3.xlarge", 4, 7680),
    ("c3.2xlarge", 8, 15_360),
    ("c4.large", 2, 3840),
    ("c4.xlarge", 4, 7680),
    ("c4.2xlarge", 8, 15_360),
    ("r3.large", 2, 15_616),
    ("r3.xlarge", 4, 31_232),
];

/// Virtual CPUs and MiB of memory of an EC2 instance type; `None` for a type that is not known.
#[must_use]
pub fn instance(kind: &str) -> Option<(u32, u32)> {
    if let Some((_, cpus, memory)) = EARLIER.iter().find(|(name, ..)| *name == kind) {
        return Some((*cpus, *memory));
    }
    let (family, size) = kind.split_once('.')?;
    let burstable = family.starts_with('t');
    if burstable {
        let gib = match size {
            "nano" => 512,
            "micro" => 1024,
            "small" => 2048,
            "medium" => 4096,
            "large" => 8192,
            "xlarge" => 16_384,
            "2xlarge" => 32_768,
            _ => return None,
        };
        let cpus = match (family, size) {
            ("t1" | "t2", "nano" | "micro" | "small") => 1,
            (_, "xlarge") => 4,
            (_, "2xlarge") => 8,
            _ => 2,
        };
        return Some((cpus, gib));
    }
    let cpus = match size {
        "medium" => 1,
        "large" => 2,
        "xlarge" => 4,
        other => other.strip_suffix("xlarge")?.parse::<u32>().ok()?.checked_mul(4)?,
    };
    // GiB for each CPU, by family.
    let ratio = match family.chars().next()? {
        'a' | 'c' => 2,
        'm' | 'g' => 4,
        'r' | 'x' | 'i' | 'z' => 8,
        _ => return None,
    };
    Some((cpus, cpus.checked_mul(ratio * 1024)?))
}

/// What one of `processes` equal processes on a host of that type asks for; a memory ceiling of the host's supervisor is the request.
#[must_use]
pub fn share(kind: Option<&str>, processes: u32, ceiling_mib: Option<u32>) -> Resources {
    let (cpus, memory) = kind.and_then(instance).unwrap_or((1, 2048));
    let processes = processes.max(1);
    // A fifth of the host was the system's, its agents' and the proxy's.
    let cpu = (cpus * 800 / processes).max(100) / 50 * 50;
    let own = (memory * 4 / 5 / processes).clamp(128, 8192) / 64 * 64;
    match ceiling_mib {
        Some(ceiling) => Resources { cpu_millis: cpu, memory_mib: ceiling, memory_limit_mib: (ceiling + ceiling / 3).div_ceil(64) * 64 },
        None => Resources { cpu_millis: cpu, memory_mib: (own / 2).max(128), memory_limit_mib: own },
    }
}

#[cfg(test)]
mod tests {
    use super::instance;

    #[test]
    fn instance_types() {
        assert_eq!(instance("c5.xlarge"), Some((4, 8192)));
        assert_eq!(instance("m5.2xlarge"), Some((8, 32_768)));
        assert_eq!(instance("t2.micro"), Some((1, 1024)));
        assert_eq!(instance("t3.large"), Some((2, 8192)));
        assert_eq!(instance("m3.medium"), Some((1, 3840)));
        assert_eq!(instance("c4.xlarge"), Some((4, 7680)));
        assert_eq!(instance("c5.99999999xlarge"), None);
        assert_eq!(instance("mystery"), None);
    }
}

//! What an instance type has, and what a process on it may ask for.

use crate::blueprint::Resources;

/// Virtual CPUs and MiB of memory of an EC2 instance type; `None` for a type that is not known.
#[must_use]
pub fn instance(kind: &str) -> Option<(u32, u32)> {
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
        'c' => 2,
        'm' => 4,
        'r' | 'x' | 'i' => 8,
        _ => return None,
    };
    Some((cpus, cpus * ratio * 1024))
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
        assert_eq!(instance("mystery"), None);
    }
}

//! Sizes: what Fargate sells, and CPU in the units of Amazon ECS.
//!
//! A task on Fargate has one of few combinations of CPU and memory; the next that holds what is asked for is taken:
//! 1,600 thousandths and 3,264 MiB → 2048 units (2 vCPU) and 4096 MiB.

/// CPU units with the least and the most memory in MiB, and the step between.
const COMBINATIONS: &[(u32, u32, u32, u32)] = &[
    (256, 512, 2048, 0),
    (512, 1024, 4096, 1024),
    (1024, 2048, 8192, 1024),
    (2048, 4096, 16_384, 1024),
    (4096, 8192, 30_720, 1024),
    (8192, 16_384, 61_440, 4096),
    (16_384, 32_768, 122_880, 8192),
];

/// CPU and memory of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// 1024 for one CPU.
    pub cpu: u32,
    /// MiB.
    pub memory: u32,
    /// It is as much as was asked for.
    pub enough: bool,
}

/// Thousandths of a CPU as units of 1/1024.
#[must_use]
pub fn units(millis: u32) -> u32 {
    u32::try_from((u64::from(millis) * 1024).div_ceil(1000)).unwrap_or(u32::MAX)
}

/// The smallest size on Fargate that holds `millis` thousandths of a CPU and `mib` MiB.
#[must_use]
pub fn fargate(millis: u32, mib: u32) -> Size {
    let wanted = units(millis);
    for (cpu, least, most, step) in COMBINATIONS.iter().copied() {
        if cpu >= wanted && mib <= most {
            let memory = match step {
                // The smallest doubles instead.
                0 => mib.max(least).next_power_of_two(),
                step => least + mib.saturating_sub(least).div_ceil(step) * step,
            };
            return Size { cpu, memory: memory.min(most), enough: true };
        }
    }
    Size { cpu: 16_384, memory: 122_880, enough: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up_to_what_is_sold() {
        for (millis, mib, cpu, memory) in [
            (0, 0, 256, 512),
            (250, 1024, 256, 1024),
            (250, 1025, 256, 2048),
            (250, 2049, 512, 3072),
            (500, 512, 512, 1024),
            (1000, 2049, 1024, 3072),
            (1600, 3264, 2048, 4096),
            (3200, 6528, 4096, 8192),
            (6400, 3200, 8192, 16_384),
            (6400, 16_385, 8192, 20_480),
            (9000, 32_769, 16_384, 40_960),
            (100, 100_000, 16_384, 106_496),
        ] {
            assert_eq!(fargate(millis, mib), Size { cpu, memory, enough: true }, "{millis} {mib}");
        }
        assert!(!fargate(17_000, 1).enough && !fargate(1, 200_000).enough && !fargate(u32::MAX, u32::MAX).enough);
    }
}

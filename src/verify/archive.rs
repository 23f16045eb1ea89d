//! The file system of an image from a tar archive, as `docker export` prints it.
//!
//! In: bytes, and the paths whose content is asked for. Out: [`FileSystem`]: what stands at every path, and the content of those few.
//! Nothing is unpacked; whatever the archive claims, memory stays bounded, and a fault of its form is an [`Error`].

use std::collections::BTreeSet;
use std::io::Read;

use super::system::{Entry, FileSystem, Kind, normal};

const BLOCK: usize = 512;
/// Longest extended header that is read.
const HEADER: u64 = 1 << 20;
/// Longest path that is kept.
const PATH: usize = 4096;
/// Longest file of which the content is kept, and of all of them together.
const CONTENT: u64 = 16 << 20;
const CONTENTS: u64 = 256 << 20;
/// Most entries of an archive.
const ENTRIES: usize = 4_000_000;

/// Why there is no file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// It is no tar archive: what it is, as far as that shows.
    Format(String),
    /// It ends in the middle.
    Truncated,
    /// It has more than a file system can have.
    TooLarge(String),
    /// It cannot be read.
    Read(String),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Format(why) | Self::TooLarge(why) | Self::Read(why) => f.write_str(why),
            Self::Truncated => f.write_str("the archive ends in the middle"),
        }
    }
}

/// What extended headers say of the entry behind them.
#[derive(Default)]
struct Extended {
    path: Option<String>,
    link: Option<String>,
    size: Option<u64>,
    uid: Option<u64>,
    gid: Option<u64>,
}

/// Reads a whole archive, keeping the content of the files in `wanted` (absolute paths).
pub fn read(from: &mut dyn Read, wanted: &BTreeSet<String>) -> Result<FileSystem, Error> {
    let mut archive = Archive { from, wanted, system: FileSystem::default(), kept: 0 };
    archive.all()?;
    if archive.system.find("/manifest.json").is_some() && archive.system.find("/etc").is_none() && archive.system.find("/bin").is_none() {
        return Err(Error::Format(
            "it is an image as `docker save` writes it: give the output of `docker export` of a container".to_owned(),
        ));
    }
    Ok(archive.system)
}

struct Archive<'a> {
    from: &'a mut dyn Read,
    wanted: &'a BTreeSet<String>,
    system: FileSystem,
    kept: u64,
}

impl Archive<'_> {
    fn all(&mut self) -> Result<(), Error> {
        let mut extended = Extended::default();
        let mut count = 0_usize;
        loop {
            let Some(block) = self.block(count == 0)? else { return Err(Error::Format("it is empty".to_owned())) };
            if block.iter().all(|byte| *byte == 0) {
                return self.rest();
            }
            check(&block, count)?;
            count += 1;
            if count > ENTRIES {
                return Err(Error::TooLarge(format!("the archive has more than {ENTRIES} entries")));
            }
            let declared = number(&block[124..136]);
            match block[156] {
                b'x' => self.records(declared, &mut extended)?,
                b'g' => self.skip(padded(declared))?,
                b'L' => extended.path = Some(self.long(declared)?),
                b'K' => extended.link = Some(self.long(declared)?),
                _ => self.entry(&block, std::mem::take(&mut extended))?,
            }
        }
    }

    /// The next block; `None` where nothing at all is there and that is no fault by itself.
    fn block(&mut self, first: bool) -> Result<Option<[u8; BLOCK]>, Error> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            let read = self.some(&mut block[filled..])?;
            if read == 0 {
                if first && filled == 0 {
                    return Ok(None);
                }
                if first {
                    check(&block, 0)?;
                }
                return Err(Error::Truncated);
            }
            filled += read;
        }
        Ok(Some(block))
    }

    fn some(&mut self, into: &mut [u8]) -> Result<usize, Error> {
        loop {
            match self.from.read(into) {
                Ok(read) => return Ok(read),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::Read(error.to_string().to_lowercase())),
            }
        }
    }

    fn skip(&mut self, mut count: u64) -> Result<(), Error> {
        let mut scratch = [0; 16 * 1024];
        while count > 0 {
            let most = usize::try_from(count).map_or(scratch.len(), |count| count.min(scratch.len()));
            let read = self.some(&mut scratch[..most])?;
            if read == 0 {
                return Err(Error::Truncated);
            }
            count -= read as u64;
        }
        Ok(())
    }

    /// What stands behind the end, so that whoever writes it is not cut off.
    fn rest(&mut self) -> Result<(), Error> {
        let mut scratch = [0; 16 * 1024];
        while self.some(&mut scratch)? > 0 {}
        Ok(())
    }

    /// The next `size` bytes and their padding. The buffer grows with what is there, not with what is claimed.
    fn bytes(&mut self, size: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let read = (&mut self.from).take(size).read_to_end(&mut bytes).map_err(|error| Error::Read(error.to_string().to_lowercase()))?;
        if (read as u64) < size {
            return Err(Error::Truncated);
        }
        self.skip(padded(size) - size)?;
        Ok(bytes)
    }

    fn long(&mut self, size: u64) -> Result<String, Error> {
        if size > HEADER {
            return Err(Error::TooLarge("a name in the archive is longer than any file system allows".to_owned()));
        }
        Ok(text(&self.bytes(size)?))
    }

    /// Records of the form `27 path=a/very/long/name\n`.
    fn records(&mut self, size: u64, extended: &mut Extended) -> Result<(), Error> {
        if size > HEADER {
            return Err(Error::TooLarge("a header of the archive is longer than a megabyte".to_owned()));
        }
        let bytes = self.bytes(size)?;
        let mut rest = bytes.as_slice();
        while let Some(space) = rest.iter().position(|byte| *byte == b' ') {
            let length = std::str::from_utf8(&rest[..space]).ok().and_then(|digits| digits.parse::<usize>().ok());
            let Some(record) = length.and_then(|length| rest.get(space + 1..length)) else { break };
            let whole = length.unwrap_or(rest.len());
            let record = String::from_utf8_lossy(record.strip_suffix(b"\n").unwrap_or(record)).into_owned();
            if let Some((key, value)) = record.split_once('=') {
                match key {
                    "path" => extended.path = Some(value.to_owned()),
                    "linkpath" => extended.link = Some(value.to_owned()),
                    "size" => extended.size = value.parse().ok(),
                    "uid" => extended.uid = value.parse().ok(),
                    "gid" => extended.gid = value.parse().ok(),
                    _ => {}
                }
            }
            rest = rest.get(whole..).unwrap_or_default();
        }
        Ok(())
    }

    fn entry(&mut self, block: &[u8; BLOCK], extended: Extended) -> Result<(), Error> {
        let kind = match block[156] {
            b'5' => Kind::Directory,
            b'2' => Kind::Link,
            b'1' => Kind::HardLink,
            b'0' | 0 | b'7' => Kind::File,
            _ => Kind::Other,
        };
        let size = extended.size.unwrap_or_else(|| number(&block[124..136]));
        // Of the other types some have data, whatever they claim of its size.
        let data = if matches!(kind, Kind::File | Kind::Other) { size } else { 0 };
        let name = extended.path.unwrap_or_else(|| name_of(block));
        let link = extended.link.unwrap_or_else(|| text(&block[157..257]));
        let path = normal(&name).filter(|path| path.len() <= PATH);
        let Some(path) = path else {
            self.system.refuse();
            return self.skip(padded(data));
        };
        let narrow = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
        let entry = Entry {
            kind,
            mode: narrow(number(&block[100..108])) & 0o7777,
            uid: narrow(extended.uid.unwrap_or_else(|| number(&block[108..116]))),
            gid: narrow(extended.gid.unwrap_or_else(|| number(&block[116..124]))),
            size,
            link: matches!(kind, Kind::Link | Kind::HardLink).then(|| link.chars().take(PATH).collect()),
        };
        let keep = kind == Kind::File && self.wanted.contains(&path) && data <= CONTENT && self.kept + data <= CONTENTS;
        if keep {
            let bytes = self.bytes(data)?;
            self.kept += data;
            self.system.add(path, entry, Some(bytes));
        } else {
            self.skip(padded(data))?;
            self.system.add(path, entry, None);
        }
        Ok(())
    }
}

/// The sum of a header's bytes tells an archive from anything else.
fn check(block: &[u8; BLOCK], before: usize) -> Result<(), Error> {
    let sum: u64 = block.iter().enumerate().map(|(at, byte)| u64::from(if (148..156).contains(&at) { b' ' } else { *byte })).sum();
    if sum == number(&block[148..156]) {
        return Ok(());
    }
    Err(Error::Format(match block {
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] if before == 0 => "it is compressed: unpack it first".to_owned(),
        _ if before == 0 => "it is no tar archive".to_owned(),
        _ => format!("the archive is damaged behind its entry {before}"),
    }))
}

/// A number in octal digits, or in base 256 where the first bit is set.
fn number(field: &[u8]) -> u64 {
    if field.first().is_some_and(|first| first & 0x80 != 0) {
        return field.iter().skip(1).fold(0_u64, |value, byte| value.saturating_mul(256).saturating_add(u64::from(*byte)));
    }
    let digits = field.iter().copied().skip_while(|byte| matches!(byte, b' ' | 0)).take_while(|byte| (b'0'..=b'7').contains(byte));
    digits.fold(0_u64, |value, byte| value.saturating_mul(8).saturating_add(u64::from(byte - b'0')))
}

/// With the padding to whole blocks.
fn padded(size: u64) -> u64 {
    size.saturating_add(BLOCK as u64 - 1) / BLOCK as u64 * BLOCK as u64
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

fn name_of(block: &[u8; BLOCK]) -> String {
    let name = text(&block[0..100]);
    // GNU's old headers have other things where POSIX has the beginning of the path.
    let prefix = if block[257..263] == *b"ustar\0" { text(&block[345..500]) } else { String::new() };
    if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
}

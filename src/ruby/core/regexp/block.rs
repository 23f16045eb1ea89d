//! The blocks of Unicode that `\p{In…}` names, as a class of characters.

/// Name without underscores and in lower case, first and last character.
const BLOCKS: &[(&str, u32, u32)] = &[
    ("basiclatin", 0x0000, 0x007F),
    ("latin1supplement", 0x0080, 0x00FF),
    ("latinextendeda", 0x0100, 0x017F),
    ("latinextendedb", 0x0180, 0x024F),
    ("ipaextensions", 0x0250, 0x02AF),
    ("spacingmodifierletters", 0x02B0, 0x02FF),
    ("combiningdiacriticalmarks", 0x0300, 0x036F),
    ("greekandcoptic", 0x0370, 0x03FF),
    ("cyrillic", 0x0400, 0x04FF),
    ("cyrillicsupplement", 0x0500, 0x052F),
    ("armenian", 0x0530, 0x058F),
    ("hebrew", 0x0590, 0x05FF),
    ("arabic", 0x0600, 0x06FF),
    ("syriac", 0x0700, 0x074F),
    ("devanagari", 0x0900, 0x097F),
    ("bengali", 0x0980, 0x09FF),
    ("tamil", 0x0B80, 0x0BFF),
    ("thai", 0x0E00, 0x0E7F),
    ("lao", 0x0E80, 0x0EFF),
    ("tibetan", 0x0F00, 0x0FFF),
    ("georgian", 0x10A0, 0x10FF),
    ("hanguljamo", 0x1100, 0x11FF),
    ("latinextendedadditional", 0x1E00, 0x1EFF),
    ("greekextended", 0x1F00, 0x1FFF),
    ("generalpunctuation", 0x2000, 0x206F),
    ("superscriptsandsubscripts", 0x2070, 0x209F),
    ("currencysymbols", 0x20A0, 0x20CF),
    ("letterlikesymbols", 0x2100, 0x214F),
    ("numberforms", 0x2150, 0x218F),
    ("arrows", 0x2190, 0x21FF),
    ("mathematicaloperators", 0x2200, 0x22FF),
    ("miscellaneoustechnical", 0x2300, 0x23FF),
    ("enclosedalphanumerics", 0x2460, 0x24FF),
    ("boxdrawing", 0x2500, 0x257F),
    ("blockelements", 0x2580, 0x259F),
    ("geometricshapes", 0x25A0, 0x25FF),
    ("miscellaneoussymbols", 0x2600, 0x26FF),
    ("dingbats", 0x2700, 0x27BF),
    ("braillepatterns", 0x2800, 0x28FF),
    ("cjkradicalssupplement", 0x2E80, 0x2EFF),
    ("cjksymbolsandpunctuation", 0x3000, 0x303F),
    ("hiragana", 0x3040, 0x309F),
    ("katakana", 0x30A0, 0x30FF),
    ("bopomofo", 0x3100, 0x312F),
    ("hangulcompatibilityjamo", 0x3130, 0x318F),
    ("katakanaphoneticextensions", 0x31F0, 0x31FF),
    ("enclosedcjklettersandmonths", 0x3200, 0x32FF),
    ("cjkcompatibility", 0x3300, 0x33FF),
    ("cjkunifiedideographsextensiona", 0x3400, 0x4DBF),
    ("cjkunifiedideographs", 0x4E00, 0x9FFF),
    ("hangulsyllables", 0xAC00, 0xD7AF),
    ("cjkcompatibilityideographs", 0xF900, 0xFAFF),
    ("alphabeticpresentationforms", 0xFB00, 0xFB4F),
    ("arabicpresentationformsa", 0xFB50, 0xFDFF),
    ("arabicpresentationformsb", 0xFE70, 0xFEFF),
    ("halfwidthandfullwidthforms", 0xFF00, 0xFFEF),
    ("miscellaneoussymbolsandpictographs", 0x1F300, 0x1F5FF),
    ("emoticons", 0x1F600, 0x1F64F),
    ("transportandmapsymbols", 0x1F680, 0x1F6FF),
];

/// The inside of the class of a block: `InBasicLatin` and `in_basic_latin` are `\u{0}-\u{7F}`.
#[must_use]
pub fn block(name: &str) -> Option<String> {
    let plain: String = name.chars().filter(|c| !matches!(c, '_' | ' ' | '-')).collect::<String>().to_lowercase();
    let plain = plain.strip_prefix("in")?;
    let (_, first, last) = BLOCKS.iter().find(|(name, _, _)| *name == plain)?;
    Some(format!("\\x{{{first:X}}}-\\x{{{last:X}}}"))
}

#[cfg(test)]
mod tests {
    use super::block;

    #[test]
    fn blocks_are_found_by_any_spelling() {
        assert_eq!(block("InBasicLatin").as_deref(), Some("\\x{0}-\\x{7F}"));
        assert_eq!(block("In_Greek_and_Coptic"), block("ingreekandcoptic"));
        assert_eq!(block("Inner"), None);
        assert_eq!(block("Latin"), None);
    }
}

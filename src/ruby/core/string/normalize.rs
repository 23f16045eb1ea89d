//! `unicode_normalize`: the forms of Latin letters with marks, and of compatibility characters (ligatures, full-width forms).
//!
//! `"é".unicode_normalize(:nfd)` is two characters. Other scripts stay as they are.

use super::{change, look, text};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub(super) const METHODS: &[(&str, Native)] = &[
    ("unicode_normalize", |i, me, args| Ok(Value::str(normalized(i, me, args)?))),
    ("unicode_normalize!", |i, me, args| {
        let new = normalized(i, me, args)?;
        change(i, me, new)?;
        Ok(me.clone())
    }),
    ("unicode_normalized?", |i, me, args| {
        let new = normalized(i, me, args)?;
        Ok(Value::Bool(look(me, |text| text == new)))
    }),
];

/// A mark, and the letters with it, each followed by its base. From the Unicode character database, Latin blocks.
const MARKED: &[(char, &str)] = &[
    ('\u{300}', "ÀAÈEÌIÒOÙUàaèeìiòoùuǛÜǜüǸNǹnḔĒḕēṐŌṑōẀWẁwẦÂầâẰĂằăỀÊềêỒÔồôỜƠờơỪƯừưỲYỳy"),
    (
        '\u{301}',
        "ÁAÉEÍIÓOÚUÝYáaéeíióoúuýyĆCćcĹLĺlŃNńnŔRŕrŚSśsŹZźzǗÜǘüǴGǵgǺÅǻåǼÆǽæǾØǿøḈÇḉçḖĒḗēḮÏḯïḰKḱkḾMḿmṌÕ\
         ṍõṒŌṓōṔPṕpṸŨṹũẂWẃwẤÂấâẮĂắăẾÊếêỐÔốôỚƠớơỨƯứư",
    ),
    ('\u{302}', "ÂAÊEÎIÔOÛUâaêeîiôoûuĈCĉcĜGĝgĤHĥhĴJĵjŜSŝsŴWŵwŶYŷyẐZẑzẬẠậạỆẸệẹỘỌộọ"),
    ('\u{303}', "ÃAÑNÕOãañnõoĨIĩiŨUũuṼVṽvẪÂẫâẴĂẵăẼEẽeỄÊễêỖÔỗôỠƠỡơỮƯữưỸYỹy"),
    ('\u{308}', "ÄAËEÏIÖOÜUäaëeïiöoüuÿyŸYḦHḧhṎÕṏõṺŪṻūẄWẅwẌXẍxẗt"),
    ('\u{30A}', "ÅAåaŮUůuẘwẙy"),
    ('\u{327}', "ÇCçcĢGģgĶKķkĻLļlŅNņnŖRŗrŞSşsŢTţtȨEȩeḐDḑdḨHḩh"),
    ('\u{304}', "ĀAāaĒEēeĪIīiŌOōoŪUūuǕÜǖüǞÄǟäǠȦǡȧǢÆǣæǬǪǭǫȪÖȫöȬÕȭõȰȮȱȯȲYȳyḠGḡgḸḶḹḷṜṚṝṛ"),
    ('\u{306}', "ĂAăaĔEĕeĞGğgĬIĭiŎOŏoŬUŭuḜȨḝȩẶẠặạ"),
    ('\u{328}', "ĄAąaĘEęeĮIįiŲUųuǪOǫo"),
    (
        '\u{307}',
        "ĊCċcĖEėeĠGġgİIŻZżzȦAȧaȮOȯoḂBḃbḊDḋdḞFḟfḢHḣhṀMṁmṄNṅnṖPṗpṘRṙrṠSṡsṤŚṥśṦŠṧšṨṢṩṣṪTṫtẆWẇwẊXẋxẎYẏy\
         ẛſ",
    ),
    ('\u{30C}', "ČCčcĎDďdĚEěeĽLľlŇNňnŘRřrŠSšsŤTťtŽZžzǍAǎaǏIǐiǑOǒoǓUǔuǙÜǚüǦGǧgǨKǩkǮƷǯʒǰjȞHȟh"),
    ('\u{30B}', "ŐOőoŰUűu"),
    ('\u{31B}', "ƠOơoƯUưu"),
    ('\u{30F}', "ȀAȁaȄEȅeȈIȉiȌOȍoȐRȑrȔUȕu"),
    ('\u{311}', "ȂAȃaȆEȇeȊIȋiȎOȏoȒRȓrȖUȗu"),
    ('\u{326}', "ȘSșsȚTțt"),
    ('\u{325}', "ḀAḁa"),
    ('\u{323}', "ḄBḅbḌDḍdḤHḥhḲKḳkḶLḷlṂMṃmṆNṇnṚRṛrṢSṣsṬTṭtṾVṿvẈWẉwẒZẓzẠAạaẸEẹeỊIịiỌOọoỢƠợơỤUụuỰƯựưỴYỵy"),
    ('\u{331}', "ḆBḇbḎDḏdḴKḵkḺLḻlṈNṉnṞRṟrṮTṯtẔZẕzẖh"),
    ('\u{32D}', "ḒDḓdḘEḙeḼLḽlṊNṋnṰTṱtṶUṷu"),
    ('\u{330}', "ḚEḛeḬIḭiṴUṵu"),
    ('\u{32E}', "ḪHḫh"),
    ('\u{324}', "ṲUṳu"),
    ('\u{309}', "ẢAảaẨÂẩâẲĂẳăẺEẻeỂÊểêỈIỉiỎOỏoỔÔổôỞƠởơỦUủuỬƯửưỶYỷy"),
];

/// Characters, each followed by what it is compatible with. From the Unicode character database.
const COMPATIBLE: &str = "\u{A0} |\u{A8} \u{308}|ªa|\u{AF} \u{304}|\u{B2}2|\u{B3}3|\u{B4} \u{301}|µμ|\u{B8} \u{327}|\u{B9}1|ºo|\u{BC}1⁄4|\
     \u{BD}1⁄2|\u{BE}3⁄4|ĲIJ|ĳij|\u{2002} |\u{2003} |\u{2004} |\u{2005} |\u{2006} |\u{2007} |\u{2008} |\u{2009} |\
     \u{200A} |\u{2011}\u{2010}|\u{2017} \u{333}|\u{2024}.|\u{2025}..|\u{2026}...|\u{202F} |\
     \u{2033}\u{2032}\u{2032}|\u{2034}\u{2032}\u{2032}\u{2032}|\u{2036}\u{2035}\u{2035}|\
     \u{2037}\u{2035}\u{2035}\u{2035}|\u{203C}\u{21}\u{21}|\u{203E} \u{305}|\u{2047}\u{3F}\u{3F}|\
     \u{2048}\u{3F}\u{21}|\u{2049}\u{21}\u{3F}|\u{2057}\u{2032}\u{2032}\u{2032}\u{2032}|\u{205F} |\u{2070}0|ⁱi|\
     \u{2074}4|\u{2075}5|\u{2076}6|\u{2077}7|\u{2078}8|\u{2079}9|\u{207A}+|\u{207B}\u{2212}|\u{207C}=|\u{207D}(|\
     \u{207E})|ⁿn|\u{2080}0|\u{2081}1|\u{2082}2|\u{2083}3|\u{2084}4|\u{2085}5|\u{2086}6|\u{2087}7|\u{2088}8|\
     \u{2089}9|\u{208A}+|\u{208B}\u{2212}|\u{208C}=|\u{208D}(|\u{208E})|ₐa|ₑe|ₒo|ₓx|ₔə|ₕh|ₖk|ₗl|ₘm|ₙn|ₚp|ₛs|ₜt|\
     \u{2100}a/c|\u{2101}a/s|ℂC|℃°C|\u{2105}c/o|\u{2106}c/u|ℇƐ|\u{2109}°F|ℊg|ℋH|ℌH|ℍH|ℎh|ℏħ|ℐI|ℑI|ℒL|ℓl|ℕN|\
     \u{2116}No|ℙP|ℚQ|ℛR|ℜR|ℝR|\u{2120}SM|\u{2121}TEL|\u{2122}TM|ℤZ|ℨZ|ℬB|ℭC|ℯe|ℰE|ℱF|ℳM|ℴo|ℵא|ℶב|ℷג|ℸד|ℹi|\
     \u{213B}FAX|ℼπ|ℽγ|ℾΓ|ℿΠ|\u{2140}\u{2211}|ⅅD|ⅆd|ⅇe|ⅈi|ⅉj|\u{2150}1⁄7|\u{2151}1⁄9|\u{2152}1⁄10|\u{2153}1⁄3|\
     \u{2154}2⁄3|\u{2155}1⁄5|\u{2156}2⁄5|\u{2157}3⁄5|\u{2158}4⁄5|\u{2159}1⁄6|\u{215A}5⁄6|\u{215B}1⁄8|\u{215C}3⁄8|\
     \u{215D}5⁄8|\u{215E}7⁄8|\u{215F}1⁄|ⅠI|ⅡII|ⅢIII|ⅣIV|ⅤV|ⅥVI|ⅦVII|ⅧVIII|ⅨIX|ⅩX|ⅪXI|ⅫXII|ⅬL|ⅭC|ⅮD|ⅯM|ⅰi|ⅱii|ⅲiii|\
     ⅳiv|ⅴv|ⅵvi|ⅶvii|ⅷviii|ⅸix|ⅹx|ⅺxi|ⅻxii|ⅼl|ⅽc|ⅾd|ⅿm|\u{2189}0⁄3|\u{2460}1|\u{2461}2|\u{2462}3|\u{2463}4|\
     \u{2464}5|\u{2465}6|\u{2466}7|\u{2467}8|\u{2468}9|\u{2469}10|\u{246A}11|\u{246B}12|\u{246C}13|\u{246D}14|\
     \u{246E}15|\u{246F}16|\u{2470}17|\u{2471}18|\u{2472}19|\u{2473}20|\u{2474}(1)|\u{2475}(2)|\u{2476}(3)|\
     \u{2477}(4)|\u{2478}(5)|\u{2479}(6)|\u{247A}(7)|\u{247B}(8)|\u{247C}(9)|\u{247D}(10)|\u{247E}(11)|\u{247F}(12)|\
     \u{2480}(13)|\u{2481}(14)|\u{2482}(15)|\u{2483}(16)|\u{2484}(17)|\u{2485}(18)|\u{2486}(19)|\u{2487}(20)|\
     \u{2488}1.|\u{2489}2.|\u{248A}3.|\u{248B}4.|\u{248C}5.|\u{248D}6.|\u{248E}7.|\u{248F}8.|\u{2490}9.|\u{2491}10.|\
     \u{2492}11.|\u{2493}12.|\u{2494}13.|\u{2495}14.|\u{2496}15.|\u{2497}16.|\u{2498}17.|\u{2499}18.|\u{249A}19.|\
     \u{249B}20.|\u{249C}(a)|\u{249D}(b)|\u{249E}(c)|\u{249F}(d)|\u{24A0}(e)|\u{24A1}(f)|\u{24A2}(g)|\u{24A3}(h)|\
     \u{24A4}(i)|\u{24A5}(j)|\u{24A6}(k)|\u{24A7}(l)|\u{24A8}(m)|\u{24A9}(n)|\u{24AA}(o)|\u{24AB}(p)|\u{24AC}(q)|\
     \u{24AD}(r)|\u{24AE}(s)|\u{24AF}(t)|\u{24B0}(u)|\u{24B1}(v)|\u{24B2}(w)|\u{24B3}(x)|\u{24B4}(y)|\u{24B5}(z)|ⒶA|\
     ⒷB|ⒸC|ⒹD|ⒺE|ⒻF|ⒼG|ⒽH|ⒾI|ⒿJ|ⓀK|ⓁL|ⓂM|ⓃN|ⓄO|ⓅP|ⓆQ|ⓇR|ⓈS|ⓉT|ⓊU|ⓋV|ⓌW|ⓍX|ⓎY|ⓏZ|ⓐa|ⓑb|ⓒc|ⓓd|ⓔe|ⓕf|ⓖg|ⓗh|ⓘi|ⓙj|ⓚk|ⓛl|\
     ⓜm|ⓝn|ⓞo|ⓟp|ⓠq|ⓡr|ⓢs|ⓣt|ⓤu|ⓥv|ⓦw|ⓧx|ⓨy|ⓩz|\u{24EA}0|ﬀff|ﬁfi|ﬂfl|ﬃffi|ﬄffl|ﬅst|ﬆst|\u{3000} |";

fn normalized(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<String> {
    let form = match args.get(0) {
        None => "nfc".to_owned(),
        Some(Value::Symbol(name)) => name.to_string(),
        Some(other) => interpreter.display(other)?,
    };
    let text = text(me);
    let (compatible, composed) = match form.as_str() {
        "nfc" => (false, true),
        "nfd" => (false, false),
        "nfkc" => (true, true),
        "nfkd" => (true, false),
        other => return interpreter.argument_error(format!("Invalid normalization form #{other}.")),
    };
    if text.is_ascii() {
        return Ok(text);
    }
    let mut apart = Vec::with_capacity(text.len());
    for character in text.chars() {
        decompose(character, compatible, &mut apart);
    }
    Ok(if composed { compose(&apart) } else { apart.into_iter().collect() })
}

fn decompose(character: char, compatible: bool, out: &mut Vec<char>) {
    if character.is_ascii() {
        out.push(character);
        return;
    }
    for (mark, letters) in MARKED {
        let mut pairs = letters.chars();
        while let (Some(whole), Some(base)) = (pairs.next(), pairs.next()) {
            if whole == character {
                decompose(base, compatible, out);
                out.push(*mark);
                return;
            }
        }
    }
    if compatible {
        // Full-width forms follow ASCII.
        if let Some(ascii) = u32::from(character).checked_sub(0xFEE0).filter(|code| (0x21..=0x7E).contains(code)).and_then(char::from_u32) {
            out.push(ascii);
            return;
        }
        for entry in COMPATIBLE.split('|') {
            if let Some(plain) = entry.strip_prefix(character) {
                out.extend(plain.chars());
                return;
            }
        }
    }
    out.push(character);
}

fn compose(apart: &[char]) -> String {
    let mut out: Vec<char> = Vec::with_capacity(apart.len());
    for character in apart {
        let letters = MARKED.iter().find(|(mark, _)| mark == character).map(|(_, letters)| *letters);
        if let (Some(letters), Some(base)) = (letters, out.last().copied()) {
            let pairs: Vec<char> = letters.chars().collect();
            if let Some(pair) = pairs.chunks_exact(2).find(|pair| pair[1] == base) {
                out.pop();
                out.push(pair[0]);
                continue;
            }
        }
        out.push(*character);
    }
    out.into_iter().collect()
}

//! Numbers, strings, symbols, regular expressions, word lists, heredocs, collections.

use super::check;

#[test]
fn numbers() {
    check(&[
        ("1_000; 0755; 0o17; 0b101; 0xff; 0d9", "1000 493 15 5 255 9"),
        ("-1; - 1; +2; -x; -2 ** 2", "-1 (. 1 -@) 2 (. x -@) (. (. 2 ** 2) -@)"),
        ("-2.abs; 1.5; 1e3; -1.5e-2", "(. -2 abs) 1.5 1000.0 -0.015"),
        ("3r; 2i; -3r; 2ri; 1.5r", "3r 2i -3r 2ri 1.5r"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ]);
}

#[test]
fn strings() {
    check(&[
        (r#"'it\'s \\ \n'; "a\tb""#, r#""it's \\ \\n" "a\tb""#),
        (r#"%q(a\(b\) c (d)); %Q[a#{b}]; %(x); %q{#{a}}"#, r##""a(b) c (d)" "a"+#{b} "x" "#{a}""##),
        (r#""a" 'b' "c#{d}" "e""#, r#""abc"+#{d}+"e""#),
        ("\"a\\\nb\"; 'a\r\nb'", r#""ab" "a\nb""#),
        (r##""#@a #$b #@@c #{} \#{x} #x""##, r##"#{@a}+" "+#{$b}+" "+#{@@c}+" "+#{nil}+" #{x} #x""##),
        (r"?a; ?\n; ?é; ?\C-a; ??", r#""a" "\n" "é" "\u{1}" "?""#),
        (r#""\u00e9\u{1F600}\x41\101\e\0"; """#, r#""é😀AA\u{1b}\0" """#),
        (r#""\xff""#, "[255]"),
        ("`ls #{x}`; %x(a b)", r#"`"ls "+#{x}` `"a b"`"#),
        ("__FILE__; __LINE__; __dir__; __method__", "__FILE__ __LINE__ __dir__ __method__"),
        ("x = 1\n__END__\nno ruby (", "(= x 1)"),
        ("=begin\nfoo\n=end\n1 # c", "1"),
    ]);
}

#[test]
fn symbols_and_regular_expressions() {
    check(&[
        (r#":a; :a?; :[]=; :+; :"a b"; :'c#{d}'; :"e#{f}"; %s(g h)"#, r#":a :a? :[]= :+ :a b :c#{d} :"e"+#{f} :g h"#),
        (r"/a\/b\.#{c}d/ix; %r{a\}b/c}m; %r!\!!; //", r#"/"a/b\\."+#{c}+"d"/ix /"a\\}b/c"/m /"!"/ /""/"#),
        (r"x =~ /\A\d+\z/", r#"(. x =~ /"\\A\\d+\\z"/)"#),
    ]);
}

#[test]
fn word_lists() {
    check(&[
        (r"%w(a\ b c\)d  e\n); %w[]; %i[a b]", r#"["a b" "c)d" "e\\n"] [] [:a :b]"#),
        ("%W(a#{b}c d\\te #{f} \\ g); %I(a#{b} c)", r#"["a"+#{b}+"c" "d\te" #{f} " g"] [:"a"+#{b} :c]"#),
        ("%w(\n a\n b # c\n)", r##"["a" "b" "#" "c"]"##),
    ]);
}

#[test]
fn heredocs() {
    check(&[
        ("x = <<A\n a\n  b\nA\ny", r#"(= x " a\n  b\n") y"#),
        ("<<-A.lines\n a #{b} c\n  A\n", r#"(. " a "+#{b}+" c\n" lines)"#),
        (
            "foo(<<~A, <<-'B', 1) do |x|\n    a\n\n      #{x}\\t\n  A\n  raw #{y} \\n\n  B\n  z\nend",
            r##"(call foo "a\n\n  "+#{x}+"\t\n" "  raw #{y} \\n\n" 1 [|x| z])"##,
        ),
        ("<<~A\n\t\ta\n\t  b\nA\n", r#""\ta\nb\n""#),
        ("<<~A\n  a\n    \n   \\  b\n c\nA\n", r#"" a\n   \n    b\nc\n""#),
        ("<<~A\n#{v}\n  two\nA", r#"#{v}+"\n  two\n""#),
        ("<<~A\n  #{v} x\n    y\nA", r#"#{v}+" x\n  y\n""#),
        ("<<~A\n  a \\\n  b\nA", r#""a b\n""#),
        ("<<~A\nA\n<<A\n\nA\n", r#""" "\n""#),
        ("<<~OUT\n  a\n  #{<<~IN.chomp}\n    inner #{x}\n  IN\n  b\nOUT\nz", r#""a\n"+#{(. "inner "+#{x}+"\n" chomp)}+"\nb\n" z"#),
        ("<<~`A`\n  ls\nA\n<<\"B C\"\n  x\nB C\n", r#"`"ls\n"` "  x\n""#),
        ("h = {\n a: <<~X,\n   1\n X\n b: 2\n}", r#"(= h {:a=>"1\n" :b=>2})"#),
        ("a << <<A << b\nx\nA\n", r#"(. (. a << "x\n") << b)"#),
        ("<<A\r\na\r\nA\r\nb", r#""a\n" b"#),
    ]);
}

#[test]
fn collections() {
    check(&[
        ("[1, *a, b: 2, **c]; []", "[1 *a {:b=>2 **c}] []"),
        (r#"{ "a": 1, b:, C:, "d" => 3, "e#{f}": 4, **h }; {}"#, r#"{:a=>1 :b=>b :C=>C "d"=>3 :"e"+#{f}=>4 **h} {}"#),
        ("1..2; (1...x); (1..); (..2)", "(.. 1 2) (... 1 x) (.. 1 _) (.. _ 2)"),
        (
            "->(a, b = 1) { a }; -> { _1 + _2 }; -> x do x end; lambda { |x| x }",
            "->[|a b=1| %a] ->[#|_1 _2| (. %_1 + %_2)] ->[|x| %x] (call lambda [|x| %x])",
        ),
    ]);
}

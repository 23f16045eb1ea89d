use ekiben::outcome::*;
use ekiben::source::*;
fn walk(root: &std::path::Path, dir: &std::path::Path, m: &mut SourceMap, prefix: &str) {
    let mut e: Vec<_> = std::fs::read_dir(dir).unwrap().flatten().collect();
    e.sort_by_key(|e| e.path());
    for x in e {
        let p = x.path();
        let rel = p.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if rel.starts_with(".git/") || rel == ".git" || rel.contains("node_modules") {
            continue;
        }
        let md = std::fs::symlink_metadata(&p).unwrap();
        if md.is_dir() {
            walk(root, &p, m, prefix)
        } else if md.is_file() && md.len() < 1 << 20 {
            let b = std::fs::read(&p).unwrap();
            let c = match String::from_utf8(b) {
                Ok(s) => Content::Text(s),
                Err(e) => Content::Binary(e.into_bytes()),
            };
            m.add(SourceFile::new(format!("{prefix}{rel}"), c));
        }
    }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let mut m = SourceMap::new();
    let root = std::path::PathBuf::from(&a[2]);
    walk(&root, &root, &mut m, "");
    let mut o = Options { name: root.file_name().unwrap().to_string_lossy().into_owned(), ..Default::default() };
    for s in &a[3..] {
        o.stacks.push(m.under(s).map(|(i, _)| i).collect());
    }
    let mode = a[1].clone();
    ekiben::compile::with_stack(|| {
        let t = std::time::Instant::now();
        let out = if mode == "graph" { ekiben::compile::evaluate(&m, &o) } else { ekiben::compile(&m, &o) };
        eprintln!("time {:?}", t.elapsed());
        for n in &out.notes {
            println!("note: {n}")
        }
        for d in &out.diagnostics {
            println!(
                "{} {:?} {} {} {:?}",
                d.code,
                d.severity,
                d.span.map(|s| if (s.file.0 as usize) < m.len() { m.location(s).to_string() } else { "gen".into() }).unwrap_or_default(),
                d.message,
                d.path
            );
        }
        if mode == "graph" {
            for r in &out.graph.runs {
                println!(
                    "== {} {} {} {:?} err={:?}",
                    out.graph.environments[r.environment].name,
                    r.layer,
                    r.event.name(),
                    r.run_list,
                    r.error
                );
                for x in &r.resources {
                    println!(
                        "  {}{} {:?} {:?} {}",
                        if x.within.is_some() { "  " } else { "" },
                        x.reference(),
                        if x.ran.is_empty() { &x.actions } else { &x.ran },
                        x.status,
                        x.declared_at.as_ref().map(|l| l.to_string()).unwrap_or_default()
                    );
                }
            }
        } else if mode == "files" {
            for r in out.graph.runs.iter() {
                println!("== {} {}", r.layer, r.event.name());
                for (p, f) in &r.files {
                    println!("--- {p} {:?}", f.kind);
                }
            }
        } else if mode == "disp" {
            for d in &out.dispositions {
                println!("{:?} {} {:?} {:?} {}", d.fate, d.name, d.location.as_ref().map(|l| l.to_string()), d.to, d.why);
            }
            for (f, n) in out.accounting(Subject::Resource) {
                println!("{} {n}", f.name())
            }
        } else {
            let mut total = 0;
            for f in &out.tree {
                if a.len() > 3 || true {
                    println!("##### {}", f.path);
                    println!("{}", f.content);
                }
                total += 1;
            }
            println!("{total} files");
            for (f, n) in out.accounting(Subject::Resource) {
                println!("{} {n}", f.name())
            }
        }
    });
}

//! Settings documents as people and programs write them: random text that is JSON or JSONC.

use keystow_core::edit::Syntax;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// The key our entries stand under in these documents.
pub const CONTAINER: &str = "mcpServers";

#[derive(Clone, Debug)]
enum Tree {
    /// A number, string or word as it is written.
    Scalar(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// How a document is laid out.
#[derive(Clone, Debug)]
enum Layout {
    /// One line, with this after colons and commas.
    Line(&'static str),
    /// A member a line.
    Pretty {
        unit: &'static str,
        eol: &'static str,
        trailing_comma: bool,
        /// Comments here and there: before or behind a member.
        comments: Vec<bool>,
    },
    /// Anything that may stand between tokens, used in turn.
    Wild {
        trivia: Vec<&'static str>,
        trailing_commas: Vec<bool>,
    },
}

fn scalar() -> impl Strategy<Value = Tree> {
    prop_oneof![
        select(vec![
            "null",
            "true",
            "false",
            "0",
            "-0",
            "1.0",
            "1e5",
            "-12.50E+3",
            "12345678901234567890",
        ])
        .prop_map(str::to_owned),
        select(vec![
            r#""""#,
            r#""plain""#,
            r#""// not a comment""#,
            r#""/* nor */ this""#,
            r#""\"}{,\\""#,
            r#""\u00e9 é 😀 \ud83d\ude00""#,
            r#""C:\\Users\\a""#,
        ])
        .prop_map(str::to_owned),
    ]
    .prop_map(Tree::Scalar)
}

fn key() -> impl Strategy<Value = String> {
    select(vec![
        "a",
        "b",
        "c",
        "",
        "env",
        "é",
        "with space",
        r"esc\u0061ped",
        r#"qu\"ote"#,
    ])
    .prop_map(str::to_owned)
}

fn tree() -> impl Strategy<Value = Tree> {
    scalar().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Tree::Array),
            vec((key(), inner), 0..4).prop_map(Tree::Object),
        ]
    })
}

/// A root object: random members, and perhaps the container with random servers in it somewhere among them.
fn root() -> impl Strategy<Value = Tree> {
    let members = vec((key(), tree()), 0..4);
    let container = (
        select(vec![CONTAINER, r"mcp\u0053ervers"]),
        vec((key(), tree()), 0..4),
    );
    (
        members,
        proptest::option::of(container),
        any::<prop::sample::Index>(),
    )
        .prop_map(|(mut members, container, at)| {
            if let Some((key, servers)) = container {
                let at = at.index(members.len() + 1);
                members.insert(at, (key.to_owned(), Tree::Object(servers)));
            }
            Tree::Object(members)
        })
}

const SPACE: [&str; 9] = ["", "", " ", "  ", "\t", "\n", "\r\n", "\n    ", "\r"];
const COMMENTS: [&str; 9] = [
    "// line\n",
    "//\r\n",
    "// } \" { [\n  ",
    "/* block */",
    "/* \"mcpServers\": { */",
    "/* two\n lines */",
    " // x\r",
    "/**/",
    "  /* é */ ",
];

fn layout(syntax: Syntax) -> impl Strategy<Value = Layout> {
    let jsonc = syntax == Syntax::Jsonc;
    let wild: Vec<&str> = match syntax {
        Syntax::Json => SPACE.to_vec(),
        _ => [SPACE, COMMENTS].concat(),
    };
    prop_oneof![
        select(vec!["", " "]).prop_map(Layout::Line),
        (
            select(vec!["  ", "    ", "\t", "   ", ""]),
            select(vec!["\n", "\r\n"]),
            any::<bool>(),
            vec(any::<bool>(), 1..8),
        )
            .prop_map(move |(unit, eol, comma, comments)| Layout::Pretty {
                unit,
                eol,
                trailing_comma: jsonc && comma,
                comments: if jsonc { comments } else { vec![false] },
            }),
        (vec(select(wild), 1..24), vec(any::<bool>(), 1..4)).prop_map(move |(trivia, commas)| {
            Layout::Wild {
                trivia,
                trailing_commas: if jsonc { commas } else { vec![false] },
            }
        }),
    ]
}

/// A document with an object at its root, as bytes.
pub fn document(syntax: Syntax) -> impl Strategy<Value = Vec<u8>> {
    (
        root(),
        layout(syntax),
        any::<bool>(),
        select(vec!["", "\n", "\r\n", "\n\n", " "]),
    )
        .prop_map(|(root, layout, bom, end)| {
            let mut writer = Writer::new(layout);
            if bom {
                writer.out.push('\u{FEFF}');
            }
            writer.trivia();
            writer.tree(&root, 0);
            writer.trivia();
            writer.out.push_str(end);
            writer.out.into_bytes()
        })
}

struct Writer {
    out: String,
    layout: Layout,
    turn: usize,
}

impl Writer {
    fn new(layout: Layout) -> Self {
        Self {
            out: String::new(),
            layout,
            turn: 0,
        }
    }

    fn trivia(&mut self) {
        if let Layout::Wild { trivia, .. } = &self.layout {
            self.turn += 1;
            self.out.push_str(trivia[self.turn % trivia.len()]);
        }
    }

    fn tree(&mut self, tree: &Tree, depth: usize) {
        match tree {
            Tree::Scalar(text) => self.out.push_str(text),
            Tree::Array(items) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.begin(index, depth + 1);
                    self.tree(item, depth + 1);
                }
                self.end(']', items.len(), depth);
            }
            Tree::Object(members) => {
                self.out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    self.begin(index, depth + 1);
                    self.out.push_str(&format!("\"{key}\""));
                    self.trivia();
                    self.out.push(':');
                    match &self.layout {
                        Layout::Line(space) => self.out.push_str(space),
                        Layout::Pretty { .. } => self.out.push(' '),
                        Layout::Wild { .. } => self.trivia(),
                    }
                    self.tree(value, depth + 1);
                }
                self.end('}', members.len(), depth);
            }
        }
    }

    fn begin(&mut self, index: usize, depth: usize) {
        if let Layout::Wild { .. } = self.layout {
            self.trivia();
        }
        if index > 0 {
            self.out.push(',');
        }
        self.turn += 1;
        match &self.layout {
            Layout::Line(space) if index > 0 => self.out.push_str(space),
            Layout::Line(_) => {}
            Layout::Pretty {
                unit,
                eol,
                comments,
                ..
            } => {
                let (unit, eol) = (*unit, *eol);
                if comments[self.turn % comments.len()] {
                    self.out.push_str(" // behind");
                }
                self.out.push_str(eol);
                self.out.push_str(&unit.repeat(depth));
                if comments[(self.turn * 3) % comments.len()] {
                    self.out.push_str("/* before */ ");
                }
            }
            Layout::Wild { .. } => self.trivia(),
        }
    }

    fn end(&mut self, sign: char, members: usize, depth: usize) {
        self.turn += 1;
        match &self.layout {
            Layout::Line(_) => {}
            Layout::Pretty {
                unit,
                eol,
                trailing_comma,
                comments,
            } => {
                if members > 0 {
                    if *trailing_comma {
                        self.out.push(',');
                    }
                    if comments[self.turn % comments.len()] {
                        self.out.push_str(" // last");
                    }
                    self.out.push_str(eol);
                    self.out.push_str(&unit.repeat(depth));
                }
            }
            Layout::Wild {
                trailing_commas, ..
            } => {
                let comma = trailing_commas[self.turn % trailing_commas.len()];
                self.trivia();
                if comma && members > 0 {
                    self.out.push(',');
                    self.trivia();
                }
            }
        }
        self.out.push(sign);
    }
}
